"""When a change of a figure is worth telling somebody, and in which words. Codes in, alerts out; never a value.

Four kinds: the rating changed, the latest figure is a special cause, a target that was sure to be met is so no longer,
and a figure that is not reportable is past the day it was expected on. A period is compared with the one before it when
its figure comes, and with what was seen of itself when it is restated later. What was seen is kept, so that the same
state is told once: told again is only what has changed in between.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from indicators.control import ASSURANCE_WORDS, CAUSE_WORDS, VARIATION_WORDS
from indicators.phrases import lowered
from indicators.rag import Rating
from indicators.rag import words as rating_words
from indicators.roles import Role
from indicators.spc import Assurance, Cause, Variation
from indicators.working_days import day_words


class Kind(StrEnum):
    """What an alert is about. No code is part of another one."""

    RATING = "rating"
    CAUSE = "cause"
    ASSURANCE = "assurance"
    OVERDUE = "overdue"


KINDS = tuple(Kind)
KIND_WORDS = {
    Kind.RATING: "Rating changed",
    Kind.CAUSE: "Special cause",
    Kind.ASSURANCE: "Assurance lost",
    Kind.OVERDUE: "Not reportable, overdue",
}
# What each kind means, as the settings and each alert say it.
RULES = {
    Kind.RATING: "The rating is another one than in the period before, or than it was when the figure was first "
    "approved; or it is outside tolerance where no target was set before.",
    Kind.CAUSE: "The latest figure is more than the usual ups and downs: the control chart marks it, and did not mark "
    "the one before in the same way.",
    Kind.ASSURANCE: "The control chart said that the target will be met if nothing changes, and now it does not.",
    Kind.OVERDUE: "The figure is not reportable or not available, and the day on which it was expected has passed.",
}


class Because(StrEnum):
    """What made the difference: a figure of a new period, one restated, or something else that it is read by."""

    NEW = "new"
    RESTATED = "restated"
    OTHERWISE = "otherwise"


class Digest(StrEnum):
    """How often somebody asks to be told by e-mail, at most."""

    NEVER = "never"
    DAILY = "daily"
    WEEKLY = "weekly"


DIGEST_WORDS = {Digest.NEVER: "Never", Digest.DAILY: "At most once a day", Digest.WEEKLY: "At most once a week"}


# What is followed


@dataclass(frozen=True)
class Following:
    """What somebody follows of one scorecard: which kinds, in the app, and how often by e-mail."""

    kinds: frozenset[Kind]
    in_app: bool
    digest: Digest = Digest.NEVER

    @property
    def is_on(self) -> bool:
        """Whether any alert reaches the person."""
        return bool(self.kinds) and (self.in_app or self.digest is not Digest.NEVER)


FOLLOWS_EVERYTHING = Following(frozenset(KINDS), in_app=True)
FOLLOWS_NOTHING = Following(frozenset(KINDS), in_app=False)
# Who follows every scorecard in the app unless they choose otherwise. Nobody gets e-mail until they ask.
FOLLOWS_BY_ROLE = frozenset({Role.BOARD_MEMBER, Role.APPROVER})


def follows_by_role(roles: Iterable[Role]) -> bool:
    """Whether somebody with these roles follows what they have chosen nothing for."""
    return bool(FOLLOWS_BY_ROLE & set(roles))


def usual_following(roles: Iterable[Role]) -> Following:
    """What somebody with these roles follows of a scorecard that they have chosen nothing for."""
    return FOLLOWS_EVERYTHING if follows_by_role(roles) else FOLLOWS_NOTHING


# What changed


@dataclass(frozen=True)
class State:
    """What a line shows in one period, in codes: its rating (empty: it is held against nothing), what the control chart
    says of it (None: not worked out, empty: no chart), and which revision stands for it."""

    period: str
    rating: str
    variation: str | None = None
    assurance: str | None = None
    cause: str = ""
    figure: int | None = None

    def completed(self, seen: "State") -> "State":
        """With what was seen earlier where nothing was worked out now."""
        return replace(
            self,
            variation=seen.variation if self.variation is None else self.variation,
            assurance=seen.assurance if self.assurance is None else self.assurance,
        )

    def is_like(self, other: "State") -> bool:
        """Whether both would be kept alike."""
        return (self.rating, self.variation, self.assurance, self.figure) == (
            other.rating, other.variation, other.assurance, other.figure,
        )  # fmt: skip


@dataclass(frozen=True)
class Raised:
    """One alert of a period: codes before and after, what made the difference, and the period it is compared with
    (empty: with what was told of the same period)."""

    period: str
    kind: Kind
    before: str
    after: str
    because: Because
    against: str = ""
    cause: str = ""
    figure: int | None = None
    expected_on: date | None = None


def told_of(states: Sequence[State], seen: Mapping[str, State]) -> tuple[tuple[Raised, ...], tuple[State, ...]]:
    """The alerts of one line, and the states to keep. `states`: of every period with a figure, oldest first; `seen`:
    what was kept of it, by period.

    Where nothing was seen before, only the latest period is told, held against the one before it; the others are kept.
    A period older than any that was seen is kept as well and not told: it is history that was loaded later.
    """
    order = {state.period: number for number, state in enumerate(states)}
    last_seen = max((order[period] for period in seen if period in order), default=len(states) - 2)
    raised: list[Raised] = []
    kept: dict[str, State] = dict(seen)
    for number, state in enumerate(states):
        if (before := seen.get(state.period)) is not None:
            now = state.completed(before)
            raised += _restated(before, now)
        else:
            now = state
            if number > last_seen and number:
                raised += _new(kept[states[number - 1].period], now)
        kept[state.period] = now
    return tuple(raised), tuple(kept[state.period] for state in states)


def _new(before: State, now: State) -> list[Raised]:
    return _changes(before, now, Because.NEW, against=before.period)


def _restated(before: State, now: State) -> list[Raised]:
    # Limits rest on every figure: what changes without a new revision of this one comes from another one or the target.
    return _changes(before, now, Because.OTHERWISE if before.figure == now.figure else Because.RESTATED)


def _changes(before: State, now: State, because: Because, *, against: str = "") -> list[Raised]:
    found = []
    # The first target is no news in itself; that the figure is outside it is.
    if before.rating != now.rating and now.rating and (before.rating or now.rating == Rating.OUTSIDE):
        found.append(Raised(now.period, Kind.RATING, before.rating, now.rating, because, against, figure=now.figure))
    if now.variation in SPECIAL and before.variation != now.variation:
        codes = (before.variation or "", now.variation or "")
        found.append(Raised(now.period, Kind.CAUSE, *codes, because, against, now.cause, now.figure))
    if before.assurance == Assurance.PASS and now.assurance in NO_LONGER_MET:
        codes = (Assurance.PASS.value, now.assurance or "")
        found.append(Raised(now.period, Kind.ASSURANCE, *codes, because, against, figure=now.figure))
    return found


SPECIAL = frozenset(v.value for v in Variation if v is not Variation.COMMON)
NO_LONGER_MET = frozenset({Assurance.FAIL.value, Assurance.INCONSISTENT.value})


def overdue(period: str, figure: int | None, expected_on: date) -> Raised:
    """That a figure was expected on a day that has passed."""
    return Raised(period, Kind.OVERDUE, "", "overdue", Because.NEW, figure=figure, expected_on=expected_on)


# In words


def sentence(alert: Raised) -> str:
    """What the alert says, with the labels of periods in place of their slugs. Never a figure."""
    return _SENTENCES[alert.kind](alert)


def _rating_sentence(alert: Raised) -> str:
    after = rating_words(Rating(alert.after))
    before = lowered(rating_words(Rating(alert.before))) if alert.before else "held against no target"
    if alert.because is Because.NEW:
        return f"{after} in {alert.period}; {before} in {alert.against}."
    if alert.because is Because.RESTATED:
        return f"Restated: {lowered(after)} in {alert.period} now, {before} as it was reported before."
    return f"{after} in {alert.period} now, {before} before: its target or its definition was changed."


def _cause_sentence(alert: Raised) -> str:
    said = f"{_start(alert)}{VARIATION_WORDS[Variation(alert.after)]}."
    return f"{said} {alert.period}: {CAUSE_WORDS[Cause(alert.cause)]}." if alert.cause else f"{said} {alert.period}."


def _assurance_sentence(alert: Raised) -> str:
    sure, now = lowered(ASSURANCE_WORDS[Assurance.PASS]), lowered(ASSURANCE_WORDS[Assurance(alert.after)])
    if alert.because is Because.NEW:
        return (
            f"Up to {alert.against} the control chart said that {sure} if nothing changes. With {alert.period} it says "
            f"that {now}."
        )
    return (
        f"{_start(alert)}The control chart of {alert.period} said that {sure} if nothing changes, and now says that "
        f"{now}."
    )


def _overdue_sentence(alert: Raised) -> str:
    day = f"expected by {day_words(alert.expected_on)}" if alert.expected_on else "expected earlier"
    return f"The figure of {alert.period} was {day} and is still not reportable."


def _start(alert: Raised) -> str:
    """What made the difference, where it was not a new period."""
    if alert.because is Because.RESTATED:
        return "Restated. "
    return "" if alert.because is Because.NEW else "An earlier figure or the target was changed. "


_SENTENCES = {
    Kind.RATING: _rating_sentence,
    Kind.CAUSE: _cause_sentence,
    Kind.ASSURANCE: _assurance_sentence,
    Kind.OVERDUE: _overdue_sentence,
}


def counted(number: int, unread: int) -> str:
    """ "5 alerts, 2 of them unread"."""
    if number < 2:
        return f"1 alert, {'unread' if unread else 'read'}" if number else "No alerts"
    how_many = "all of them read" if not unread else f"{'all' if unread == number else unread} of them unread"
    return f"{number} alerts, {how_many}"


def why_told(scorecard: str, following: Following, *, chosen_on: date | None) -> str:
    """Which subscription an alert comes by: one's own choice of a day, or the rule for one's role (None)."""
    ways = [words for on, words in ((following.in_app, "in the app"), _by_mail(following.digest)) if on]
    if chosen_on is None:
        return f"You follow “{scorecard}” in the app: board members and approvers do, unless they choose otherwise."
    return f"You chose on {day_words(chosen_on)} to be told of this kind on “{scorecard}”, {' and '.join(ways)}."


def _by_mail(digest: Digest) -> tuple[bool, str]:
    return digest is not Digest.NEVER, f"by e-mail {lowered(DIGEST_WORDS[digest])}"
