"""What a table for everybody tells of its figures once some are hidden: the rows built anew without them.

A figure is hidden whole, with its parts, its rating, its comparisons and all words that rest on it; what is worked out
from it later (a total, a control chart) is worked out without it. Which figures are hidden is decided elsewhere
(`disclosure`); this says what the hiding of a figure means.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from indicators import quarters
from indicators.measurement import Basis, Measured
from indicators.rag import MissingReason
from indicators.scorecard import Held, Line, ScorecardRow, build_row, standing_for
from indicators.variation import seen

CONFIDENTIAL = Measured(Basis.MISSING, missing_reason=MissingReason.CONFIDENTIAL)

# The free texts of a row, by the name of their column in the committee table.
_OF_FIGURE = (
    "headline", "commentary", "confidence_reason", "validation_task", "correction", "correction_reason", "source_system"
)  # fmt: skip


@dataclass(frozen=True)
class Hiding:
    """What a row of a table for everybody leaves out: figures by the slug of their period, and texts by their column.

    The figures of a series that are hidden are the same in every table of a pack.
    """

    periods: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()

    def facts(self) -> dict[str, list[str]]:
        """What a published row keeps of it, for JSON; `hiding_from` reads it back."""
        return {"periods": sorted(self.periods), "texts": sorted(self.texts)}


def hiding_from(stored: Mapping[str, Iterable[str]]) -> Hiding:
    """What `Hiding.facts` wrote, read back."""
    return Hiding(frozenset(stored["periods"]), frozenset(stored["texts"]))


def confidential(held: Held) -> Held:
    """The figure as everybody may know of it: that there is one, of which period and from where, and nothing that it
    or anybody says of it."""
    return replace(
        _silent(held, _OF_FIGURE), measured=CONFIDENTIAL, flags="", confidence="", not_reportable_code="",
        responsible_role="", expected_on=None,
    )  # fmt: skip


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


def _safe(
    row: ScorecardRow, period: quarters.Period, figures: Mapping[str, Held], hidden: Collection[str]
) -> dict[str, Held]:
    """The figures with the hidden ones confidential. A total of which parts are hidden stands for itself, because it
    may be told although they may not."""
    safe = {slug: confidential(held) if slug in hidden else held for slug, held in figures.items()}
    for total in told_in(row.line, period, figures, row.breaks):
        if total.slug not in figures:
            safe[total.slug] = confidential(total) if total.slug in hidden else total
    return safe


def protected_row(
    row: ScorecardRow, period: quarters.Period, figures: Iterable[Held], hiding: Hiding, *, charted: bool = True,
    since: date | None = None,
) -> ScorecardRow:  # fmt: skip
    """A row as everybody may read it. `figures`: all that it was built and charted from; `charted`: whether it says
    what its control chart shows, with `since` the first day of the unit in force."""
    held = {one.slug: one for one in figures}
    safe = _safe(row, period, held, hiding.periods) if hiding.periods else held
    is_hidden = row.held is not None and row.held.slug in hiding.periods
    built = build_row(
        row.line, period, safe, breaks=row.breaks, queries=() if is_hidden else row.queries,
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
