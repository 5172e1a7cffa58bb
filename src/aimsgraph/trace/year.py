"""The network of one year: risks occur with their annual probability, get past their controls, and spread.

To the dependencies come a root, from which each risk occurs, and for each risk a node for its loss: it turns when the
risk gets past its controls to something that it threatens. Where that something needs several causes at once (a gate),
the loss waits until it has them. All chances are named as in the question what a node hurts, so that the same worlds
come true in every part of the network, however it is cut.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.trace.impact import network_of
from aimsgraph.trace.network import Adjacency, Network, distances

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aimsgraph.trace.projection import Ints, Projection

#: The name of the root, and of the edges that come from it and that lead to losses.
_ROOT: Final = ""
_OCCURS: Final = "occurs within a year"
_COSTS: Final = "costs"


@dataclass(frozen=True, slots=True, eq=False)
class Year:
    """The whole network, and where in it the root, the risks and their losses stand.

    ``risk`` and ``loss`` give node numbers by the IRI of a risk, ``threatened`` how many edges leave it and how many of
    them are not assessed. Numbers below ``root`` are those of the projection, and of risks that it does not know.
    """

    network: Network
    root: int
    risk: Mapping[str, int]
    loss: Mapping[str, int]
    threatened: Mapping[str, tuple[int, int]]
    outgoing: Adjacency
    incoming: Adjacency

    def leading_to(self, nodes: Sequence[int]) -> Part:
        """Return the part that has a say in whether any of the nodes turn; ``any`` is one that turns with them."""
        net = self.network
        reached = distances(net.source, self.incoming, net.size, np.array(nodes, np.int64))
        return self._part(np.flatnonzero(reached[net.target] >= 0)).with_any(nodes)

    def of_alone(self, risk: str) -> Part:
        """Return the part in which one risk occurs and no other."""
        net, start, reached = self.network, self.risk[risk], self._after(risk)
        kept = (reached[net.source] >= 0) | ((net.source == self.root) & (net.target == start))
        return self._part(np.flatnonzero(kept))

    def downstream(self, risk: str) -> Ints:
        """Return the nodes of the projection that a risk can come to."""
        return np.flatnonzero(self._after(risk)[: self.root] > 0)

    def edges_of_alone(self, risk: str) -> int:
        """Return how many edges the part has in which one risk occurs and no other."""
        passed = np.flatnonzero(self._after(risk) >= 0)
        return 1 + int((self.outgoing.start[passed + 1] - self.outgoing.start[passed]).sum())

    def edges_leading_to(self, nodes: Sequence[int]) -> int:
        """Return how many edges the part has that has a say in whether any of the nodes turn."""
        net = self.network
        passed = np.flatnonzero(
            distances(net.source, self.incoming, net.size, np.array(nodes, np.int64)) >= 0
        )
        return int((self.incoming.start[passed + 1] - self.incoming.start[passed]).sum())

    def _after(self, risk: str) -> Ints:
        net = self.network
        return distances(net.target, self.outgoing, net.size, np.array([self.risk[risk]], np.int64))

    def _part(self, kept: Ints) -> Part:
        net = self.network
        nodes = np.unique(np.concatenate(([self.root], net.source[kept], net.target[kept])))
        at = {int(node): number for number, node in enumerate(nodes.tolist())}
        sets, guard = np.unique(net.guard[kept], return_inverse=True)
        used = sorted({control for number in sets.tolist() for control in net.guard_sets[number]})
        number_of = {control: number for number, control in enumerate(used)}
        found = replace(
            net,
            size=len(nodes),
            source=np.searchsorted(nodes, net.source[kept]),
            target=np.searchsorted(nodes, net.target[kept]),
            probability=net.probability[kept],
            guard=guard.astype(np.int64),
            guard_sets=tuple(tuple(number_of[c] for c in net.guard_sets[number]) for number in sets.tolist()),
            claimed=net.claimed[used],
            assured=net.assured[used],
            sources=(at[self.root],),
            needs={at[node]: needed for node, needed in net.needs.items() if node in at},
            names=[net.names[node] for node in nodes.tolist()],
            edge_kind=net.edge_kind[kept],
            control_names=[net.control_names[control] for control in used],
        )
        return Part(found, at)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A part of the network, and the number that a node of the whole has in it.

    ``any`` is the number of a node that turns when any of those asked for does, -1 where none were.
    """

    network: Network
    place: Mapping[int, int]
    any: int = -1

    def given(self, risk: int) -> tuple[Network, float]:
        """Return the network in which a risk (a node of the whole) occurs for certain, and how often it does.

        What needs the risk turns in it that much more often. Where something else may bring the risk about too, the
        network is returned as it is, and 1.
        """
        net, here = self.network, self.place[risk]
        begins = net.source == net.sources[0]
        occurs = np.flatnonzero(begins & (net.target == here))
        if len(occurs) != 1 or ((net.target == here).sum() > 1 and begins.sum() > 1):
            return net, 1.0
        often, probability = float(net.probability[occurs[0]]), net.probability.copy()
        probability[occurs] = 1.0
        return replace(net, probability=probability), often

    def with_any(self, nodes: Sequence[int]) -> Part:
        """Return the same part with a node that turns when any of the ``nodes`` (of the whole) does."""
        here = [self.place[node] for node in nodes if node in self.place]
        net = self.network
        sets = (*net.guard_sets, ())
        rows = [(node, net.size, 1.0, len(sets) - 1, len(net.edge_names) - 1) for node in here]
        grown = _extended(net, np.arange(len(net.source)), rows, [*net.names, _ROOT], net.needs)
        return Part(replace(grown, guard_sets=sets), self.place, net.size)


def year(
    projection: Projection, controls: Mapping[str, tuple[float, float]], occurring: Mapping[str, float]
) -> Year:
    """Lay out the network of a year; ``occurring`` gives the annual probability of each risk by IRI.

    ``controls`` gives claimed and assured effectiveness by IRI. Leaks are left out: what turns by itself is no risk's
    doing.
    """
    base = network_of(projection, (), controls)
    names = list(base.names)
    number = {iri: projection.index[iri] for iri in occurring if iri in projection.index}
    for iri in sorted(occurring.keys() - number.keys()):
        number[iri] = len(names)
        names.append(iri)
    root = len(names)
    names.append(_ROOT)
    set_number = {guards: at for at, guards in enumerate(base.guard_sets)}
    at_risk = np.zeros(projection.size, bool)
    at_risk[[node for node in number.values() if node < projection.size]] = True
    leaving = at_risk[base.source]
    out: dict[int, list[int]] = {}
    for edge in np.flatnonzero(leaving).tolist():
        out.setdefault(int(base.source[edge]), []).append(edge)
    occurs, costs = len(base.edge_names), len(base.edge_names) + 1
    needs = dict(base.needs)
    loss: dict[str, int] = {}
    rows: list[tuple[int, int, float, int, int]] = []
    for iri in sorted(occurring):
        node, guard = number[iri], set_number[projection.guards.get(number[iri], ())]
        rows.append((root, node, occurring[iri], 0, occurs))
        loss[iri] = len(names)
        names.append(iri)
        if node not in out:
            # It names nothing that it threatens: what gets past its controls is taken to cost.
            rows.append((node, loss[iri], 1.0, guard, costs))
        for edge in out.get(node, ()):
            target, step = int(base.target[edge]), len(names)
            names.append(names[target])
            rows.append((node, step, float(base.probability[edge]), guard, int(base.edge_kind[edge])))
            rows.append((step, target, 1.0, 0, costs))
            if needs.get(target, 1) > 1:
                both = len(names)
                names.append(names[target])
                needs[both] = 2
                rows += [(step, both, 1.0, 0, costs), (target, both, 1.0, 0, costs)]
                step = both
            rows.append((step, loss[iri], 1.0, 0, costs))
    net = _extended(base, np.flatnonzero(~leaving), rows, names, needs)
    return Year(
        network=replace(net, sources=(root,), leaks={}, edge_names=(*base.edge_names, _OCCURS, _COSTS)),
        root=root,
        risk=number,
        loss=loss,
        threatened={
            iri: (len(out.get(node, ())), int((projection.basis[out.get(node, [])] > 0).sum()))
            for iri, node in number.items()
        },
        outgoing=Adjacency.by(net.source, net.size),
        incoming=Adjacency.by(net.target, net.size),
    )


def _extended(
    base: Network,
    kept: Ints,
    rows: list[tuple[int, int, float, int, int]],
    names: list[str],
    needs: Mapping[int, int],
) -> Network:
    """Return a network with some of its edges and more ``rows``: source, target, chance, guard set and kind."""
    source, target, chance, guard, kind = zip(*rows, strict=True) if rows else ((),) * 5
    return replace(
        base,
        size=len(names),
        names=names,
        needs=needs,
        source=np.concatenate((base.source[kept], np.array(source, np.int64))),
        target=np.concatenate((base.target[kept], np.array(target, np.int64))),
        probability=np.concatenate((base.probability[kept], np.array(chance, np.float64))),
        guard=np.concatenate((base.guard[kept], np.array(guard, np.int64))),
        edge_kind=np.concatenate((base.edge_kind[kept], np.array(kind, np.int64))),
    )
