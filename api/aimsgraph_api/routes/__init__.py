"""The routes, one module per resource."""

from aimsgraph_api.routes import blast, diagram, health, history, impact, lineage, nodes, trace, validation

ROUTERS = (
    health.router,
    nodes.router,
    lineage.router,
    blast.router,
    impact.router,
    trace.router,
    validation.router,
    diagram.router,
    history.router,
)
