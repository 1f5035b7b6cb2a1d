"""What a trend shows, in a heading and a sentence: only what is true of the figures held, and plain where in doubt.

Figures on two sides of a break in the series are never read together, and a change that chance could explain is not
called a rise or a fall unless the figures moved the same way more than once in a row.
"""

from dataclasses import dataclass
from decimal import Decimal

from indicators.direction_of_travel import Change, ChangeCode
from indicators.quarters import from_dates
from indicators.rag import Polarity, Rating, words
from indicators.trend import ADJECTIVES, Spot, Trend, are_neighbours


@dataclass(frozen=True)
class Finding:
    """The heading of a chart or table, and the sentences under it."""

    heading: str
    sentence: str


def finding(trend: Trend) -> Finding:
    """The finding of a trend with at least one held figure."""
    numbers = trend.numbers
    if not numbers:
        return _without_numbers(trend)
    if len(numbers) == 1:
        return Finding(_plain(numbers[0]), _one(trend))
    standing, movement = _standing(trend), _movement(trend)
    if standing and movement:
        heading = f"{standing}{movement.joined(numbers[-1].rating)}"
    elif movement:
        heading = f"{movement.text[0].upper()}{movement.text[1:]}"
    else:
        heading = standing or _two(trend)
    return Finding(heading, " ".join(_sentences(trend)))


def _plain(spot: Spot) -> str:
    if spot.rating is Rating.NOT_JUDGED:
        return f"{spot.text} in {spot.label}"
    return f"{spot.words} in {spot.label}: {spot.text}"


def _without_numbers(trend: Trend) -> Finding:
    last = trend.spots[-1]
    if last.rating is Rating.NOT_JUDGED:
        return Finding(f"{last.words} in {last.label}", f"No number is held for any {trend.noun}.")
    said = "The paper states the outcome and gives no number, so there is nothing to draw."
    return Finding(f"{last.words} in {last.label}, as stated", said)


def _one(trend: Trend) -> str:
    said = [f"One {ADJECTIVES[trend.kind]} figure is held, so there is no trend to draw."]
    said += [f"{s.label}: {s.words[0].lower()}{s.words[1:]}." for s in trend.spots if s.value is None]
    return " ".join(said)


def _standing(trend: Trend) -> str:
    """How the judged numbers stand; nothing where none is judged."""
    numbers = trend.numbers
    judged = [s for s in numbers if s.rating is not Rating.NOT_JUDGED]
    if not judged:
        return ""
    last = judged[-1]
    said = words(last.rating)
    if len(judged) == 1:
        return f"{said} in {last.label}"
    if {s.rating for s in judged} == {last.rating}:
        return f"{said} in {_all_of(trend, judged)}"
    run = 1
    while run < len(judged) and _follows(judged[-run - 1], judged[-run], last.rating):
        run += 1
    if run > 1 and last is numbers[-1]:
        return f"{said} {trend.counted(run)} running"
    return f"{said} in {last.label}"


def _follows(earlier: Spot, later: Spot, rating: Rating) -> bool:
    return earlier.rating is rating and are_neighbours(earlier, later)


def _all_of(trend: Trend, judged: list[Spot]) -> str:
    number = f"both {trend.noun}s" if len(judged) == 2 else f"all {trend.counted(len(judged))}"
    if len(judged) < len(trend.numbers):
        return f"{number} that could be judged"
    return number if len(trend.periods) == len(judged) else f"{number} with a figure"


@dataclass(frozen=True)
class _Movement:
    """How the last number moved: which way in the reader's eyes (1 better, -1 worse, 0 neither), and the words."""

    meaning: int
    text: str

    def joined(self, rating: Rating) -> str:
        """The words with what links them to the standing: "but" where the two point in different ways."""
        stands = {Rating.BETTER: 1, Rating.OUTSIDE: -1, Rating.WITHIN: 1}.get(rating, 0)
        if self.meaning == 0 or stands == 0:
            return f", {self.text}"
        return f", {'and' if stands == self.meaning else 'but'} {self.text}"


def _movement(trend: Trend) -> _Movement | None:
    run = _run(trend.comparable)
    if run:
        steps, is_up = run
        since = trend.comparable[-1 - steps].label
        return _Movement(_meaning(trend, is_up), f"{'rising' if is_up else 'falling'} since {since}")
    last = trend.numbers[-1]
    period = from_dates(trend.kind, last.start_on, last.end_on)
    earlier = (
        (last.row.since_previous, period.previous().slug, ""),
        (last.row.since_last_year, period.same_period_last_year().slug, "a year earlier"),
    )
    for change, slug, said in earlier:
        then = next((s for s in trend.numbers if s.slug == slug), None)
        if then is not None and change.code is not ChangeCode.NOT_COMPARED:
            return _moved(change, then, said or f"in {then.label}")
    return None


def _moved(change: Change, then: Spot, when: str) -> _Movement:
    meaning = {ChangeCode.BETTER: 1, ChangeCode.WORSE: -1}.get(change.code, 0)
    if change.code is ChangeCode.NO_CHANGE:
        return _Movement(0, f"the same as {when.removeprefix('in ')}")
    if change.code is ChangeCode.NO_CLEAR_CHANGE:
        return _Movement(0, f"no clear change from {then.text} {when}")
    return _Movement(meaning, f"{change.arrow} from {then.text} {when}")


def _run(spots: tuple[Spot, ...]) -> tuple[int, bool] | None:
    """How many steps in a row, two at least, the numbers have moved the same way up to the last one."""
    steps, is_up = 0, False
    for later, earlier in zip(reversed(spots), list(reversed(spots))[1:], strict=False):
        if not are_neighbours(earlier, later) or earlier.is_limit or later.is_limit:
            break
        difference = _value(later) - _value(earlier)
        if difference == 0 or (steps and (difference > 0) != is_up):
            break
        is_up = difference > 0
        steps += 1
    return (steps, is_up) if steps >= 2 else None


def _meaning(trend: Trend, is_up: bool) -> int:
    if trend.polarity is Polarity.HIGHER:
        return 1 if is_up else -1
    if trend.polarity is Polarity.LOWER:
        return -1 if is_up else 1
    return 0


def _two(trend: Trend) -> str:
    """The last number beside the one before, where nothing more can be said."""
    last = trend.numbers[-1]
    if len(trend.comparable) == 1:
        return f"{last.text} in {last.label}; not comparable with the figures before"
    before = trend.comparable[-2]
    return f"{last.text} in {last.label}, {before.text} in {before.label}"


def _sentences(trend: Trend) -> list[str]:
    said = []
    spots = trend.comparable
    if len(spots) == 2:
        said.append(f"It was {spots[0].text} in {spots[0].label} and {spots[1].text} in {spots[1].label}.")
    elif len(spots) > 2 and not any(s.is_limit for s in spots):
        said.append(_course(spots))
    for found in trend.breaks_inside:
        why = f"{found.words[0].lower()}{found.words[1:]}"
        said.append(f"The series breaks in {found.when} ({why}): figures before and after are not compared.")
    gaps = len(trend.periods) - len(trend.numbers)
    if gaps > 0:
        said.append(f"No number is held for {gaps} of the {trend.counted(len(trend.periods))}.")
    without = [s for s in trend.numbers if s.row.line.standard is None]
    if len(without) == len(trend.numbers):
        said.append(f"No target is held for these {trend.noun}s.")
    elif without and trend.numbers[-1] not in without:
        first = next(s for s in trend.numbers if s.row.line.standard is not None)
        said.append(f"A target is held from {first.label} on.")
    return said


def _course(spots: tuple[Spot, ...]) -> str:
    first, last = spots[0], spots[-1]
    text = f"It went from {first.text} in {first.label} to {last.text} in {last.label}"
    rest = []
    for name, extreme in (("highest", max(map(_value, spots))), ("lowest", min(map(_value, spots)))):
        at = [s for s in spots if s.value == extreme]
        if at == [last]:
            text += f", the {name}"
        elif at != [first]:
            rest.append(f"the {name} was {at[0].text}{_where(at)}")
    return f"{'; '.join([text, *rest])}."


def _where(at: list[Spot]) -> str:
    if len(at) == 1:
        return f" in {at[0].label}"
    return ", twice" if len(at) == 2 else f", {len(at)} times"


def _value(spot: Spot) -> Decimal:
    return spot.value or Decimal(0)
