"""Meetings, agendas, attendance, answers, resolutions and the work programme as tables: one specification each for
screen and file."""

from typing import Any

from indicators.phrases import capital
from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from partnership.meeting_dates import day_or_month
from partnership.meeting_rows import (
    AnswerRow,
    AttendanceRow,
    ItemRow,
    MatterRow,
    MeetingRow,
    ResolutionRow,
    WorkRow,
)

DASH = "–"


def _text(name: str, meaning: str) -> Field[Any]:
    return Field(name, Kind.TEXT, lambda r: getattr(r, name), meaning)


def _code(name: str, meaning: str) -> Field[Any]:
    return Field(name, Kind.CODE, lambda r: getattr(r, name), meaning)


def _day(name: str, meaning: str) -> Field[Any]:
    return Field(name, Kind.DATE, lambda r: getattr(r, name), meaning)


def _whole(name: str, meaning: str) -> Field[Any]:
    return Field(name, Kind.WHOLE, lambda r: getattr(r, name), meaning)


def _lines(*parts: str) -> tuple[str, ...]:
    return tuple(part for part in parts if part) or (DASH,)


def _file_only(*fields: Field[Any]) -> Column[Any]:
    return Column(fields[0].name, "", fields)


_SOURCE = _file_only(
    Field("source", Kind.CODE, lambda r: r.source, "Paper that says it"),
    Field("paragraph", Kind.TEXT, lambda r: r.paragraph, "Its place in the paper"),
)


MEETINGS_TABLE: TableSpec[MeetingRow] = TableSpec(
    "meetings",
    (
        Column(
            "meeting",
            "Meeting",
            (
                _day("on", "Day of the meeting; the first of the month where no day is stated"),
                _code("precision", "day or month"),
                _text("when", "Day and time in words"),
                _code("code", "Code of the meeting"),
            ),
            lambda v: (v["when"],),
        ),
        Column(
            "body",
            "Body",
            (_code("body", "Code of the body"), _text("body_name", "What it was called then")),
            lambda v: (v["body_name"],),
        ),
        Column(
            "venue",
            "Where",
            (
                _text("venue", "Where it is held"),
                Field(
                    "in_public",
                    Kind.CODE,
                    lambda r: {True: "yes", False: "no", None: ""}[r.in_public],
                    "yes, no, or empty for not stated",
                ),
            ),
            lambda v: _lines(v["venue"], {"yes": "in public", "no": "not in public", "": ""}[v["in_public"]]),
        ),
        Column(
            "state",
            "Where it stands",
            (
                _code("state", "planned, called, held, minuted, confirmed or cancelled"),
                _text("state_words", "The same in words"),
                _day("agenda_issued_on", "Day on which the agenda was published"),
                _text("notice", "How much notice was given"),
            ),
            lambda v: _lines(v["state_words"], v["notice"]),
        ),
        _SOURCE,
    ),
)


def _resolved(row: ItemRow) -> str:
    return "\n".join(f"{r.number}: {r.text}" for r in row.resolutions)


AGENDA_TABLE: TableSpec[ItemRow] = TableSpec(
    "agenda",
    (
        Column("label", "Item", (_code("label", "Number of the item"),), lambda v: (v["label"],)),
        Column(
            "title",
            "What it is about",
            (
                _code("kind", "What kind of item it is"),
                _text("title", "Title"),
                _text("lead_role", "Role that leads on it"),
                Field("exempt_paragraph", Kind.WHOLE, lambda r: r.exempt_paragraph, "Paragraph of Schedule 12A"),
                _text("exempt_interest", "Why the public interest is in the exemption"),
                _day("added_on", "Day on which a late item was added"),
                _text("urgency", "The chair’s reason for urgency"),
            ),
            lambda v: _lines(
                v["title"],
                v["lead_role"],
                f"Exempt, paragraph {v['exempt_paragraph']}" if v["exempt_paragraph"] else "",
            ),
        ),
        Column(
            "papers",
            "Papers",
            (Field("papers", Kind.TEXT, lambda r: "\n".join(p.title for p in r.papers), "Titles, one a line"),),
            lambda v: _lines(*v["papers"].split("\n")),
        ),
        Column(
            "minute",
            "Minutes",
            (_text("minute", "What the minutes say"), _whole("minute_number", "Version of the minutes; 0 for none")),
            lambda v: (v["minute"] or DASH,),
        ),
        Column(
            "resolutions",
            "Resolved",
            (Field("resolutions", Kind.TEXT, _resolved, "Number and text, one a line"),),
            lambda v: _lines(*v["resolutions"].split("\n")),
        ),
        Column(
            "quorum",
            "Quorum",
            (_code("quorum_code", "quorate, not_quorate, not_stated or not_recorded"), _text("quorum", "In words")),
            lambda v: (v["quorum"] or DASH,),
        ),
        _SOURCE,
    ),
)


ATTENDANCE_TABLE: TableSpec[AttendanceRow] = TableSpec(
    "attendance",
    (
        Column(
            "who",
            "Who",
            (
                _text("who", "Role or office"),
                _text("organisation", "For which organisation"),
                _text("role", "As what on the body"),
                _text("votes", "What the seat votes on"),
            ),
            lambda v: _lines(v["who"], v["organisation"]),
        ),
        Column(
            "status",
            "Attendance",
            (
                _code("status", "present, substitute, apologies, absent or in_attendance"),
                _text("status_words", "The same in words"),
                _text("notes", "Took the chair, came late, left early"),
            ),
            lambda v: _lines(v["status_words"], capital(v["notes"])),
        ),
        _SOURCE,
    ),
)


ANSWERS_TABLE: TableSpec[AnswerRow] = TableSpec(
    "answers",
    (
        Column(
            "asked",
            "Asked",
            (
                _code("kind", "statement or question"),
                _code("item", "Number of the item; empty for a public statement"),
                _whole("number", "Its number"),
                _text("asked", "Topic or question"),
                _text("asked_by", "Role that asked"),
            ),
            lambda v: _lines(v["asked"], _asked_words(v)),
        ),
        Column(
            "standing",
            "Answer",
            (
                _code("standing", "none, late, owed or answered, on the day of the file"),
                _text("standing_words", "The same in words"),
                _text("owner", "Role that owes the answer"),
                _day("due_on", "Day by which it is owed"),
                _day("answered_on", "Day on which it was answered"),
                _text("answer", "The answer"),
            ),
            lambda v: _lines(v["standing_words"], v["answer"]),
        ),
        _SOURCE,
    ),
)


def _asked_words(v: Values) -> str:
    if v["kind"] == "statement":
        return "Public statement"
    return f"Members’ question under item {v['item']}"


RESOLUTIONS_TABLE: TableSpec[ResolutionRow] = TableSpec(
    "resolutions",
    (
        Column("number", "Number", (_code("number", "Year and running number"),), lambda v: (v["number"],)),
        Column(
            "text",
            "What was resolved",
            (
                _code("kind", "noted, resolved, recommended or excluded"),
                _text("kind_words", "The same in words"),
                _text("text", "The resolution"),
                _text("how", "By consent, or the votes; who moved it"),
                _code("corrects", "Number of the one that it corrects"),
                _code("corrected_by", "Number of the one that corrects it"),
            ),
            lambda v: _lines(
                v["text"],
                ", ".join(filter(None, [v["kind_words"], v["how"]])),
                f"Corrects {v['corrects']}" if v["corrects"] else "",
                f"Corrected by {v['corrected_by']}" if v["corrected_by"] else "",
            ),
        ),
        Column(
            "meeting",
            "Meeting",
            (
                _code("meeting", "Code of the meeting"),
                _text("body_name", "Body that resolved it"),
                _day("on", "Day of the meeting"),
                _code("precision", "day or month"),
                _code("item", "Number of the item"),
            ),
            lambda v: _lines(v["body_name"], f"{_on(v)}{_item_words(v['item'])}"),
        ),
        Column(
            "owner",
            "Owner",
            (
                _text("owner", "Role and partner that see to it"),
                _text("addressed_to", "Body that a recommendation is made to"),
            ),
            lambda v: _lines(v["owner"], f"To: {v['addressed_to']}" if v["addressed_to"] else ""),
        ),
        Column(
            "clock",
            "Response",
            (
                _code("clock", "none, late, waiting, answered_late or answered, on the day of the file"),
                _text("clock_words", "The same in words"),
                _day("response_due_on", "Two months after the recommendation"),
            ),
            lambda v: (v["clock_words"] or DASH,),
        ),
        _SOURCE,
    ),
)


def _item_words(label: str) -> str:
    return f", item {label}" if label[:1].isdecimal() else ""


def _on(v: Values) -> str:
    return day_or_month(v["on"], v["precision"])


MATTERS_TABLE: TableSpec[MatterRow] = TableSpec(
    "matters-arising",
    (
        Column("number", "Action", (_whole("number", "Number of the action"),), lambda v: (f"Action {v['number']}",)),
        Column("what", "What is to be done", (_text("what", "What is to be done"),), lambda v: (v["what"],)),
        Column("owner", "Owner", (_text("owner", "Who sees to it"),), lambda v: (v["owner"],)),
        Column(
            "due",
            "Due",
            (
                _day("due_on", "Day by which it is due"),
                _text("due_words", "The same in words"),
                _text("state_words", "Where it stands"),
            ),
            lambda v: _lines(capital(v["due_words"]), v["state_words"]),
        ),
    ),
)


WORK_TABLE: TableSpec[WorkRow] = TableSpec(
    "work-programme",
    (
        Column(
            "title",
            "What is expected",
            (
                _code("code", "Code"),
                _code("programme", "scrutiny, forward_plan or partner"),
                _text("title", "What is expected"),
                _text("owner", "Who is to bring it"),
                _code("resolution", "Number of the resolution that it rests on"),
            ),
            lambda v: _lines(v["title"], v["owner"], f"Resolution {v['resolution']}" if v["resolution"] else ""),
        ),
        Column(
            "body",
            "For",
            (_code("body", "Code of the body"), _text("body_name", "Name of the body")),
            lambda v: (v["body_name"],),
        ),
        Column(
            "expected",
            "When",
            (
                _day("expected_from", "First day"),
                _day("expected_by", "Last day on which it is in time"),
                _text("expected_words", "As the resolution or paper says it"),
                _text("expected", "When in words"),
                _day("notice_on", "Key decision: day of the notice"),
                _text("notice", "Whether the notice was 28 clear days before"),
            ),
            lambda v: _lines(
                capital(v["expected"]),
                f"“{v['expected_words']}”" if v["expected_by"] and v["expected_words"] else "",
                v["notice"],
            ),
        ),
        Column(
            "standing",
            "Where it stands",
            (
                _code("standing", "missed, due, later, came, came_late or withdrawn, on the day of the file"),
                _text("standing_words", "The same in words"),
                _code("received_meeting", "Code of the meeting at which it came"),
                _day("received_on", "Day on which it came"),
            ),
            lambda v: (v["standing_words"],),
        ),
        _SOURCE,
    ),
)
