"""One paragraph of plain words about a number: what it is, and what it hangs on. It says what the numbers say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aimsgraph.render.text import percent, percent_range
from aimsgraph.render.words import property_words, type_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aimsgraph.model.reasoning import ControlImportance, EdgeImportance, ImpactExplanation

#: What changes the probability by less than this is not worth a sentence.
_LEAST: Final = 0.0005


def paragraph(found: ImpactExplanation) -> str:
    """Return the explanation of one probability in words."""
    labels = {node.id: node.label for node in (*found.nodes, *found.sources, found.target)}
    return " ".join(_sentences(found, labels))


def _sentences(found: ImpactExplanation, labels: Mapping[str, str]) -> Iterator[str]:
    target, chance = f"“{found.target.label}”", percent(found.probability)
    verb = "goes" if len(found.sources) == 1 else "go"
    lead = f"If {_listed([f'“{source.label}”' for source in found.sources])} {verb} wrong,"
    if found.min_hops == 0:
        yield f"{target} is what goes wrong, so there is nothing to explain."
        return
    if found.min_hops is None:
        within = (
            "" if found.completeness.hops is None else f" within {_counted(found.completeness.hops, 'hop')}"
        )
        along = "" if found.dimension is None else f" along which {_quality(found.dimension)} can get lost"
        yield f"{lead} nothing{along} leads from there to {target}{within}."
        return
    yield f"{lead} {target} is hurt with a probability of {chance} ({_how(found)})."
    if found.dimension is not None:
        yield f"Only dependencies along which {_quality(found.dimension)} can get lost count."
    yield _scenarios(found)
    if found.probability <= 0.0:
        return
    yield from _ways(found, labels)
    yield from _needed(found, labels)
    yield from _controls(found.controls)
    yield from _guesses(found)
    if found.from_outside > _LEAST:
        yield f"{percent(found.from_outside)} of the probability needs a cause outside the graph."
    yield from _limits(found)


def _quality(dimension: str) -> str:
    return type_words(dimension).lower().removesuffix(" dimension")


def _how(found: ImpactExplanation) -> str:
    if found.worlds is None:
        return "exact"
    return f"simulated in {found.worlds:,} worlds; with 95 % confidence {percent_range(found.interval)}"


def _scenarios(found: ImpactExplanation) -> str:
    without, with_all = percent(found.inherent), percent(found.claimed)
    if not found.controls:
        return "No control stands in between."
    if found.inherent - found.probability < _LEAST and found.probability - found.claimed < _LEAST:
        return "The controls in between change nothing that shows."
    if found.probability - found.claimed < _LEAST:
        return f"Without any control it would be {without}; the controls count as declared."
    return f"Without any control it would be {without}; with every control as good as declared {with_all}."


def _ways(found: ImpactExplanation, labels: Mapping[str, str]) -> Iterator[str]:
    if not found.ways:
        yield "No single way is enough by itself: what arrives must arrive over several at once."
        return
    best = found.ways[0]
    way = " → ".join(labels.get(node, node) for node in best.nodes)
    yield f"The likeliest single way, {way}, is open with {percent(best.probability)}, {_of_all(best.share)}."
    if len(found.ways) > 1:
        yield f"It is one of the {len(found.ways)} likeliest; ways overlap, so that their shares do not add up."


def _of_all(share: float) -> str:
    return "which is all of it" if share > 1.0 - 1e-9 else f"which is {percent(share)} of that"


def _needed(found: ImpactExplanation, labels: Mapping[str, str]) -> Iterator[str]:
    if not found.edges:
        return
    order = found.ways[0].nodes if found.ways else ()
    place = {node: number for number, node in enumerate(order)}
    needed = [edge for edge in found.edges if edge.fussell_vesely > 1.0 - 1e-9]
    if needed:
        needed.sort(key=lambda edge: place.get(edge.source, len(place)))
        which = "one dependency" if len(needed) == 1 else "each of these dependencies"
        yield f"All of it passes over {which}: {_listed([_edge(edge, labels) for edge in needed])}."
        return
    best = max(found.edges, key=lambda edge: (round(edge.fussell_vesely, 12), round(edge.birnbaum, 12)))
    if best.fussell_vesely > _LEAST:
        weighed = "dependency that was weighed" if found.edges_left_out else "dependency"
        yield (
            f"No single {weighed} is needed for all of it; most hangs on {_edge(best, labels)}, without which it "
            f"would be {percent(best.if_never)}."
        )


def _edge(edge: EdgeImportance, labels: Mapping[str, str]) -> str:
    names = (labels.get(edge.source, edge.source), labels.get(edge.target, edge.target))
    return f"{names[0]} → {names[1]} ({property_words(edge.property)})"


def _listed(names: list[str], most: int = 3) -> str:
    """Join names; of many the first few are named, and the rest counted."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _controls(controls: tuple[ControlImportance, ...]) -> Iterator[str]:
    for lead, measure, reached in (
        ("The control that holds back most is “{}”: were it to fail, it would be {}.", _lost, "if_failed"),
        (
            "Most is to be gained by verifying “{}”: did it count as declared, it would be {}.",
            _gained,
            "if_fresh",
        ),
    ):
        telling = [one for one in controls if measure(one) > _LEAST]
        if telling:
            most = min(telling, key=lambda one: (-round(measure(one), 12), one.label, one.id))
            yield lead.format(most.label, percent(getattr(most, reached)))


def _lost(one: ControlImportance) -> float:
    """Return how much more likely the target would be without a control."""
    return one.birnbaum * one.assured_effectiveness


def _gained(one: ControlImportance) -> float:
    """Return how much less likely the target would be, did a control count as declared."""
    return one.birnbaum * (one.claimed_effectiveness - one.assured_effectiveness)


def _guesses(found: ImpactExplanation) -> Iterator[str]:
    def count(basis: str) -> int:
        return sum(guess.basis == basis for guess in found.guesses)

    default, unknown, unverified = count("default"), count("unknown"), count("unverified")
    if default + unknown:
        verb = "rests" if (default or unknown) == 1 else "rest"
        on_default = f"{default} {verb} on a default"
        on_nothing = (
            f"{unknown}{'' if default else f' {verb}'} on nothing and count{'s' * (unknown == 1)} as certain"
        )
        said = " and ".join([on_default] * bool(default) + [on_nothing] * bool(unknown))
        weighed = " that were weighed" if found.edges_left_out else ""
        yield f"Of the {_counted(len(found.edges), 'dependency')} on the way{weighed}, {said}."
        if found.all_guesses is not None:
            none, every = map(percent, found.all_guesses)
            which = "these" if default + unknown > 1 else "it"
            yield (
                f"Did {'none of them' if which == 'these' else 'it never'} pass anything on, it would be {none}; did "
                f"{'all of them' if which == 'these' else 'it'} always, {every}."
            )
    if unverified:
        verb = "is" if unverified == 1 else "are"
        yield f"{_counted(unverified, 'control')} on the way {verb} not verified by fresh evidence."


def _limits(found: ImpactExplanation) -> Iterator[str]:
    left = []
    if found.edges_left_out:
        left.append(_counted(found.edges_left_out, "dependency"))
    if found.controls_left_out:
        left.append(_counted(found.controls_left_out, "control"))
    if left:
        verb = "was" if found.edges_left_out + found.controls_left_out == 1 else "were"
        yield f"The graph is large: {' and '.join(left)} on the way {verb} not weighed."
    if found.completeness.stopped_by == "hops":
        yield f"Ways of more than {_counted(found.completeness.hops or 0, 'hop')} are not counted."


def _counted(number: int, word: str) -> str:
    if number == 1:
        return f"1 {word}"
    return f"{number:,} {word[:-1] + 'ies' if word.endswith('y') else word + 's'}"
