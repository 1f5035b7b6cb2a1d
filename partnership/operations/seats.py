"""Keeps the seats of bodies: adds and ends them, fills them and says that they are vacant. Nothing is overwritten."""

from datetime import date, datetime

from indicators.models import User
from indicators.operations.basics import free_code, made_before, note_made, operation, signed, stripped, told_apart
from indicators.operations.errors import InputRefused, WrongState
from indicators.working_days import day_words
from partnership.models import Body, DayBasis, Seat, SeatHolding
from partnership.operations.body_steps import Values, check_order, check_organisation, check_within, fresh, record


@operation
def add_seat(
    *, body: Body, values: Values, holder: str, step: int, by: User, at: datetime, key: str = "", request_id: str = "",
) -> Seat:  # fmt: skip
    """Adds a seat, held by that role or office from its first day on; without a holder it is vacant.

    `values` are role, title, organisation, organisation_words, votes, from_on and from_basis. Raises InputRefused for
    a day on which the body does not exist and for a vote of who has none, BodyChanged.
    """
    own = stripped(values)
    if before := made_before(
        key=key, operation_name="add_seat", asked=[body.pk, told_apart(own), holder], by=by, at=at
    ):
        return body.seats.get(code=before)
    body = fresh(body, step)
    if not own["title"]:
        raise InputRefused("title", "Say what the seat is for.")
    if own["role"] in {Seat.Role.INVITEE, Seat.Role.OFFICER} and own["votes"] != Seat.Votes.NONE:
        raise InputRefused("votes", "Invitees and officers have no vote. Choose “on nothing”.")
    check_organisation(body.partnership, own["organisation"], own["organisation_words"])
    check_within(body, own["from_on"])
    code = free_code(body.seats.all(), own["title"])
    note_made(key=key, code=code)
    ends = {"until_on": body.until_on, "until_basis": body.until_basis} if body.until_on else {}
    seat = Seat.objects.create(body=body, code=code, **own, **ends, **signed(by, at))
    if holder.strip():
        SeatHolding.objects.create(
            seat=seat, holder=holder.strip(), from_on=seat.from_on, until_on=seat.until_on, **signed(by, at)
        )
    held = f"held by {holder.strip()}" if holder.strip() else "vacant"
    record(body, f"Added the seat “{seat.title}” from {day_words(seat.from_on)}, {held}.", by, at, request_id)
    return seat


def _seat(body: Body, seat: Seat, step: int) -> Seat:
    """The seat as it stands now. Raises BodyChanged, WrongState for one that has ended."""
    fresh(body, step)
    seat = Seat.objects.select_related("body__partnership").get(pk=seat.pk, body=body)
    if seat.until_on is not None:
        raise WrongState(f"The seat ended on {day_words(seat.until_on)}. What is past is not changed.")
    return seat


@operation
def fill_seat(
    *, body: Body, seat: Seat, holder: str, user: User | None, from_on: date, step: int, by: User, at: datetime,
    key: str = "", request_id: str = "",
) -> SeatHolding:  # fmt: skip
    """Says who holds a vacant seat from a day on: by role or office, and as a user where it is one.

    Raises InputRefused while somebody holds it, for a day before the seat or within an earlier holding, and for a user
    with another vote on the body; WrongState, BodyChanged.
    """
    asked = [seat.pk, holder, user.pk if user else None, from_on]
    if before := made_before(key=key, operation_name="fill_seat", asked=asked, by=by, at=at):
        return SeatHolding.objects.get(pk=int(before))
    seat = _seat(body, seat, step)
    if not holder.strip():
        raise InputRefused("holder", "Say by role or office who holds the seat.")
    check_within(seat.body, from_on)
    if from_on < seat.from_on:
        raise InputRefused("from_on", f"The seat begins on {day_words(seat.from_on)}. Give that day or a later one.")
    if (last := seat.holdings.order_by("from_on").last()) is not None:
        if last.until_on is None:
            raise WrongState(f"It is held since {day_words(last.from_on)}. Say first that it is vacant.")
        if from_on <= last.until_on:
            words = f"The seat was held until {day_words(last.until_on)}."
            raise InputRefused("from_on", f"{words} Give a later day.")
    if user is not None and seat.votes != Seat.Votes.NONE:
        others = SeatHolding.objects.filter(seat__body=seat.body, user=user).exclude(seat__votes=Seat.Votes.NONE)
        if (others.filter(until_on__isnull=True) | others.filter(until_on__gte=from_on)).exists():
            raise InputRefused("user", "This person has a vote on the body already. One person has one vote.")
    made = SeatHolding.objects.create(seat=seat, holder=holder.strip(), user=user, from_on=from_on, **signed(by, at))
    note_made(key=key, code=str(made.pk))
    words = f"The seat “{seat.title}” is held by {made.holder} from {day_words(from_on)}."
    record(seat.body, words, by, at, request_id)
    return made


@operation
def vacate_seat(
    *, body: Body, seat: Seat, until_on: date, step: int, by: User, at: datetime, key: str = "", request_id: str = "",
) -> SeatHolding:  # fmt: skip
    """Gives who holds a seat a last day, so that it is vacant from the next day on.

    Raises WrongState for a seat that nobody holds, InputRefused for a day before the holding, BodyChanged.
    """
    if before := made_before(key=key, operation_name="vacate_seat", asked=[seat.pk, until_on], by=by, at=at):
        return SeatHolding.objects.get(pk=int(before))
    seat = _seat(body, seat, step)
    held: SeatHolding | None = seat.holdings.filter(until_on__isnull=True).first()
    if held is None:
        raise WrongState("Nobody holds the seat. Nothing was done.")
    check_order(held.from_on, until_on)
    note_made(key=key, code=str(held.pk))
    held.until_on = until_on
    held.save(update_fields=["until_on"])
    words = f"The seat “{seat.title}” was held by {held.holder} to {day_words(until_on)} and is vacant since."
    record(seat.body, words, by, at, request_id)
    return held


@operation
def end_seat(
    *, body: Body, seat: Seat, until_on: date, step: int, by: User, at: datetime, key: str = "", request_id: str = "",
) -> Seat:  # fmt: skip
    """Gives a seat its last day; who holds it holds it to then.

    Raises WrongState for a seat that has ended, InputRefused for a day before it begins or within what was recorded of
    its holders, BodyChanged.
    """
    if made_before(key=key, operation_name="end_seat", asked=[seat.pk, until_on], by=by, at=at):
        return seat
    seat = _seat(body, seat, step)
    check_order(seat.from_on, until_on)
    if (seat.holdings.filter(from_on__gt=until_on) | seat.holdings.filter(until_on__gt=until_on)).exists():
        raise InputRefused("until_on", "The seat was held after that day. Give a later day.")
    note_made(key=key, code=seat.code)
    seat.holdings.filter(until_on__isnull=True).update(until_on=until_on)
    seat.until_on, seat.until_basis = until_on, DayBasis.STATED
    seat.save(update_fields=["until_on", "until_basis"])
    record(seat.body, f"Ended the seat “{seat.title}” on {day_words(until_on)}.", by, at, request_id)
    return seat
