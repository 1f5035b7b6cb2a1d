"""Keeps bodies: what they are called and how they work from a day on, who reports to whom, who sits on them.

Nothing is overwritten. A change is a new version from a day; what ends gets its last day, once. Every operation leaves
a sentence with the bodies it concerns, and takes the number of the last such sentence that its page showed.
"""

from datetime import date, datetime

from indicators.models import Partnership, User
from indicators.operations.basics import free_code, made_before, note_made, operation, signed, stripped, told_apart
from indicators.operations.errors import InputRefused, WrongState
from indicators.phrases import listed
from indicators.working_days import day_words
from partnership.models import Body, BodySuccession, BodyVersion, DayBasis, Meeting, ReportingLine, SeatHolding
from partnership.operations.body_steps import (
    Values,
    check_order,
    check_organisation,
    check_within,
    fresh,
    record,
    wait_for_others,
)
from partnership.reporting_lines import DatedLine, Kind, loop_made_by
from partnership.selectors.bodies import name_of, version_on

# Bodies and their versions


def _sound_version(partnership: Partnership, values: Values, body: Body | None = None) -> None:
    """Raises InputRefused for a version that cannot be."""
    if not values["name"]:
        raise InputRefused("name", "Give the body a name.")
    check_organisation(partnership, values["organisation"], values["organisation_words"])
    for box, what in (("quorum_number", "members"), ("quorum_one_in", "seats")):
        if values[box] is not None and values[box] < 1:
            raise InputRefused(box, f"Give a number of {what} of 1 or more, or leave it empty.")
    others = BodyVersion.objects.filter(body__partnership=partnership, name__iexact=values["name"])
    others = others.exclude(body=body) if body else others
    for other in others.select_related("body"):
        now = version_on(other.body.versions.all(), values["from_on"])
        if other.body.until_on is None and now is not None and now.name.casefold() == values["name"].casefold():
            raise InputRefused("name", "There is a body of that name. Choose another name, or change that one.")


@operation
def add_body(
    *, partnership: Partnership, values: Values, by: User, at: datetime, key: str = "", request_id: str = ""
) -> Body:
    """Adds a body with its first version; the same key again gives the one that it made.

    `values` are the columns of a version, with `from_basis` of the body. Raises InputRefused for what cannot be.
    """
    own = stripped(values)
    if before := made_before(key=key, operation_name="add_body", asked=[partnership.pk, told_apart(own)], by=by, at=at):
        return Body.objects.get(partnership=partnership, code=before)
    wait_for_others(partnership)
    _sound_version(partnership, own)
    code = free_code(Body.objects.filter(partnership=partnership), own["short_name"] or own["name"])
    note_made(key=key, code=code)
    basis = own.pop("from_basis")
    body = Body.objects.create(
        partnership=partnership, code=code, from_on=own["from_on"], from_basis=basis, **signed(by, at)
    )
    BodyVersion.objects.create(body=body, number=1, **own, **signed(by, at))
    record(body, f"Added “{own['name']}” from {day_words(own['from_on'])}.", by, at, request_id)
    return body


@operation
def change_body(
    *, body: Body, values: Values, step: int, by: User, at: datetime, key: str = "", request_id: str = ""
) -> BodyVersion:
    """Says what a body is called and how it works from a day on; the versions before stay. The same key again gives the
    version that it made.

    Raises InputRefused for a day on which the body does not exist and for what is no change, BodyChanged.
    """
    own = stripped(values)
    if before := made_before(key=key, operation_name="change_body", asked=[body.pk, told_apart(own)], by=by, at=at):
        return body.versions.get(number=int(before))
    body = fresh(body, step)
    check_within(body, own["from_on"])
    _sound_version(body.partnership, own, body)
    then = version_on(body.versions.all(), own["from_on"])
    changed = [
        str(getattr(BodyVersion._meta.get_field(column), "verbose_name", column))
        for column, value in own.items()
        if column != "from_on" and (then is None or getattr(then, column) != value)
    ]
    if not changed:
        raise WrongState("Nothing is different from that day on. Change something, or go back.")
    number = body.versions.count() + 1
    note_made(key=key, code=str(number))
    made = BodyVersion.objects.create(body=body, number=number, **own, **signed(by, at))
    since = day_words(own["from_on"])
    if then is not None and then.name != made.name:
        what = f"From {since} “{then.name}” is called “{made.name}”."
    else:
        what = f"Changed from {since}: {listed(changed)}."
    record(body, what, by, at, request_id)
    return made


@operation
def end_body(
    *, body: Body, until_on: date, until_basis: str, step: int, by: User, at: datetime, key: str = "",
    request_id: str = "",
) -> Body:  # fmt: skip
    """Gives a body its last day; its lines, seats and who holds them end with it. The same key again changes nothing.

    Raises WrongState for a body that has ended, InputRefused where something of it lies after that day, BodyChanged.
    """
    if made_before(key=key, operation_name="end_body", asked=[body.pk, until_on, until_basis], by=by, at=at):
        return body
    body = fresh(body, step)
    if body.until_on is not None:
        raise WrongState(f"It ended on {day_words(body.until_on)} already. A last day is not changed.")
    check_order(body.from_on, until_on)
    _nothing_after(body, until_on)
    name = name_of(body, until_on)
    note_made(key=key, code=body.code)
    body.until_on, body.until_basis = until_on, until_basis
    body.save(update_fields=["until_on", "until_basis"])
    lines = (body.lines_up.all() | body.lines_down.all()).filter(until_on__isnull=True)
    for line in lines.select_related("lower", "upper"):
        _close_line(line, until_on, until_basis)
        other = line.upper if line.lower_id == body.pk else line.lower
        words = f"The line with “{name}” ended with it on {day_words(until_on)}."
        record(other, words, by, at, request_id)
    SeatHolding.objects.filter(seat__body=body, until_on__isnull=True).update(until_on=until_on)
    body.seats.filter(until_on__isnull=True).update(until_on=until_on, until_basis=until_basis)
    record(body, f"Ended “{name}” on {day_words(until_on)}, with its lines and seats.", by, at, request_id)
    return body


def _nothing_after(body: Body, day: date) -> None:
    """Raises InputRefused where something of the body begins, ends or meets after that day."""
    lines = body.lines_up.all() | body.lines_down.all()
    holdings = SeatHolding.objects.filter(seat__body=body)
    later = {
        "a change of it": body.versions.filter(from_on__gt=day),
        "a line": lines.filter(from_on__gt=day) | lines.filter(until_on__gt=day),
        "a seat": body.seats.filter(from_on__gt=day) | body.seats.filter(until_on__gt=day),
        "who holds a seat": holdings.filter(from_on__gt=day) | holdings.filter(until_on__gt=day),
        "a meeting": body.meetings.filter(on__gt=day).exclude(state=Meeting.State.CANCELLED),
    }
    found = [what for what, rows in later.items() if rows.exists()]
    if found:
        raise InputRefused(
            "until_on", f"After that day {listed(found)} is recorded. Give a later day, or cancel the meeting first."
            if found == ["a meeting"] else f"After that day {listed(found)} is recorded. Give a later day.",
        )  # fmt: skip


@operation
def record_succession(
    *, predecessor: Body, successor: Body, on: date | None, note: str, step: int, by: User, at: datetime,
    key: str = "", request_id: str = "",
) -> BodySuccession:  # fmt: skip
    """Records that a body took the place of another, or part of its work. `step` is the predecessor's.

    Raises InputRefused where it is recorded already, goes round in a ring or lies before the successor begins, and
    BodyChanged.
    """
    asked = [predecessor.pk, successor.pk, on, note]
    if before := made_before(key=key, operation_name="record_succession", asked=asked, by=by, at=at):
        return BodySuccession.objects.get(pk=int(before))
    predecessor = fresh(predecessor, step)
    if successor.partnership_id != predecessor.partnership_id:
        raise InputRefused("successor", "Choose among this partnership’s bodies.")
    if predecessor == successor:
        raise InputRefused("successor", "A body does not succeed itself. To give it another name, change it.")
    if BodySuccession.objects.filter(predecessor=predecessor, successor=successor).exists():
        raise InputRefused("successor", "That is recorded already.")
    if _comes_after(successor, predecessor):
        raise InputRefused("successor", "That body came before this one, so it cannot come after it.")
    if on is not None and on < successor.from_on:
        words = f"“{name_of(successor, on)}” begins only on {day_words(successor.from_on)}."
        raise InputRefused("on", f"{words} Give that day or a later one.")
    made = BodySuccession.objects.create(
        predecessor=predecessor, successor=successor, on=on, note=note.strip(), **signed(by, at)
    )
    note_made(key=key, code=str(made.pk))
    day = on or at.date()
    words = f"“{name_of(successor, day)}” took the place of “{name_of(predecessor, day)}”"
    words += f" on {day_words(on)}." if on else "; the day is not stated."
    record(predecessor, words, by, at, request_id)
    record(successor, words, by, at, request_id)
    return made


def _comes_after(first: Body, other: Body) -> bool:
    """Whether the other took, in however many steps, the place of the first."""
    pairs = BodySuccession.objects.filter(predecessor__partnership=first.partnership_id)
    after: dict[int, list[int]] = {}
    for before, then in pairs.values_list("predecessor", "successor"):
        after.setdefault(before, []).append(then)
    open_, seen = [first.pk], set[int]()
    while open_:
        one = open_.pop()
        if one not in seen:
            seen.add(one)
            open_ += after.get(one, [])
    return other.pk in seen - {first.pk}


# Lines


def _dated_lines(partnership: Partnership) -> list[DatedLine]:
    lines = ReportingLine.objects.filter(lower__partnership=partnership).select_related("lower", "upper")
    return [line.dated() for line in lines]


@operation
def add_line(
    *, body: Body, lower: Body, upper: Body, values: Values, step: int, by: User, at: datetime, key: str = "",
    request_id: str = "",
) -> ReportingLine:  # fmt: skip
    """Adds a line from one body up to another; `body` is the one of the two whose page was open, `step` its number.

    `values` are kind, from_on, from_basis, until_on and note. Raises InputRefused for a line that would close a loop,
    that lies outside the dates of either body or that holds already, and BodyChanged.
    """
    own = stripped(values)
    asked = [body.pk, lower.pk, upper.pk, told_apart(own)]
    if before := made_before(key=key, operation_name="add_line", asked=asked, by=by, at=at):
        return ReportingLine.objects.get(pk=int(before))
    body = fresh(body, step)
    # The other one may have ended since it was read: it has no number of its own here.
    lower, upper = (Body.objects.select_related("partnership").get(pk=one.pk) for one in (lower, upper))
    if lower.partnership_id != body.partnership_id or upper.partnership_id != body.partnership_id:
        raise InputRefused("other", "Choose among this partnership’s bodies.")
    if lower == upper:
        raise InputRefused("other", "A body does not report to itself. Choose another one.")
    new = DatedLine(lower.code, upper.code, Kind(own["kind"]), own["from_on"], own["until_on"])
    for one in (lower, upper):
        check_within(one, new.from_on)
    for one in (lower, upper):
        if new.until_on is not None:
            check_order(new.from_on, new.until_on)
            check_within(one, new.until_on, "until_on")
        elif one.until_on is not None:
            name, last = name_of(one, one.until_on), day_words(one.until_on)
            raise InputRefused("until_on", f"“{name}” ended on {last}. Give the line a last day not after it.")
    _no_such_line(new, lower, upper)
    names = {lower.code: lower, upper.code: upper}
    if loop := loop_made_by(new, _dated_lines(body.partnership)):
        found = Body.objects.filter(partnership=body.partnership, code__in=loop.way).prefetch_related("versions")
        names |= {one.code: one for one in found}
        way = " to ".join(f"“{name_of(names[code], loop.on)}”" for code in (new.lower, *loop.way))
        raise InputRefused("other", f"The lines would go round in a loop from {day_words(loop.on)}: {way}.")
    made = ReportingLine.objects.create(lower=lower, upper=upper, **own, **signed(by, at))
    note_made(key=key, code=str(made.pk))
    _record_both(made, f"{_line_words(made, made.from_on)}, from {day_words(made.from_on)}.", by, at, request_id)
    return made


def _no_such_line(new: DatedLine, lower: Body, upper: Body) -> None:
    """Raises InputRefused where a line of the kind holds between the two on one of the days already."""
    for row in ReportingLine.objects.filter(lower=lower, upper=upper, kind=new.kind):
        ends_before = row.until_on is not None and row.until_on < new.from_on
        begins_after = new.until_on is not None and row.from_on > new.until_on
        if not (ends_before or begins_after):
            raise InputRefused("from_on", f"Such a line holds from {day_words(row.from_on)} already. End it first.")


def _line_words(line: ReportingLine, day: date) -> str:
    return f"“{name_of(line.lower, day)}” {line.get_kind_display()} “{name_of(line.upper, day)}”"


def _record_both(line: ReportingLine, what: str, by: User, at: datetime, request_id: str) -> None:
    for one in (line.lower, line.upper):
        record(one, what, by, at, request_id)


def _close_line(line: ReportingLine, until_on: date, until_basis: str) -> None:
    line.until_on, line.until_basis = until_on, until_basis
    line.save(update_fields=["until_on", "until_basis"])


@operation
def end_line(
    *, body: Body, line: ReportingLine, until_on: date, step: int, by: User, at: datetime, key: str = "",
    request_id: str = "",
) -> ReportingLine:  # fmt: skip
    """Gives a line its last day; `body` is the one of the two whose page was open, `step` its number.

    Raises WrongState for a line that has ended, InputRefused for a day before it begins, BodyChanged.
    """
    if made_before(key=key, operation_name="end_line", asked=[line.pk, until_on], by=by, at=at):
        return line
    fresh(body, step)
    line = ReportingLine.objects.select_related("lower__partnership", "upper__partnership").get(pk=line.pk)
    if line.until_on is not None:
        raise WrongState(f"The line ended on {day_words(line.until_on)} already. A last day is not changed.")
    check_order(line.from_on, until_on)
    note_made(key=key, code=str(line.pk))
    _close_line(line, until_on, DayBasis.STATED)
    _record_both(line, f"{_line_words(line, until_on)}, to {day_words(until_on)}.", by, at, request_id)
    return line
