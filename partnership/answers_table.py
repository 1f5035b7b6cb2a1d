"""Answers that are owed as a table: to members' questions, to public statements, and to recommendations of scrutiny."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from indicators.table_spec import Column, Field, Kind, TableSpec
from indicators.working_days import day_words

KINDS = {"question": "Members’ question", "statement": "Public statement", "recommendation": "Recommendation"}
NOBODY = "nobody named"


@dataclass(frozen=True)
class OwedAnswer:
    """An answer that is owed on a day. `item`, `order`: the label and place of the item, empty and 0 for a public
    statement; `number`: of the question or statement; `resolution`: number of the recommendation."""

    kind: str
    asked: str
    owner: str
    meeting: str
    meeting_name: str
    meeting_on: date
    item: str
    order: int
    number: int
    resolution: str
    due_on: date | None
    today: date

    @property
    def days_late(self) -> int:
        """Days since the day by which it was owed; 0 in time and without a day."""
        return max(0, (self.today - self.due_on).days) if self.due_on else 0

    @property
    def due_words(self) -> str:
        """ "Due on 7 September 2022"; "was due on 7 July 2022, 3 days late"; "no day was given"."""
        if self.due_on is None:
            return "No day was given"
        if not self.days_late:
            return f"Due on {day_words(self.due_on)}"
        return f"Was due on {day_words(self.due_on)}, {self.days_late} {'day' if self.days_late == 1 else 'days'} late"

    @property
    def place(self) -> str:
        """What it was asked as, and under which item."""
        return f"{KINDS[self.kind]}, item {self.item}" if self.item else KINDS[self.kind]


def summary(rows: Sequence[OwedAnswer]) -> str:
    """How many are owed and how many of them are late, as a sentence."""
    late = sum(row.days_late > 0 for row in rows)
    said = f"{len(rows) or 'No'} {'answer is' if len(rows) == 1 else 'answers are'} owed"
    if not late:
        return f"{said}."
    return f"{said}, and it is late." if len(rows) == 1 else f"{said}, {late} of them late."


OWED_ANSWERS: TableSpec[OwedAnswer] = TableSpec(
    "answers-owed",
    (
        Column(
            "asked",
            "What is to be answered",
            (
                Field("kind", Kind.CODE, lambda r: r.kind, "question, statement or recommendation"),
                Field("asked", Kind.TEXT, lambda r: r.asked, "Question, topic or recommendation"),
                Field("place", Kind.TEXT, lambda r: r.place, "As what, and under which item"),
                Field("resolution", Kind.CODE, lambda r: r.resolution, "Number of the recommendation"),
            ),
            lambda v: tuple(filter(None, (v["asked"], v["place"], v["resolution"]))),
        ),
        Column(
            "owner",
            "Who owes it",
            (Field("owner", Kind.TEXT, lambda r: r.owner, "Role or body that owes it"),),
            lambda v: (v["owner"] or NOBODY,),
        ),
        Column(
            "meeting",
            "Asked at",
            (
                Field("meeting", Kind.CODE, lambda r: r.meeting, "Code of the meeting"),
                Field("meeting_name", Kind.TEXT, lambda r: r.meeting_name, "The meeting"),
            ),
            lambda v: (v["meeting_name"],),
        ),
        Column(
            "due",
            "By when",
            (
                Field("due_on", Kind.DATE, lambda r: r.due_on, "Day by which it is owed"),
                Field("days_late", Kind.WHOLE, lambda r: r.days_late, "Days late on the day of the file"),
                Field("due_words", Kind.TEXT, lambda r: r.due_words, "The same in words"),
            ),
            lambda v: (v["due_words"],),
        ),
    ),
)
