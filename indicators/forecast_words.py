"""Forecasts in words: where a figure is heading, how likely it meets its target, why nothing is said, what held."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from indicators.forecast import FEWEST, Chance, Method, WhyNone
from indicators.kept_forecast import Kept, Outcome, Score
from indicators.phrases import listed
from indicators.rolling_year import Fixed
from indicators.share_charts import Parts
from indicators.units import (
    WIDE,
    Unit,
    ratio,
    round_half_up,
    written,
    written_apart,
    written_exactly,
    written_plain,
)
from indicators.year_pace import Goal, Reach, YearPace

METHOD_WORDS = {Method.NO_CHANGE: "No change", Method.SMOOTHED: "Weighted mean"}
OUTCOME_WORDS = {
    Outcome.INSIDE: "Inside the band",
    Outcome.BELOW: "Below the band",
    Outcome.ABOVE: "Above the band",
    Outcome.NO_NUMBER: "Not scored: no exact number came",
    Outcome.BROKE: "Not scored: the series was counted in another way by then",
    Outcome.REPLACED: "Not scored: made anew after figures before it were restated",
}


def band_words(kept: Kept) -> str:
    """The band as it was said: "between 78% and 89%"."""
    return f"between {written_plain(kept.low, kept.unit, kept.places)} and {_said(kept.high, kept)}"


def point_words(kept: Kept) -> str:
    """The point as it was said: "84%"."""
    return _said(kept.point, kept)


def short_band(kept: Kept) -> str:
    """The band where there is little room: "78 to 89%"."""
    low, high = (written_plain(v, kept.unit, kept.places) for v in (kept.low, kept.high))
    return f"{low.removesuffix('%')} to {high}"


def _said(value: Decimal, kept: Kept) -> str:
    return written(value, kept.unit, kept.places)


def heading_words(kept: Kept) -> str:
    """The sentence of the next period."""
    return f"If nothing changes, {kept.period.label} is likely (8 in 10) {band_words(kept)}."


def method_words(kept: Kept, noun: str) -> str:
    """How the forecast was made, and from how many periods."""
    made = f"Made from {_counted(kept.periods, noun)} in a row, up to {kept.made_from.label}"
    if kept.method is Method.SMOOTHED:
        return (
            f"{made}: a mean that counts the latest {noun}s most. Its band held in at least three of the last four "
            f"{noun}s. It is no straight line and knows no season."
        )
    return (
        f"{made}: the latest figure taken on as it is, with a band from the usual steps between one {noun} and the "
        "next. It is no straight line and knows no season."
    )


def chance_words(kept: Kept, target_id: int, line_id: int, target: Decimal) -> str:
    """How likely the target of a line is met, in words alone; what is in the way where it was changed since; empty
    where the line had none then."""
    chance = kept.chances.get(target_id)
    if chance is None:
        changed = line_id in kept.lines
        return "The target was changed after this forecast was made, so its chance is not said." if changed else ""
    aim = written_exactly(target, kept.unit)
    if chance is Chance.EVEN:
        return f"Whether it meets the target of {aim} is about even."
    return f"It is {chance.value} to meet the target of {aim}."


def why_words(why: WhyNone, *, held: int, noun: str, latest: str, is_year_to_date: bool = False) -> str:
    """Why there is no forecast. `held`: how many figures in a row there are; `latest` the label of the last period."""
    since = f"1 {noun} is held" if held == 1 else f"{held} {noun}s in a row are held"
    match why:
        case WhyNone.TOO_FEW:
            said = f"{held} of {FEWEST} {noun}s in a row {'is' if held == 1 else 'are'} held, and a band from fewer "
            return f"{said}would promise too much."
        case WhyNone.BREAK:
            return (
                f"The series breaks within the last {FEWEST} {noun}s: {since} since, and what was counted in another "
                "way before tells nothing of what comes."
            )
        case WhyNone.GAP:
            return f"An exact figure is missing among the last {FEWEST} {noun}s: {since} since."
        case WhyNone.NO_NUMBER:
            return f"There is no exact number for {latest} to start from."
        case WhyNone.NO_MOVEMENT:
            return f"The figure has not moved in {_counted(held, noun)}, so nothing tells how far it may move."
        case WhyNone.OVERLAPPING:
            if is_year_to_date:
                return "Each figure holds those before it in the same year, so a band from their steps would be false."
            return (
                "Each figure shares most of its 12 months with the one before, so a band from the steps between them "
                "would be false."
            )


NOT_MADE = "It has not been worked out from these figures yet."


def score_words(score: Score, *, is_tried: bool) -> str:
    """How many of the forecasts held; `is_tried`: of those that were worked out afterwards. Empty where none is."""
    held = str(score.held) if score.of > 1 else "it"
    verb = "held" if score.held or score.of > 1 else "did not hold"
    if not score.of:
        return ""
    if is_tried:
        tried = _counted(score.of, "earlier period")
        return f"Tried on {tried} whose figure was known already, {held} {verb}."
    if score.of == 1:
        return f"The one forecast made here before the figure came {verb}."
    return f"Of {score.of} forecasts made here before the figure came, {held} {verb}; about 8 in 10 should."


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


# The year


def pace_words(pace: YearPace, *, noun: str, places: int) -> list[str]:
    """What the year comes to, and what the rest of it needs, in sentences."""
    so_far = f"{pace.year.label} so far, {pace.periods} of {_counted(pace.in_year, noun)}"
    if pace.count is not None and pace.flat is not None:
        said = [f"{so_far}: {_number(pace.count)}. At this pace the year comes to about {_number(pace.flat)}."]
        if pace.profiled is not None:
            said.append(f"If it runs as {listed(pace.years)} did, it comes to about {_number(pace.profiled)}.")
        return said
    if pace.parts is None:
        return [
            f"{so_far}: what the year comes to cannot be said, because numerator and denominator are not held for each "
            f"{noun}, and percentages are not averaged."
        ]
    said = [f"{so_far}: {_share(pace.parts, places)}. At this pace the year comes to the same."]
    return [*said, _goal_words(pace.goal, places)] if pace.goal else said


def _goal_words(goal: Goal, places: int) -> str:
    target = written_exactly(goal.target, Unit.PERCENT)
    as_many = "if as many are counted as until now"
    if goal.reach is Reach.NEEDS:
        # What is printed must do: what is needed is rounded up, what may come at most down.
        rounding = ROUND_CEILING if goal.is_more_better else ROUND_FLOOR
        unit = Decimal(1).scaleb(-max(1, places))
        share = written(
            WIDE.multiply(goal.rest.share, Decimal(100)).quantize(unit, rounding, WIDE), Unit.PERCENT, max(1, places)
        )
        number = WIDE.multiply(goal.rest.share, goal.rest.of).quantize(Decimal(1), rounding, WIDE)
        counts = f"{_number(number)} of about {_number(goal.rest.of)}"
        if goal.is_more_better:
            return f"To reach the target of {target} the rest of the year needs {share} ({counts}), {as_many}."
        return (
            f"To keep to the target of {target} the rest of the year may bring {share} at most ({counts}), {as_many}."
        )
    end = written_apart(_percent(goal.bound), [goal.target], Unit.PERCENT, max(1, places))
    best, worst = ("100%", "0%") if goal.is_more_better else ("0%", "100%")
    if goal.reach is Reach.OUT_OF_REACH:
        return (
            f"The target of {target} is out of reach for the year: even {best} in the rest of it would bring {end}, "
            f"{as_many}."
        )
    return f"The target of {target} is safe for the year: even {worst} in the rest of it would leave {end}, {as_many}."


def _percent(parts: Parts) -> Decimal:
    return ratio(parts.numerator, parts.denominator, Unit.PERCENT)


def _share(parts: Parts, places: int) -> str:
    share = written(_percent(parts), Unit.PERCENT, max(1, places))
    return f"{share} ({_number(parts.numerator)} of {_number(parts.denominator)})"


def _number(value: Decimal) -> str:
    return written(round_half_up(value, 0), Unit.COUNT)


# A rolling year


def fixed_words(fixed: Fixed, *, present: Decimal, noun: str, places: int) -> str:
    """How much of the next rolling figure is known already, or what is not known."""
    months = f"{fixed.months} of the 12 months of {fixed.coming.label} are in this figure already"
    if fixed.stays is not None and fixed.left is not None:
        return (
            f"{months}. {fixed.leaving.label} leaves with {_number(fixed.left)}, so the next figure is "
            f"{_number(fixed.stays)} and what {fixed.coming.label} brings; it stays at {_number(present)} if that is "
            f"{_number(fixed.left)}."
        )
    if fixed.parts is not None and fixed.left_parts is not None:
        rest = _share(fixed.parts, places) if fixed.parts.denominator else "nothing"
        left = f"{_number(fixed.left_parts.numerator)} of {_number(fixed.left_parts.denominator)}"
        return (
            f"{months}. {fixed.leaving.label} leaves with {left}; what stays is {rest}, and the new {noun} comes to it."
        )
    return (
        f"{months}, but how much of it is fixed cannot be said: {fixed.leaving.label}, which leaves, is held only "
        "within rolling figures, not by itself."
    )
