"""Then and now: what a figure was when somebody rested an action on it, and what it is and became since."""

from dataclasses import dataclass
from datetime import date

from indicators.committee_table import COMMITTEE_TABLE, DASH
from indicators.phrases import lowered
from indicators.rag import Rating, words
from indicators.scorecard import ScorecardRow


@dataclass(frozen=True)
class Value:
    """A figure of a period in words: the value, or the reason why there is none, and the code of its rating."""

    period: str
    value: str
    rating: str

    @property
    def words(self) -> str:
        """ "24%, outside tolerance"; a figure that is not judged by its value or its reason alone."""
        if self.rating in set(Rating) and self.rating != Rating.NOT_JUDGED.value:
            return f"{self.value}, {lowered(words(Rating(self.rating)))}"
        return self.value


def value_of(row: ScorecardRow, label: str) -> Value:
    """What a row shows for its period, which `label` names."""
    cells = COMMITTEE_TABLE.cells(row)
    return told_value(cells["figure"], cells["rating"], row.judgement.rating.value, label)


def told_value(figure: tuple[str, ...], rating: tuple[str, ...], code: str, label: str) -> Value:
    """The same from finished cells, as a pack told them."""
    return Value(label, figure[0] if figure[0] != DASH else rating[0], code)


@dataclass(frozen=True)
class ThenNow:
    """A figure that something rests on: as it was reported then, as it is now for the same period (None: nothing is
    held any more), and in the periods after it: the first of them, the latest, and how many lie between."""

    name: str
    code: str
    slice: str
    scorecard: str
    period: str
    then: Value
    now: Value | None
    is_restated: bool
    after: tuple[Value, ...]
    cited_on: date
    between: int = 0
    latest: tuple[Value, ...] = ()
    pack_code: str = ""
    pack_words: str = ""

    @property
    def restated_words(self) -> str:
        """Whether the figure of the same period still stands, in a sentence."""
        if self.now is None:
            return "No figure is held for this period any more."
        if not self.is_restated:
            return "It still stands as it was reported."
        if self.now.words == self.then.words:
            return "It was restated since, and reads the same."
        changed = self.now.rating != self.then.rating
        return f"Restated since: {self.now.words}." + (" The rating changes." if changed else "")
