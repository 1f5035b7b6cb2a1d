"""The agenda and the minutes of a meeting as documents, from what their reader may read."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from indicators.phrases import capital
from indicators.table_spec import TableSpec
from partnership.documents import Block, Bullets, Document, Facts, Heading, Paragraph, table_block
from partnership.meeting_rows import PUBLIC_WORDS, ItemRow, MatterRow, MeetingView, ResolutionRow
from partnership.meetings_table import ANSWERS_TABLE, ATTENDANCE_TABLE, MATTERS_TABLE


class What(StrEnum):
    """Which document of a meeting."""

    AGENDA = "agenda"
    MINUTES = "minutes"


def agenda_document(view: MeetingView, author: str) -> Document:
    """The agenda with its papers by title."""
    row = view.row
    blocks: list[Block] = [Facts(tuple(_facts(view)))]
    blocks.append(Heading(1, "Agenda"))
    for item in view.items:
        blocks += _agenda_item(item)
    if view.matters:
        rows = [_cells(MATTERS_TABLE, one) for one in view.matters]
        blocks += [Heading(1, "Actions carried forward"), table_block("Open actions of earlier meetings",
                   _heads(MATTERS_TABLE), rows)]  # fmt: skip
    return Document(f"Agenda: {row.name}", author, tuple(blocks), foot=f"Agenda, {row.name}")


def minutes_document(view: MeetingView, author: str) -> Document:
    """The minutes by item, with who was there, what was declared and resolved, and the answers owed."""
    row = view.row
    blocks: list[Block] = [Paragraph(view.minutes_words), Facts(tuple(_facts(view)))]
    if view.attendances:
        rows = [_cells(ATTENDANCE_TABLE, one) for one in view.attendances]
        blocks += [Heading(1, "Attendance"), table_block("Who was there", _heads(ATTENDANCE_TABLE), rows)]
    if view.declarations:
        blocks += [Heading(1, "Interests declared"), Bullets(tuple(d.words for d in view.declarations))]
    blocks.append(Heading(1, "Minutes"))
    for item in view.items:
        blocks += _minuted_item(item)
    if view.answers:
        rows = [_cells(ANSWERS_TABLE, one) for one in view.answers]
        heads = _heads(ANSWERS_TABLE)
        blocks += [Heading(1, "Public statements and members’ questions"),
                   table_block("What was asked, and the answers", heads, rows)]  # fmt: skip
    kind = "Minutes" if row.state == "confirmed" else "Draft minutes"
    return Document(f"{kind}: {row.name}", author, tuple(blocks), foot=f"{kind}, {row.name}")


def _facts(view: MeetingView) -> Iterable[tuple[str, str]]:
    row = view.row
    yield "Body", row.body_name
    yield "When", row.when
    yield "Where", row.venue or "not stated"
    yield "Public", capital(PUBLIC_WORDS[row.in_public])
    if row.notice:
        yield "Notice", row.notice
    yield "Quorum", capital(view.rule)
    if view.quorum:
        yield "At this meeting", view.quorum
    if row.state == "cancelled":
        yield "Cancelled", "This meeting was cancelled."


def _notes(item: ItemRow) -> list[Block]:
    exempt = f"{item.exempt_words}. {item.exempt_interest}" if item.exempt_words else ""
    lead = f"Lead: {item.lead_role}" if item.lead_role else ""
    found = [one for one in (lead, exempt, item.late_words) if one]
    return [Paragraph("\n".join(found), is_small=True)] if found else []


def _agenda_item(item: ItemRow) -> list[Block]:
    papers = tuple(f"{p.title}{f' (pages {p.pages})' if p.pages else ''}" for p in item.papers)
    return [Heading(2, item.heading), *_notes(item), *([Bullets(papers)] if papers else [])]


def _minuted_item(item: ItemRow) -> list[Block]:
    blocks: list[Block] = [Heading(2, item.heading), *_notes(item)]
    if item.minute:
        blocks.append(Paragraph(item.minute))
    for one in item.resolutions:
        blocks += _resolution(one)
    if item.actions:
        blocks.append(Bullets(tuple(_action(one) for one in item.actions)))
    if item.quorum_code == "not_quorate" or item.quorum_notes:
        blocks.append(Paragraph(" ".join([item.quorum, *item.quorum_notes]), is_small=True))
    return blocks


def _action(row: MatterRow) -> str:
    return f"Action {row.number}: {row.what} {', '.join(filter(None, [row.owner, row.due_words]))}."


def _resolution(row: ResolutionRow) -> list[Block]:
    told = [row.how, f"Owner: {row.owner}" if row.owner else "", f"To: {row.addressed_to}" if row.addressed_to else ""]
    told.append(row.due_words)
    told.append(f"Corrected by {row.corrected_by}" if row.corrected_by else "")
    blocks: list[Block] = [Paragraph(f"{row.kind_words.upper()} ({row.number}): {row.text}")]
    said = ". ".join(capital(one) for one in told if one)
    return [*blocks, Paragraph(f"{said}.", is_small=True)] if said else blocks


def _heads(spec: TableSpec[Any]) -> list[str]:
    return [column.heading for column in spec.on_screen]


def _cells(spec: TableSpec[Any], row: object) -> list[tuple[str, ...]]:
    return list(spec.cells(row).values())
