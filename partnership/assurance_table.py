"""What is owed for assurance as a table: one specification for screen and file."""

from dataclasses import dataclass
from datetime import date

from finance.register_columns import code_field, day_field, lines_of, source_column, text_field
from finance.register_rows import Origin
from indicators.table_spec import Column, Field, Kind, TableSpec
from indicators.working_days import day_words
from partnership.assurance import Cycle, Owed, Standing, cycle_words, standing

NO_OWNER, NOTHING = "no owner stated", "–"


@dataclass(frozen=True)
class AssuranceRow:
    """Something that is owed, with every time that is recorded, in the order of their days.
    `is_recorded_here`: somebody recorded here that one of them was done."""

    code: str
    kind: str
    kind_words: str
    title: str
    owner: str
    owner_role: str
    given_to: str
    plan: str
    cycle: Cycle
    owed: tuple[Owed, ...]
    notes: tuple[str, ...]
    note: str
    today: date
    origin: Origin
    is_recorded_here: bool = False

    @property
    def standing(self) -> Standing:
        """Where it stands today."""
        return standing(self.cycle, self.owed, self.today)


ASSURANCE_TABLE: TableSpec[AssuranceRow] = TableSpec(
    "assurance",
    (
        Column(
            "item",
            "What is owed",
            (
                code_field("code", "Code of what is owed"),
                code_field("kind", "Code of its kind"),
                text_field("kind_words", "The same in words"),
                text_field("title", "What is owed"),
                text_field("plan", "Improvement plan that it reports on"),
                text_field("note", "What is known of it"),
            ),
            lambda v: lines_of(
                v["title"], v["kind_words"], f"On the plan “{v['plan']}”" if v["plan"] else "", v["note"]
            ),
        ),
        Column(
            "owner",
            "From and to",
            (
                text_field("owner", "Partner that owes it"),
                text_field("owner_role", "Role that owes it"),
                text_field("given_to", "To whom it is given"),
            ),
            lambda v: lines_of(
                ", ".join(lines_of(v["owner"], v["owner_role"])) or NO_OWNER,
                f"to {v['given_to']}" if v["given_to"] else "",
            ),
        ),
        Column(
            "cycle",
            "How often",
            (
                Field("every_months", Kind.WHOLE, lambda r: r.cycle.every_months, "Months between; empty: once"),
                day_field("from_on", "Day from which it is owed", lambda r: r.cycle.from_on),
                day_field("until_on", "Day until which it is owed", lambda r: r.cycle.until_on),
            ),
            lambda v: lines_of(
                cycle_words(v["every_months"]),
                f"from {day_words(v['from_on'])}" if v["from_on"] else "",
                f"until {day_words(v['until_on'])}" if v["until_on"] else "",
            ),
        ),
        Column(
            "standing",
            "Where it stands",
            (
                Field("standing", Kind.CODE, lambda r: r.standing.code, "late, waiting, done, ended or not_stated"),
                day_field("due_on", "Day on which it is due next", lambda r: r.standing.due_on),
                Field("days_late", Kind.WHOLE, lambda r: r.standing.days_late, "Days late on the day of the file"),
                day_field("done_on", "Day on which it was last done", lambda r: r.standing.last_done_on),
                Field("missed", Kind.WHOLE, lambda r: len(r.standing.missed), "Earlier times not recorded as done"),
                text_field("standing_words", "The same in words", lambda r: r.standing.words),
            ),
            lambda v: (v["standing_words"],),
        ),
        source_column(),
    ),
)

OWED_TABLE: TableSpec[tuple[Owed, str]] = TableSpec(
    "assurance-times",
    (
        Column(
            "due",
            "Due",
            (
                day_field("due_on", "Day on which it was due", lambda r: r[0].due_on),
                text_field("due_words", "The day as stated", lambda r: r[0].due_words),
            ),
            lambda v: lines_of(day_words(v["due_on"]), v["due_words"]),
        ),
        Column(
            "done",
            "Done",
            (
                day_field("done_on", "Day on which it was done", lambda r: r[0].done_on),
                Field("days_late", Kind.WHOLE, lambda r: r[0].days_late, "Days between the two; 0 in time"),
                text_field("note", "What is known of it", lambda r: r[1]),
            ),
            lambda v: lines_of(
                day_words(v["done_on"]) if v["done_on"] else "not recorded as done",
                f"{v['days_late']} {'day' if v['days_late'] == 1 else 'days'} late" if v["days_late"] else "",
                v["note"],
            ),
        ),
    ),
)
