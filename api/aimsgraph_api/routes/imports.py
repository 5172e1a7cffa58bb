"""Files brought into the store, and sources taken out of it."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from aimsgraph import resources
from aimsgraph.errors import MappingError
from aimsgraph.model.changeset import Edit, ImportedTable, Loaded
from aimsgraph.model.job import JobStatus
from aimsgraph_api.access import PrincipalDependency, may
from aimsgraph_api.answering import answered
from aimsgraph_api.declared import Declared
from aimsgraph_api.gating import Accept, DryRun, FailOn, GatingDependency, Message
from aimsgraph_api.origin import OWN_ORIGIN
from aimsgraph_api.preconditions import ExpectedDependency
from aimsgraph_api.sent_files import SentFiles, received
from aimsgraph_api.session import SessionDependency
from aimsgraph_api.writable import BoardDependency

router = APIRouter(route_class=Declared, tags=["writing"], dependencies=[may("write"), OWN_ORIGIN])

Kind = Literal["rdf", "records", "csv"]
#: A packed file may have so many times the bytes that a body may have, unpacked.
UNPACKED = 4
FILES = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "file": {"type": "array", "items": {"type": "string", "format": "binary"}}
                    },
                }
            },
            "text/turtle": {"schema": {"type": "string"}},
            "text/csv": {"schema": {"type": "string"}},
        },
    }
}


@router.post(
    "/imports",
    response_model=Loaded | ImportedTable,
    openapi_extra=FILES,
    responses={202: {"model": JobStatus}},
)
async def bring(
    request: Request,
    jobs: BoardDependency,
    asking: PrincipalDependency,
    kept: SessionDependency,
    expected: ExpectedDependency,
    source: Annotated[
        str | None, Query(description="The name of the source, where the body is one file.")
    ] = None,
    kind: Annotated[Kind | None, Query(description="What the files are; else their names tell.")] = None,
    mapping: Annotated[
        str | None,
        Query(description="The mapping of a table or of records; or send one as the part `mapping`."),
    ] = None,
    encoding: Annotated[str | None, Query(max_length=40, description="That of a table.")] = None,
    message: Message = None,
    gate: Annotated[bool, Query(description="Without the gate new findings do not matter.")] = True,
    fail_on: FailOn = "violation",
    accept_findings: Accept = False,
    dry_run: DryRun = False,
) -> Response:
    """Load RDF, or import a table or records; the JSON is that of `aimsgraph load --json` and `import --json`."""
    folder = jobs.room()
    try:
        sent = await received(request, folder, source=source)
        chosen, by = _chosen(kind, mapping, sent)
    except BaseException:
        jobs.discard(folder)
        raise
    words = {
        "files": sent.names, "kind": chosen, "mapping": by, "own_mapping": sent.own_mapping, "format": sent.format,
        "encoding": encoding, "author": asking.name, "message": message, "accept": accept_findings,
        "fail_on": fail_on if gate else "never", "dry_run": dry_run, "expected": expected,
        "unpacked": UNPACKED * kept.settings.largest,
    }  # fmt: skip
    return await answered(request, jobs, jobs.start("import", words, asking, folder))


def _chosen(kind: Kind | None, mapping: str | None, sent: SentFiles) -> tuple[Kind, str]:
    """Return what the files are and by which of our mappings they come in; no name leads to a file."""
    if kind is None:
        tables = sent.csv or all(name.lower().endswith(".csv") for name in sent.names)
        records = mapping is not None or all(name.lower().endswith((".yaml", ".yml")) for name in sent.names)
        kind = "csv" if tables or sent.own_mapping else "records" if records else "rdf"
    if kind == "rdf":
        return kind, ""
    found = {
        "csv": [file.stem for file in resources.files("mappings", "csv/*.json")],
        "records": [file.parent.name for file in resources.files("mappings", "*/context.jsonld")],
    }[kind]
    by = mapping or ("risk-register" if kind == "csv" else found[0])
    if by not in found:
        raise MappingError(f"There is no mapping {by!r} for {kind}.", hint=f"There is: {', '.join(found)}.")
    return kind, by


@router.delete("/imports")
def take_out(
    response: Response,
    wish: GatingDependency,
    source: Annotated[list[str], Query(min_length=1, description="As in the history; may be repeated.")],
) -> Edit:
    """Remove what sources state; the JSON is that of `aimsgraph remove --json`."""
    return wish.edit(response, lambda graph: graph.remove(*source, author=wish.author, message=wish.message))
