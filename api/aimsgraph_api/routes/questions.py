"""The saved questions: which there are, what each means, and for each a route that answers it."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.routing import APIRoute
from pydantic import AfterValidator, WithJsonSchema
from starlette.concurrency import run_in_threadpool

from aimsgraph import query
from aimsgraph.errors import QueryNotFoundError
from aimsgraph.model.question import Area, Catalogue, Persona, SavedQuery
from aimsgraph_api import access_log
from aimsgraph_api.access import PrincipalDependency, may
from aimsgraph_api.answer_form import checked, names, offered, wanted
from aimsgraph_api.answer_schema import responses_of
from aimsgraph_api.asking import MEDIA_TYPES, Asked, streamed, whole
from aimsgraph_api.branch import Branch
from aimsgraph_api.declared import Declared
from aimsgraph_api.opened import GraphDependency
from aimsgraph_api.question import asked

_READING: Final = [may("read")]
Id = Annotated[str, Path(description="The id of a saved question.")]


def questions(known: Mapping[str, SavedQuery]) -> APIRouter:
    """Return the routes of the saved questions that are ``known`` by id."""
    router = Branch("/queries", tags=["questions"], route_class=Declared)

    @router.get("/queries", dependencies=_READING)
    def queries(
        persona: Annotated[Persona | None, Query(description="Only those for this reader.")] = None,
        area: Annotated[Area | None, Query(description="Only those of this control area.")] = None,
        text: Annotated[str | None, Query(description="Only those with these words in them.")] = None,
    ) -> Catalogue:
        """List the saved questions; the JSON is that of `aimsgraph query --json`."""
        return query.matching(known, persona=persona, area=area, text=text)

    @router.get("/queries/{id}", dependencies=_READING)
    def explanation(id: Id) -> SavedQuery:
        """Say what a saved question means and takes; the JSON is that of `aimsgraph query NAME --explain --json`."""
        return query.named(id, known)

    branches: dict[str, APIRouter] = {}
    for saved in known.values():
        letter = saved.id[:1]
        if letter not in branches:
            branches[letter] = Branch(f"/queries/{letter}", route_class=Declared, dependencies=_READING)
        _answered(branches[letter], saved)
    for branch in branches.values():
        router.include_router(branch)

    def nothing(id: Id) -> None:
        found = query.named(id, known)
        raise QueryNotFoundError("Results are asked for by the id of a question.", hint=f"It is {found.id}.")

    # Whatever was meant to be asked: which parameters there are nobody can say.
    router.add_api_route(
        "/queries/{id}/results", nothing, dependencies=_READING, include_in_schema=False,
        route_class_override=APIRoute,
    )  # fmt: skip
    return router


def _answered(router: APIRouter, saved: SavedQuery) -> None:
    """Add the route that answers a question."""
    router.add_api_route(
        f"/queries/{saved.id}/results",
        _route(saved),
        methods=["GET"],
        name=saved.id,
        operation_id=f"answer_{saved.id.replace('-', '_')}",
        summary=saved.title,
        description=saved.question,
        response_class=Response,
        response_model=None,
        responses=responses_of(saved),
    )


def _route(saved: SavedQuery) -> Callable[..., Awaitable[Response]]:
    forms = offered(saved)

    async def answer(
        request: Request,
        graph: GraphDependency,
        asking: PrincipalDependency,
        question: Annotated[Asked, asked(saved)],
        format: Annotated[
            str | None,
            AfterValidator(partial(checked, forms)),
            WithJsonSchema({"type": "string", "enum": names(forms)}),
            Query(description="The form of the answer; none: what the Accept header likes best."),
        ] = None,
    ) -> Response:
        access_log.note(request.scope, question=saved.id)
        form = wanted(forms, format, request.headers.get("accept"))
        headers = {**form.headers(saved.id), "Content-Type": form.media}
        if form.name == "ttl" or (form.name in MEDIA_TYPES and saved.kind == "SELECT"):
            sent = await streamed(request, question, graph, asking, form.name)
            sent.headers.update(headers)
            return sent
        found = await whole(request, question, graph, asking)
        return Response(await run_in_threadpool(found.render, form.name), headers=headers)

    return answer
