"""The routes, one module per resource."""

from aimsgraph_api.routes import (
    blast,
    dependencies,
    diagram,
    graph_store,
    health,
    history,
    impact,
    lineage,
    nodes,
    reasons,
    risk,
    sparql,
    trace,
    update,
    validation,
)

ROUTERS = (
    health.router,
    nodes.router,
    lineage.router,
    blast.router,
    dependencies.router,
    impact.router,
    reasons.router,
    risk.router,
    trace.router,
    validation.router,
    diagram.router,
    history.router,
)

#: Those that the W3C's protocols have at the root.
AT_THE_ROOT = (sparql.router, update.router, graph_store.router)
