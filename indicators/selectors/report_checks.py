"""Reads the verdicts on the figures that the published papers print."""

from dataclasses import dataclass

from indicators.models import Partnership, ReportCheck
from indicators.report_checks_table import OUTCOMES, CheckedPrint


@dataclass(frozen=True)
class ReportChecks:
    """Every verdict, what is to be looked at first; `counts` by outcome, `reports` those that are held."""

    rows: tuple[CheckedPrint, ...]
    counts: dict[str, int]
    reports: tuple[str, ...]

    def chosen(self, *, report: str = "", outcome: str = "") -> list[CheckedPrint]:
        """The rows of one report, of one outcome, or both."""
        return [r for r in self.rows if report in {"", r.report} and outcome in {"", r.outcome}]


def report_checks(partnership: Partnership) -> ReportChecks:
    """All verdicts kept for a partnership. One query."""
    rows = [
        CheckedPrint(r.code, r.report, r.paragraph, r.check_kind, r.outcome, r.sentence, tuple(r.places))
        for r in ReportCheck.objects.filter(partnership=partnership).order_by("order")
    ]
    counts = {outcome: sum(r.outcome == outcome for r in rows) for outcome in OUTCOMES}
    ordered = sorted(rows, key=lambda r: OUTCOMES.index(r.outcome))
    return ReportChecks(tuple(ordered), counts, tuple(sorted({r.report for r in rows})))
