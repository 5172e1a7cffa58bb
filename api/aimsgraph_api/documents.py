"""Documents of RDF in the body of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from aimsgraph.errors import MediaTypeError, UsageError
from aimsgraph.ingest import Document
from aimsgraph_api import protocol
from aimsgraph_api.negotiation import GRAPHS

if TYPE_CHECKING:
    from fastapi import Request

_FORMATS: Final = {"ttl": "turtle", "nt": "ntriples", "jsonld": "jsonld", "rdfxml": "rdfxml"}
#: The format of each media type that is taken.
_TAKEN: Final = {media: _FORMATS[form.name] for form in reversed(GRAPHS) for media in form.types} | {
    "application/xml": "rdfxml",
    "text/xml": "rdfxml",
}
_MOST_PARTS: Final = 1000
_UNKNOWN: Final = ("", "application/octet-stream")


async def documents(request: Request, largest: int) -> list[Document]:
    """Return what a request sends: its body, or each file of a form of several parts.

    :raises MediaTypeError: it is no RDF of one graph.
    :raises BodyTooLargeError: it has more than ``largest`` bytes.
    :raises UsageError: the parts cannot be told apart, or there are none.
    """
    kind = protocol.media_type(request.headers.get("content-type"))
    if kind != "multipart/form-data":
        return [Document(await protocol.body(request, largest), _format(kind))]
    try:
        parser = MultiPartParser(
            request.headers,
            protocol.portions(request, largest),
            max_files=_MOST_PARTS,
            max_fields=_MOST_PARTS,
        )
        form = await parser.parse()
    except (MultiPartException, KeyError) as error:
        raise UsageError(f"The parts of the form cannot be told apart: {error}.") from None
    try:
        files = [(name, part) for name, part in form.multi_items() if isinstance(part, UploadFile)]
        if not files:
            raise UsageError(
                "The form has no file.", hint="Each file is a part with a file name and a media type."
            )
        return [await _document(name, part) for name, part in files]
    finally:
        await form.close()


async def _document(name: str, part: UploadFile) -> Document:
    kind = protocol.media_type(part.content_type)
    called = (part.filename or name).replace("\\", "/").rpartition("/")[2] or "part"
    return Document(await part.read(), None if kind in _UNKNOWN else _format(kind), called)


def _format(kind: str) -> str:
    found = _TAKEN.get(kind)
    if found is None:
        raise MediaTypeError(
            f"What was sent is of type {kind or 'unknown'}, which is not taken here.",
            hint=f"There is: {', '.join(form.types[0] for form in GRAPHS)}, multipart/form-data.",
        )
    return found
