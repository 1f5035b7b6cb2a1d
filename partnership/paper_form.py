"""The form of a committee paper: its sections in order, and what of it an officer may change."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_SECTIONS = 40
LONGEST_HEADING = 120
LONGEST_WORDS = 4_000
LONGEST_ROLE = 120


class FormNotSound(ValueError):
    """The form cannot be kept; the message says what to do, `place` which section it is about (0 for the whole)."""

    def __init__(self, place: int, message: str) -> None:
        super().__init__(message)
        self.place = place


class SectionKind(StrEnum):
    """What stands under a heading."""

    FACT = "fact"
    TEXT = "text"
    FIGURES = "figures"
    IMPLICATIONS = "implications"


KIND_WORDS = {
    SectionKind.FACT: "A line at the head of the paper",
    SectionKind.TEXT: "Text",
    SectionKind.FIGURES: "Text, then figures of the pack",
    SectionKind.IMPLICATIONS: "Implications, signed by their owner",
}


@dataclass(frozen=True)
class SectionForm:
    """A section of the form: its code, heading, kind, the words that stand in every paper, and who signs it."""

    code: str
    heading: str
    kind: SectionKind
    words: str = ""
    owner_role: str = ""


def refuse_unless_sound(sections: Sequence[SectionForm]) -> None:
    """Raises FormNotSound for the first section that cannot be, or for a form without any."""
    if not sections:
        raise FormNotSound(0, "Keep at least one section.")
    if len(sections) > MOST_SECTIONS:
        raise FormNotSound(0, f"A paper has at most {MOST_SECTIONS} sections. Take some out.")
    codes = Counter(section.code for section in sections)
    for place, section in enumerate(sections, 1):
        if not section.heading.strip():
            raise FormNotSound(place, "Give the section a heading, or take it out.")
        if codes[section.code] > 1:
            raise FormNotSound(place, "Two sections have this heading. Say what tells them apart.")
        if section.kind is SectionKind.IMPLICATIONS and not section.owner_role.strip():
            raise FormNotSound(place, "Say which role signs these implications.")
        if section.kind is not SectionKind.IMPLICATIONS and section.owner_role.strip():
            raise FormNotSound(place, "Only implications are signed. Take the role away, or choose implications.")
