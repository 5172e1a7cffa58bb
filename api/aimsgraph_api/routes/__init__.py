"""The routes, one module per resource."""

from aimsgraph_api.routes import diagram, health, history, impact, lineage, nodes, reasons, trace, validation

ROUTERS = (
    health.router,
    nodes.router,
    lineage.router,
    impact.router,
    reasons.router,
    trace.router,
    validation.router,
    diagram.router,
    history.router,
)
