"""The routes, one module per resource."""

from aimsgraph_api.routes import (
    blast,
    dependencies,
    diagram,
    graph_store,
    health,
    history,
    impact,
    index,
    lineage,
    metrics,
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
    index.router,
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

#: Those whose answers may take long to compute, in a thread: each waits for its turn.
CALCULATING = (
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

#: Those that stand at the root, where other programs look for them.
ROOT_ROUTERS = (metrics.router, sparql.router, update.router, graph_store.router)
