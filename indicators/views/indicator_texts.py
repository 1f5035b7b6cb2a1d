"""What several parts of an indicator's page need: texts with their short forms explained, dates, sources, limits."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from indicators import phrases
from indicators.acronyms import Meaning, expansions, unexpanded, used
from indicators.committee_table import target_text, tolerance_text
from indicators.models import Target
from indicators.units import Unit, written_exactly, written_plain
from indicators.working_days import day_words


class Reader:
    """Goes through the texts of the page in reading order and explains each short form where it is first used."""

    def __init__(self, entries: Iterable[Meaning], context: str) -> None:
        self.entries = [*entries]
        self.context = context
        self.seen = ""

    def __call__(self, text: str) -> dict[str, str]:
        """The text, and the note that explains its short forms (empty where none is needed)."""
        self.seen = f"{self.seen} {text}"
        if not used(text, self.entries):
            return {"text": text, "note": ""}
        needed = unexpanded(self.seen, self.entries)
        found = [pair for pair in expansions(text, self.entries, context=self.context) if pair[0] in needed]
        note = "; ".join(f"{term}: {words}" for term, words in found)
        self.seen = f"{self.seen} {note}"
        return {"text": text, "note": note}


def dated(day: date | None) -> str:
    """ "31 March 2022"; nothing for no day."""
    return day_words(day) if day else ""


def page_url(url: str, scorecard: str, period: str) -> str:
    """The indicator's page on that scorecard and in that period; its own address may name a part of it."""
    joined = "&" if "?" in url else "?"
    return f"{url}{joined}scorecard={scorecard}&period={period}" if scorecard else f"{url}{joined}period={period}"


def cited(source: Any, paragraph: str) -> str:
    """ "report 003 §74 table"; nothing where no source is held."""
    return phrases.cited(str(source), paragraph) if source is not None else ""


def limits(target: Target | None, unit: Unit) -> tuple[str, str]:
    """Target and tolerance as they are in force, and how the source prints each where that is something else."""
    if target is None:
        return "none set", "none set"
    values = {
        "target": target.target,
        "tolerance": target.tolerance,
        "tolerance_kind": target.tolerance_kind,
        "unit": unit.value,
    }
    return (
        _with_printed(" ".join(target_text(values)), target.target, target.printed_target, unit),
        _with_printed(" ".join(tolerance_text(values)), target.tolerance, target.printed_tolerance, unit),
    )


def _with_printed(text: str, value: Decimal | None, printed: str, unit: Unit) -> str:
    same = {text, ""}
    if value is not None:
        same |= {written_exactly(value, unit), written_plain(value, unit), f"{value.normalize():f}"}
    return text if printed in same else f"{text} (printed as “{printed}”)"
