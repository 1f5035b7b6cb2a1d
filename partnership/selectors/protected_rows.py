"""The rows of a pack for everybody without what is left out of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from indicators import quarters
from indicators.committee_table import COMMITTEE_TABLE
from indicators.disclosure.policy import Policy
from indicators.protection import Hiding, Printed, protected_row
from indicators.rag import MissingReason
from indicators.restated import Restated, is_told_alike, is_told_near
from indicators.scorecard import Held, ScorecardRow
from indicators.selectors.scorecards import Gathered, rests_on
from indicators.selectors.told import told_by
from indicators.told import Told, hidden_figures, nearest, unroundable

RESTATED = "restated"


def restated_key(row: Restated) -> str:
    """What stands for a restated figure among the texts and rows of a pack."""
    return f"{RESTATED}/{row.pack}/{row.scorecard}/{row.period}/{row.indicator}/{row.slice or 'whole'}"


@dataclass(frozen=True)
class Protection:
    """What a pack leaves out: the figures by stem, and the texts by key; and which figures it prints `rounded` to
    multiples of `base`, by stem (0: it hides small numbers)."""

    stems: frozenset[str]
    texts: frozenset[str]
    policy: Policy
    rounded: Mapping[str, Printed] = field(default_factory=dict)
    base: int = 0

    def hidings(
        self, table: str, period: quarters.Period, gathered: Iterable[Gathered]
    ) -> dict[tuple[str, str], Hiding]:
        """What each row of a table leaves out and rounds, by indicator and slice. Of older figures, which are only
        charted, those that are small by themselves are left out, or each is rounded by itself."""
        found = {}
        for g in gathered:
            line = g.row.line
            told = {one.held.slug: one for one in told_by([g], period, table)}
            charted = [Told(line, held, table) for held in rests_on(g) if held.slug not in told]
            whole = self._hiding([*told.values(), *charted], {one.stem for one in charted})
            place = f"{table}/{line.code}/{line.slice or 'whole'}/"
            texts = {key.removeprefix(place) for key in self.texts if key.startswith(place)}
            found[line.key] = replace(whole, texts=frozenset(texts))
        return found

    def _hiding(self, figures: Sequence[Told], charted: Collection[str] = ()) -> Hiding:
        """What is left out and rounded of figures of one series; `charted`: stems of those that are only charted."""
        periods: set[str] = set()
        printed: dict[str, Printed] = {}
        for one in figures:
            is_charted = one.stem in charted and one.stem not in self.rounded
            if one.stem in self.stems or (is_charted and self._hides(one)):
                periods.add(one.held.slug)
            elif self.base:
                given = nearest(one, self.policy) if is_charted else self.rounded.get(one.stem, Printed())
                printed |= {one.held.slug: given} if given != Printed() else {}
        return Hiding(frozenset(periods), rounded=printed, base=self.base)

    def _hides(self, one: Told) -> bool:
        """Whether a figure is hidden for its own sake."""
        own = unroundable([one], self.policy) if self.base else hidden_figures([one], (), self.policy)
        return bool(own)

    def restated(self, rows: Iterable[Restated]) -> list[tuple[Restated, Hiding]]:
        """The restated figures as everybody may read them, without who corrected them, each with what is left out or
        rounded of it now. Those are left out of which nothing is told any more, and those that were hidden or are: what
        is protected does not say that it was restated."""
        found = []
        for row in rows:
            assert row.row is not None  # noqa: S101
            held, safe = row.row.held, replace(row, who="")
            hiding = Hiding() if held is None else self._hiding([Told(row.row.line, held, RESTATED)])
            if held is not None and (hiding.periods or hiding.rounded):
                safe = replace(safe, now=COMMITTEE_TABLE.values(_as_told(row, held, hiding)))
            if hiding.periods:
                safe = replace(safe, reason="", correction="")
            if f"{restated_key(row)}/reason" in self.texts:
                safe = replace(safe, reason="")
            if _is_told_again(safe, hiding):
                found.append((safe, hiding))
        return found


def _is_told_again(row: Restated, hiding: Hiding) -> bool:
    if MissingReason.CONFIDENTIAL in (row.then["symbol"], row.now["symbol"]) or is_told_alike(row.then, row.now):
        return False
    return not (hiding.rounded and is_told_near(row.then, row.now, hiding.base))


def _as_told(row: Restated, held: Held, hiding: Hiding) -> ScorecardRow:
    assert row.row is not None  # noqa: S101
    period = quarters.from_dates(_kind(held), held.start_on, held.end_on)
    return protected_row(row.row, period, [held], hiding, charted=False)


def _kind(held: Held) -> str:
    months = (held.end_on.year - held.start_on.year) * 12 + held.end_on.month - held.start_on.month + 1
    return {1: "month", 3: "quarter", 12: "financial_year"}[months]
