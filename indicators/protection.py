"""What a table for everybody tells of its figures once some are hidden or rounded: the rows built anew.

A figure is hidden whole, with its parts, its rating, its comparisons and all words that rest on it; what is worked out
from it later (a total, a control chart) is worked out without it. Which figures are hidden is decided elsewhere
(`disclosure`); this says what the hiding of a figure means, and its rounding.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from indicators import quarters
from indicators.disclosure.primary import PLACES_OF_A_MEAN
from indicators.measurement import Basis, Flag, Measured
from indicators.rag import MissingReason
from indicators.scorecard import Held, Line, ScorecardRow, build_row, standing_for
from indicators.units import Unit, is_ratio, round_half_up
from indicators.variation import seen

CONFIDENTIAL = Measured(Basis.MISSING, missing_reason=MissingReason.CONFIDENTIAL)

# The free texts of a row, by the name of their column in the committee table.
_OF_FIGURE = (
    "headline", "commentary", "confidence_reason", "validation_task", "correction", "correction_reason", "source_system"
)  # fmt: skip


@dataclass(frozen=True)
class Printed:
    """The rounded counts that are printed of a figure; None for one that is printed as it is, or not at all."""

    numerator: int | None = None
    denominator: int | None = None


@dataclass(frozen=True)
class Hiding:
    """What a row of a table for everybody leaves out: figures by the slug of their period, and texts by their column;
    and of which figures it prints counts `rounded` to multiples of `base`, by slug too.

    The figures of a series that are hidden or rounded are the same in every table of a pack.
    """

    periods: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    rounded: Mapping[str, Printed] = field(default_factory=dict)
    base: int = 0

    def facts(self) -> dict[str, Any]:
        """What a published row keeps of it, for JSON; `hiding_from` reads it back."""
        printed = {slug: [one.numerator, one.denominator] for slug, one in sorted(self.rounded.items())}
        rounding = {"rounded": printed, "base": self.base} if printed else {}
        return {"periods": sorted(self.periods), "texts": sorted(self.texts)} | rounding


def hiding_from(stored: Mapping[str, Any]) -> Hiding:
    """What `Hiding.facts` wrote, read back; of a fact that is not there, nothing."""
    printed = {slug: Printed(*counts) for slug, counts in stored.get("rounded", {}).items()}
    periods, texts = frozenset(stored.get("periods", ())), frozenset(stored.get("texts", ()))
    return Hiding(periods, texts, printed, stored.get("base", 0))


def confidential(held: Held) -> Held:
    """The figure as everybody may know of it: that there is one, of which period and from where, and nothing that it
    or anybody says of it."""
    return replace(
        _silent(held, _OF_FIGURE), measured=CONFIDENTIAL, flags="", confidence="", not_reportable_code="",
        responsible_role="", expected_on=None,
    )  # fmt: skip


def approximate(held: Held, unit: Unit, printed: Printed) -> Held:
    """The figure with rounded counts, marked as approximate; its value follows from them. An average keeps its own with
    one decimal, and its sum is not told. Confidential where the group is rounded to nobody."""
    if printed == Printed():
        return held
    m = held.measured
    top = m.numerator if printed.numerator is None else Decimal(printed.numerator)
    group = m.denominator if printed.denominator is None else Decimal(printed.denominator)
    if group == 0:
        return confidential(held)
    if group is None:
        measured = replace(
            m, numerator=None if m.numerator is None else top, value=None if m.value is None else top
        )  # fmt: skip
    elif is_ratio(unit):
        measured = Measured(Basis.DERIVED, top, group, qualifier=m.qualifier)
    else:
        value = m.number(unit)
        value = None if value is None else round_half_up(value, PLACES_OF_A_MEAN)
        measured = Measured(Basis.VALUE_ONLY, None, group, value, m.qualifier)
    flags = " ".join(sorted({*held.flags.split(), Flag.APPROXIMATE.value}))
    return replace(held, measured=measured, flags=flags)


def _silent(held: Held, texts: Collection[str]) -> Held:
    return replace(
        held,
        headline="" if "headline" in texts else held.headline,
        commentary="" if "commentary" in texts else held.commentary,
        confidence_reason="" if "confidence_reason" in texts else held.confidence_reason,
        validation_task="" if "validation_task" in texts else held.validation_task,
        correction="" if "correction" in texts else held.correction,
        correction_reason="" if "correction_reason" in texts else held.correction_reason,
        source_system="" if "source_system" in texts else held.source_system,
    )


def told_in(
    line: Line, period: quarters.Period, figures: Mapping[str, Held], breaks: Sequence[date] = ()
) -> tuple[Held, ...]:
    """The figures that a row tells or compares with: of its period, of the one before and of the same one a year
    earlier; each once, the one of the row first."""
    found: dict[str, Held] = {}
    for one in (period, period.previous(), period.same_period_last_year()):
        held, _ = standing_for(line, one, figures, breaks)
        if held is not None:
            found.setdefault(held.slug, held)
    return tuple(found.values())


def _safe(row: ScorecardRow, period: quarters.Period, figures: Mapping[str, Held], hiding: Hiding) -> dict[str, Held]:
    """The figures with the hidden ones confidential and the rounded ones approximate. A total of which parts are hidden
    or rounded stands for itself, because it may be told although they may not."""
    everything = dict(figures)
    for total in told_in(row.line, period, figures, row.breaks):
        everything.setdefault(total.slug, total)
    return {
        slug: confidential(held)
        if slug in hiding.periods
        else approximate(held, row.line.unit, hiding.rounded.get(slug, Printed()))
        for slug, held in everything.items()
    }


def protected_row(
    row: ScorecardRow, period: quarters.Period, figures: Iterable[Held], hiding: Hiding, *, charted: bool = True,
    since: date | None = None,
) -> ScorecardRow:  # fmt: skip
    """A row as everybody may read it. `figures`: all that it was built and charted from; `charted`: whether it says
    what its control chart shows, with `since` the first day of the unit in force."""
    held = {one.slug: one for one in figures}
    changed = hiding.periods | hiding.rounded.keys()
    safe = _safe(row, period, held, hiding) if changed else held
    is_changed = row.held is not None and row.held.slug in changed
    built = build_row(
        row.line, period, safe, breaks=row.breaks, queries=() if is_changed else row.queries,
        history=[safe.get(one.slug, one) for one in row.history], relief=row.relief, issues=row.issues,
    )  # fmt: skip
    if charted:
        built = replace(built, verdict=seen(built, period, safe.values(), since=since).verdict)
    return _without_texts(built, hiding.texts)


def _without_texts(row: ScorecardRow, texts: Collection[str]) -> ScorecardRow:
    if not texts:
        return row
    held = _silent(row.held, texts) if row.held is not None else None
    relief = row.relief
    if relief is not None and "relief_authority" in texts:
        relief = replace(relief, authority="")
    return replace(
        row, held=held, relief=relief, queries=() if "queries" in texts else row.queries,
        issues=() if "waits_for" in texts else row.issues,
    )  # fmt: skip


def texts_of(row: ScorecardRow) -> dict[str, str]:
    """The free texts that a row would show or put into its file, by the name of their column; empty ones left out."""
    found = {name: getattr(row.held, name) for name in _OF_FIGURE} if row.held else {}
    found["relief_authority"] = row.relief.authority if row.relief else ""
    found["queries"] = " | ".join(row.queries)
    found["waits_for"] = "; ".join(issue.words for issue in row.issues)
    return {name: text for name, text in found.items() if text}
