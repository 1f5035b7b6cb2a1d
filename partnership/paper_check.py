"""What stands against issuing a committee paper: what is not written, not signed, or signed before its figures."""

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


@dataclass(frozen=True)
class SectionState:
    """A section as it stands: whether it has words, and who signed them when (None: not signed)."""

    heading: str
    kind: SectionKind
    has_words: bool
    owner_role: str = ""
    signed_at: datetime | None = None
    signed_by: int | None = None


def points_against(sections: Sequence[SectionState], *, pack_state: str, figures_at: datetime | None) -> list[str]:
    """Every reason why the paper cannot be issued, as sentences that say what to do. `figures_at`: since when the
    figures are what they are: the publication of the pack, or the latest acceptance since of one of its figures."""
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
    return found


def signers(sections: Sequence[SectionState]) -> Collection[int]:
    """Who signed a section as it stands."""
    return {section.signed_by for section in sections if section.signed_by is not None}
