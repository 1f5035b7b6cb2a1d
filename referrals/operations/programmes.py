"""Loads programmes from rows that `imports` has read."""

from collections.abc import Sequence

from indicators.imports import FileRefused, Finding, Row
from indicators.models import Indicator, Partnership, SourceDocument
from indicators.operations.basics import operation
from referrals.models import Programme, ProgrammeStep

_COLUMNS = (
    "name", "lead", "purpose", "cohort_words", "target_words", "reports", "first_report_on", "payment_words",
    "paragraph",
)  # fmt: skip


@operation
def load_programmes(*, partnership: Partnership, rows: Sequence[Row]) -> tuple[int, int]:
    """Loads the programmes of published papers; all of them or none. How many were new, and how many held already.

    Raises FileRefused with every row that names what is not known, or says something else than what is held.
    """
    indicators = {i.code: i for i in Indicator.objects.all()}
    sources = {s.code: s for s in SourceDocument.objects.all()}
    programmes = Programme.objects.filter(partnership=partnership).select_related("source")
    held_by = {p.code: p for p in programmes.prefetch_related("steps__indicator")}
    findings: list[Finding] = []
    new = 0
    for row in rows:
        codes = [code.strip() for code in row["indicators"].split(";") if code.strip()]
        unknown = [code for code in codes if code not in indicators]
        file = row.get("file") or "programmes.csv"
        if unknown:
            message = f"these indicators are not known: {', '.join(unknown)}."
            findings.append(Finding(row["row"], "indicators", message, file))
            continue
        if row["source"] not in sources:
            findings.append(Finding(row["row"], "source", f"“{row['source']}” is not known.", file))
            continue
        values = {name: row[name] for name in _COLUMNS} | {"source": sources[row["source"]]}
        held = held_by.get(row["code"])
        if held is None:
            made = Programme.objects.create(partnership=partnership, code=row["code"], **values)
            ProgrammeStep.objects.bulk_create(
                ProgrammeStep(programme=made, indicator=indicators[code], order=number)
                for number, code in enumerate(codes)
            )
            held_by[made.code] = made
            new += 1
            continue
        differing = [name for name, value in values.items() if getattr(held, name) != value]
        if [step.indicator.code for step in held.steps.all()] != codes:
            differing.append("indicators")
        if differing:
            findings.append(Finding(row["row"], differing[0], "this is held already with another value.", file))
    if findings:
        raise FileRefused(findings)
    return new, len(rows) - new
