"""A committee paper as a document, in the form that its partnership gave it, with the figures of its pack."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from indicators.working_days import day_words
from partnership.documents import Block, Bullets, Document, Facts, Heading, Paragraph
from partnership.pack_document import (
    Meaning,
    PackTold,
    fingerprints,
    foot_of,
    glossary,
    position,
    summary,
)
from partnership.paper_form import SectionKind

NOT_EXEMPT = "The report is not exempt."
_BULLET = ("- ", "* ", "• ")


@dataclass(frozen=True)
class SectionTold:
    """A section with the words that stand in it; implications with who signed them: role, initials and day."""

    code: str
    heading: str
    kind: SectionKind
    words: str
    role: str = ""
    initials: str = ""
    signed_on: date | None = None

    @property
    def title(self) -> str:
        """The heading, of implications with role, initials and day, as papers have it."""
        if self.signed_on is None:
            return self.heading
        return f"{self.heading} [{self.role}: {self.initials}, {day_words(self.signed_on)}]"


def paper_document(
    title: str, sections: Sequence[SectionTold], pack: PackTold, *, issue: int, issued_on: date
) -> Document:  # fmt: skip
    """The whole paper. Figures stand where the form has sections for them: a summary under `summary`, terms under
    `glossary`, everything else under the first other one. The fingerprints of the pack end it."""
    blocks: list[Block] = [*_head(sections, pack, issue, issued_on)]
    has_position = False
    for section in sections:
        if section.kind is SectionKind.FACT:
            continue
        blocks += [Heading(1, section.title), *written(section.words)]
        if section.code == "exempt":
            blocks.append(Paragraph(pack.exempt_sentence or NOT_EXEMPT, is_numbered=True))
        if section.kind is not SectionKind.FIGURES:
            continue
        if section.code == Meaning.SUMMARY:
            blocks += summary(pack)
        elif section.code == Meaning.GLOSSARY:
            blocks += glossary(pack, tuple(blocks))
        elif not has_position:
            blocks += position(pack, level=2)
            has_position = True
    blocks += [Heading(1, "Fingerprints of the pack"), *fingerprints(pack)]
    return Document(title, pack.owner, tuple(blocks), foot=foot_of(pack, title), is_wide=True)


def _head(sections: Sequence[SectionTold], pack: PackTold, issue: int, issued_on: date) -> Iterator[Block]:
    if pack.is_exempt:
        yield Paragraph(pack.exempt_sentence)
    pairs = [("To the chair and members of", pack.body), ("Date", day_words(pack.meeting_on))]
    pairs += [(one.heading, one.words) for one in sections if one.kind is SectionKind.FACT]
    yield Facts((*pairs, ("Issued", f"{day_words(issued_on)}, issue {issue}")))


def written(words: str) -> Iterator[Block]:
    """Typed words as numbered paragraphs, which empty lines part; lines that begin with a dash are a list."""
    for part in "\n".join(line.rstrip() for line in words.splitlines()).split("\n\n"):
        lines = [line for line in part.split("\n") if line.strip()]
        text: list[str] = []
        items: list[str] = []
        for line in lines:
            if line.lstrip().startswith(_BULLET):
                items.append(line.lstrip()[2:].strip())
            elif items:
                yield from _part(text, items)
                text, items = [line], []
            else:
                text.append(line)
        yield from _part(text, items)


def _part(text: Sequence[str], items: Sequence[str]) -> Iterator[Block]:
    if text:
        yield Paragraph("\n".join(text), is_numbered=True)
    if items:
        yield Bullets(tuple(items))
