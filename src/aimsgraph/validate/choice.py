"""What a validation looks at: the checks of a profile, on one system or on those that the profile picks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rdflib import URIRef

from aimsgraph.model.finding import ChosenProfile
from aimsgraph.model.node import Named
from aimsgraph.validate.belonging import Belonging
from aimsgraph.validate.focus import matching
from aimsgraph.validate.labels import names_of
from aimsgraph.validate.profile import chosen
from aimsgraph.validate.profiles import find_profile, shape_file, unknown_names
from aimsgraph.validate.reading import faulty
from aimsgraph.validate.shapes import load_shapes
from aimsgraph.vocab import AIMS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rdflib.term import Node

    from aimsgraph.validate.profile import Profile
    from aimsgraph.validate.shacl.context import Source
    from aimsgraph.validate.shapes import Shapes

SYSTEM: Final = URIRef(AIMS + "AISystem")
_EVERYTHING: Final = ("all", "All checks", "Every check that there is.")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The shapes that are run, the names of the nodes whose results count (None: all), and how to tell of both."""

    shapes: Shapes
    scope: frozenset[str] | None
    profile: ChosenProfile | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A profile (None: every check) and the IRIs of systems that it is about, in place of those it picks."""

    profile: Profile | None = None
    systems: tuple[str, ...] = ()

    def shape_files(self) -> list[Path]:
        """Return the files of shapes that come with the profile."""
        return shape_file(self.profile) if self.profile else []

    def made(self, shapes: Shapes, source: Source, given: Mapping[tuple[str, str], str]) -> Chosen:
        """Return what is looked at in a graph.

        :raises SyntaxProblemError: the profile names what there is not; with file and line.
        """
        if self.profile is None and not self.systems:
            return Chosen(shapes, None, None)
        run = self._run(shapes)
        systems = self._picked(shapes, source, given)
        scope = None if systems is None else Belonging(source).of(systems)
        return Chosen(run, scope, self._told(run, shapes, source, systems))

    def _run(self, shapes: Shapes) -> Shapes:
        if self.profile is None:
            return shapes
        wrong = unknown_names(self.profile, shapes)
        if wrong:
            raise faulty("profile", wrong)
        return chosen(shapes, self.profile, {check.iri for check in load_shapes().checks})

    def _picked(
        self, shapes: Shapes, source: Source, given: Mapping[tuple[str, str], str]
    ) -> list[Node] | None:
        if self.systems:
            return [URIRef(system) for system in self.systems]
        found = self.profile.systems_when() if self.profile else None
        return None if found is None else matching(source, shapes, given, SYSTEM, found)

    def _told(self, run: Shapes, shapes: Shapes, source: Source, systems: list[Node] | None) -> ChosenProfile:
        name, label, description = _EVERYTHING
        if self.profile is not None:
            name, label, description = self.profile.name, self.profile.label, self.profile.description
        names = names_of(source, systems or ())
        listed = [Named(id=str(system), label=names.label(system)) for system in systems or ()]
        return ChosenProfile(
            name=name,
            label=label,
            description=description,
            checks=len(run.checks),
            of=len(shapes.checks),
            systems=None if systems is None else tuple(sorted(listed, key=lambda one: (one.label, one.id))),
        )


def choice_of(profile: str | Path | None, systems: Sequence[str] = ()) -> Choice:
    """Return the choice of a profile, named or by file, and of the systems with these IRIs.

    :raises UsageError: there is no such profile.
    :raises SyntaxProblemError: with file and line of every fault in the profile's file.
    """
    return Choice(None if profile is None else find_profile(str(profile)), tuple(systems))
