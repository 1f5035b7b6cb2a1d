"""Scores of risks: likelihood × impact before and after what is done about it, how they moved, and the matrix of all.

Both are whole numbers from 1 to 5. No report sets a threshold from which a risk is high, so none is drawn.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from indicators.working_days import day_words

LEAST, MOST = 1, 5
SCALE = tuple(range(LEAST, MOST + 1))


@dataclass(frozen=True)
class Score:
    """Likelihood and impact, 1 to 5 each. Raises ValueError for anything else."""

    likelihood: int
    impact: int

    def __post_init__(self) -> None:
        if self.likelihood not in SCALE or self.impact not in SCALE:
            raise ValueError("Likelihood and impact are whole numbers from 1 to 5.")

    @property
    def value(self) -> int:
        """Likelihood × impact, 1 to 25."""
        return self.likelihood * self.impact

    @property
    def words(self) -> str:
        """ "12 (likelihood 3 × impact 4)"."""
        return f"{self.value} (likelihood {self.likelihood} × impact {self.impact})"


@dataclass(frozen=True)
class Scored:
    """What a risk was scored on a day, before and after what is done about it."""

    on: date
    before: Score
    after: Score
    mitigation: str = ""
    actor: str = ""


NEW, UP, DOWN, SAME, UNSCORED = "new", "up", "down", "same", "unscored"


@dataclass(frozen=True)
class Moved:
    """How the score after mitigation moved since the score before it."""

    code: str
    words: str


def moved(history: Sequence[Scored]) -> Moved:
    """How the latest score after mitigation stands to the one before it; `history` in the order of its days."""
    if not history:
        return Moved(UNSCORED, "Not scored yet")
    now = history[-1]
    if len(history) == 1:
        return Moved(NEW, f"First scored on {day_words(now.on)}")
    then = history[-2]
    step, since = now.after.value - then.after.value, f"since {day_words(then.on)}"
    if step > 0:
        return Moved(UP, f"Up from {then.after.value} to {now.after.value} {since}")
    if step < 0:
        return Moved(DOWN, f"Down from {then.after.value} to {now.after.value} {since}")
    if now.after == then.after:
        return Moved(SAME, f"Unchanged {since}")
    return Moved(SAME, f"{now.after.value} as before, but another likelihood and impact {since}")


def counted(moves: Iterable[Moved]) -> dict[str, int]:
    """How many risks moved which way; they add up to the risks."""
    counts = dict.fromkeys((UP, DOWN, SAME, NEW, UNSCORED), 0)
    for one in moves:
        counts[one.code] += 1
    return counts


@dataclass(frozen=True)
class Cell:
    """A place of the matrix with the codes of the risks that stand there."""

    score: Score
    codes: tuple[str, ...]


def matrix(scores: Iterable[tuple[str, Score]]) -> tuple[tuple[Cell, ...], ...]:
    """Rows by likelihood, the greatest first, with a cell for each impact, the least first; each risk in one cell."""
    held: dict[Score, list[str]] = {}
    for code, score in scores:
        held.setdefault(score, []).append(code)
    return tuple(
        tuple(Cell(score, tuple(held.get(score, ()))) for score in (Score(likelihood, impact) for impact in SCALE))
        for likelihood in reversed(SCALE)
    )
