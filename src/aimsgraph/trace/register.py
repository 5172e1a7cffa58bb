"""What the register says of each risk: its numbers, its places on scales, who owns and who accepted it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rdflib import Literal

from aimsgraph.trace.annotations import number, probability
from aimsgraph.trace.loss import MOST, WIDEST, Distribution, Fixed, Lognormal, Pert
from aimsgraph.trace.statements import Stated, read_statements
from aimsgraph.vocab import AIMS, RDF, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from rdflib.term import Identifier

    from aimsgraph.store.protocol import View

#: What a risk is followed to: those that matter most to people first.
REACHED: Final = ("AffectedParty", "BusinessProcess", "AISystem")
#: An expected loss stated beside a distribution may differ by this share from its mean.
_APART: Final = 0.1
_PROBABILITY: Final = AIMS + "annualProbability"
_FIXED: Final = AIMS + "expectedLoss"
_PERT: Final = (AIMS + "minimumLoss", AIMS + "mostLikelyLoss", AIMS + "maximumLoss")
_INTERVAL: Final = (AIMS + "lowLoss", AIMS + "highLoss")
_MEDIAN: Final = (AIMS + "medianLoss", AIMS + "lossSpread")
_LEVELS: Final = (AIMS + "statedLevel", AIMS + "inherentLevel", AIMS + "residualLevel")
_LIKELIHOOD: Final = AIMS + "ordinalLikelihood"
_SEVERITY: Final = AIMS + "ordinalSeverity"
_MATRIX: Final = AIMS + "ratedBy"
_AREA: Final = AIMS + "inArea"
_OWNER: Final = AIMS + "ownedBy"
_ALL: Final = (_PROBABILITY, _FIXED, *_PERT, *_INTERVAL, *_MEDIAN, *_LEVELS, _LIKELIHOOD, _SEVERITY, _MATRIX,
               _AREA, _OWNER)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One risk as the register states it; what is missing or is no usable number is None, and ``remarks`` says so.

    ``loss_stated`` are the numbers that its loss was made of, by local name. Levels, matrix, areas and owners are IRIs.
    """

    iri: str
    annual_probability: float | None
    loss: Distribution | None
    loss_stated: Mapping[str, float]
    likelihood: int | None
    severity: int | None
    matrix: str | None
    stated_level: str | None
    inherent_level: str | None
    residual_level: str | None
    areas: tuple[str, ...]
    owners: tuple[str, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """An acceptance: its IRI, who took it, from when and until when (None: without end)."""

    iri: str
    accepted_by: str | None
    since: date | None
    until: date | None

    def holds(self, today: date) -> bool:
        """Say whether it is signed and holds on a day."""
        begun = self.since is None or self.since <= today
        return self.accepted_by is not None and begun and (self.until is None or self.until >= today)


@dataclass(frozen=True, slots=True)
class Limits:
    """An appetite: the highest rank borne with its level (IRI), and the highest expected loss a year in euro."""

    level: str | None
    loss: float | None


@dataclass(frozen=True, slots=True)
class Register:
    """All risks by IRI, and what is decided about them.

    ``cells`` gives the level (IRI) of a matrix (IRI; "" for the cells that belong to none) at likelihood and severity;
    ``rank`` the rank of each level. ``appetites`` are by area (IRI), "" being the whole organisation. ``kinds`` gives
    the IRIs of the systems, processes and parties.
    """

    entries: Mapping[str, Entry]
    cells: Mapping[tuple[str, int, int], str]
    rank: Mapping[str, int]
    appetites: Mapping[str, tuple[Limits, ...]]
    acceptances: Mapping[str, tuple[Accepted, ...]]
    kinds: Mapping[str, frozenset[str]]

    def level(self, entry: Entry) -> str | None:
        """Return the level that its matrix gives to a risk; None where the matrix has no such cell."""
        if entry.likelihood is None or entry.severity is None:
            return None
        return self.cells.get((entry.matrix or "", entry.likelihood, entry.severity))

    def limits(self, areas: Iterable[str]) -> Limits:
        """Return the appetite for a risk of some areas.

        Each limit is the strictest of those of its areas, and that of the organisation where they state none.
        """
        own = [limits for area in areas for limits in self.appetites.get(area, ())]
        whole = self.appetites.get("", ())
        levels = [one.level for one in own if one.level] or [one.level for one in whole if one.level]
        losses = [one.loss for one in own if one.loss is not None] or [
            one.loss for one in whole if one.loss is not None
        ]
        level = min(levels, key=lambda iri: (self.rank.get(iri, 0), iri), default=None)
        return Limits(level, min(losses, default=None))


def read_register(view: View) -> Register:
    """Read every risk of the graph with all that is stated of it."""
    iris = _instances(view, "Risk")
    stated = read_statements(view, iris, _ALL)
    return Register(
        entries={iri: _entry(iri, item) for iri, item in sorted(stated.items())},
        cells=_cells(view),
        rank={
            str(row["l"]): rank
            for row in view.select(f"SELECT ?l ?r WHERE {{ ?l <{AIMS}rank> ?r }}")
            if (rank := _whole([row["r"]])) is not None
        },
        appetites=_appetites(view),
        acceptances=_acceptances(view),
        kinds={name: frozenset(_instances(view, name)) for name in REACHED},
    )


def _instances(view: View, name: str) -> set[str]:
    rows = view.select(
        f"SELECT DISTINCT ?n WHERE {{ ?n <{RDF}type>/<{RDFS}subClassOf>* <{AIMS}{name}> FILTER(isIRI(?n)) }}"
    )
    return {str(row["n"]) for row in rows}


def _entry(iri: str, stated: Stated) -> Entry:
    remarks: list[str] = []
    chances = [probability(value) for value in stated.all(_PROBABILITY)]
    known = [chance for chance in chances if chance is not None]
    if len(known) < len(chances):
        remarks.append("Its annual probability is not a number from 0 to 1.")
    elif not chances:
        remarks.append("No annual probability is stated.")
    loss, numbers, remark = _loss(stated)
    remarks += [remark] if remark else []
    levels = [stated.nodes(name) for name in _LEVELS]
    return Entry(
        iri=iri,
        annual_probability=max(known) if known and len(known) == len(chances) else None,
        loss=loss,
        loss_stated=numbers,
        likelihood=_whole(stated.all(_LIKELIHOOD)),
        severity=_whole(stated.all(_SEVERITY)),
        matrix=next(iter(stated.nodes(_MATRIX)), None),
        stated_level=next(iter(levels[0]), None),
        inherent_level=next(iter(levels[1]), None),
        residual_level=next(iter(levels[2]), None),
        areas=tuple(stated.nodes(_AREA)),
        owners=tuple(stated.nodes(_OWNER)),
        remarks=tuple(remarks),
    )


def _loss(stated: Stated) -> tuple[Distribution | None, dict[str, float], str | None]:
    """Return the loss, the numbers it is made of, and a remark when there is none that can be used."""
    known: tuple[tuple[str, ...], ...] = (_PERT, _INTERVAL, _MEDIAN)
    ways = [names for names in known if any(map(stated.all, names))]
    if not ways and stated.all(_FIXED):
        ways = [(_FIXED,)]
    if not ways:
        return None, {}, "No loss is stated."
    if len(ways) > 1:
        return None, {}, "Its loss is stated in several ways, so that none counts."
    values = [_amount(stated.all(name)) for name in ways[0]]
    numbers = [value for value in values if value is not None]
    if len(numbers) < len(values):
        return None, {}, "Its loss is not whole: a number is missing, or is none."
    found = _distribution(ways[0], numbers)
    if found is None:
        return None, {}, "The numbers of its loss are not in order."
    if remark := _out_of_range(found):
        return None, {}, remark
    told = {name.removeprefix(AIMS): n for name, n in zip(ways[0], numbers, strict=True)}
    beside = _amount(stated.all(_FIXED))
    if beside is not None and abs(beside - found.mean) > _APART * max(beside, found.mean):
        return (
            found,
            told,
            f"Its expected loss of {beside:.0f} is not the mean of its distribution, which counts.",
        )
    return found, told, None


def _out_of_range(loss: Distribution) -> str | None:
    """Return a remark when a loss is too large, or spread too widely, for its mean and its draws to agree."""
    if isinstance(loss, Lognormal) and loss.sigma > WIDEST:
        return f"Its loss is spread more widely than {WIDEST:.0f}, too widely to count."
    if max(loss.mean, loss.most if isinstance(loss, Pert) else 0.0) > MOST:
        return f"Its loss is more than {MOST:,.0f} euro, too large to count."
    return None


def _distribution(way: tuple[str, ...], numbers: list[float]) -> Distribution | None:
    """Return the distribution that the numbers describe; None when they are not in order."""
    if way == _PERT:
        return Pert(numbers[0], numbers[1], numbers[2]) if numbers[0] <= numbers[1] <= numbers[2] else None
    if way == _INTERVAL:
        return Lognormal.of_interval(numbers[0], numbers[1]) if 0.0 < numbers[0] < numbers[1] else None
    if way == _MEDIAN:
        return Lognormal.of_median(numbers[0], numbers[1]) if min(numbers) > 0.0 else None
    return Fixed(numbers[0])


def _amount(values: list[Identifier]) -> float | None:
    """Return the one amount that is stated, the largest of several; None when one is negative or no number."""
    found = [number(value) for value in values]
    amounts = [amount for amount in found if amount is not None and amount >= 0.0]
    return max(amounts) if amounts and len(amounts) == len(values) else None


def _whole(values: list[Identifier]) -> int | None:
    """Return the one whole number that is stated; None for several, for none and for anything else."""
    found = [value.toPython() for value in values if isinstance(value, Literal)]
    if len(found) != 1 or isinstance(found[0], bool) or not isinstance(found[0], int):
        return None
    return found[0]


def _cells(view: View) -> dict[tuple[str, int, int], str]:
    """Return the levels of all cells; of two at the same place the first level in IRI order (a shape tells it)."""
    found: dict[tuple[str, int, int], str] = {}
    for row in view.select(
        f"SELECT ?m ?l ?s ?level WHERE {{ ?c <{AIMS}ordinalLikelihood> ?l ; <{AIMS}ordinalSeverity> ?s ; "
        f"<{AIMS}givesLevel> ?level OPTIONAL {{ ?c <{AIMS}cellOf> ?m }} }}"
    ):
        likelihood, severity = _whole([row["l"]]), _whole([row["s"]])
        if likelihood is not None and severity is not None:
            key = (str(row.get("m", "")), likelihood, severity)
            found[key] = min(str(row["level"]), found.get(key, str(row["level"])))
    return found


def _appetites(view: View) -> dict[str, tuple[Limits, ...]]:
    """Return the limits by area; those for anything else, a management system say, are the organisation's ("")."""
    nodes = _instances(view, "RiskAppetite")
    areas = _instances(view, "ControlArea")
    names = [AIMS + name for name in ("appetiteFor", "highestLevel", "highestExpectedLoss")]
    found: dict[str, list[Limits]] = {}
    for item in read_statements(view, nodes, names).values():
        limits = Limits(next(iter(item.nodes(names[1])), None), _amount(item.all(names[2])))
        for target in {key if key in areas else "" for key in item.nodes(names[0]) or [""]}:
            found.setdefault(target, []).append(limits)
    return {key: tuple(limits) for key, limits in found.items()}


def _acceptances(view: View) -> dict[str, tuple[Accepted, ...]]:
    names = [AIMS + name for name in ("accepts", "acceptedBy", "acceptedOn", "acceptanceExpiresOn")]
    iris = {subject for subject, _, _ in view.edges([names[0]])}
    found: dict[str, list[Accepted]] = {}
    for iri, item in sorted(read_statements(view, iris, names).items()):
        one = Accepted(
            iri=iri,
            accepted_by=next(iter(item.nodes(names[1])), None),
            since=min(item.dates(names[2]), default=None),
            until=min(item.dates(names[3]), default=None),
        )
        for risk in item.nodes(names[0]):
            found.setdefault(risk, []).append(one)
    return {risk: tuple(ones) for risk, ones in found.items()}
