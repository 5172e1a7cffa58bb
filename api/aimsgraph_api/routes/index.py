"""Where everything is: the first page of the API, and its description for programs."""

from html import escape
from importlib import metadata
from typing import Any

from fastapi import APIRouter, Request, Response

from aimsgraph.model.node import Value
from aimsgraph_api.access import may
from aimsgraph_api.declared import Declared
from aimsgraph_api.negotiation import wants_page
from aimsgraph_api.openapi import document
from aimsgraph_api.opened import GraphDependency

router = APIRouter(route_class=Declared, tags=["server"], dependencies=[may("read")])

#: What is linked to, where the server has it: name → path.
LINKS = {
    "openapi": "/api/v1/openapi.json", "nodes": "/api/v1/nodes", "questions": "/api/v1/queries", "sparql": "/sparql",
    "validation": "/api/v1/validation", "history": "/api/v1/history", "jobs": "/api/v1/jobs",
    "health": "/api/v1/health", "ready": "/api/v1/ready", "metrics": "/metrics",
}  # fmt: skip


class Index(Value):
    """What this server is, the state that it answers from, and where to go on."""

    name: str
    version: str
    snapshot: str
    links: dict[str, str]


@router.get(
    "", response_model=Index, responses={200: {"content": {"text/html": {"schema": {"type": "string"}}}}}
)
def index(request: Request, graph: GraphDependency) -> Index | Response:
    """Say what this server is and where everything is, to programs and to browsers."""
    known = document(request.app)["paths"]
    found = Index(
        name="aimsgraph",
        version=metadata.version("aimsgraph"),
        snapshot=graph.view().snapshot,
        links={name: path for name, path in LINKS.items() if path in known},
    )
    if wants_page(request.headers.get("accept")):
        return Response(_page(found), media_type="text/html")
    return found


@router.get("/openapi.json")
def openapi(request: Request) -> dict[str, Any]:
    """Describe every route (OpenAPI 3.1)."""
    return document(request.app)


def _page(index: Index) -> str:
    lines = "".join(
        f'<li><a href="{escape(path)}">{escape(name)}</a></li>' for name, path in index.links.items()
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>aimsgraph</title>'
        f"<h1>aimsgraph {escape(index.version)}</h1><p>It answers from {escape(index.snapshot)}.</p><ul>{lines}</ul>"
    )
