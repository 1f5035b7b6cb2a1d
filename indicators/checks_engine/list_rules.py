"""What does not add up in a list of figures: a stock with its flows, a breakdown with its whole, a scorecard's counts;
and which of its rows cannot be told to a meeting without a word.

Standard library only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from indicators.checks_engine.rules import Rule, Said, Severity
from indicators.rag import Rating, words
from indicators.units import Unit, total_of, written


@dataclass(frozen=True)
class StockFlow:
    """A number of cases at the start and end of a period, and how many came and went between."""

    label: str
    opening: Decimal
    came: Decimal
    went: Decimal
    closing: Decimal


@dataclass(frozen=True)
class Breakdown:
    """A whole and its parts by category, each as (name, count).

    `is_partition`: the parts and "not stated" make the whole; parts that overlap are never added up.
    """

    label: str
    whole: Decimal
    parts: tuple[tuple[str, Decimal], ...]
    is_partition: bool = True


@dataclass(frozen=True)
class RatingCounts:
    """How many rows are said to have each rating, and the ratings of the rows themselves."""

    label: str
    stated: Mapping[Rating, int]
    ratings: tuple[Rating, ...]


@dataclass(frozen=True)
class ToldRow:
    """A figure as a meeting is to be told it on the day `today`.

    `is_missing`: there is none although one is due; `has_words`: somebody has said something about it; `promised_on`
    is the day by which it was to be reportable.
    """

    label: str
    rating: Rating
    today: date
    is_missing: bool = False
    has_words: bool = False
    promised_on: date | None = None


def _number(number: Decimal | int) -> str:
    return written(Decimal(number), Unit.COUNT)


def _stock_off(stock: StockFlow) -> Iterator[Said]:
    left = stock.opening + stock.came - stock.went
    if left != stock.closing:
        yield Said(
            f"{stock.label}: {_number(stock.opening)} at the start, {_number(stock.came)} in and "
            f"{_number(stock.went)} out leave {_number(left)}, not {_number(stock.closing)}.",
            row=stock.label,
        )


def _parts_off(breakdown: Breakdown) -> Iterator[Said]:
    if not breakdown.is_partition or not breakdown.parts:
        return
    total = total_of(number for _, number in breakdown.parts)
    if total != breakdown.whole:
        names = ", ".join(f"{name} {_number(number)}" for name, number in breakdown.parts)
        sums = f"{names} make {_number(total)}, not {_number(breakdown.whole)}"
        yield Said(f"{breakdown.label}: {sums}.", row=breakdown.label)


def _part_over_whole(breakdown: Breakdown) -> Iterator[Said]:
    for name, number in breakdown.parts:
        if number > breakdown.whole:
            over = f"{name}, {_number(number)}, is more than the whole, {_number(breakdown.whole)}"
            yield Said(f"{breakdown.label}: {over}.", row=breakdown.label)


def _counts_off(counts: RatingCounts) -> Iterator[Said]:
    for rating in Rating:
        stated, held = counts.stated.get(rating), counts.ratings.count(rating)
        if stated is not None and stated != held:
            words_ = f"{stated} said to be “{words(rating)}”, but {held} of the rows are"
            yield Said(f"{counts.label}: {words_}.", row=counts.label)
    total = sum(counts.stated.values())
    if set(counts.stated) == set(Rating) and total != len(counts.ratings):
        rows = "is 1 row" if len(counts.ratings) == 1 else f"are {len(counts.ratings)} rows"
        yield Said(f"{counts.label}: the counts make {total}, but there {rows}.", row=counts.label)


def _no_words(row: ToldRow) -> Iterator[Said]:
    if row.has_words:
        return
    if row.rating is Rating.OUTSIDE:
        yield Said(f"{row.label} is outside tolerance without a word of commentary.", "commentary", row.label)
    elif row.is_missing:
        yield Said(f"{row.label} has no figure and no commentary says why.", "commentary", row.label)


def _overdue(row: ToldRow) -> Iterator[Said]:
    if row.promised_on is not None and row.promised_on < row.today:
        day = f"{row.promised_on.day} {row.promised_on:%B %Y}"
        yield Said(f"{row.label} was to be reportable by {day}.", "expected_on", row.label)


_STOCK = StockFlow("Children in care", Decimal(592), Decimal(46), Decimal(46), Decimal(592))
STOCK_RULES: tuple[Rule[StockFlow], ...] = (
    Rule(
        "stock_and_flow", Severity.SOFT, "Correct one of the four, or say which records were entered late.", _stock_off,
        passing=_STOCK, failing=replace(_STOCK, went=Decimal(47)),
    ),
)  # fmt: skip

_PARTS = (("North", Decimal(932)), ("East", Decimal(732)), ("not stated", Decimal(0)))
_BREAKDOWN = Breakdown("Referrals by locality", Decimal(1664), _PARTS)
BREAKDOWN_RULES: tuple[Rule[Breakdown], ...] = (
    Rule(
        "parts_make_the_whole", Severity.HARD, "Correct a part or the whole; what belongs nowhere is “not stated”.",
        _parts_off, passing=_BREAKDOWN, failing=replace(_BREAKDOWN, whole=Decimal(1720)),
    ),
    Rule(
        "part_over_whole", Severity.HARD, "Correct the part or the whole.", _part_over_whole,
        passing=replace(_BREAKDOWN, is_partition=False), failing=replace(_BREAKDOWN, whole=Decimal(900)),
    ),
)  # fmt: skip

_RATED = (Rating.BETTER, Rating.WITHIN, Rating.OUTSIDE, Rating.NOT_JUDGED)
_COUNTS = RatingCounts("Contract indicators", dict.fromkeys(_RATED, 1), _RATED)
RATING_RULES: tuple[Rule[RatingCounts], ...] = (
    Rule(
        "ratings_make_the_rows", Severity.HARD, "Count the rows again.", _counts_off,
        passing=_COUNTS, failing=replace(_COUNTS, ratings=_RATED[:3]),
    ),
)  # fmt: skip

_ROW = ToldRow("Assessments in 45 days", Rating.OUTSIDE, date(2022, 7, 7), has_words=True)
WITHOUT_WORDS: Rule[ToldRow] = Rule(
    "row_without_words", Severity.SOFT, "Have the commentary written, or say why there is none.", _no_words,
    passing=_ROW, failing=replace(_ROW, has_words=False),
)  # fmt: skip
_PROMISED = replace(_ROW, label="Audits", rating=Rating.NOT_JUDGED, is_missing=True, promised_on=date(2022, 7, 7))
OVERDUE: Rule[ToldRow] = Rule(
    "row_overdue", Severity.SOFT, "Say why it is not.", _overdue,
    passing=_PROMISED, failing=replace(_PROMISED, today=date(2022, 7, 8)),
)  # fmt: skip
