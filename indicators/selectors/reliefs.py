"""Reads agreed relief, and what papers state of a scorecard without printing its rows."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from indicators.models import Relief as StoredRelief
from indicators.models import Scorecard, StatedSummary
from indicators.questions import question
from indicators.relief import Relief


def relief_of(row: StoredRelief) -> Relief:
    """A stored relief as the field modules take it; its periods and its end must be selected with it."""
    end = getattr(row, "end", None)
    return Relief(
        number=row.number,
        first_day=row.from_period.start_on,
        last_day=row.until_period.end_on,
        ends_on=row.ends_on,
        known_on=row.known_on,
        authority=row.authority,
        approved_by=row.approved_by,
        reason=row.reason,
        ended_on=end.on if end else None,
    )


def stored_reliefs(lines: Iterable[int]) -> list[StoredRelief]:
    """Every relief ever agreed for those lines (ids), with its periods and end, the latest first. One query."""
    return _reliefs(list(lines))


@question
def _reliefs(lines: list[int]) -> QuerySet[StoredRelief]:
    found = StoredRelief.objects.filter(line__in=lines).order_by("line_id", "-number")
    return found.select_related("from_period", "until_period", "end", "source")


def reliefs_of(lines: Iterable[int]) -> dict[int, list[Relief]]:
    """The same by the id of the line, as the field modules take it. One query."""
    found: dict[int, list[Relief]] = {}
    for row in stored_reliefs(lines):
        found.setdefault(row.line_id, []).append(relief_of(row))
    return found


@dataclass(frozen=True)
class Stated:
    """The counts that a paper states for a whole scorecard in a period, and where it does."""

    period: str
    summary: StatedSummary

    @property
    def judged(self) -> int:
        """How many of the targets the paper rates."""
        return self.summary.better + self.summary.within + self.summary.outside

    @property
    def words(self) -> str:
        """The whole in one sentence; the rows behind it are not in the paper and never guessed."""
        s = self.summary
        return (
            f"Stated by {s.source} §{s.paragraph} for {self.period}: {s.targets} targets, of which {s.suspended} "
            f"suspended and {s.annual} annual; of the other {self.judged}, {s.better} better than target, {s.within} "
            f"within tolerance and {s.outside} outside. Its rows are not in the report."
        )


def stated_summaries(scorecards: Iterable[Scorecard]) -> dict[int, list[Stated]]:
    """What papers state of these scorecards, latest period first, by the scorecard's id. One query."""
    found: dict[int, list[Stated]] = {}
    for row in _stated([s.pk for s in scorecards]):
        found.setdefault(row.scorecard_id, []).append(Stated(row.period.label, row))
    return found


@question
def _stated(scorecards: list[int]) -> QuerySet[StatedSummary]:
    found = StatedSummary.objects.filter(scorecard__in=scorecards).select_related("period", "source")
    return found.order_by("scorecard_id", "-period__end_on", "source__code")
