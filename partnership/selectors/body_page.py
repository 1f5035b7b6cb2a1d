"""Reads all that is known of one body. A constant number of queries, whatever it holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from finance.selectors.register_steps import origin_of
from indicators.models import Partnership
from indicators.phrases import cited, lowered
from indicators.working_days import day_words
from partnership.bodies_table import BodyRow, LineRow, SeatRow
from partnership.models import Body, BodyStep, BodySuccession, BodyVersion, DayBasis, Meeting, ReportingLine
from partnership.quorum import SeatOn, holder_words, seats_on, vacancies_words
from partnership.selectors.bodies import dated, name_of, seats_of
from partnership.selectors.structure import body_row, dates_of, line_row, with_versions

_PAST, _AHEAD = 10, 5


@dataclass(frozen=True)
class NameHeld:
    """What a body was called from a day on, and where that is from."""

    from_words: str
    name: str
    cited: str


@dataclass(frozen=True)
class Related:
    """Another body, how it stands to this one, and where that is from."""

    code: str
    name: str
    words: str
    cited: str


@dataclass(frozen=True)
class BodyView:
    """A body on a day."""

    body: Body
    on: date
    row: BodyRow
    names: Sequence[NameHeld]
    ups: Sequence[LineRow]
    downs: Sequence[LineRow]
    line_rows: Sequence[ReportingLine]
    before: Sequence[Related]
    after: Sequence[Related]
    seats: Sequence[SeatRow]
    vacancies: str
    past: Sequence[Meeting]
    ahead: Sequence[Meeting]
    steps: Sequence[BodyStep]
    history: Sequence[str]

    @property
    def step(self) -> int:
        """The number of the last thing recorded of it."""
        return self.steps[-1].number if self.steps else 0


def body_of(partnership: Partnership, code: str) -> Body | None:
    """The body of an address, with its versions. None for none."""
    return Body.objects.filter(partnership=partnership, code=code).prefetch_related("versions").first()


def day_for(body: Body, asked: date | None, today: date) -> date:
    """The day on which a body is shown: the one asked for, else today, within the days on which it exists."""
    day = max(asked or today, body.from_on)
    return day if body.until_on is None else min(day, body.until_on)


def body_view(partnership: Partnership, code: str, *, asked: date | None, today: date) -> BodyView | None:
    """All that is known of a body, seats and lines as on the day that is asked for (today for None). None for none."""
    bodies = {body.code: body for body in with_versions(partnership)}
    body = bodies.get(code)
    if body is None:
        return None
    day = day_for(body, asked, today)
    names = {one.code: name_of(one, day) for one in bodies.values()}
    lines = list(
        ReportingLine.objects.filter(Q(lower=body) | Q(upper=body)).select_related("lower", "upper", "source")
    )  # fmt: skip
    now = [line for line in lines if line.from_on <= day and (line.until_on is None or line.until_on >= day)]
    stored = seats_of(body)
    sitting = seats_on([dated(seat) for seat in stored], str(body.pk), day)
    by_key = {str(seat.pk): seat for seat in stored}
    meetings = list(Meeting.objects.filter(body=body).exclude(state=Meeting.State.CANCELLED).order_by("on"))
    return BodyView(
        body=body,
        on=day,
        row=body_row(body, day),
        names=_names(body),
        ups=[line_row(line, names) for line in now if line.lower_id == body.pk],
        downs=[line_row(line, names) for line in now if line.upper_id == body.pk],
        line_rows=now,
        before=_related(body, "successor", names),
        after=_related(body, "predecessor", names),
        seats=[_seat_row(one, by_key[one.seat.key]) for one in sitting],
        vacancies=vacancies_words(sitting),
        past=[m for m in meetings if m.on < today][: -_PAST - 1 : -1],
        ahead=[m for m in meetings if m.on >= today][:_AHEAD],
        steps=list(body.steps.order_by("number")),
        history=history_of(body, lines, stored, names),
    )


def said_of(row: Any) -> str:
    """Where a row is from, as the end of a sentence: "report 001 §43", or who recorded it."""
    origin = origin_of(row)
    if origin.source:
        return cited(origin.source, origin.paragraph)
    return f"recorded by {origin.actor}" + (f" on {day_words(origin.on)}" if origin.on else "")


def _names(body: Body) -> list[NameHeld]:
    """The names that a body had, the first first; a later version of the same name is no new name."""
    found: list[NameHeld] = []
    shown: dict[date, BodyVersion] = {v.from_on: v for v in body.versions.all()}
    for number, (day, version) in enumerate(sorted(shown.items())):
        if not found or found[-1].name != version.name:
            is_first = number == 0 and body.from_basis == DayBasis.FIRST_NAMED
            found.append(
                NameHeld(f"{'first named' if is_first else 'from'} {day_words(day)}", version.name, said_of(version))
            )
    return found


def _related(body: Body, mine: str, names: dict[str, str]) -> list[Related]:
    other = "predecessor" if mine == "successor" else "successor"
    rows = BodySuccession.objects.filter(**{mine: body}).select_related("predecessor", "successor", "source")
    found = []
    for row in rows:
        code = getattr(row, other).code
        words = f"on {day_words(row.on)}" if row.on else "on a day that is not stated"
        found.append(Related(code, names[code], f"{words}. {row.note}".strip(), said_of(row)))
    return found


def _seat_row(one: SeatOn, stored: Any) -> SeatRow:
    is_first_named = stored.from_basis == DayBasis.FIRST_NAMED
    return SeatRow(
        code=stored.code,
        title=stored.title,
        role=stored.get_role_display(),
        organisation=stored.organisation.name if stored.organisation else stored.organisation_words,
        votes=stored.get_votes_display(),
        holder=one.holder,
        held_since=one.held_since,
        vacant_since=one.vacant_since,
        vacant_words="" if one.holder else holder_words(one, is_first_named=is_first_named),
        dates=dates_of(stored),
        origin=origin_of(stored),
    )


def history_of(body: Body, lines: Sequence[ReportingLine], seats: Sequence[Any], names: dict[str, str]) -> list[str]:
    """What held of a body from when to when, in sentences by day: names, lines, seats and who held them."""
    told: list[tuple[date, str]] = []
    begun = dates_of(body)
    told.append((body.from_on, f"{begun.words} ({said_of(body)})."))
    for number, version in enumerate(sorted(body.versions.all(), key=lambda v: (v.from_on, v.number))):
        if number:
            told.append((version.from_on, f"Called “{version.name}”, as it works from then on ({said_of(version)})."))
    for line in lines:
        words = f"“{names[line.lower.code]}” {line.get_kind_display()} “{names[line.upper.code]}”"
        told.append((line.from_on, f"{words}: {lowered(dates_of(line).words)} ({said_of(line)})."))
    for seat in seats:
        told.append((seat.from_on, f"Seat “{seat.title}”: {lowered(dates_of(seat).words)} ({said_of(seat)})."))
        for held in seat.holdings.all():
            until = f" to {day_words(held.until_on)}" if held.until_on else ""
            words = f"Seat “{seat.title}” held by {held.holder}{until}"
            told.append((held.from_on, f"{words} ({said_of(held)})."))
    told.sort(key=lambda pair: pair[0])
    return [f"{day_words(day)}: {words}" for day, words in told]
