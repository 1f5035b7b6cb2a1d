"""What stands against issuing a committee paper: what is not written, not signed, signed before its figures, or could
identify somebody."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from partnership.paper_form import SectionKind

PACK_WORDS = {
    "draft": "The pack is not published yet. Publish it; then the paper can tell its figures.",
    "superseded": "A later pack has replaced this one. Begin a paper of that pack.",
    "withdrawn": "The pack was withdrawn. Begin a paper of the pack that takes its place.",
    "closed": "The pack was withdrawn for a breach. Nothing of it can be issued.",
}
SAME_PERSON = "You signed a section of this paper, so somebody else must issue it."
DECIDED_IT = "You decided of a passage of this paper, so somebody else must issue it."


@dataclass(frozen=True)
class SectionState:
    """A section as it stands: whether it has words, and who signed them when (None: not signed)."""

    heading: str
    kind: SectionKind
    has_words: bool
    owner_role: str = ""
    signed_at: datetime | None = None
    signed_by: int | None = None


@dataclass(frozen=True)
class PassageState:
    """A passage that could identify somebody: where it stands, its words, what can be done in place of a decision, and
    who decided that it identifies nobody (None: it is open)."""

    label: str
    quoted: str
    instead: str
    decided_by: int | None = None


def points_against(
    sections: Sequence[SectionState], *, pack_state: str, figures_at: datetime | None,
    passages: Sequence[PassageState] = (),
) -> list[str]:  # fmt: skip
    """Every reason why the paper cannot be issued, as sentences that say what to do. `figures_at`: since when the
    figures are what they are: the publication of the pack, or the latest acceptance since of one of its figures.
    `passages`: those of a paper for everybody."""
    found = [PACK_WORDS[pack_state]] if pack_state in PACK_WORDS else []
    for section in sections:
        if not section.has_words and section.kind is not SectionKind.FIGURES:
            found.append(f"{section.heading}: nothing is written. Write it; where it does not apply, say so.")
        elif section.kind is SectionKind.IMPLICATIONS:
            if section.signed_at is None:
                found.append(f"{section.heading}: not signed. The {section.owner_role} has to sign it.")
            elif figures_at is not None and section.signed_at < figures_at:
                found.append(
                    f"{section.heading}: signed before the figures that it rests on were published or restated. Look "
                    "at them, and have it signed again."
                )
    return found + [
        f"{one.label}: “{one.quoted}” could identify somebody. Say why it identifies nobody, or {one.instead}."
        for one in passages
        if one.decided_by is None
    ]


def why_another_issues(person: int, sections: Sequence[SectionState], passages: Sequence[PassageState]) -> str:
    """Why this person does not issue the paper; empty for who may."""
    if person in signers(sections):
        return SAME_PERSON
    return DECIDED_IT if any(one.decided_by == person for one in passages) else ""


def signers(sections: Sequence[SectionState]) -> Collection[int]:
    """Who signed a section as it stands."""
    return {section.signed_by for section in sections if section.signed_by is not None}
