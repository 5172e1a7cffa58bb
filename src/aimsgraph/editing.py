"""Nodes written one at a time: described anew, changed in part, or removed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from aimsgraph import ingest, store, trace
from aimsgraph.errors import NodeNotFoundError, StoreMovedError, UsageError
from aimsgraph.model.changeset import Difference, Edit
from aimsgraph.reference import record_context
from aimsgraph.vocab import GENID, GRAPH, ONTOLOGY_GRAPH, RDF, SOURCE_GRAPH, compact, expand
from aimsgraph.writing import Writing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from aimsgraph.store import View

#: How often an edit is worked out anew when somebody else has written meanwhile.
_ATTEMPTS: Final = 5
#: Graphs that are written by people, as `aimsgraph.vocab.is_reserved` has it.
_OURS: Final = f'FILTER(!STRSTARTS(STR(?g), "{GRAPH}") || STRSTARTS(STR(?g), "{SOURCE_GRAPH}"))'


class Editing(Writing):
    """One store whose nodes can be written one at a time; each method leaves one changeset, or none.

    What a node is to have anew goes to the graph of edits; what it is to have no more goes from every source that
    states it. A statement that stays is left where it is.
    """

    def put_node(
        self,
        node: str,
        said: bytes | Mapping[str, Any],
        *,
        format: str = "record",
        author: str | None = None,
        message: str | None = None,
        expected: str | None = None,
        new: bool = False,
        dry_run: bool = False,
    ) -> Edit:
        """Let a node (IRI or CURIE) have what is said of it and nothing else; it may be new.

        ``said`` is a record as docs/forms.md has it, an object or JSON text, or (``format``) a text in ``turtle``,
        ``jsonld`` or ``ntriples`` about this node alone. With ``expected`` it is written upon that head only, and a
        ``new`` one only where nothing is said of it yet.

        :raises SyntaxProblemError: with every fault of what is said.
        :raises UsageError: that is no IRI, or a term of the ontology, or nothing is said.
        :raises StoreMovedError: nothing was written.
        """
        iri = self._named(node)
        told = _statements(iri, said, format)
        if not told:
            raise UsageError(f"Nothing is said of <{iri}>.", hint="To take a node away, remove it.")

        def text(view: View) -> str:
            old = _stated(view, [iri])
            if new and old:
                raise StoreMovedError(
                    f"There is a node <{iri}> already.", hint="Change it, or take another IRI."
                )
            return _update(old | _parts(view, iri, old), told)

        return self._edited(text, f"Put {compact(iri)}", author, message, expected, dry_run)

    def patch_node(
        self,
        node: str,
        changes: bytes | Mapping[str, Any],
        *,
        author: str | None = None,
        message: str | None = None,
        expected: str | None = None,
        dry_run: bool = False,
    ) -> Edit:
        """Change some properties of a node: each key has the values given afterwards, or none where they are null.

        :raises NodeNotFoundError: no source says anything of it.
        :raises SyntaxProblemError, UsageError, StoreMovedError: as :meth:`put_node` does.
        """
        iri = self._named(node)
        given = ingest.read_record(changes) if isinstance(changes, bytes) else dict(changes)
        new = _statements(iri, given, "record")
        touched = {_property(key) for key in given if key != "id"}

        def text(view: View) -> str:
            old = {one for one in self._known(view, iri) if one.predicate.value in touched}
            return _update(old | _parts(view, iri, old), new)

        return self._edited(text, f"Change {compact(iri)}", author, message, expected, dry_run)

    def remove_node(
        self,
        node: str,
        *,
        author: str | None = None,
        message: str | None = None,
        expected: str | None = None,
        dry_run: bool = False,
    ) -> Edit:
        """Remove all that sources state of a node, and all that leads to it, with its qualified dependencies.

        :raises NodeNotFoundError: no source says anything of it.
        :raises StoreMovedError: nothing was written.
        """
        iri = self._named(node)

        def text(view: View) -> str:
            self._known(view, iri)
            return trace.withdrawal(iri)

        return self._edited(text, f"Remove {compact(iri)}", author, message, expected, dry_run)

    def is_stated(self, node: str) -> bool:
        """Say whether a source says anything of a node (IRI or CURIE)."""
        return bool(_stated(self.view(), [self._named(node)]))

    def _named(self, node: str) -> str:
        iri = expand(node) or node
        if not store.is_iri(iri):
            raise UsageError(f"{node!r} is neither an absolute IRI nor a CURIE with a known prefix.")
        if self.view().ask(
            f'ASK {{ GRAPH ?g {{ <{iri}> ?p ?o }} FILTER(STRSTARTS(STR(?g), "{ONTOLOGY_GRAPH}")) }}'
        ):
            raise UsageError(
                f"<{iri}> is a term of the ontology, which is not written here.",
                hint="Load an ontology of your own as a file.",
            )
        return iri

    def _known(self, view: View, iri: str) -> set[ox.Triple]:
        found = _stated(view, [iri])
        if not found:
            raise NodeNotFoundError(f"No source says anything of <{iri}>.")
        return found

    def _edited(
        self, text: Callable[[View], str], done: str, author: str | None, message: str | None,
        expected: str | None, dry_run: bool,
    ) -> Edit:  # fmt: skip
        for attempt in range(_ATTEMPTS):
            self._view = None
            view = self.view()
            written = text(view)
            head = expected or view.snapshot
            if not written:
                if head != view.snapshot:
                    raise store.moved()
                return Edit(
                    dry_run=dry_run,
                    changesets=(),
                    difference=Difference(older=head, newer=head, added=(), removed=()),
                )
            try:
                return self.update(
                    written, author=author, message=message or done, expected=head, dry_run=dry_run
                )
            except StoreMovedError:
                if expected is not None or attempt == _ATTEMPTS - 1:
                    raise
        raise AssertionError("the last attempt has returned or raised")


def _statements(iri: str, said: bytes | Mapping[str, Any], format: str) -> set[ox.Triple]:
    context: Mapping[str, Any] = {}
    if format == "record":
        said = ingest.read_record(said) if isinstance(said, bytes) else dict(said)
        context = record_context()
    name = f"@edits/{hashlib.sha256(iri.encode()).hexdigest()[:16]}"
    quads = ingest.described(iri, said, format=format, name=name, context=context)  # type: ignore[arg-type]
    return {quad.triple for quad in quads}


def _property(key: str) -> str:
    """Return the IRI of what a key of a record names, which is known by now."""
    if key == "type":
        return RDF + "type"
    meaning = record_context().get(key)
    return str(meaning["@id"]) if isinstance(meaning, dict) else expand(key) or key


def _stated(view: View, nodes: Collection[str]) -> set[ox.Triple]:
    """Return what sources state of nodes."""
    listed = " ".join(f"<{node}>" for node in nodes)
    rows = view.select(
        f"SELECT DISTINCT ?s ?p ?o WHERE {{ VALUES ?s {{ {listed} }} GRAPH ?g {{ ?s ?p ?o }} {_OURS} }}"
    )
    return {store.quad_of(str(row["s"]), str(row["p"]), row["o"]).triple for row in rows}


def _parts(view: View, iri: str, said: Iterable[ox.Triple]) -> set[ox.Triple]:
    """Return what is stated of the nodes without a name that statements lead to, unless others lead to them too."""
    found: set[ox.Triple] = set()
    seen, fringe = {iri}, _nameless(said)
    while fringe := fringe - seen:
        seen |= fringe
        listed = " ".join(f"<{node}>" for node in sorted(fringe))
        rows = view.select(
            f"SELECT DISTINCT ?s ?o WHERE {{ VALUES ?o {{ {listed} }} GRAPH ?g {{ ?s ?p ?o }} {_OURS} }}"
        )
        own = fringe - {str(row["o"]) for row in rows if str(row["s"]) not in seen}
        more = _stated(view, own) if own else set()
        found |= more
        fringe = _nameless(more)
    return found


def _nameless(said: Iterable[ox.Triple]) -> set[str]:
    values = (one.object for one in said)
    return {
        value.value for value in values if isinstance(value, ox.NamedNode) and value.value.startswith(GENID)
    }


def _update(old: set[ox.Triple], new: set[ox.Triple]) -> str:
    """Return the update that makes the new statements of the old ones; an empty text where they are the same."""
    parts = [
        f"{verb} DATA {{\n{''.join(sorted(f'{one} .{chr(10)}' for one in data))}}}"
        for verb, data in (("DELETE", old - new), ("INSERT", new - old))
        if data
    ]
    return " ;\n".join(parts)
