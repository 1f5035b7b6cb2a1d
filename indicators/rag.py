"""The one judge: how a figure stands against its target and tolerance.

Both boundaries belong to the better class, nothing is rounded before it is compared, and what has no number is never
judged. A tolerance is stored with its kind and never inferred; without one there are two classes, not three.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from indicators.units import WIDE, Unit, factor, is_ratio, is_share, ratio, written, written_apart, written_exactly


class DefinitionError(ValueError):
    """A target, tolerance or direction that contradicts itself; raised when it is defined, never while judging."""


class Polarity(StrEnum):
    """Which way is better; a band is better near its target."""

    HIGHER = "higher"
    LOWER = "lower"
    BAND = "band"
    NONE = "none"


class ToleranceKind(StrEnum):
    """How a tolerance is written: a threshold in the unit, a percentage of the target, or units beyond the target."""

    NONE = "none"
    ABSOLUTE = "absolute"
    RELATIVE = "relative"
    POINTS = "points"


class Rating(StrEnum):
    """How a figure stands; the codes of the database, the exports and the style sheet."""

    BETTER = "better"
    WITHIN = "within"
    OUTSIDE = "outside"
    NOT_JUDGED = "not_judged"


RATING_ORDER = (Rating.OUTSIDE, Rating.WITHIN, Rating.BETTER, Rating.NOT_JUDGED)


class MissingReason(StrEnum):
    """Why a figure has no number; one letter where official statistics have a symbol."""

    CONFIDENTIAL = "c"
    NOT_APPLICABLE = "z"
    NOT_AVAILABLE = "x"
    LOW = "low"
    NO_COHORT = "no_cohort"
    NOT_YET_DUE = "not_yet_due"
    NOT_REPORTABLE = "not_reportable"
    NARRATIVE_ONLY = "narrative_only"


class NotJudged(StrEnum):
    """Why a figure has no rating: every reason for no number, and what stops a number from being judged."""

    CONFIDENTIAL = "c"
    NOT_APPLICABLE = "z"
    NOT_AVAILABLE = "x"
    LOW = "low"
    NO_COHORT = "no_cohort"
    NOT_YET_DUE = "not_yet_due"
    NOT_REPORTABLE = "not_reportable"
    NARRATIVE_ONLY = "narrative_only"
    NO_TARGET = "no_target"
    TARGET_SUSPENDED = "target_suspended"
    NO_POLARITY = "no_polarity"
    STRADDLES = "straddles"
    OUTCOME_WITH_TOLERANCE = "outcome_with_tolerance"
    BREAK_WITHIN = "break_within"
    NO_FIGURE = "no_figure"


@dataclass(frozen=True)
class Number:
    """A value in the indicator's unit.

    `qualifier` is "", "<", ">" or "~"; `quantum` is what a printed value is rounded to (1 for 85%), None when exact;
    `upper` is the greatest value possible (100 for a share).
    """

    value: Decimal
    qualifier: str = ""
    quantum: Decimal | None = None
    upper: Decimal | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.value, Decimal):
            raise TypeError("A value that is judged is a Decimal.")
        if self.qualifier not in ("", "<", ">", "~"):
            raise ValueError(f"“{self.qualifier}” is not a qualifier.")
        if self.quantum is not None and not (self.quantum.is_finite() and self.quantum > 0):
            raise ValueError("A quantum is greater than 0.")
        if self.upper is not None and not self.upper.is_finite():
            raise ValueError("The greatest possible value is a number.")


@dataclass(frozen=True)
class StatedOutcome:
    """A published paper's word that a target was met or not, without a number."""

    met: bool


@dataclass(frozen=True)
class Missing:
    """No number, and why."""

    reason: MissingReason


Measure = Number | StatedOutcome | Missing | None


@dataclass(frozen=True)
class Standard:
    """What a figure is judged against; all amounts in the indicator's unit, a relative tolerance in % of the target.

    `band` is how far from the target still counts as better, for polarity BAND only; there an absolute tolerance is
    the greatest distance allowed, and the other kinds are added to the band. Raises DefinitionError.
    """

    polarity: Polarity
    target: Decimal | None
    tolerance_kind: ToleranceKind = ToleranceKind.NONE
    tolerance: Decimal | None = None
    band: Decimal | None = None
    suspended: bool = False
    unit: Unit | None = None

    def __post_init__(self) -> None:
        for name, amount in (("target", self.target), ("tolerance", self.tolerance), ("band", self.band)):
            if amount is not None and not amount.is_finite():
                raise DefinitionError(f"The {name} is not a number.")
        self._check_band()
        if self.tolerance_kind is ToleranceKind.NONE:
            if self.tolerance is not None:
                raise DefinitionError("A tolerance is given, but not what kind it is.")
            return
        if self.tolerance is None:
            raise DefinitionError("The kind of tolerance is given, but no tolerance.")
        if self.target is None:
            raise DefinitionError("A tolerance needs a target.")
        self._check_side(self.target, self.tolerance)

    def _check_band(self) -> None:
        if self.polarity is not Polarity.BAND:
            if self.band is not None:
                raise DefinitionError("A band is only for an indicator that is better near its target.")
        elif self.target is not None and self.band is None:
            raise DefinitionError("Say how far from the target still counts as better (the band; it may be 0).")
        elif self.band is not None and self.band < 0:
            raise DefinitionError("The band cannot be less than 0.")

    def _check_side(self, target: Decimal, tolerance: Decimal) -> None:
        if self.tolerance_kind is not ToleranceKind.ABSOLUTE:
            if tolerance < 0:
                raise DefinitionError("A tolerance in points or in per cent of the target cannot be less than 0.")
        elif self.polarity is Polarity.HIGHER and tolerance > target:
            raise DefinitionError(
                f"Higher is better, so the tolerance {tolerance} cannot be above the target {target}."
            )
        elif self.polarity is Polarity.LOWER and tolerance < target:
            raise DefinitionError(f"Lower is better, so the tolerance {tolerance} cannot be below the target {target}.")
        elif self.polarity is Polarity.BAND and tolerance < (self.band or 0):
            raise DefinitionError(f"The tolerance {tolerance} cannot be less than the band {self.band}.")

    @property
    def has_tolerance(self) -> bool:
        """Whether there are three classes rather than two."""
        return self.tolerance_kind is not ToleranceKind.NONE

    @property
    def limit(self) -> Decimal | None:
        """The outer boundary of "within": the lowest value allowed where higher is better, the highest where lower is.
        None without a tolerance or direction; a band has two, see `allowed_range`."""
        low, high = self.allowed_range
        if not self.has_tolerance or self.polarity in (Polarity.BAND, Polarity.NONE):
            return None
        return low if self.polarity is Polarity.HIGHER else high

    @cached_property
    def better_range(self) -> tuple[Decimal | None, Decimal | None]:
        """The lowest and highest value that is better than target, both included; None is unbounded."""
        return self._range(Decimal(0))

    @cached_property
    def allowed_range(self) -> tuple[Decimal | None, Decimal | None]:
        """The lowest and highest value that is within tolerance or better, both included; None is unbounded."""
        return self._range(self._room())

    def _room(self) -> Decimal:
        """How far beyond the better range the tolerance reaches, in the unit."""
        if self.target is None or self.tolerance is None:
            return Decimal(0)
        if self.tolerance_kind is ToleranceKind.POINTS:
            return self.tolerance
        if self.tolerance_kind is ToleranceKind.RELATIVE:
            return WIDE.multiply(self.target.copy_abs(), self.tolerance).scaleb(-2, context=WIDE)
        if self.polarity is Polarity.BAND:
            return WIDE.subtract(self.tolerance, self.band or Decimal(0))
        return WIDE.subtract(self.tolerance, self.target).copy_abs()

    def _range(self, room: Decimal) -> tuple[Decimal | None, Decimal | None]:
        if self.target is None:
            return None, None
        reach = WIDE.add(self.band or Decimal(0), room)
        low, high = WIDE.subtract(self.target, reach), WIDE.add(self.target, reach)
        return (None if self.polarity is Polarity.LOWER else low), (None if self.polarity is Polarity.HIGHER else high)

    def check_standard_against(self, value: Decimal | None, unit: Unit) -> None:
        """Raises DefinitionError when the standard is in another unit than the indicator's values, or is a proportion
        (0.9) where the values are percentages (85)."""
        if self.unit is not None and self.unit is not unit:
            raise DefinitionError(f"The target is in {self.unit}, but the figures are in {unit}.")
        if unit is not Unit.PERCENT or self.target is None or value is None or not value.is_finite() or value <= 1:
            return
        amounts = [self.target]
        if self.tolerance is not None and self.tolerance_kind is ToleranceKind.ABSOLUTE:
            amounts.append(self.tolerance)
        is_whole = self.target == 1 and self.polarity is Polarity.LOWER
        if self.target > 0 and max(amounts) <= 1 and not is_whole:
            raise DefinitionError(
                f"The target {self.target} looks like a proportion, but the figures are percentages "
                f"({written(value, unit)}): write the target as {written(self.target.scaleb(2), unit)}."
            )


@dataclass(frozen=True)
class Judgement:
    """A rating, or the reason for none.

    `boundary_in_rounding`: the printed value is rounded, and before rounding it could have been in another class.
    `approximate`: judged on a number that is itself given as approximate.
    """

    rating: Rating
    reason: NotJudged | None = None
    boundary_in_rounding: bool = False
    approximate: bool = False


def _not_judged(reason: NotJudged, *, approximate: bool = False) -> Judgement:
    return Judgement(Rating.NOT_JUDGED, reason, approximate=approximate)


def judge(measure: Measure, standard: Standard | None) -> Judgement:
    """The rating of a measure against a standard.

    Total: never raises for data. What is missing, not a number or without a standard is not judged, with the reason;
    it is never outside tolerance and never counted as 0.
    """
    if measure is None or (isinstance(measure, Number) and not measure.value.is_finite()):
        return _not_judged(NotJudged.NO_FIGURE)
    if isinstance(measure, Missing):
        return _not_judged(NotJudged(measure.reason.value))
    if standard is not None and standard.suspended:
        return _not_judged(NotJudged.TARGET_SUSPENDED)
    if standard is None or standard.target is None:
        return _not_judged(NotJudged.NO_TARGET)
    if standard.polarity is Polarity.NONE:
        return _not_judged(NotJudged.NO_POLARITY)
    if isinstance(measure, StatedOutcome):
        if measure.met:
            return Judgement(Rating.BETTER)
        if standard.has_tolerance:
            return _not_judged(NotJudged.OUTCOME_WITH_TOLERANCE)
        return Judgement(Rating.OUTSIDE)
    return _judge_number(measure, standard)


def _judge_number(number: Number, standard: Standard) -> Judgement:
    if number.qualifier in ("<", ">"):
        classes = _classes_in(_limit_interval(number, standard), standard)
        if len(classes) == 1:
            return Judgement(classes.pop())
        return _not_judged(NotJudged.STRADDLES)
    rating = _class_of(number.value, standard)
    in_rounding = False
    if number.quantum is not None:
        in_rounding = _classes_in(_rounding_interval(number, standard), standard) != {rating}
    return Judgement(rating, boundary_in_rounding=in_rounding, approximate=number.qualifier == "~")


def _class_of(value: Decimal, standard: Standard) -> Rating:
    if _holds(standard.better_range, value):
        return Rating.BETTER
    if standard.has_tolerance and _holds(standard.allowed_range, value):
        return Rating.WITHIN
    return Rating.OUTSIDE


def _holds(bounds: tuple[Decimal | None, Decimal | None], value: Decimal) -> bool:
    low, high = bounds
    return (low is None or value >= low) and (high is None or value <= high)


@dataclass(frozen=True)
class _Interval:
    """Values from low to high; None is unbounded. Whether an end itself belongs is said for each."""

    low: Decimal | None
    high: Decimal | None
    holds_low: bool = False
    holds_high: bool = False


def _floor(value: Decimal, standard: Standard) -> Decimal | None:
    """The least value possible: shares, counts, days and rates do not fall below 0; money may."""
    return None if standard.unit is Unit.POUNDS or value < 0 else Decimal(0)


def _limit_interval(number: Number, standard: Standard) -> _Interval:
    """ "<4" is 0 up to but not including 4; ">5" is everything beyond 5, up to the greatest value possible."""
    value = number.value
    if number.qualifier == "<":
        low = _floor(value, standard) if value > 0 else None
        return _Interval(low, value, holds_low=True)
    upper = number.upper if number.upper is not None and number.upper > value else None
    return _Interval(value, upper, holds_high=True)


def _rounding_interval(number: Number, standard: Standard) -> _Interval:
    """The values that are printed as this one, a half having gone away from zero."""
    value = number.value
    half = WIDE.divide(number.quantum or Decimal(0), Decimal(2))
    low, high = WIDE.subtract(value, half), WIDE.add(value, half)
    holds_low, holds_high = value > 0, value < 0
    floor = _floor(value, standard)
    if floor is not None and low < floor:
        low, holds_low = floor, True
    if number.upper is not None and value <= number.upper < high:
        high, holds_high = number.upper, True
    return _Interval(low, high, holds_low, holds_high)


def _classes_in(interval: _Interval, standard: Standard) -> set[Rating]:
    """Every class that a value of the interval can have: tried at each boundary and once between each two."""
    edges = {edge for edge in (*standard.better_range, *standard.allowed_range) if edge is not None}
    low, high = interval.low, interval.high
    inside = sorted(edge for edge in edges if (low is None or edge > low) and (high is None or edge < high))
    tried = list(inside)
    if low is not None and interval.holds_low:
        tried.append(low)
    if high is not None and interval.holds_high:
        tried.append(high)
    stops = [low, *inside, high]
    tried.extend(_between(left, right) for left, right in pairwise(stops))
    return {_class_of(value, standard) for value in tried}


def _between(low: Decimal | None, high: Decimal | None) -> Decimal:
    if low is None:
        return Decimal(0) if high is None else WIDE.subtract(high, Decimal(1))
    return WIDE.add(low, Decimal(1)) if high is None else WIDE.divide(WIDE.add(low, high), Decimal(2))


_RATING_WORDS = {
    Rating.BETTER: ("Better than target", "Better"),
    Rating.WITHIN: ("Within tolerance", "Within"),
    Rating.OUTSIDE: ("Outside tolerance", "Outside"),
    Rating.NOT_JUDGED: ("Not judged", "Not judged"),
}
_REASON_WORDS = {
    NotJudged.CONFIDENTIAL: "Confidential",
    NotJudged.NOT_APPLICABLE: "Not applicable",
    NotJudged.NOT_AVAILABLE: "Not available",
    NotJudged.LOW: "Rounds to nothing",
    NotJudged.NO_COHORT: "No cohort",
    NotJudged.NOT_YET_DUE: "Not yet due",
    NotJudged.NOT_REPORTABLE: "Not reportable",
    NotJudged.NARRATIVE_ONLY: "Narrative only",
    NotJudged.NO_TARGET: "No target set",
    NotJudged.TARGET_SUSPENDED: "Target suspended",
    NotJudged.NO_POLARITY: "No direction set",
    NotJudged.STRADDLES: "Cannot be judged",
    NotJudged.OUTCOME_WITH_TOLERANCE: "Cannot be judged",
    NotJudged.BREAK_WITHIN: "Not totalled: break in series",
    NotJudged.NO_FIGURE: "No figure entered",
}


def words(rating: Rating, reason: NotJudged | None = None) -> str:
    """The rating as a reader sees it; for one that is not judged, its reason."""
    if rating is Rating.NOT_JUDGED and reason is not None:
        return _REASON_WORDS[reason]
    return _RATING_WORDS[rating][0]


def short_words(rating: Rating, reason: NotJudged | None = None) -> str:
    """The rating in one word, where the column's head says the rest; the reason's words where it is not judged."""
    if rating is Rating.NOT_JUDGED and reason is not None:
        return _REASON_WORDS[reason]
    return _RATING_WORDS[rating][1]


def missing_words(reason: MissingReason) -> str:
    """Why there is no number, as a reader sees it."""
    return _REASON_WORDS[NotJudged(reason.value)]


def gap_in_cases(numerator: int, denominator: int, standard: Standard | None, unit: Unit) -> int | None:
    """How many more cases in the numerator (fewer, where lower is better) would have reached the next better class.

    None where that has no answer: already better, no cases behind the value, a band, no target, or out of reach.
    """
    if standard is None or denominator <= 0 or numerator < 0 or not is_ratio(unit):
        return None
    rating = judge(Number(ratio(numerator, denominator, unit)), standard).rating
    if rating not in (Rating.WITHIN, Rating.OUTSIDE) or standard.polarity is Polarity.BAND:
        return None
    boundary = standard.limit if rating is Rating.OUTSIDE and standard.has_tolerance else standard.target
    if boundary is None:
        return None
    cases = WIDE.divide(WIDE.multiply(boundary, Decimal(denominator)), Decimal(factor(unit)))
    if standard.polarity is Polarity.LOWER:
        most = int(cases.to_integral_value(ROUND_FLOOR))
        return numerator - most if most >= 0 else None
    least = int(cases.to_integral_value(ROUND_CEILING))
    return None if is_share(unit) and least > denominator else least - numerator


_SO = {
    Rating.BETTER: "so the figure is better than target",
    Rating.WITHIN: "so the figure is within tolerance",
    Rating.OUTSIDE: "so the figure is outside tolerance",
}
_NOT_SO = {
    NotJudged.NO_TARGET: "No target is set, so the figure is not judged.",
    NotJudged.TARGET_SUSPENDED: "The target is suspended, so the figure is not judged.",
    NotJudged.NO_POLARITY: "It is not laid down which way is better, so the figure is not judged.",
    NotJudged.BREAK_WITHIN: "The series breaks within the period, so its parts are not totalled and nothing is judged.",
    NotJudged.NO_FIGURE: "No figure has been entered, so nothing is judged.",
}
_NOT_MET = "The paper states that the target was not met and gives no number; "


def rule_sentence(
    judgement: Judgement, measure: Measure, standard: Standard | None, unit: Unit, places: int | None
) -> str:
    """Why the figure has this rating, in a sentence that is true as printed: the value is written with as many more
    decimals than `places` as it takes to tell it from the boundary it is held against."""
    rating, reason = judgement.rating, judgement.reason
    if isinstance(measure, Number) and standard is not None and (rating in _SO or reason is NotJudged.STRADDLES):
        sentence = _number_sentence(rating, measure, standard, unit, places)
        sentence = f"{sentence[0].upper()}{sentence[1:]}."
        if judgement.boundary_in_rounding:
            sentence += " It is printed rounded: before rounding it could have been on the other side of a boundary."
        return f"{sentence} The figure itself is approximate." if judgement.approximate else sentence
    if rating is Rating.BETTER:
        return f"The paper states that the target was met and gives no number, {_SO[rating]}, as stated."
    if rating is Rating.OUTSIDE:
        return f"{_NOT_MET}no tolerance is set, {_SO[rating]}, as stated."
    if reason is NotJudged.OUTCOME_WITH_TOLERANCE:
        return f"{_NOT_MET}it could be within tolerance or outside, so it cannot be judged."
    if reason in _NOT_SO:
        return _NOT_SO[reason]
    return f"{words(rating, reason)}: there is no figure, so nothing is judged."


def _number_sentence(rating: Rating, number: Number, standard: Standard, unit: Unit, places: int | None) -> str:
    """The comparison that gave the rating, without its full stop."""
    edges = [edge for edge in (*standard.better_range, *standard.allowed_range) if edge is not None]
    value = written_apart(number.value, edges, unit, places, number.qualifier)
    if rating is Rating.NOT_JUDGED:
        sides = " and ".join(written_exactly(edge, unit) for edge in sorted(set(edges)))
        return f"{value} can be on either side of a boundary ({sides}), so it cannot be judged"
    so = "so the target is not met" if rating is Rating.OUTSIDE and not standard.has_tolerance else _SO[rating]
    if standard.polarity is Polarity.BAND:
        near, far = (" to ".join(written_exactly(edge, unit) for edge in pair) for pair in (edges[:2], edges[2:]))
        if rating is Rating.WITHIN:
            return f"{value} is outside {near} but inside the tolerance of {far}, {so}"
        return f"{value} is inside {near}, {so}" if rating is Rating.BETTER else f"{value} is outside {far}, {so}"
    target, limit = (written_exactly(edge, unit) for edge in edges)
    worse, direction = ("less", "higher") if standard.polarity is Polarity.HIGHER else ("more", "lower")
    better = "more" if worse == "less" else "less"
    if number.qualifier in ("<", ">"):
        better, value = f"not {worse}", f"{value}, whatever it is exactly,"
    elif rating is not Rating.OUTSIDE and number.value == edges[0 if rating is Rating.BETTER else 1]:
        which = f"target of {target}" if rating is Rating.BETTER else f"tolerance of {limit}"
        return f"{value} equals the {which}, and the boundary counts as {rating}, {so}"
    if rating is Rating.BETTER:
        return f"{value} is {better} than {target}, and {direction} is better, {so}"
    if rating is Rating.WITHIN:
        return f"{value} is {worse} than the target of {target} but not {worse} than the tolerance of {limit}, {so}"
    if standard.has_tolerance:
        return f"{value} is {worse} than the tolerance of {limit}, and {direction} is better, {so}"
    return f"{value} is {worse} than the target of {target}, {direction} is better and no tolerance is set, {so}"
