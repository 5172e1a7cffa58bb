"""The routes, one module per resource."""

from aimsgraph_api.routes import (
    blast,
    dependencies,
    diagram,
    editing,
    graph_store,
    health,
    history,
    impact,
    imports,
    index,
    jobs,
    lineage,
    metrics,
    nodes,
    reasons,
    risk,
    sparql,
    trace,
    update,
    validation,
    what_if,
    work,
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

ROUTERS = (
    health.router,
    index.router,
    *CALCULATING,
    editing.router,
    imports.router,
    work.router,
    what_if.router,
    jobs.router,
)

#: Those that stand at the root, as the W3C's protocols and other programs want them.
AT_THE_ROOT = (sparql.router, update.router, graph_store.router, metrics.router)
