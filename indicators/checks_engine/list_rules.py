"""What does not add up in a scorecard's counts, and which of its rows cannot be told to a meeting without a word.

Stocks with their flows and wholes with their parts are the business of `indicators.balance`. Standard library only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from indicators.checks_engine.rules import Rule, Said, Severity
from indicators.rag import Rating, words


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
