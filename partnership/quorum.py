"""Who may vote on an item of a meeting, and whether enough of them were there: from dated seats, on the day.

A seat, and who holds it, count from their first day to their last, both included. What a body's rule is, is data; where
no paper or person states one, nothing is ever called quorate. Who may not vote on an item does not help to make its
quorum: members with a vote that does not reach so far, and who withdrew for an interest. Declaring a disclosable
pecuniary interest ends the part that a member may take in the item, whether or not he left (Localism Act 2011,
section 31); declaring any other interest and staying does not.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from indicators.phrases import capital, listed
from indicators.working_days import day_words


class Role(StrEnum):
    """As what a seat is held."""

    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    MEMBER = "member"
    CO_OPTEE = "co_optee"
    INVITEE = "invitee"
    OFFICER = "officer"


class Votes(StrEnum):
    """On what the holder of a seat votes."""

    ALL = "all"
    EDUCATION = "education"
    NONE = "none"


class Function(StrEnum):
    """What an item is about, as far as votes depend on it."""

    GENERAL = "general"
    EDUCATION = "education"


class Status(StrEnum):
    """Whether somebody was at a meeting."""

    PRESENT = "present"
    SUBSTITUTE = "substitute"
    APOLOGIES = "apologies"
    ABSENT = "absent"
    IN_ATTENDANCE = "in_attendance"


class Answer(StrEnum):
    """Whether an item was quorate."""

    QUORATE = "quorate"
    NOT_QUORATE = "not_quorate"
    NOT_STATED = "not_stated"
    NOT_RECORDED = "not_recorded"


_NEVER_VOTE = frozenset({Role.INVITEE, Role.OFFICER})
_THERE = frozenset({Status.PRESENT, Status.SUBSTITUTE})


@dataclass(frozen=True)
class Rule:
    """How many must be there: a number, or one in so many seats with a vote, vacant ones included or not; where both
    are stated, both hold. Neither: no rule is stated."""

    number: int | None = None
    one_in: int | None = None
    counts_vacancies: bool = True

    @property
    def is_stated(self) -> bool:
        """Whether there is a rule at all."""
        return self.number is not None or self.one_in is not None

    @property
    def words(self) -> str:
        """The rule in words: "at least 3 members and one in 4 of its voting seats, vacant ones included"."""
        parts = []
        if self.number is not None:
            parts.append(f"at least {self.number} {'member' if self.number == 1 else 'members'} with a vote")
        if self.one_in is not None:
            share = "every seat with a vote" if self.one_in == 1 else f"one in {self.one_in} of the seats with a vote"
            parts.append(f"{share}, vacant ones {'included' if self.counts_vacancies else 'left out'}")
        return listed(parts) if parts else "not stated"


@dataclass(frozen=True)
class Held:
    """Who holds a seat, by role or office, from a day to a day."""

    holder: str
    from_on: date
    until_on: date | None = None


@dataclass(frozen=True)
class DatedSeat:
    """A seat of a body with everybody who ever held it. `key` tells it from all other seats of all bodies."""

    key: str
    body: str
    title: str
    role: Role
    votes: Votes
    from_on: date
    until_on: date | None = None
    holdings: tuple[Held, ...] = ()


@dataclass(frozen=True)
class Attended:
    """How a seat was attended: from the item in that place on (None: from the start), and no more from the item in that
    place on (None: to the end)."""

    seat: str
    status: Status
    from_item: int | None = None
    before_item: int | None = None


@dataclass(frozen=True)
class Interest:
    """An interest that the holder of a seat declared in the item in that place; None: in no item in particular, so
    that withdrawing is for the whole meeting."""

    seat: str
    item: int | None
    withdrew: bool
    is_pecuniary: bool = False


@dataclass(frozen=True)
class Item:
    """An item of an agenda: its place, and what it is about."""

    order: int
    label: str
    function: Function = Function.GENERAL


@dataclass(frozen=True)
class Standing:
    """An item's answer: who may vote on it (keys of seats), how many are needed (None: no rule, or none to be worked
    out), and both in words."""

    item: Item
    voters: tuple[str, ...]
    needed: int | None
    answer: Answer
    sentence: str
    notes: tuple[str, ...] = ()

    @property
    def present(self) -> int:
        """How many were there who may vote on it."""
        return len(self.voters)


@dataclass(frozen=True)
class SeatOn:
    """A seat on a day: who holds it, or since when it is vacant. `was_held`: whether anybody held it before."""

    seat: DatedSeat
    holder: str
    held_since: date | None
    vacant_since: date | None
    was_held: bool

    @property
    def is_vacant(self) -> bool:
        """Whether nobody holds it."""
        return self.vacant_since is not None


# Seats on a day


def _holds(from_on: date, until_on: date | None, day: date) -> bool:
    return from_on <= day and (until_on is None or day <= until_on)


def seats_on(seats: Iterable[DatedSeat], body: str, on: date) -> tuple[SeatOn, ...]:
    """The seats that the body has on that day, in the order given, with who holds each."""
    return tuple(_seat_on(s, on) for s in seats if s.body == body and _holds(s.from_on, s.until_on, on))


def _seat_on(seat: DatedSeat, on: date) -> SeatOn:
    held = next((h for h in seat.holdings if _holds(h.from_on, h.until_on, on)), None)
    if held is not None:
        return SeatOn(seat, held.holder, held.from_on, None, was_held=True)
    ended = [h.until_on for h in seat.holdings if h.until_on is not None and h.until_on < on]
    since = max(max(ended) + timedelta(days=1), seat.from_on) if ended else seat.from_on
    return SeatOn(seat, "", None, since, was_held=bool(ended))


def votes_on(seat: DatedSeat, function: Function) -> bool:
    """Whether the holder of a seat votes on what is about that. Invitees and officers never do."""
    if seat.role in _NEVER_VOTE:
        return False
    return seat.votes == Votes.ALL or (seat.votes == Votes.EDUCATION and function == Function.EDUCATION)


def needed_of(rule: Rule, seats: Sequence[SeatOn], function: Function) -> int | None:
    """How many with a vote on such an item must be there; None where no rule is stated, or where a share is asked of
    no seats. Never fewer than one: nobody is no meeting."""
    counted = [s for s in seats if votes_on(s.seat, function) and (rule.counts_vacancies or not s.is_vacant)]
    needs = [] if rule.number is None else [rule.number]
    if rule.one_in is not None:
        if not counted:
            return None
        needs.append(-(-len(counted) // rule.one_in))
    return max([1, *needs]) if needs else None


def names_of(seats: Sequence[tuple[str, str, Role]]) -> dict[str, str]:
    """By its key what each seat of a body is called, so that no two are called alike; a seat: key, title and role, in
    the order in which they were added. Who chairs among others of one title is called by that office; the others of one
    title are counted."""
    offices = {Role.CHAIR: "Chair", Role.VICE_CHAIR: "Vice-chair"}
    several = {title for title, number in Counter(title for _, title, _ in seats).items() if number > 1}
    found = {
        key: offices[role] if title in several and role in offices else title for key, title, role in seats
    }  # fmt: skip
    alike = Counter(found.values())
    counts: Counter[str] = Counter()
    for key, name in found.items():
        if alike[name] > 1:
            counts[name] += 1
            found[key] = f"{name} {counts[name]}"
    return found


# Items


def standings(
    *,
    seats: Iterable[DatedSeat],
    body: str,
    on: date,
    rule: Rule,
    items: Sequence[Item],
    attended: Sequence[Attended],
    interests: Sequence[Interest] = (),
) -> tuple[Standing, ...]:
    """For each item, in the order given: who may vote, how many are needed, and whether it was quorate.

    Seats of other bodies are nobody's here, even where who holds them was there.
    """
    sitting = seats_on(seats, body, on)
    return tuple(_standing(sitting, rule, item, attended, interests) for item in items)


def _standing(
    sitting: Sequence[SeatOn], rule: Rule, item: Item, attended: Sequence[Attended], interests: Sequence[Interest]
) -> Standing:
    found = {a.seat: a for a in attended}
    there = [s for s in sitting if (a := found.get(s.seat.key)) is not None and _is_there(a, item)]
    voters, notes = [], []
    for one in there:
        why = _why_no_vote(one, item, interests)
        if why is None:
            voters.append(one.seat.key)
        elif why:
            notes.append(why)
    needed = needed_of(rule, sitting, item.function)
    answer, sentence = _answer(len(voters), needed, rule, sitting, item, is_recorded=bool(attended))
    return Standing(item, tuple(voters), needed, answer, sentence, tuple(dict.fromkeys(notes)))


def _is_there(attended: Attended, item: Item) -> bool:
    if attended.status not in _THERE:
        return False
    has_come = attended.from_item is None or attended.from_item <= item.order
    has_left = attended.before_item is not None and attended.before_item <= item.order
    return has_come and not has_left


def _why_no_vote(one: SeatOn, item: Item, interests: Sequence[Interest]) -> str | None:
    """Why somebody who is there has no vote on an item, as a sentence; empty for who never has one, None for a vote."""
    seat = one.seat
    if seat.role in _NEVER_VOTE or seat.votes == Votes.NONE:
        return ""
    if one.is_vacant:
        return f"{seat.title}: somebody is recorded as present, but nobody held the seat that day; not counted."
    if not votes_on(seat, item.function):
        return f"{seat.title}: votes on education functions only, so not on this item."
    own = [i for i in interests if i.seat == seat.key and i.item in {None, item.order}]
    if any(i.withdrew for i in own):
        return f"{seat.title}: declared an interest and withdrew; not counted, and no vote."
    if any(i.is_pecuniary and i.item is not None for i in own):
        return (
            f"{seat.title}: declared a disclosable pecuniary interest and is not recorded as having withdrawn; "
            "not counted, and no vote unless a dispensation was given."
        )
    return None


def _answer(
    present: int, needed: int | None, rule: Rule, sitting: Sequence[SeatOn], item: Item, *, is_recorded: bool
) -> tuple[Answer, str]:
    if not rule.is_stated:
        told = f"{_members(present)} there; " if is_recorded else ""
        words = f"{told}the body’s quorum rule is not stated, so nobody can say whether it was quorate."
        return Answer.NOT_STATED, capital(words)
    if needed is None:
        return (
            Answer.NOT_RECORDED,
            "No seat with a vote is recorded for that day, so how many are needed cannot be worked out.",
        )
    if not is_recorded:
        return Answer.NOT_RECORDED, f"{needed} with a vote are needed. Who was there is not recorded."
    of = f"{_members(present)} there, {needed} needed"
    if present >= needed:
        return Answer.QUORATE, f"Quorate: {of}."
    able = sum(votes_on(s.seat, item.function) and not s.is_vacant for s in sitting)
    more = f" Only {able} of its seats with a vote are filled, so it could not be quorate." if able < needed else ""
    return Answer.NOT_QUORATE, f"Not quorate: {of}.{more}"


def _members(number: int) -> str:
    return "1 member with a vote was" if number == 1 else f"{number or 'no'} members with a vote were"


def summary(found: Sequence[Standing]) -> str:
    """What can be said of the whole meeting in a sentence; empty for no items."""
    if not found:
        return ""
    answers = {s.answer for s in found}
    if answers == {Answer.QUORATE}:
        least = min(found, key=lambda s: s.present - (s.needed or 0))
        return f"Quorate throughout: never fewer than {least.present} with a vote, where {least.needed} are needed."
    if len(answers) == 1:
        return found[0].sentence if answers != {Answer.NOT_QUORATE} else "Not quorate for any item."
    short = [s.item.label for s in found if s.answer == Answer.NOT_QUORATE]
    if short:
        return f"Not quorate for {'item' if len(short) == 1 else 'items'} {listed(short)}; see each item."
    return "Not every item can be told to be quorate; see each item."


# Words for a body's page


def holder_words(one: SeatOn, *, is_first_named: bool = False) -> str:
    """Who holds a seat, or since when it is vacant. `is_first_named`: the seat's first day is only when a paper first
    names it."""
    if one.vacant_since is None:
        return one.holder
    if one.was_held:
        return f"vacant since {day_words(one.vacant_since)}"
    if is_first_named:
        return f"vacant when first named, {day_words(one.vacant_since)}"
    return f"never filled, from {day_words(one.vacant_since)}"


def vacancies_words(sitting: Sequence[SeatOn]) -> str:
    """How many seats there are and how many of those with a vote are vacant, as a sentence; empty for none."""
    if not sitting:
        return ""
    voting = [s for s in sitting if s.seat.role not in _NEVER_VOTE and s.seat.votes != Votes.NONE]
    vacant = sum(s.is_vacant for s in voting)
    seats = f"{len(sitting)} {'seat' if len(sitting) == 1 else 'seats'}, {len(voting)} with a vote"
    if not vacant:
        return f"{seats}; none of those is vacant."
    return f"{seats}; {vacant} of those {'is' if vacant == 1 else 'are'} vacant."
