"""Classes by the names that people give them: IRI, CURIE, or the last part of one of ours."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final

from rdflib import URIRef

from aimsgraph.errors import UsageError
from aimsgraph.store.ontology import classes_of_ours
from aimsgraph.store.portion import is_iri
from aimsgraph.vocab import AIMS, compact, expand, local_name

if TYPE_CHECKING:
    from collections.abc import Collection

    from aimsgraph.store.protocol import View

_STANDING: Final = (
    "ASK { { ?s a ?c } UNION { ?c a owl:Class } UNION { ?c a rdfs:Class } "
    "UNION { ?s rdfs:subClassOf ?c } UNION { ?c rdfs:subClassOf ?s } }"
)
_KNOWN: Final = (
    "SELECT DISTINCT ?c WHERE { VALUES ?kind { owl:Class rdfs:Class } ?c a ?kind FILTER(ISIRI(?c)) }"
)
#: Longer names are close to none.
_LONGEST: Final = 100
_SHOWN: Final = 3


def class_named(view: View, name: str) -> str:
    """Return the IRI of the class that a name stands for: something is of it, or the ontology or a source knows it.

    A store that holds no ontology is asked by the one that we bring.

    :raises UsageError: there is no such class; the hint has those with names close to it.
    """
    iri = iri_of(name) or AIMS + name.strip()
    if is_iri(iri) and view.ask(_STANDING, {"c": URIRef(iri)}):
        return iri
    rows = view.select(_KNOWN)
    known = {str(row["c"]) for row in rows}
    if not any(one.startswith(AIMS) for one in known):
        known |= classes_of_ours()
    if iri in known:
        return iri
    near = _near(name, known)
    hint = f"Did you mean {' or '.join(near)}?" if near else "Name one by CURIE or IRI, such as aims:Dataset."
    raise UsageError(f"There is no class {name}.", hint=hint)


def iri_of(name: str) -> str | None:
    """Return the IRI that a name stands for, when it is not the last part of one."""
    bare = name.strip().removeprefix("<").removesuffix(">")
    return expand(bare) or (bare if ":" in bare else None)


def _near(name: str, known: Collection[str]) -> list[str]:
    """Return the classes (CURIE or IRI) with names close to one, the closest first and of equals ours."""
    ours = sorted(known, key=lambda iri: (not iri.startswith(AIMS), iri))
    by_name: dict[str, str] = {}
    for iri in ours:
        by_name.setdefault(_last_part(iri), compact(iri))
    wanted = name.strip().removesuffix(">")[-_LONGEST:]
    close = difflib.get_close_matches(_last_part(wanted), by_name, n=_SHOWN, cutoff=0.6)
    return [by_name[text] for text in close]


def _last_part(name: str) -> str:
    return local_name(name).rpartition(":")[2].casefold()
