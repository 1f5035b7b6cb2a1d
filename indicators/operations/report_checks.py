"""Keeps the engine's verdicts on the published papers, so that a page can show them without working them out."""

from collections.abc import Sequence

from indicators.checks_engine.statement_rules import advice_for
from indicators.checks_engine.verdicts import Verdict
from indicators.models import Partnership, ReportCheck
from indicators.operations.basics import operation
from indicators.report_statements import Statement


@operation
def keep_report_checks(
    *, partnership: Partnership, statements: Sequence[Statement], verdicts: Sequence[Verdict]
) -> tuple[int, int]:
    """Replaces what is kept by these verdicts, in their order; returns how many are new or different, and how many
    stood already."""
    by_code = {s.code: s for s in statements}
    before = {row.code: row for row in ReportCheck.objects.filter(partnership=partnership)}
    rows = [_row(partnership, by_code[v.code], v, order) for order, v in enumerate(verdicts, 1)]
    same = sum(r.code in before and _content(before[r.code]) == _content(r) for r in rows)
    if same != len(rows) or same != len(before):
        ReportCheck.objects.filter(partnership=partnership).delete()
        ReportCheck.objects.bulk_create(rows)
    return len(rows) - same, same


def _row(partnership: Partnership, statement: Statement, verdict: Verdict, order: int) -> ReportCheck:
    places = [
        {"report": p.report, "paragraph": p.paragraph, "place": p.place, "quote": p.quote, "printed": p.printed}
        for p in verdict.places
    ]
    return ReportCheck(
        partnership=partnership,
        code=statement.code,
        report=statement.report,
        paragraph=statement.paragraph,
        check_kind=verdict.check.value,
        outcome=verdict.outcome.value,
        severity=verdict.severity.value if verdict.severity else "",
        sentence=f"{verdict.sentence} {advice_for(verdict)}" if verdict.is_finding else verdict.sentence,
        places=places,
        order=order,
    )


def _content(row: ReportCheck) -> tuple[object, ...]:
    return (row.order, row.check_kind, row.outcome, row.severity, row.sentence, row.places)
