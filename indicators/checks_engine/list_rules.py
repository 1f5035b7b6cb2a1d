"""What does not add up in a list of figures: a stock with its flows, a breakdown with its whole, a scorecard, a pack.

A pack or a scorecard is given as plain rows. Standard library only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from indicators.checks_engine.entry_rules import Entered, check_entered
from indicators.checks_engine.rules import Finding, Rule, Said, Severity, apply
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
class PackRow:
    """One figure of a pack.

    `explained` is whether somebody has said why it is late; `kept_because` is the reason given for keeping what looks
    odd. `entered` is None where there is no number.
    """

    label: str
    rating: Rating
    is_approved: bool
    commentary: str = ""
    is_number: bool = True
    expected_on: date | None = None
    explained: bool = False
    kept_because: str = ""
    entered: Entered | None = None


@dataclass(frozen=True)
class PackList:
    """All that goes into a pack, and the day on which it is checked."""

    today: date
    rows: tuple[PackRow, ...] = ()
    counts: tuple[RatingCounts, ...] = ()
    stocks: tuple[StockFlow, ...] = ()
    breakdowns: tuple[Breakdown, ...] = field(default=())


def check_pack(pack: PackList) -> list[Finding]:
    """Everything that stands in the way of publishing the pack (hard), or that a reason should be given for (soft).

    The odd things that the entry rules find are left out where the row has its reason for keeping them.
    """
    found = apply(PACK_RULES, pack)
    for counts in pack.counts:
        found += apply(RATING_RULES, counts)
    for stock in pack.stocks:
        found += apply(STOCK_RULES, stock)
    for breakdown in pack.breakdowns:
        found += apply(BREAKDOWN_RULES, breakdown)
    for row in pack.rows:
        about = check_entered(row.entered) if row.entered else []
        found += [
            replace(finding, row=row.label)
            for finding in about
            if finding.severity is Severity.HARD or not row.kept_because
        ]
    return sorted(found, key=lambda finding: finding.severity is not Severity.HARD)


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
        yield Said(
            f"{counts.label}: the counts make {total}, but there are {len(counts.ratings)} rows.", row=counts.label
        )


def _not_approved(pack: PackList) -> Iterator[Said]:
    for row in pack.rows:
        if not row.is_approved:
            yield Said(f"{row.label} is not approved.", row=row.label)


def _no_words(pack: PackList) -> Iterator[Said]:
    for row in pack.rows:
        if row.commentary.strip():
            continue
        if not row.is_number:
            yield Said(f"{row.label} has neither a figure nor a word why.", "commentary", row.label)
        elif row.rating is Rating.OUTSIDE:
            yield Said(f"{row.label} is outside tolerance without a word why.", "commentary", row.label)


def _overdue(pack: PackList) -> Iterator[Said]:
    for row in pack.rows:
        if row.is_number or row.expected_on is None or row.explained or row.expected_on >= pack.today:
            continue
        day = f"{row.expected_on.day} {row.expected_on:%B %Y}"
        yield Said(f"{row.label} was expected by {day} and is not there.", "expected_on", row.label)


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

_ROW = PackRow("Assessments in 45 days", Rating.OUTSIDE, is_approved=True, commentary="Fewer staff in February.")
_MISSING = PackRow(
    "Audits", Rating.NOT_JUDGED, is_approved=True, is_number=False, commentary="The system changed.",
    expected_on=date(2022, 9, 30),
)  # fmt: skip
_PACK = PackList(date(2022, 7, 7), (_ROW, _MISSING))
PACK_RULES: tuple[Rule[PackList], ...] = (
    Rule(
        "row_not_approved", Severity.HARD, "Have the return approved, or leave the row out.", _not_approved,
        passing=_PACK, failing=replace(_PACK, rows=(replace(_ROW, is_approved=False),)),
    ),
    Rule(
        "row_without_words", Severity.HARD, "Have the commentary written.", _no_words,
        passing=_PACK, failing=replace(_PACK, rows=(replace(_ROW, commentary=" "),)),
    ),
    Rule(
        "row_overdue", Severity.HARD, "Have the delay explained and a new date given.", _overdue,
        passing=_PACK, failing=replace(_PACK, today=date(2022, 10, 1)),
    ),
)  # fmt: skip
