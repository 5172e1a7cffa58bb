"""The routes, one module per resource."""

from aimsgraph_api.routes import diagram, health, history, impact, lineage, nodes, risk, trace, validation

ROUTERS = (
    health.router,
    nodes.router,
    lineage.router,
    impact.router,
    risk.router,
    trace.router,
    validation.router,
    diagram.router,
    history.router,
)
