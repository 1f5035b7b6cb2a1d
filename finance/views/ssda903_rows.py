"""What the page of one SSDA903 load shows, made ready: rows of its tables and sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from finance.models import Ssda903Load
from finance.selectors.ssda903 import Compared
from finance.ssda903.answer import Sums
from finance.ssda903.codes import NOT_REPORTED
from finance.ssda903.counting import AGE_NOT_STATED
from finance.ssda903.findings import ORDER
from finance.ssda903.load_tables import AheadRow
from finance.ssda903.names import BAND_NAMES, RUNG_NAMES
from finance.ssda903.offer_table import OFFERS_TABLE, OfferRow
from indicators.counted import Standing, standings_words
from indicators.models import Return
from indicators.operations import CellConflict
from indicators.phrases import listed, lowered
from indicators.units import round_half_up
from indicators.views.entry_rows import value_words
from indicators.working_days import day_words


def counted_words(number: int, one: str, many: str = "") -> str:
    """ "1 move", "1,204 moves"."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


# Beside the returns


def return_name(row: Return) -> str:
    """What a return is called among those of its partner and period."""
    return f"{row.round.scorecard.name}{f', correction {row.number}' if row.number > 1 else ''}"


def offer_row(found: Compared) -> OfferRow:
    """A number and its line as page and file write them."""
    line, decision = found.line, found.decision
    return OfferRow(
        indicator=found.offer.indicator,
        slice=found.offer.slice,
        name=line.due.name,
        scorecard=found.row.round.scorecard.name,
        return_number=found.row.number,
        return_state=found.row.state_words,
        number=found.offer.number,
        note=found.offer.note,
        entered=value_words(line.measured, line.unit, line.due.version.places, line.standard),
        standing=found.standing,
        problem=found.reading.problems[0].message if found.reading.problems else "",
        decision=decision.decision if decision else "",
        decided_by=decision.actor if decision else "",
        decided_on=decision.at.date() if decision else None,
        reason=decision.reason.body if decision and decision.reason else "",
        replaced_by=found.replaced.code if found.replaced else "",
    )


@dataclass(frozen=True)
class Typed:
    """A reason for a rejection that was typed and not taken, and why not, if it is known."""

    reason: str
    error: str = ""


Boxes = Mapping[tuple[int, int], Typed]


def pick_of(found: Compared) -> str:
    """A number for a line as a form carries it: series, return, the version of the cell that the page shows, and the
    decision that it shows (0 for none)."""
    return f"{found.series.pk}:{found.row.pk}:{found.line.version}:{found.decision.pk if found.decision else 0}"


def anchor_of(series: int, in_return: int) -> str:
    """The place of a row on the page."""
    return f"s-{series}-{in_return}"


def box_of(series: int, in_return: int) -> str:
    """The box for the reason of a row."""
    return f"{anchor_of(series, in_return)}-reason"


def compare_groups(found: Sequence[Compared], typed: Boxes) -> list[dict[str, Any]]:
    """The rows by return: cells by column, what the buttons of a row need, and what can be accepted at once."""
    groups: dict[int, dict[str, Any]] = {}
    for one in found:
        group = groups.setdefault(
            one.row.pk, {"row": one.row, "name": return_name(one.row), "closed": one.closed, "rows": [], "picks": []}
        )
        group["rows"].append(_compare_row(one, typed))
        if one.goes_with_all:
            group["picks"].append(pick_of(one))
    return list(groups.values())


def _compare_row(found: Compared, typed: Boxes) -> dict[str, Any]:
    key, cells = (found.series.pk, found.row.pk), OFFERS_TABLE.cells(offer_row(found))
    return {
        "cells": cells,
        "is_bare": found.standing is Standing.NEW and len(cells["standing"]) == 1,
        "standing": found.standing.value,
        "name": found.line.due.name,
        "pick": pick_of(found),
        "id": anchor_of(*key),
        "box": box_of(*key),
        "may_decide": found.may_be_decided,
        "is_taken": found.is_in_the_return,
        "is_rejected": found.is_rejected,
        "typed": typed.get(key),
    }


# Sentences


def lead_words(load: Ssda903Load, sums: Sums) -> str:
    """How many children there were, came, left and moved."""
    start, end = sums.total("at_start"), sums.total("at_end")
    came, left, moved = sums.total("starters"), sums.total("leavers"), sums.total("moves")
    return (
        f"{counted_words(start, 'child was', 'children were')} in care on the night before "
        f"{day_words(load.period.start_on)} and {end:,} on the night of {day_words(load.period.end_on)}: {came:,} came "
        f"into care, {left:,} left it, and {counted_words(moved, 'move was', 'moves were')} made from rung to rung."
    )


def rungs_heading(sums: Sums) -> str:
    """Where most children are: "In-house fostering has the most children at the end: 308 of 619"."""
    total = sums.total("at_end")
    if not total:
        return "No child is in care at the end"
    number, code = max((sums.total("at_end", rung=rung), rung) for rung in RUNG_NAMES)
    return f"{RUNG_NAMES[code]} has the most children at the end: {number:,} of {total:,}"


def moves_heading(sums: Sums) -> str:
    """How many moves from rung to rung: "69 moves from rung to rung, 36 into care and 43 out of it"."""
    came, left, moved = sums.total("starters"), sums.total("leavers"), sums.total("moves")
    return f"{counted_words(moved, 'move')} from rung to rung, {came:,} into care and {left:,} out of it"


def ages_heading(sums: Sums) -> str:
    """How old most children are: "Age 10 to 15 has the most children at the end: 252 of 619"."""
    total = sums.total("at_end")
    if not total:
        return "Ages"
    number, code = max((sums.total("at_end", band=band), band) for band in BAND_NAMES)
    name = BAND_NAMES[code] if code == AGE_NOT_STATED else f"Age {lowered(BAND_NAMES[code])}"
    return f"{name} has the most children at the end: {number:,} of {total:,}"


def ahead_heading(ahead: Sequence[AheadRow]) -> str:
    """What is expected in a year: "In a year 520 children may be in care: 9 in 10 runs lie between 490 and 554"."""
    if not ahead:
        return "A year ahead"
    whole = ahead[-1].then[-1]
    number = int(round_half_up(whole.expected, 0))
    return (
        f"In a year {counted_words(number, 'child', 'children')} may be in care: 9 in 10 runs lie between "
        f"{whole.low:,} and {whole.high:,}"
    )


def ahead_caption(ahead: Sequence[AheadRow]) -> str:
    """The nights that the table is of: "Children on each rung on the nights of 30 June 2022, …"."""
    days = [day_words(one.on) for one in ahead[-1].then] if ahead else []
    return f"Children on each rung on the nights of {listed(days)}" if days else ""


def ahead_words(sums: Sums) -> list[str]:
    """How the numbers are worked out, and what the interval holds and what it does not."""
    if not sums.ahead:
        return []
    missing = sums.total("at_end", band=AGE_NOT_STATED)
    without = f", nor the {counted_words(missing, 'child', 'children')} whose age is not stated" if missing else ""
    return [
        "If children go on moving by age as in this period, as many come into care, and nobody stays past the 18th "
        f"birthday, so many are expected on each rung; 9 in 10 of {sums.runs:,} runs lie in the range beneath.",
        "The range holds chance, and how little few moves tell of a rate. It does not hold that rates change or that "
        "another season differs, moves and ways into care that nobody made in this period, new homes or other "
        f"decisions{without}.",
    ]


def read_words(load: Ssda903Load) -> str:
    """What was read, and how much was found in it."""
    head, body = counted_words(load.header_rows, "row"), f"{load.episode_rows:,}"
    return f"{head} of the header and {body} of the episodes were read; {finding_words(load.finding_counts)}."


def finding_words(counts: Mapping[str, int]) -> str:
    """How much was found: "3 errors, 12 warnings and 1 note were found"."""
    parts = [counted_words(counts[name], name) for name in ORDER if counts.get(name)]
    if not parts:
        return "nothing odd was found"
    joined = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"{joined} {'was' if parts == [joined] and joined.startswith('1 ') else 'were'} found"


def doubts(load: Ssda903Load, sums: Sums) -> list[str]:
    """Why the files may not hold the whole period."""
    start, end = day_words(load.period.start_on), day_words(load.period.end_on)
    found = []
    if sums.quiet_start:
        found.append(
            f"No placement ended in the four weeks from {start}. Check that the episodes file holds every episode that "
            "was open on that day, those that ended soon after too."
        )
    if sums.quiet_end:
        found.append(
            f"No placement began or ended in the four weeks to {end}. If the files were made before, what came after "
            "is missing, and open placements are counted as if nothing had changed."
        )
    return found


def unplaced_words(sums: Sums) -> str:
    """Who stands on no known rung; empty where everybody stands on one."""
    number, nights = sums.total("at_end", rung=NOT_REPORTED), sums.total("nights", rung=NOT_REPORTED)
    if not number and not nights:
        return ""
    return (
        f"{counted_words(number, 'child', 'children')} at the end and {counted_words(nights, 'night')} are on no rung "
        "that the file tells, so they are in none of these figures."
    )


def standing_words(found: Sequence[Compared]) -> str:
    """How the numbers stand to the returns: "41 figures feed a return: 38 with nothing entered there yet, …"."""
    said = standings_words(one.standing for one in found)
    return f"{counted_words(len(found), 'figure feeds', 'figures feed')} a return: {said}"


# What stood in the way


def clash_errors(found: Sequence[Compared], conflict: CellConflict) -> list[dict[str, str]]:
    """What another person has saved since the page was made, beside what the file says, with links to the rows."""
    rows, said = {one.series.pk: one for one in found}, []
    for clash in conflict.clashes:
        one = rows[clash.series_id]
        line, href = one.line, f"#{anchor_of(one.series.pk, one.row.pk)}"
        theirs, mine = (
            value_words(c.measured(), line.unit, line.due.version.places) for c in (clash.theirs, clash.yours)
        )
        words = f"{line.due.name}: {clash.who_has} saved {theirs} meanwhile; the file says {mine}."
        said.append({"text": words, "href": href})
    return [*said, {"text": "Nothing was accepted. The table shows what stands in the return now.", "href": ""}]


def typed_errors(typed: Boxes, found: Sequence[Compared]) -> list[dict[str, str]]:
    """What is wrong with the reasons that were typed, each linked to its box; without a box, with what was typed."""
    open_rows = {(one.series.pk, one.row.pk) for one in found if one.may_be_decided}
    said = []
    for key, one in typed.items():
        if key in open_rows:
            said += [{"text": one.error, "href": f"#{box_of(*key)}"}] if one.error else []
        else:
            error = one.error or "The figure cannot be rejected any more. Nothing was changed."
            words = f" You had typed: “{one.reason}”" if one.reason.strip() else ""
            said.append({"text": f"{error}{words}", "href": ""})
    return said
