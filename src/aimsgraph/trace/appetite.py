"""Whether a risk may stay as it is: its level against the matrix, its size against the appetite, its acceptance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aimsgraph.model.node import NodeRef
from aimsgraph.model.risk import AcceptanceState, Appetite, RatedLevel, RiskAppetite, RiskGap
from aimsgraph.vocab import compact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from aimsgraph.model.risk import ByControls, RiskAssessed
    from aimsgraph.trace.register import Entry, Limits, Register

_FIX_ABOVE: Final = (
    "Treat it further, or have it accepted: an aims:RiskAcceptance with aims:acceptedBy and an end."
)
_FIX_EXPIRED: Final = (
    "Assess it again; then have it accepted anew with a later aims:acceptanceExpiresOn, or treat it."
)
_FIX_LABEL: Final = "Correct the label, or the likelihood and severity."


def rated(register: Register, entry: Entry) -> RatedLevel:
    """Return the places of a risk on its scales, and whether its labels agree with its matrix."""
    level = register.level(entry)
    labels = [name for name in (entry.stated_level, entry.inherent_level) if name is not None]
    return RatedLevel(
        likelihood=entry.likelihood,
        severity=entry.severity,
        matrix=entry.matrix,
        by_matrix=_curie(level),
        stated=_curie(entry.stated_level),
        inherent=_curie(entry.inherent_level),
        residual=_curie(entry.residual_level),
        agrees=None if level is None or not labels else all(label == level for label in labels),
    )


def acceptance(
    register: Register, entry: Entry, known: Mapping[str, NodeRef], today: date
) -> AcceptanceState:
    """Return the acceptance that counts on a day: one that holds before one that has ended, the longest of several."""
    signed = [one for one in register.acceptances.get(entry.iri, ()) if one.accepted_by is not None]
    valid = [one for one in signed if one.holds(today)]
    ended = [one for one in signed if one.until is not None and one.until < today]
    for standing, ones in (("valid", valid), ("expired", ended)):
        if ones:
            last = max(ones, key=lambda one: (one.until is None, one.until or today, one.iri))
            return AcceptanceState(
                standing=standing,  # type: ignore[arg-type]
                acceptance=known[last.iri],
                accepted_by=known[last.accepted_by] if last.accepted_by else None,
                until=last.until,
            )
    return AcceptanceState(standing="missing", acceptance=None, accepted_by=None, until=None)


def within(
    register: Register,
    limits: Limits,
    residual: Sequence[str | None],
    expected_loss: ByControls | None,
    *,
    whole: bool,
) -> Appetite:
    """Say whether residual levels and an assured expected loss stay within an appetite.

    False as soon as one is above its limit; unknown when nothing is limited, when what is limited is not stated, or
    when the expected loss is not the ``whole`` one.
    """
    answers: list[bool | None] = []
    if limits.level is not None:
        most = register.rank.get(limits.level)
        ranks = [register.rank.get(level or "") for level in residual]
        answers += [rank <= most if rank is not None and most is not None else None for rank in ranks]
    if limits.loss is not None:
        above = expected_loss is not None and expected_loss.assured > limits.loss
        answers.append(False if above else None if expected_loss is None or not whole else True)
    if False in answers:
        return "false"
    return "true" if answers and None not in answers else "unknown"


def shown(limits: Limits) -> RiskAppetite | None:
    """Return an appetite as answers show it; None when nothing is limited."""
    if limits.level is None and limits.loss is None:
        return None
    return RiskAppetite(highest_level=_curie(limits.level), highest_expected_loss=limits.loss)


def gaps(risk: RiskAssessed) -> list[RiskGap]:
    """Return what stands open about a risk: a label that contradicts, an appetite exceeded without acceptance."""
    node = NodeRef(id=risk.id, type=risk.type, label=risk.label)
    found: list[RiskGap] = []
    if risk.within_appetite == "false":
        standing, until = risk.acceptance.standing, risk.acceptance.until
        if standing == "expired":
            text = f"{risk.label} is above appetite, and its acceptance expired on {until}."
            found.append(RiskGap(node=node, kind="acceptance-expired", message=text, fix=_FIX_EXPIRED))
        elif standing == "missing":
            text = f"{risk.label} is above appetite, and nobody has accepted that."
            found.append(RiskGap(node=node, kind="acceptance-missing", message=text, fix=_FIX_ABOVE))
    elif risk.acceptance.standing == "expired":
        text = f"The acceptance of {risk.label} expired on {risk.acceptance.until}."
        found.append(RiskGap(node=node, kind="acceptance-expired", message=text, fix=_FIX_EXPIRED))
    if risk.level.agrees is False:
        text = f"{risk.label} is labelled otherwise than its matrix rates it ({risk.level.by_matrix})."
        found.append(RiskGap(node=node, kind="label-contradicts", message=text, fix=_FIX_LABEL))
    return found


def _curie(iri: str | None) -> str | None:
    return None if iri is None else compact(iri)
