"""The risks asked about, worked out: how likely each comes true, how far it comes, and what all cost together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from aimsgraph.attention import go_on
from aimsgraph.model.risk import ByControls
from aimsgraph.trace.likelihood import STEPS, Likelihood, likelihoods, turning
from aimsgraph.trace.losses import Ledger, Sample
from aimsgraph.trace.network import SCENARIOS
from aimsgraph.trace.qualitative import weakest_links
from aimsgraph.trace.simulation import EDGE_WORLDS, LEAST_WORLDS
from aimsgraph.trace.year import Part, Year, year

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aimsgraph.model.risk import By
    from aimsgraph.trace.network import Network
    from aimsgraph.trace.outcome import Progress
    from aimsgraph.trace.projection import Projection
    from aimsgraph.trace.register import Register

#: Edges that the reach of all risks may take together; the reach of further ones is left out, which is said.
REACH_EDGES: Final = 2_000_000
#: Bytes that the losses of all groups may take, and those that one group takes for a world.
LEDGER_MEMORY: Final = 200_000_000
_PER_WORLD: Final = 8 * len(SCENARIOS)
#: The group of all risks that were asked about.
ALL: Final = ""


@dataclass(slots=True)
class Study:
    """The risks asked about, worked out step by step.

    ``members`` holds per group (IRI, ``ALL`` for all) the risks that belong to it, ``reached`` per risk the systems,
    processes and parties (IRIs, with their numbers in its network) that it can come to. ``likelihood`` and ``interval``
    are by risk, ``together`` and ``together_interval`` by group; ``reach``, ``reach_interval`` and ``links`` by risk
    and what it comes to. ``simulated`` counts the parts of the year whose chances are not exact, ``left_out`` holds the
    risks whose reach is not worked out; a group without a ledger is one too many for ``LEDGER_MEMORY``.
    """

    register: Register
    year: Year
    chosen: Sequence[str]
    by: By
    seed: int
    unnumbered: Year
    members: dict[str, list[str]] = field(default_factory=dict)
    reached: dict[str, dict[str, int]] = field(default_factory=dict)
    likelihood: dict[str, ByControls] = field(default_factory=dict)
    interval: dict[str, tuple[float, float] | None] = field(default_factory=dict)
    together: dict[str, ByControls] = field(default_factory=dict)
    together_interval: dict[str, tuple[float, float] | None] = field(default_factory=dict)
    reach: dict[tuple[str, str], ByControls] = field(default_factory=dict)
    reach_interval: dict[tuple[str, str], tuple[float, float] | None] = field(default_factory=dict)
    links: dict[tuple[str, str], ByControls] = field(default_factory=dict)
    ledgers: dict[str, Ledger] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    simulated: int = 0
    words: int = 0
    steps: int = 0

    @classmethod
    def begun(
        cls,
        register: Register,
        projection: Projection,
        controls: Mapping[str, tuple[float, float]],
        chosen: Sequence[str],
        by: By,
        seed: int,
    ) -> Study:
        """Lay out the networks; risks without an annual probability have one of their own, where they occur."""
        chances = {iri: register.entries[iri].annual_probability for iri in chosen}
        numbered = {iri: chance for iri, chance in chances.items() if chance is not None}
        others = {iri: 1.0 for iri, chance in chances.items() if chance is None}
        study = cls(
            register,
            year(projection, controls, numbered),
            chosen,
            by,
            seed,
            year(projection, controls, others),
        )
        kinds = frozenset().union(*register.kinds.values())
        for iri in chosen:
            net = study.net(iri)
            ids = net.network.names
            study.reached[iri] = {
                ids[number]: number for number in net.downstream(iri).tolist() if ids[number] in kinds
            }
        study.members = study._grouped()
        return study

    def net(self, iri: str) -> Year:
        """Return the network in which a risk occurs."""
        return self.year if iri in self.year.risk else self.unnumbered

    def _grouped(self) -> dict[str, list[str]]:
        """Return the risks of each group, all of them under ``ALL``."""
        found: dict[str, list[str]] = {ALL: list(self.chosen)}
        for iri in self.chosen:
            for key in self.groups_of(iri):
                found.setdefault(key, []).append(iri)
        return found

    def groups_of(self, iri: str) -> Sequence[str]:
        """Return the groups that a risk belongs to, but for that of all."""
        systems = self.register.kinds["AISystem"]
        belongs: Callable[[str], Sequence[str]] = {
            "risk": lambda _: (),
            "system": lambda iri: [one for one in self.reached[iri] if one in systems],
            "area": lambda iri: self.register.entries[iri].areas,
            "owner": lambda iri: self.register.entries[iri].owners,
        }[self.by]
        return belongs(iri)

    # -- working out -----------------------------------------------------------------------------------------

    def work_out(self, worlds: int, progress: Progress | None) -> None:
        """Work out every likelihood, reach and loss."""
        parts = {
            iri: self.year.leading_to([self.year.loss[iri]]) for iri in self.chosen if iri in self.year.risk
        }
        numbered = {key: [iri for iri in members if iri in parts] for key, members in self.members.items()}
        groups = {key: members for key, members in numbered.items() if members}
        self._divide(worlds, parts, groups, self._leave_out())
        for done, iri in enumerate(self.chosen):
            go_on()
            if iri in parts:
                self._occurrence(iri, parts[iri])
            if iri not in self.left_out:
                self._come_to(iri)
            if progress is not None:
                progress(done + 1, len(self.chosen), "assessing risks")
        for key, members in groups.items():
            self._at_least_one(key, members)

    def _leave_out(self) -> dict[str, int]:
        """Leave out the reach of risks, in their order, beyond ``REACH_EDGES``; return the edges of all others."""
        taken, kept = 0, dict[str, int]()
        for iri in self.chosen:
            edges = self.net(iri).edges_of_alone(iri)
            taken += edges
            if taken > REACH_EDGES:
                self.left_out.add(iri)
            else:
                kept[iri] = edges
        return kept

    def _divide(
        self,
        worlds: int,
        parts: Mapping[str, Part],
        groups: Mapping[str, Sequence[str]],
        reach: Mapping[str, int],
    ) -> None:
        """Settle how many worlds there are, how many steps a part gets to be exact, and which groups have a ledger."""
        reaching = [edges for iri, edges in reach.items() if iri in parts]
        edges = sum(len(part.network.source) for part in parts.values())
        edges += sum(reaching)
        edges += sum(self.year.edges_leading_to(self._goals(*group)) for group in groups.items())
        self.steps = STEPS // max(1, len(parts) + len(reaching) + len(groups))
        most = LEDGER_MEMORY // (_PER_WORLD * LEAST_WORLDS)
        kept = sorted(self.members, key=lambda key: (key != ALL, -len(self.members[key]), key))[
            : max(1, most)
        ]
        room = max(LEAST_WORLDS, LEDGER_MEMORY // (_PER_WORLD * len(kept)))
        drawn = min(worlds, room, max(LEAST_WORLDS, EDGE_WORLDS // max(1, edges)))
        self.words = max(1, -(-drawn // 64))
        self.ledgers = {key: Ledger(64 * self.words) for key in kept}

    def _chances(self, network: Network, numbers: Sequence[int], often: float = 1.0) -> list[Likelihood]:
        """Work out the chances of nodes of a part, and note whether they had to be simulated."""
        found = likelihoods(network, numbers, often=often, seed=self.seed, words=self.words, steps=self.steps)
        self.simulated += any(interval is not None for _, interval in found)
        return found

    def _occurrence(self, iri: str, part: Part) -> None:
        """Work out how likely a risk comes true, and what it adds to the losses of its groups."""
        node = self.year.loss[iri]
        given, often = part.given(self.year.risk[iri])
        [(self.likelihood[iri], self.interval[iri])] = self._chances(given, [part.place[node]], often)
        loss = self.register.entries[iri].loss
        if loss is None:
            return
        at = part.place[node]
        bits = turning(part.network, [at], seed=self.seed, words=self.words)[at]
        sample = Sample.of(iri, loss, bits["inherent"], self.seed)
        for key in self._keys(iri):
            self.ledgers[key].add(sample, bits)
        systems = [one for one in self.groups_of(iri) if one in self.ledgers] if self.by == "system" else []
        if systems:
            alone = self.year.of_alone(iri)
            numbers = [alone.place[self.reached[iri][one]] for one in systems]
            found = turning(alone.network, numbers, seed=self.seed, words=self.words)
            for key, number in zip(systems, numbers, strict=True):
                self.ledgers[key].add(sample, found[number])

    def _keys(self, iri: str) -> list[str]:
        """Return the groups that bear the whole loss of a risk; a system bears it only where the risk comes to it."""
        if self.by == "system":
            return [ALL]
        return [ALL, *(key for key in self.groups_of(iri) if key in self.ledgers)]

    def _come_to(self, iri: str) -> None:
        """Work out how a risk comes to systems, processes and parties."""
        alone = self.net(iri).of_alone(iri)
        if iri in self.year.risk:
            self._spread(iri, alone)
        else:
            self._order(iri, alone)

    def _spread(self, iri: str, alone: Part) -> None:
        """Work out how likely a risk, alone, comes to each system, process and party."""
        numbers = [alone.place[number] for number in self.reached[iri].values()]
        given, often = alone.given(self.year.risk[iri])
        found = self._chances(given, numbers, often)
        for name, (chance, interval) in zip(self.reached[iri], found, strict=True):
            self.reach[iri, name], self.reach_interval[iri, name] = chance, interval

    def _order(self, iri: str, alone: Part) -> None:
        """Find the narrowest point of the best way of a risk without numbers to what it can reach."""
        net = alone.network
        found = {name: weakest_links(net, net.effectiveness(name)) for name in SCENARIOS}
        for name, number in self.reached[iri].items():
            at = alone.place[number]
            self.links[iri, name] = ByControls(**{scenario: found[scenario][at] for scenario in SCENARIOS})

    def _goals(self, key: str, members: Sequence[str]) -> list[int]:
        """Return what turns when any of some risks of a group comes true, or comes to the system."""
        if self.by == "system" and key != ALL:
            return [self.reached[members[0]][key]]
        return [self.year.loss[iri] for iri in members]

    def _at_least_one(self, key: str, members: Sequence[str]) -> None:
        """Work out how likely at least one risk of a group comes true, or comes to the system."""
        part = self.year.leading_to(self._goals(key, members))
        # Of one risk alone it is the same, and may be rare.
        network, often = part.given(self.year.risk[members[0]]) if len(members) == 1 else (part.network, 1.0)
        [(self.together[key], self.together_interval[key])] = self._chances(network, [part.any], often)

    # -- what was worked out ---------------------------------------------------------------------------------

    def touched(self) -> set[str]:
        """Return everything that the risks can come to, of the kinds followed."""
        return {name for found in self.reached.values() for name in found}

    def gates(self) -> set[str]:
        """Return the nodes in reach that need several causes at once."""
        names = self.year.network.names
        needing = {node for node, needed in self.year.network.needs.items() if needed > 1}
        return {
            names[node]
            for iri in self.year.risk
            for node in self.year.downstream(iri).tolist()
            if node in needing
        }

    def expected(self, iri: str, key: str = ALL) -> ByControls | None:
        """Return the loss of a year that is to be expected of a risk, or its share of a group's; None if not known.

        A system's share counts the risk where, by itself, it comes to the system.
        """
        loss = self.register.entries[iri].loss
        whole = self.by != "system" or key == ALL
        chance = self.likelihood.get(iri) if whole else self.reach.get((iri, key))
        if loss is None or chance is None:
            return None
        return ByControls(**{name: getattr(chance, name) * loss.mean for name in SCENARIOS})
