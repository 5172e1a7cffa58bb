"""The Python API: one object for one graph, and every command as a method of it."""

from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from aimsgraph import export, query, store, trace, validate
from aimsgraph.answers import ImpactAnswer, LineageAnswer, ReportAnswer, TraceAnswer, ValidationAnswer
from aimsgraph.checking import reference_date
from aimsgraph.dependencies import Dependencies
from aimsgraph.directory import Directories
from aimsgraph.errors import UsageError
from aimsgraph.nodes import Nodes
from aimsgraph.projections import Projections
from aimsgraph.reasoning import Reasoning
from aimsgraph.render.report import report_html
from aimsgraph.trace import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date
    from typing import Literal, Self

    from aimsgraph.model.blast import BlastRadius
    from aimsgraph.model.capabilities import Capabilities
    from aimsgraph.model.export import Export
    from aimsgraph.model.ledger import Ledger
    from aimsgraph.model.lineage import Direction
    from aimsgraph.model.risk import By, Risks
    from aimsgraph.query import Limits, Result
    from aimsgraph.render.diagram import Collapse, Diagram
    from aimsgraph.store import View
    from aimsgraph.trace import Filters
    from aimsgraph.validate import Turn

    Progress = Callable[[float, float, str], None]


def open_graph(path: str | Path | store.Memory = "aims.store", *, as_of: str | None = None) -> Graph:
    """Open the store in folder ``path``, or look at what a SPARQL endpoint holds, whose address begins with http.

    The ``place`` of a graph in memory opens that one again.

    With ``as_of`` it is seen as it was: on a day (``2026-03-03``, its end in UTC), at an instant, or after a changeset,
    named by its number or the start of its hash.

    :raises StoreNotFoundError, StoreTooNewError, StoreUnusableError: when there is no store that can be read.
    :raises UsageError: when there was no such state.
    """
    return Graph(store.place(path), as_of)


def init(path: str | Path | store.Memory = "aims.store", *, evidence_root: str | Path | None = None) -> Graph:
    """Make an empty store in the new folder ``path``, or on a server, with the ontology in it, and open it.

    ``evidence_root`` is the folder to which the locations of evidence are relative; the store remembers it.

    :raises StoreExistsError, StoreUnusableError: when something stands there, or it cannot be written.
    """
    place = store.place(path)
    root = Path(evidence_root).resolve() if evidence_root is not None else None
    store.create(place, now=datetime.now(UTC), evidence_root=root)
    graph = Graph(place)
    with graph.writer() as writer:
        store.sync_ontology(writer, now=datetime.now(UTC))
    return graph


def in_memory(*, evidence_root: str | Path | None = None) -> Graph:
    """Make an empty store in the memory of this process, with the ontology in it, and open it.

    It has the history and the proofs of any other; what needs a folder (trials, backups) it refuses.
    :func:`aimsgraph.restore` keeps it: ``aimsgraph.restore(graph.place, "aims.store")``.
    """
    return init(store.Memory(), evidence_root=evidence_root)


def check_endpoint(
    server: str | Path, *, write: bool = False, progress: Progress | None = None
) -> Capabilities:
    """Try what a SPARQL server does, given by its address or by a server file; ``write`` tries writing too.

    :raises StoreUnusableError: it cannot be reached.
    :raises ServerFileError, UsageError: the file has faults, or names no server.
    """
    place = store.place(server)
    if not isinstance(place, store.Endpoint):
        raise UsageError(
            f"{server} is no server.",
            hint="Give an address (https://…), or a server file that ends in .toml.",
        )
    return store.capabilities(place, write=write, progress=progress)


class Graph(Nodes, Dependencies, Reasoning):
    """The knowledge graph of one management system, in one store: a folder, a server, or memory.

    Reading methods look at the newest committed state; writing ones each leave one changeset.
    A node is named by its IRI, its CURIE or its unique label; a name that fits none or several raises
    ``NodeNotFoundError`` (with close matches) or ``NodeAmbiguousError``.
    """

    def __init__(self, place: store.Place, as_of: str | None = None) -> None:
        #: What was made of the states read so far; graphs of one store may share it.
        self.projections = Projections()
        #: The same of the nodes to list and find.
        self.directories = Directories()
        #: The folder to which the locations of evidence are relative, once it is known.
        self.evidence: Path | None = None
        super().__init__(place, as_of)

    # -- the state -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Forget the state read so far, so that the next question sees what others have written since."""
        self._view = None
        self.projections.forget(store.UNVERSIONED)

    @contextmanager
    def trial(self) -> Iterator[Self]:
        """Open, for the length of a ``with`` block, a graph that begins as this one is, and is thrown away.

        What was before cannot be seen there.
        """
        root, where = self._evidence_root(None), self.for_writing()
        if not isinstance(where, Path):
            self.refresh()
        with store.trial(where, self.view()) as place:
            graph = type(self)(place)
            graph.evidence, graph.projections = root, self.projections.copy()
            yield graph

    def evidence_folder(self) -> Path | None:
        """Return the folder to which the locations of evidence are relative, where the store remembers one."""
        return self._evidence_root(None)

    def _evidence_root(self, given: str | Path | None) -> Path | None:
        if given is not None:
            return Path(given).resolve()
        if self.evidence is None:
            self.evidence = store.evidence_root(self.place)
        return self.evidence

    def _projected(
        self, day: date, reach: Callable[[View], trace.Projection | None] | None = None
    ) -> trace.Projection:
        """Return the dependencies of a day; of a server, if there are few, only those that ``reach`` asks for."""
        view = self.view()
        if reach is not None and isinstance(self.place, store.Endpoint):
            part = None if self.projections.kept(view.snapshot, day) else reach(view)
            if part is not None:
                return part
        return self.projections.of(view, self.place, day)

    # -- questions -------------------------------------------------------------------------------------------

    def query(
        self,
        text: str,
        parameters: Mapping[str, str] | None = None,
        *,
        limits: Limits | None = None,
        date: date | None = None,
        queries: Sequence[str | Path] = (),
    ) -> Result:
        """Answer a saved question by its name, or a SPARQL query by its text.

        It runs in a process of its own that is killed when it exceeds a limit. ``date`` is what a saved question
        means by today; ``queries`` are folders of further saved questions.

        :raises QueryNotFoundError, QueryInvalidError, QueryRefusedError, TimeLimitError, LimitExceededError:
        """
        given = dict(parameters or {})
        if not query.looks_like_sparql(text):
            question = query.find(text, map(Path, queries))
            terms = query.bind(question, given, self.today(date), self.resolve)
            return query.run(self.view(), question.text, bindings=terms, limits=limits)
        terms = query.bind_free(text, given, self.resolve)
        return query.run(self.view(), text, bindings=terms, limits=limits)

    def findings_over_time(self, *, date: date | None = None) -> Ledger:
        """Say of each finding that the store ever had when it came up and went away, and by which changeset.

        Each state is judged as on the day of its changeset, unless ``date`` or the graph fixes another for all.

        :raises StoreAlteredError: a patch of the history is missing or damaged.
        """
        fixed = date is not None or reference_date(self.view()) is not None
        return validate.ledger(
            store.steps(self.place, self.as_of or "head"),
            validate.load_shapes(),
            today=self.today(date),
            fixed=fixed,
        )

    def watch(self, *, date: date | None = None, every: float = 1.0) -> Iterator[Turn]:
        """Yield all findings as they are, then what came and went whenever the store has changed, or the day has.

        The store is looked at every so many seconds (``every``); the caller decides when it ends.
        """
        self.for_writing()  # what was does not change
        number, _ = store.news(self.place, 0)
        kept = validate.Recheck(self.view(), validate.load_shapes(), self.today(date))
        yield validate.Turn(opened=kept.findings(), closed=())
        while True:
            time.sleep(every)
            newest = store.newest_patch(self.place)
            if newest <= number and self.today(date) == kept.today:
                continue
            self.refresh()
            number, changed = store.news(self.place, number)
            turn = kept.update(self.view(), changed, today=self.today(date))
            if turn.opened or turn.closed:
                yield turn

    def validate(
        self,
        *,
        date: date | None = None,
        shapes: Sequence[str | Path] = (),
        engine: validate.Engine = "store",
        profile: str | Path | None = None,
        systems: Sequence[str] = (),
        per_node: bool = False,
    ) -> ValidationAnswer:
        """Say what is missing, what was not assessed, and how complete each area and owner is.

        ``engine="pyshacl"`` has pySHACL find the same, node by node on a copy in memory: slow, and a second opinion. A
        ``profile``, by name or file, makes some of the checks; ``systems`` have only these looked at, with all that
        belongs to them. With ``per_node`` each node and each system has a score.

        :raises UsageError: there is no such profile.
        :raises SyntaxProblemError: with every fault of a shape file or profile.
        """
        examination = validate.examined(
            self.view(),
            today=self.today(date),
            shapes=[Path(shape) for shape in shapes],
            engine=engine,
            choice=validate.choice_of(
                profile, [self.resolve(system, like="aims:AISystem").id for system in systems]
            ),
            per_node=per_node,
        )
        return ValidationAnswer.of(examination)

    def lineage(
        self,
        node: str,
        *,
        direction: Direction = "up",
        hops: int | None = None,
        threats: bool = False,
        filters: Filters = EVERYTHING,
        date: date | None = None,
        progress: Progress | None = None,
    ) -> LineageAnswer:
        """Say what a node comes from (up), what comes from it (down), or both; ``filters`` of :meth:`filters`."""
        source, day = self.resolve(node), self.today(date)

        def reach(view: View) -> trace.Projection | None:
            return trace.lineage_reach(
                view, source.id, today=day, direction=direction, hops=hops,
                threats=threats or filters.along is not None,
            )  # fmt: skip

        return LineageAnswer.of(
            trace.lineage(
                self.view(), self._projected(day, reach), source,
                direction=direction, hops=hops, include_threats=threats, wanted=filters, progress=progress,
            )
        )  # fmt: skip

    def blast_radius(
        self,
        *,
        direction: Literal["up", "down"] = "down",
        threats: bool = False,
        rows: int = 25,
        date: date | None = None,
    ) -> BlastRadius:
        """Say which nodes reach the most others, down to what is built on them or up to what they come from."""
        found = self._projected(self.today(date))
        return trace.blast_radius(self.view(), found, direction=direction, include_threats=threats, rows=rows)

    def impact(
        self,
        *nodes: str,
        hops: int | None = None,
        dimension: str | None = None,
        date: date | None = None,
        evidence_root: str | Path | None = None,
        seed: int = trace.DEFAULT_SEED,
        progress: Progress | None = None,
    ) -> ImpactAnswer:
        """Say what the nodes, were they bad, would hurt, and how likely; ``dimension``: in which quality only."""
        if not nodes:
            raise UsageError("Name at least one node that goes wrong.")
        day, sources = self.today(date), [self.resolve(node) for node in nodes]

        def reach(view: View) -> trace.Projection | None:
            return trace.impact_reach(view, [source.id for source in sources], today=day, hops=hops)

        return ImpactAnswer.of(
            trace.impact(
                self.view(), self._projected(day, reach), sources,
                today=day, hops=hops, dimension=dimension, evidence_root=self._evidence_root(evidence_root),
                seed=seed, progress=progress,
            )
        )  # fmt: skip

    def risks(
        self,
        *nodes: str,
        by: By = "risk",
        date: date | None = None,
        evidence_root: str | Path | None = None,
        seed: int = trace.DEFAULT_SEED,
        progress: Progress | None = None,
    ) -> Risks:
        """Say how likely risks come true within a year, what they cost, and whether they may stay.

        ``nodes`` are risks, areas, owners, or things that the risks can come to; without any it is all risks. ``by``
        puts them together by system, area or owner, in the same simulated years.
        """
        day, asked = self.today(date), [self.resolve(node) for node in nodes]
        return trace.risks(
            self.view(), self._projected(day), asked, by=by, today=day,
            evidence_root=self._evidence_root(evidence_root), seed=seed, progress=progress,
        )  # fmt: skip

    def trace(
        self, node: str, *, date: date | None = None, evidence_root: str | Path | None = None
    ) -> TraceAnswer:
        """Follow a requirement, control, risk, system or area to the evidence behind it."""
        source, day, root = self.resolve(node), self.today(date), self._evidence_root(evidence_root)
        return TraceAnswer.of(
            trace.trace(
                self.view(), source, today=day, evidence_root=root, projected=lambda: self._projected(day)
            )
        )

    def diagram(
        self,
        node: str,
        *,
        direction: Direction = "both",
        hops: int | None = None,
        date: date | None = None,
        threats: bool = False,
        filters: Filters = EVERYTHING,
        impact: bool = False,
        dimension: str | None = None,
        collapse: Collapse | None = None,
        progress: Progress | None = None,
    ) -> Diagram:
        """Draw the dependencies around a node, or with ``impact`` what it would hurt; each may be narrowed.

        :raises UsageError: a choice that has no bearing on such a picture.
        """
        if impact:
            if direction != "both" or threats or filters != EVERYTHING:
                raise UsageError(
                    "What a node would hurt is drawn whole: direction, threats and filters narrow a lineage.",
                    hint="Leave them out, or draw its lineage: without impact.",
                )
            harm = self.impact(node, hops=hops, dimension=dimension, date=date, progress=progress)
            return harm.diagram(collapse=collapse)
        if dimension is not None:
            raise UsageError(
                "A dimension narrows impact, and this is a picture of dependencies.",
                hint="Ask for impact too.",
            )
        answer = self.lineage(
            node,
            direction=direction,
            hops=hops,
            date=date,
            threats=threats,
            filters=filters,
            progress=progress,
        )
        return answer.diagram(
            collapse=collapse, filtered="Risks and incidents are followed too." if threats else ""
        )

    def report(
        self,
        *,
        lineage: str | None = None,
        impact: str | None = None,
        trace: str | None = None,
        date: date | None = None,
        evidence_root: str | Path | None = None,
    ) -> ReportAnswer:
        """Write the whole state as one HTML page, with the lineage, impact or trace of the nodes named."""
        day = self.today(date)
        system = self.nodes(type="aims:ManagementSystem", limit=1)
        origin = self.lineage(lineage, date=day) if lineage else None
        harm = self.impact(impact, date=day, evidence_root=evidence_root) if impact else None
        drawn = {"lineage": origin, "impact": harm}
        report = self.validate(date=day)
        return ReportAnswer(
            report_html(
                title=system[0].label if system else self.place.name,
                today=day,
                snapshot=self.view().snapshot,
                counts=self.counts(),
                validation=report,
                lineage=origin,
                impact=harm,
                trace=self.trace(trace, date=day, evidence_root=evidence_root) if trace else None,
                diagrams={name: answer.diagram() for name, answer in drawn.items() if answer is not None},
                worst=validate.worst_gaps(report, 8),
                generated_by=f"aimsgraph {metadata.version('aimsgraph')}",
            )
        )

    def export_parquet(
        self,
        folder: str | Path,
        *,
        statements: bool = True,
        page: int | None = None,
        date: date | None = None,
        progress: Progress | None = None,
    ) -> Export:
        """Write nodes, edges and (unless told otherwise) statements as Parquet files into a new folder.

        ``page`` is the most rows that a server is asked for at once.

        :raises MissingExtraError: pyarrow is not installed.
        :raises OutputNotWritableError: something stands in the place of the folder, or it cannot be written.
        :raises StoreUnusableError: the server was changed meanwhile, or cut an answer short.
        """
        remote = isinstance(self.place, store.Endpoint)
        return export.export_parquet(
            self.view(), Path(folder), today=self.today(date), statements=statements, page=page,
            newest=(lambda: store.open_place(self.place).snapshot) if remote else None, progress=progress,
        )  # fmt: skip
