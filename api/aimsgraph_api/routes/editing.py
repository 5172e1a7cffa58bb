"""Nodes written one at a time."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from aimsgraph.errors import MediaTypeError
from aimsgraph.model.changeset import Edit
from aimsgraph_api.access import may
from aimsgraph_api.declared import Declared
from aimsgraph_api.gating import GatingDependency
from aimsgraph_api.origin import OWN_ORIGIN
from aimsgraph_api.preconditions import NewDependency
from aimsgraph_api.protocol import body, media_type

router = APIRouter(route_class=Declared, tags=["writing"], dependencies=[may("write"), OWN_ORIGIN])

Named = Annotated[str, Query(max_length=2000, description="The node's IRI or CURIE.")]
#: What a node can be described in, and what the engine calls it.
_FORMATS = {
    "application/json": "record",
    "application/ld+json": "jsonld",
    "text/turtle": "turtle",
    "application/n-triples": "ntriples",
}
_CHANGES = ("application/merge-patch+json", "application/json")
#: The longest description of a node, in bytes.
LARGEST = 1 << 20


async def text_of(request: Request) -> bytes:
    """Return the body of a request.

    :raises BodyTooLargeError: it is too long for the description of one node.
    """
    return await body(request, LARGEST)


Text = Annotated[bytes, Depends(text_of)]


def _kind(request: Request, taken: tuple[str, ...]) -> str:
    kind = media_type(request.headers.get("content-type"))
    if kind not in taken:
        raise MediaTypeError(
            f"What was sent is of type {kind or 'unknown'}, which is not taken here.",
            hint=f"There is: {', '.join(taken)}.",
        )
    return kind


def _body(kinds: tuple[str, ...]) -> dict[str, Any]:
    """Describe what a route takes: a record, whose keys are told in docs/forms.md, or a text."""
    record = {"type": "object", "example": {"type": "Risk", "label": "Wrong prices"}}
    content = {kind: {"schema": record if "json" in kind else {"type": "string"}} for kind in kinds}
    return {"requestBody": {"required": True, "content": content}}


@router.put("/nodes", openapi_extra=_body(tuple(_FORMATS)), responses={201: {"model": Edit}})
def put(
    request: Request, response: Response, wish: GatingDependency, new: NewDependency, text: Text, node: Named
) -> Edit:
    """Let a node have what is said of it and nothing else; it may be new (201)."""
    format_ = _FORMATS[_kind(request, tuple(_FORMATS))]
    if not wish.graph.is_stated(node) and not wish.dry_run:
        response.status_code = 201
    return wish.edit(
        response,
        lambda graph: graph.put_node(
            node, text, format=format_, new=new, author=wish.author, message=wish.message
        ),
    )


@router.patch("/nodes", openapi_extra=_body(_CHANGES))
def patch(request: Request, response: Response, wish: GatingDependency, text: Text, node: Named) -> Edit:
    """Change some properties of a node: each key has the values given afterwards, none where they are null."""
    _kind(request, _CHANGES)
    return wish.edit(
        response, lambda graph: graph.patch_node(node, text, author=wish.author, message=wish.message)
    )


@router.delete("/nodes")
def delete(response: Response, wish: GatingDependency, node: Named) -> Edit:
    """Remove all that sources state of a node, and all that leads to it."""
    return wish.edit(
        response, lambda graph: graph.remove_node(node, author=wish.author, message=wish.message)
    )
