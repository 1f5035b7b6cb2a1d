"""Reads the header and the episodes of an SSDA903 return (CSV) into children with their stays on rungs.

What is read here is of children: it stays in the memory of a bounded child, and only sums leave it
(`finance.ssda903.counting`). Postcodes, ethnicity, sex and pupil numbers are not even looked at.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from finance.ages import LAST_BIRTHDAY, birthday
from finance.ssda903.codes import (
    BY_PROVIDER,
    CONTINUES,
    OTHER,
    PROVIDERS,
    REASON_NOT_STATED,
    SHORT_BREAKS,
    TURNED_18,
    WENT_TO,
    is_place,
    rung_of,
)
from finance.ssda903.findings import Findings

HEADER, EPISODES = "header", "episodes"
COLUMNS = {
    HEADER: ("CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"),
    EPISODES: (
        "CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC", "REASON_PLACE_CHANGE",
        "HOME_POST", "PL_POST", "URN",
    ),
}  # fmt: skip
NEEDED = {
    HEADER: ("CHILD", "DOB"),
    EPISODES: ("CHILD", "DECOM", "LS", "PLACE", "PLACE_PROVIDER", "DEC", "REC"),
}
MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 200_000
_MAX_CELL = 1_000
_MAX_COLUMNS = 60

_SAVE = "Save it in Excel as “CSV UTF-8 (Comma delimited)”."
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_BRITISH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: 00:00(?::00)?)?")
_EARLIEST, _LATEST = date(1980, 1, 1), date(2100, 12, 31)


class CannotBeRead(ValueError):
    """The files cannot be taken; the message is a sentence that says why and what to do, and quotes nothing."""


@dataclass(frozen=True)
class Stay:
    """Nights on one rung without a break: from `start` to before `end`, None for an open one; `went_to` where the child
    left care then. `row` is the row of the episode that began it."""

    rung: str
    start: date
    end: date | None
    went_to: str
    row: int


@dataclass
class CareOf:
    """One child in memory: the day of birth, where it is known, and its stays in order."""

    birth: date | None
    stays: list[Stay] = field(default_factory=list)

    @property
    def eighteenth(self) -> date | None:
        """The 18th birthday."""
        return None if self.birth is None else birthday(self.birth, LAST_BIRTHDAY)


@dataclass(frozen=True)
class Care:
    """Everything that was read. It stays in the child process."""

    children: tuple[CareOf, ...]
    findings: Findings
    header_rows: int
    episode_rows: int


@dataclass(frozen=True)
class _Table:
    file: str
    columns: Mapping[str, int]
    rows: Sequence[tuple[int, list[str]]]

    def cell(self, row: Sequence[str], column: str) -> str:
        place = self.columns[column]
        return row[place].strip() if place < len(row) else ""


@dataclass(frozen=True)
class _Episode:
    start: date
    end: date | None
    rung: str  # "" for one that is temporary
    reason: str
    row: int


def read(header: bytes, episodes: bytes) -> Care:
    """The children of a return with their stays. Raises CannotBeRead."""
    findings = Findings()
    head, body = _table(header, HEADER), _table(episodes, EPISODES)
    births = _births(head, findings)
    found = _episodes(body, findings)
    if not found:
        raise CannotBeRead("The file of episodes has no episode that can be counted. Check that it is the right file.")
    children = []
    for child, rows in found.items():
        if child not in births:
            findings.add("no-header", EPISODES, rows[0].row, "CHILD", body.columns["CHILD"])
        children.append(_care(births.get(child), rows, body, findings))
    return Care(tuple(children), findings, len(head.rows), len(body.rows))


# Files


def _table(data: bytes, file: str) -> _Table:
    rows = _rows(data, file)
    if not rows:
        raise CannotBeRead(f"The file of {_name(file)} is empty. Save it again and send it anew.")
    headings = [cell.strip().upper() for cell in rows[0][1]]
    other = HEADER if file == EPISODES else EPISODES
    missing = [column for column in NEEDED[file] if column not in headings]
    if missing and all(column in headings for column in NEEDED[other]):
        raise CannotBeRead("The two files are the other way round. Swap them and send them again.")
    if missing:
        raise CannotBeRead(
            f"The file of {_name(file)} lacks {' and '.join(missing)} in its first row. Its headings must be "
            f"{', '.join(COLUMNS[file])}."
        )
    twice = [column for column in NEEDED[file] if headings.count(column) > 1]
    if twice:
        raise CannotBeRead(f"The file of {_name(file)} has {twice[0]} more than once. Delete the wrong column.")
    return _Table(file, {column: headings.index(column) for column in NEEDED[file]}, rows[1:])


def _name(file: str) -> str:
    return "the header" if file == HEADER else "the episodes"


def _rows(data: bytes, file: str) -> list[tuple[int, list[str]]]:
    """The rows that hold anything, with the number that Excel gives them."""
    found: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(_text(data, file), newline=""), strict=True)
    try:
        for number, row in enumerate(reader, start=1):
            if not any(cell.strip() for cell in row):
                continue
            if number > MAX_ROWS or len(row) > _MAX_COLUMNS or any(len(cell) > _MAX_CELL for cell in row):
                raise CannotBeRead(f"The file of {_name(file)} is larger than such a return can be. Check the file.")
            found.append((number, row))
    except csv.Error:
        raise CannotBeRead(
            f"Line {reader.line_num:,} of the file of {_name(file)} cannot be read as CSV: a quotation mark is missing "
            f"or too many. {_SAVE}"
        ) from None
    return found


def _text(data: bytes, file: str) -> str:
    if len(data) > MAX_BYTES:
        raise CannotBeRead(f"The file of {_name(file)} is larger than 20 MB. Check that it is the right file.")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"<?xml", b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data:
        raise CannotBeRead(f"The file of {_name(file)} is no CSV file, whatever its name says. {_SAVE}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    first = text[:5_000].splitlines()[:1]
    if first and first[0].count(",") < max(first[0].count(";"), first[0].count("\t")):
        raise CannotBeRead(f"The columns of the file of {_name(file)} are not separated by commas. {_SAVE}")
    return text


def _day(text: str) -> date | None:
    """The day that a cell says; None where it says none."""
    if match := _ISO.fullmatch(text):
        parts = int(match[1]), int(match[2]), int(match[3])
    elif match := _BRITISH.fullmatch(text):
        parts = int(match[3]), int(match[2]), int(match[1])
    else:
        return None
    try:
        day = date(*parts)
    except ValueError:
        return None
    return day if _EARLIEST <= day <= _LATEST else None


# Rows


def _births(table: _Table, findings: Findings) -> dict[str, date | None]:
    found: dict[str, date | None] = {}
    for number, row in table.rows:
        child, text = table.cell(row, "CHILD"), table.cell(row, "DOB")
        if not child:
            findings.add("no-child", HEADER, number, "CHILD", table.columns["CHILD"])
            continue
        if child in found:
            findings.add("child-twice", HEADER, number, "CHILD", table.columns["CHILD"])
            continue
        found[child] = _day(text)
        if found[child] is None:
            findings.add("no-birth", HEADER, number, "DOB", table.columns["DOB"])
    return found


def _episodes(table: _Table, findings: Findings) -> dict[str, list[_Episode]]:
    found: dict[str, list[_Episode]] = {}
    for number, row in table.rows:
        child = table.cell(row, "CHILD")
        if not child:
            findings.add("no-child", EPISODES, number, "CHILD", table.columns["CHILD"])
            continue
        if table.cell(row, "LS").upper() in SHORT_BREAKS:
            findings.add("short-break", EPISODES, number, "LS", table.columns["LS"])
            continue
        episode = _episode(table, number, row, findings)
        if episode is not None:
            found.setdefault(child, []).append(episode)
    return found


def _episode(table: _Table, number: int, row: Sequence[str], findings: Findings) -> _Episode | None:
    def note(code: str, column: str) -> None:
        findings.add(code, EPISODES, number, column, table.columns[column])

    begins, ends = table.cell(row, "DECOM"), table.cell(row, "DEC")
    start, end = _day(begins), _day(ends)
    if start is None:
        note("not-a-date" if begins else "no-date", "DECOM")
        return None
    if ends and end is None:
        note("not-a-date", "DEC")
        return None
    if end is not None and end < start:
        note("end-before-start", "DEC")
        return None
    place, provider = table.cell(row, "PLACE").upper(), table.cell(row, "PLACE_PROVIDER").upper()
    if not is_place(place):
        note("not-a-place", "PLACE")
    elif place in BY_PROVIDER and provider not in PROVIDERS:
        note("no-provider", "PLACE_PROVIDER")
    reason = table.cell(row, "REC").upper()
    if end is not None and reason not in WENT_TO and reason != CONTINUES:
        note("not-a-reason", "REC")
    return _Episode(start, end, rung_of(place, provider), reason, number)


# Stays


def _care(birth: date | None, episodes: Iterable[_Episode], table: _Table, findings: Findings) -> CareOf:
    """The stays of one child: episodes in order, cut where the next one or the 18th birthday comes first, and joined
    where the rung stays the same."""
    care = CareOf(birth)
    rows = sorted(episodes, key=lambda episode: (episode.start, episode.end or date.max, episode.row))
    for place, episode in enumerate(rows):
        following = rows[place + 1] if place + 1 < len(rows) else None
        end, went_to = episode.end, WENT_TO.get(episode.reason, REASON_NOT_STATED)
        if birth is not None and episode.start < birth:
            findings.add("before-birth", EPISODES, episode.row, "DECOM", table.columns["DECOM"])
        if following is not None and (end is None or following.start < end):
            findings.add("overlap", EPISODES, episode.row, "DEC", table.columns["DEC"])
            end = following.start
        eighteenth = care.eighteenth
        if eighteenth is not None and end is not None and end >= eighteenth:
            went_to = TURNED_18
        if eighteenth is not None and end is not None and end > eighteenth:
            findings.add("over-18", EPISODES, episode.row, "DEC", table.columns["DEC"])
            end = max(eighteenth, min(end, episode.start))
        if episode.reason == CONTINUES and end is not None and (following is None or following.start > end):
            findings.add("no-next", EPISODES, episode.row, "REC", table.columns["REC"])
        _join(care, episode, end, went_to)
    return care


def _join(care: CareOf, episode: _Episode, end: date | None, went_to: str) -> None:
    before = care.stays[-1] if care.stays else None
    goes_on = before is not None and before.end == episode.start
    rung = episode.rung or (before.rung if before is not None and goes_on else OTHER)
    if end is not None and end <= episode.start:
        return
    if before is not None and goes_on and before.rung == rung:
        care.stays[-1] = Stay(rung, before.start, end, went_to, before.row)
    else:
        care.stays.append(Stay(rung, episode.start, end, went_to, episode.row))
