"""The history of a figure in sentences: who put what in place of what, when, why, and who decided on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from indicators.committee_table import COMMITTEE_TABLE, DASH, figure_text
from indicators.measurement import NOT_REPORTABLE_WORDS, Basis, NotReportableCode
from indicators.phrases import capital, lowered
from indicators.rag import Rating, missing_words, words
from indicators.scorecard import ScorecardRow

LONDON = ZoneInfo("Europe/London")
NOTHING = "nothing"

# What stands beside a number, in the order in which a change of it is told.
DETAIL_WORDS = {
    "flags": "flags",
    "confidence": "confidence in the data",
    "confidence_reason": "why the data need caution",
    "validation_task": "what is being done about the data",
    "responsible_role": "responsible role",
    "expected_on": "expected date",
    "source_system": "source system",
    "as_at_on": "day the data describe",
    "extracted_on": "day of extraction",
    "headline": "headline",
    "commentary": "commentary",
    "keep_reason": "reason to keep it",
}
# Long texts are named as changed, never repeated from before to after.
_TOO_LONG = {"commentary", "confidence_reason", "keep_reason"}


def moment_words(at: datetime) -> str:
    """ "8 July 2022 at 10:05", in London."""
    local = at.astimezone(LONDON)
    return f"{local.day} {local:%B %Y} at {local:%H:%M}"


@dataclass(frozen=True)
class Decision:
    """One step of the return after a revision was submitted: signed off, sent back with a comment, or approved."""

    words: str
    actor: str
    when: str
    comment: str = ""

    @property
    def sentence(self) -> str:
        """ "Sent back by the lead of the trust on 8 July 2022 at 10:05: “Check the numerator.”"."""
        said = f"{self.words} by {self.actor} on {self.when}" if self.actor else f"{self.words} on {self.when}"
        return f"{said}: “{self.comment}”" if self.comment else f"{said}."


@dataclass(frozen=True)
class Told:
    """One revision as history takes it. `row` is what a scorecard would say of it; `details` what stands beside the
    number, by the keys of DETAIL_WORDS; `category` and `why` are the reason of a correction."""

    revision: int
    row: ScorecardRow
    actor: str
    when: str
    is_paper: bool = False
    category: str = ""
    why: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    is_approved: bool = False


@dataclass(frozen=True)
class Change:
    """One revision told: what it changed, who made it and when, why, what became of it and of the rating."""

    revision: int
    what: str
    who: str
    why: str
    rating: str
    decided: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """Everything that is told, in order."""
        return tuple(filter(None, (self.what, self.rating, self.who, self.why, *self.decided)))


def figure_words(row: ScorecardRow) -> str:
    """A figure in a phrase: "83.6% (1,266 of 1,514)", "not reportable (the case system changed)"."""
    held, values = row.held, COMMITTEE_TABLE.values(row)
    if held is None:
        return "no figure"
    lines = figure_text(values)
    if lines[0] == DASH:
        if held.measured.basis is Basis.STATED_OUTCOME:
            return f"“target {'met' if held.measured.stated_met else 'not met'}” without a number"
        reason = held.measured.missing_reason
        said = lowered(missing_words(reason)) if reason else "no figure"
        if held.not_reportable_code:
            said += f" ({lowered(NOT_REPORTABLE_WORDS[NotReportableCode(held.not_reportable_code)])})"
        return said
    number, *rest = lines
    if rest and rest[0].startswith("per "):
        number = f"{number} {rest.pop(0)}"
    return f"{number} ({rest[0]})" if rest else number


def changes(told: Sequence[Told]) -> tuple[Change, ...]:
    """Revisions of one figure, first to last, each told against the one before it in the list."""
    return tuple(_change(told[index - 1] if index else None, now) for index, now in enumerate(told))


def _change(before: Told | None, now: Told) -> Change:
    return Change(
        revision=now.revision,
        what=_what(before, now),
        who=f"{capital(now.actor)}, {now.when}." if now.is_paper else f"Entered by {now.actor} on {now.when}.",
        why=_why(now),
        rating=_rating(before, now),
        decided=_decided(now),
    )


def _what(before: Told | None, now: Told) -> str:
    text = figure_words(now.row)
    if before is None:
        return f"First recorded as {text}."
    former = figure_words(before.row)
    beside = _beside(before.details, now.details)
    if former != text:
        also = f" Also changed: {beside}." if beside else ""
        return f"Changed from {former} to {text}.{also}"
    if beside:
        return f"The figure stayed {text}. Changed beside it: {beside}."
    return f"The figure stayed {text}; nothing that is shown was changed."


def _beside(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """What else changed, short values with what they were."""
    parts = []
    for name, said in DETAIL_WORDS.items():
        former, text = before.get(name, ""), now.get(name, "")
        if former == text:
            continue
        if name in _TOO_LONG:
            parts.append(said)
        else:
            parts.append(f"{said} (from {_quoted(former)} to {_quoted(text)})")
    return "; ".join(parts)


def _quoted(text: str) -> str:
    return f"“{text}”" if text else NOTHING


def _why(now: Told) -> str:
    told = [text if text.endswith((".", "!", "?")) else f"{text}." for text in (now.category, now.why) if text]
    return f"Why: {' '.join(told)}" if told else ""


def _rating(before: Told | None, now: Told) -> str:
    """What became of the rating, in a sentence; nothing for the first revision."""
    if before is None:
        return ""
    then, since = (lowered(words(r.judgement.rating, r.judgement.reason)) for r in (before.row, now.row))
    if then == since:
        return "" if now.row.judgement.rating is Rating.NOT_JUDGED else f"The rating stayed {since}."
    return f"The rating changed from {then} to {since}."


def _decided(now: Told) -> tuple[str, ...]:
    if now.is_paper:
        return ()
    sentences = tuple(decision.sentence for decision in now.decisions)
    return (
        sentences if now.is_approved else (*sentences, "Not approved: nobody but those who work on the return sees it.")
    )
