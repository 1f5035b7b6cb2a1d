"""Inspections with their judgements, and the ambitions they are held against, as tables: screen and file alike."""

from dataclasses import dataclass
from datetime import date

from finance.register_columns import code_field, day_field, lines_of, source_column, text_field
from finance.register_rows import Origin
from indicators.table_spec import Column, Field, Kind, TableSpec
from indicators.working_days import day_words
from partnership.ambition import GRADE_WORDS, VERDICT_WORDS, Grade, Held, Judged, Verdict

NOT_STATED, NO_GRADE = "not stated", "no grade given"


@dataclass(frozen=True)
class InspectionRow:
    """A judgement of an inspection, or an inspection without one; `area` and `grade` are empty then."""

    code: str
    title: str
    inspectorate: str
    framework: str
    on: date | None
    on_words: str
    area: str
    grade: Grade | None
    is_overall: bool
    outcome: str
    origin: Origin
    report: str = ""

    @property
    def judged(self) -> Judged | None:
        """As rules take it; None without a grade."""
        if self.grade is None:
            return None
        return Judged(self.code, self.title, self.area, self.grade, self.on, self.on_words, self.is_overall)


@dataclass(frozen=True)
class Withdrawn:
    """An inspection that counts no more: what it said, who had recorded it, and who took it back and why."""

    title: str
    inspectorate: str
    day: str
    grades: tuple[str, ...]
    origin: Origin
    is_corrected: bool
    on: date
    actor: str
    reason: str

    @property
    def words(self) -> str:
        """The same in two sentences."""
        said = f" ({'; '.join(self.grades)})" if self.grades else ""
        added = f", recorded by {self.origin.actor}" + (f" on {day_words(self.origin.on)}" if self.origin.on else "")
        done = "Corrected" if self.is_corrected else "Withdrawn"
        return (
            f"{self.title}, {self.inspectorate}, {self.day}{said}{added}. {done} by {self.actor} on "
            f"{day_words(self.on)}: {self.reason}"
        )


def day_of(on: date | None, words: str) -> str:
    """The day as stated, else in words; that it is not stated."""
    return words or (day_words(on) if on else NOT_STATED)


JUDGEMENTS_TABLE: TableSpec[InspectionRow] = TableSpec(
    "inspections",
    (
        Column(
            "inspection",
            "Inspection",
            (
                code_field("code", "Code of the inspection"),
                text_field("title", "What was inspected"),
                text_field("inspectorate", "Who inspected"),
                text_field("framework", "By which framework"),
                text_field("report", "Address of its report"),
            ),
            lambda v: lines_of(v["title"], v["inspectorate"], v["framework"], v["report"]),
        ),
        Column(
            "day",
            "When",
            (
                day_field("on", "Day of it; the first of the month where only that is stated"),
                text_field("on_words", "The day as stated"),
            ),
            lambda v: (day_of(v["on"], v["on_words"]),),
        ),
        Column(
            "area",
            "Area",
            (
                text_field("area", "What was judged"),
                Field(
                    "overall", Kind.CODE, lambda r: "yes" if r.is_overall else "", "yes: ambitions are held against it"
                ),
            ),
            lambda v: lines_of(v["area"] or NOT_STATED, "overall judgement" if v["overall"] else ""),
        ),
        Column(
            "grade",
            "Judgement",
            (
                Field(
                    "grade",
                    Kind.CODE,
                    lambda r: r.grade.value if r.grade else "",
                    "inadequate, requires_improvement, good or outstanding; empty: none given",
                ),
                text_field("outcome", "What it found"),
            ),
            lambda v: lines_of(GRADE_WORDS[Grade(v["grade"])] if v["grade"] else NO_GRADE, v["outcome"]),
        ),
        source_column(),
    ),
)


@dataclass(frozen=True)
class AmbitionRow:
    """An ambition with the answer to whether it was met."""

    held: Held
    origin: Origin


AMBITIONS_TABLE: TableSpec[AmbitionRow] = TableSpec(
    "ambitions",
    (
        Column(
            "ambition",
            "Ambition",
            (
                Field("grade", Kind.CODE, lambda r: r.held.promise.grade.value, "The grade that was promised"),
                Field("or_better", Kind.CODE, lambda r: "yes" if r.held.promise.or_better else "", "yes: or better"),
                text_field("authority", "Where it was promised", lambda r: r.held.promise.authority),
            ),
            lambda v: (GRADE_WORDS[Grade(v["grade"])] + (" or better" if v["or_better"] else ""), v["authority"]),
        ),
        Column(
            "by",
            "By",
            (
                day_field("by_on", "Last day on which it is in time", lambda r: r.held.promise.by_on),
                text_field("by_words", "The day as stated", lambda r: r.held.promise.words),
            ),
            lambda v: (v["by_words"] or day_words(v["by_on"]),),
        ),
        Column(
            "verdict",
            "Was it met?",
            (
                Field("verdict", Kind.CODE, lambda r: r.held.verdict.value, "met, not_met, cannot_be_said or to_come"),
                text_field("why", "What the answer rests on", lambda r: r.held.why),
            ),
            lambda v: (VERDICT_WORDS[Verdict(v["verdict"])], v["why"]),
        ),
        source_column(),
    ),
)
