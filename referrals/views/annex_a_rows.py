"""What the page of one Annex A load shows, made ready: rows of its tables, bars of durations, sentences."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.safestring import mark_safe

from indicators.counted import standings_words
from indicators.models import Return
from indicators.operations import CellConflict
from indicators.units import Unit, ratio, written
from indicators.views.entry_rows import counts_words, value_words
from referrals.annex_a.answer import Duration, Late, LeftOut, ReadList, durations_of, lists_of
from referrals.annex_a.compute import not_in_file
from referrals.annex_a.findings import ORDER
from referrals.annex_a.load_tables import (
    MEASURES_TABLE,
    Feed,
    MeasureRow,
    left_out_words,
    list_words,
    lists_words,
    return_words,
)
from referrals.annex_a.measures import MEASURES
from referrals.bars import bar_svg, lengths
from referrals.clocks import Clock, ClockUnit, UnknownClock, clock
from referrals.models import AnnexALoad, AnnexAMeasure
from referrals.selectors.annex_a import Compared, computed_of
from referrals.selectors.annex_a_standing import Place

_DIMENSION_NAMES = {(measure.code, by.code): by.name for measure in MEASURES for by in measure.by}
_DAYS = {ClockUnit.WORKING_DAYS: 1, ClockUnit.DAYS: 1, ClockUnit.WEEKS: 7}


def _dimension_name(measure: AnnexAMeasure) -> str:
    otherwise = measure.dimension.replace("-", " ").capitalize()
    return _DIMENSION_NAMES.get((measure.code, measure.dimension), otherwise)


def _row(measure: AnnexAMeasure, place: Place, feed: Feed | None = None) -> MeasureRow:
    later = place.replaced.get(measure.code)
    return MeasureRow(computed_of(measure), _dimension_name(measure), feed, later.code if later else "")


def _feed(found: Compared) -> Feed:
    line, version = found.line, found.line.due.version
    entered = value_words(line.measured, line.unit, version.places, line.standard)
    approved = line.approved if line.approved is not None and line.replaces is not None else None
    decision = found.decision
    return Feed(
        name=line.due.name,
        scorecard=found.row.round.scorecard.name,
        return_number=found.row.number,
        return_state=found.row.state_words,
        entered=entered,
        counts=counts_words(line.measured, line.unit),
        approved=value_words(approved.measured(), line.unit, version.places) if approved else "",
        standing=found.standing,
        problem=found.reading.problems[0].message if found.reading.problems else "",
        decision=decision.decision if decision else "",
        decided_by=decision.actor if decision else "",
        decided_on=decision.at.date() if decision else None,
        reason=decision.reason.body if decision and decision.reason else "",
    )


def measure_rows(measures: Sequence[AnnexAMeasure], compared: Sequence[Compared], place: Place) -> list[MeasureRow]:
    """Every measure in the order of page and file: those that feed a return first, in the order of its lines."""
    feeding = {found.measure.pk for found in compared}
    return [_row(found.measure, place, _feed(found)) for found in compared] + [
        _row(measure, place) for measure in measures if measure.pk not in feeding
    ]


@dataclass(frozen=True)
class Typed:
    """A reason for a rejection that was typed and not taken, and why not, if it is known."""

    reason: str
    error: str = ""


Boxes = Mapping[tuple[int, int], Typed]


def compare_rows(compared: Sequence[Compared], place: Place, typed: Boxes) -> list[dict[str, Any]]:
    """The rows that feed a return: cells by column, and what the buttons of the row need.

    `typed`: what stands in the boxes for reasons, by ids of measure and return.
    """
    return [
        {
            "cells": MEASURES_TABLE.cells(_row(found.measure, place, _feed(found))),
            "standing": found.standing.value,
            "code": found.measure.code,
            "name": found.line.due.name,
            "pick": pick_of(found),
            "id": anchor_of(found.measure.pk, found.row.pk),
            "box": box_of(found.measure.pk, found.row.pk),
            "return": found.row.pk,
            "part": part_of(found.row.pk, found.measure),
            "may_decide": found.may_be_decided,
            "later": found.replaced.code if found.replaced else "",
            "is_taken": found.is_in_the_return,
            "typed": typed.get((found.measure.pk, found.row.pk)),
            "is_rejected": found.is_rejected,
        }
        for found in compared
    ]


def anchor_of(measure: int, in_return: int) -> str:
    """The place of a row on the page."""
    return f"m-{measure}-{in_return}"


def box_of(measure: int, in_return: int) -> str:
    """The box for the reason of a row."""
    return f"{anchor_of(measure, in_return)}-reason"


def part_of(in_return: int, measure: AnnexAMeasure) -> str:
    """The place on the page of the breakdown that a measure belongs to; empty for a measure that is none."""
    return f"b-{in_return}-{measure.code}-{measure.dimension}" if measure.dimension else ""


def return_name(row: Return) -> str:
    """What a return is called among those of its partner and period."""
    return return_words(row.round.scorecard.name, row.number)


def accept_groups(compared: Sequence[Compared]) -> list[dict[str, Any]]:
    """What can be accepted at once, return by return: names and what a form carries."""
    groups: dict[int, dict[str, Any]] = {}
    for found in compared:
        if found.goes_with_all:
            group = groups.setdefault(found.row.pk, {"name": return_name(found.row), "picks": []})
            group["picks"].append(pick_of(found))
    return list(groups.values())


def part_groups(
    compared: Sequence[Compared], rows: Sequence[dict[str, Any]], shown: Collection[str]
) -> list[dict[str, Any]]:
    """The breakdowns that feed a return, return by return: each with its rows, what can be accepted of it at once, and
    how it stands in a few words. `rows`: those of `compare_rows`; `shown`: the places of breakdowns that stand open."""
    groups: dict[int, dict[str, Any]] = {}
    parts: dict[str, list[tuple[Compared, dict[str, Any]]]] = {}
    for found, row in zip(compared, rows, strict=True):
        if row["part"]:
            group = groups.setdefault(
                found.row.pk, {"name": return_name(found.row), "return": row["return"], "parts": []}
            )
            if row["part"] not in parts:
                group["parts"].append(row["part"])
            parts.setdefault(row["part"], []).append((found, row))
    return [
        {**g, "parts": [_part(place, parts[place], place in shown) for place in g["parts"]]} for g in groups.values()
    ]


def _part(place: str, members: Sequence[tuple[Compared, dict[str, Any]]], is_shown: bool) -> dict[str, Any]:
    measure = members[0][0].measure
    standing = [found for found, _ in members if found.replaced is None]
    return {
        "id": place,
        "name": f"{measure.name} by {_dimension_name(measure).lower()}",
        "rows": [row for _, row in members],
        "picks": [pick_of(found) for found, _ in members if found.goes_with_all],
        "said": standings_words(
            (found.standing for found in standing),
            replaced=len(members) - len(standing),
            rejected=sum(found.is_rejected for found in standing),
            is_short=True,
        ),
        "is_open": is_shown or any(row["typed"] for _, row in members),
    }


def pick_of(found: Compared) -> str:
    """A measure for a line as a form carries it: measure, return, the version of the cell that the page shows, and the
    decision that it shows (0 for none)."""
    decision = found.decision.pk if found.decision else 0
    return f"{found.measure.pk}:{found.row.pk}:{found.line.version}:{decision}"


def other_rows(rows: Iterable[MeasureRow]) -> list[dict[str, Any]]:
    """The measures that were computed and feed no return, without their breakdowns."""
    return [
        {"cells": MEASURES_TABLE.cells(row), "code": row.computed.code}
        for row in rows
        if row.feed is None and row.computed.is_computed and not row.computed.dimension
    ]


def breakdowns(rows: Iterable[MeasureRow]) -> list[dict[str, Any]]:
    """The breakdowns that feed no return, by measure and dimension, each with its categories."""
    groups: dict[tuple[str, str], list[MeasureRow]] = {}
    for row in rows:
        if row.feed is None and row.computed.dimension:
            groups.setdefault((row.computed.code, row.computed.dimension), []).append(row)
    return [
        {
            "name": f"{found[0].computed.name} by {found[0].dimension.lower()}",
            "rows": [MEASURES_TABLE.cells(row) for row in found],
        }
        for found in groups.values()
    ]


# What was read


def list_rows(load: AnnexALoad) -> list[dict[str, Any]]:
    """Each of the eleven lists in words."""
    return [
        {
            "name": f"{one.number}. {one.name}",
            "sheet": one.sheet,
            "rows": "not in the file" if one.rows is None else f"{one.rows:,}",
            "left_out": f"{one.left_out:,}" if one.rows is not None else "",
            "missing": ", ".join(one.missing_columns) or ("none" if one.rows is not None else ""),
        }
        for one in lists_of(load.lists)
    ]


def read_words(lists: Sequence[ReadList]) -> str:
    """How many lists and rows were read: "11 of 11 lists with 20,132 rows"."""
    found = [one.rows for one in lists if one.rows is not None]
    rows = sum(found)
    return f"{len(found)} of {len(lists)} lists with {rows:,} row{'' if rows == 1 else 's'}"


def unread_words(load: AnnexALoad) -> str:
    """How much of the file was no list: "2 sheets were no list and were not read."; empty where all of it was one."""
    number = load.sheets_unread or 0
    if not number:
        return ""
    thing = "sheet" if load.kind == AnnexALoad.Kind.XLSX else "file"
    return (
        f"{number} {thing} was no list and was not read."
        if number == 1
        else (f"{number} {thing}s were no list and were not read.")
    )


def not_computed_words(load: AnnexALoad, measures: Sequence[AnnexAMeasure]) -> str:
    """How many measures the file did not allow for, and what it lacks, in a sentence; empty where it lacks nothing."""
    whole = [measure for measure in measures if not measure.dimension]
    lacking = [measure for measure in whole if not measure.is_computed]
    if not lacking:
        return ""
    reasons = dict.fromkeys(one["reason"] for measure in lacking for one in measure.left_out if not one["number"])
    absent = [one.number for one in lists_of(load.lists) if one.rows is None and not_in_file(one.number) in reasons]
    others = [reason for reason in reasons if reason not in {not_in_file(number) for number in absent}]
    said = [f"{lists_words(absent)} {'is' if len(absent) == 1 else 'are'} not in the file"] if absent else []
    head = f"{len(lacking)} of {len(whole)} measures {'was' if len(lacking) == 1 else 'were'} not computed"
    return f"{head}: {'; '.join([*said, *others])}."


def replaced_words(place: Place) -> str:
    """What later files have replaced: "list 3 and part of list 4"; empty where everything stands."""
    whole, part = place.replaced_lists
    parts = [lists_words(whole)] if whole else []
    return " and ".join([*parts, f"part of {lists_words(part)}"] if part else parts)


def finding_words(counts: dict[str, int]) -> str:
    """How much was found: "3 errors, 12 warnings and 1 note"."""
    parts = [f"{counts[name]:,} {name}{'' if counts[name] == 1 else 's'}" for name in ORDER if counts[name]]
    if not parts:
        return "nothing odd was found"
    joined = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"{joined} {'was' if joined.startswith('1 ') and len(parts) == 1 else 'were'} found"


def summary_words(load: AnnexALoad, compared: Sequence[Compared]) -> str:
    """What the file holds and how it stands to the returns, in two sentences."""
    head = f"{read_words(lists_of(load.lists))} were read; {finding_words(load.finding_counts)}."
    if not compared:
        return f"{head} None of what was computed feeds a return of {load.partner} for {load.period}."
    standing = [found for found in compared if found.replaced is None]
    said = standings_words((found.standing for found in standing), replaced=len(compared) - len(standing))
    figures = "1 figure feeds" if len(compared) == 1 else f"{len(compared)} figures feed"
    return f"{head} {figures} a return of {load.period}: {said}."


# How long


def duration_blocks(load: AnnexALoad, durations: Sequence[Duration] | None = None) -> list[dict[str, Any]]:
    """Each duration: what it shows, in a heading and a sentence, and its bands with their bars.

    `durations`: those of several loads of the same period, instead of the load's own.
    """
    return [_duration(one, load) for one in (durations_of(load.durations) if durations is None else durations)]


def _duration(one: Duration, load: AnnexALoad) -> dict[str, Any]:
    total = sum(band.number for band in one.bands)
    drawn = lengths([Decimal(band.number) for band in one.bands])
    return {
        "code": one.code,
        "heading": _heading(one, total, _late_of(one, load)),
        "words": one.words,
        "total": total,
        "left_out": _left_out_sentence(one.left_out),
        "bands": [
            {
                "label": band.label,
                "number": f"{band.number:,}",
                "share": written(ratio(band.number, total, Unit.PERCENT), Unit.PERCENT, 1) if total else "",
                "bar": mark_safe(bar_svg(length)),  # noqa: S308
            }
            for band, length in zip(one.bands, drawn, strict=True)
        ],
    }


def _left_out_sentence(left_out: Sequence[LeftOut]) -> str:
    """ "Left out: 4 (no start date)."; why nothing could be computed; empty where nothing was left out."""
    known = [f"{one.number:,} ({one.reason})" for one in left_out if one.number]
    why = [f"{one.reason[:1].upper()}{one.reason[1:]}." for one in left_out if not one.number]
    return " ".join([*why, *([f"Left out: {', '.join(known)}."] if known else [])])


def _heading(one: Duration, total: int, late: tuple[int, Clock] | None) -> str:
    if not total or one.median is None:
        return f"{one.name}: none to count"
    kind = "working days" if "working days" in one.words else "days"
    head = f"{one.name}: half of {total:,} within {written(one.median, Unit.COUNT)} {kind}"
    if late is None:
        return head
    share = written(ratio(late[0], total, Unit.PERCENT), Unit.PERCENT, 1)
    return f"{head}, {share} past {late[1].limit_words()}"


def _late_of(one: Duration, load: AnnexALoad) -> tuple[int, Clock] | None:
    """How many lie past the clock, where the bands tell; and the clock."""
    try:
        held = clock(one.clock, load.period.end_on) if one.clock else None
    except UnknownClock:
        held = None
    if held is None or held.limit is None or held.is_average or held.unit not in _DAYS:
        return None
    limit = held.limit * _DAYS[held.unit] - held.first_day
    if any(band.from_days <= limit and (band.to_days is None or band.to_days > limit) for band in one.bands):
        return None
    return sum(band.number for band in one.bands if band.from_days > limit), held


def late_rows(late: Iterable[Late]) -> list[dict[str, Any]]:
    """Open cases past their clock already: how many of how many."""
    return [_late(one) for one in late]


def _late(one: Late) -> dict[str, Any]:
    number, of = one.number, one.denominator
    known = number is not None and of is not None
    return {
        "name": one.name,
        "list": list_words(one.list),
        "number": f"{number:,}" if known else "",
        "of": f"of {of:,}" if known else "not computed",
        "share": written(ratio(number, of, Unit.PERCENT), Unit.PERCENT, 1) if known and of else "",
        "is_late": bool(number),
        "left_out": left_out_words(one.left_out).splitlines(),
    }


# What stood in the way


def clash_errors(compared: Sequence[Compared], conflict: CellConflict) -> list[dict[str, str]]:
    """What another person has saved since the page was made, beside what the file says, with links to the rows."""
    rows = {found.line.due.line.series_id: found for found in compared}
    said = []
    for clash in conflict.clashes:
        found = rows[clash.series_id]
        line, href = found.line, f"#{anchor_of(found.measure.pk, found.row.pk)}"
        theirs, mine = (
            value_words(c.measured(), line.unit, line.due.version.places) for c in (clash.theirs, clash.yours)
        )
        words = f"{line.due.name}: {clash.who_has} saved {theirs} meanwhile; Annex A says {mine}."
        said.append({"text": words, "href": href})
    return [*said, {"text": "Nothing was accepted. The table shows what stands in the return now.", "href": ""}]


def typed_errors(typed: Boxes, compared: Sequence[Compared]) -> list[dict[str, str]]:
    """What is wrong with the reasons that were typed, each linked to its box; without a box, with what was typed."""
    open_rows = {(found.measure.pk, found.row.pk) for found in compared if found.may_be_decided}
    said = []
    for (measure, in_return), one in typed.items():
        if (measure, in_return) in open_rows:
            said += [{"text": one.error, "href": f"#{box_of(measure, in_return)}"}] if one.error else []
        else:
            error = one.error or "The figure cannot be rejected any more. Nothing was changed."
            words = f" You had typed: “{one.reason}”" if one.reason.strip() else ""
            said.append({"text": f"{error}{words}", "href": ""})
    return said
