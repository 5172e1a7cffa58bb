"""The routes, one module per resource."""

from aimsgraph_api.routes import (
    blast,
    dependencies,
    diagram,
    health,
    history,
    impact,
    lineage,
    nodes,
    reasons,
    risk,
    trace,
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
