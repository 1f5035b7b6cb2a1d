"""A committee paper as a document, its check, and its form: the rules alone, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from partnership.documents import Bullets, Document, Facts, Heading, Paragraph
from partnership.pack_document import PackTold
from partnership.paper_check import PACK_WORDS, SectionState, points_against, signers
from partnership.paper_document import NOT_EXEMPT, SectionTold, paper_document, written
from partnership.paper_form import MOST_SECTIONS, FormNotSound, SectionForm, SectionKind, refuse_unless_sound
from partnership.selectors.committee_papers import standard_form

PACK = PackTold(
    owner="Northshire Council", title="Quarter 4", body="Overview and Scrutiny Management Committee",
    meeting_on=date(2022, 7, 7), published_on=date(2022, 6, 30), audience="Board members and partners",
    is_exempt=False, exempt=(), note="", tables=(), actions=(), manifest_sha256="a" * 64,
)  # fmt: skip
FIGURES_AT = datetime(2022, 7, 1, 12, tzinfo=UTC)
BEFORE, AFTER = datetime(2022, 6, 30, tzinfo=UTC), datetime(2022, 7, 2, tzinfo=UTC)


def paper(pack: PackTold = PACK) -> Document:
    """The standard form, each section with words of its own, the implications signed."""
    sections = [
        SectionTold(
            one.code, one.heading, one.kind, f"Of {one.code}.",
            *((one.owner_role, "AB", date(2022, 7, 2)) if one.owner_role else ()),
        )
        for one in standard_form()
    ]  # fmt: skip
    return paper_document("Performance challenge", sections, pack, issue=2, issued_on=date(2022, 7, 3))


# The document


def test_paper_when_made_in_the_standard_form_then_its_sections_stand_in_the_order_of_the_reports() -> None:
    headings = [block.text for block in paper().blocks if isinstance(block, Heading) and block.level == 1]
    assert headings == [
        "Executive summary",
        "Exempt report",
        "Recommendations",
        "What does this mean for the citizens?",
        "Background and current position",
        "Options considered",
        "Reasons for recommended option",
        "Impact on the council’s key outcomes",
        "Risks and assumptions",
        "Legal implications [Legal officer: AB, 2 July 2022]",
        "Financial implications [Finance officer: AB, 2 July 2022]",
        "Human resources implications [Human resources officer: AB, 2 July 2022]",
        "Technology implications [Technology officer: AB, 2 July 2022]",
        "Health implications [Public health officer: AB, 2 July 2022]",
        "Equality implications [Equality officer: AB, 2 July 2022]",
        "Consultation",
        "Background papers",
        "Glossary of acronyms and abbreviations",
        "Report author and contributors",
        "Fingerprints of the pack",
    ]


def test_paper_when_made_then_its_head_names_committee_facts_and_issue() -> None:
    assert paper().blocks[0] == Facts(
        (
            ("To the chair and members of", "Overview and Scrutiny Management Committee"),
            ("Date", "7 July 2022"),
            ("Relevant cabinet member(s)", "Of cabinet-member."),
            ("Wards affected", "Of wards."),
            ("Key decision", "Of key-decision."),
            ("Issued", "3 July 2022, issue 2"),
        )
    )


def test_paper_when_its_pack_is_exempt_then_head_foot_and_section_say_so_and_else_that_it_is_not() -> None:
    texts = [block.text for block in paper().blocks if isinstance(block, Paragraph)]
    assert NOT_EXEMPT in texts
    exempt = paper(replace(PACK, is_exempt=True, exempt=(3,)))
    said = [block.text for block in exempt.blocks if isinstance(block, Paragraph)]
    assert NOT_EXEMPT not in said
    assert sum("paragraph 3 of Part 1 of Schedule 12A" in one for one in said) == 2
    assert exempt.foot.startswith("Exempt from publication.")


@pytest.mark.parametrize(
    ("words", "blocks"),
    [
        ("", []),
        ("One.", [Paragraph("One.", is_numbered=True)]),
        ("One.\n\nTwo.\nStill two.",
         [Paragraph("One.", is_numbered=True), Paragraph("Two.\nStill two.", is_numbered=True)]),
        ("Note:\n- one\n- two\nThen this.",
         [Paragraph("Note:", is_numbered=True), Bullets(("one", "two")), Paragraph("Then this.", is_numbered=True)]),
        ("- alone", [Bullets(("alone",))]),
        ("One.\r\n\r\n  \r\nTwo.", [Paragraph("One.", is_numbered=True), Paragraph("Two.", is_numbered=True)]),
    ],
    ids=["nothing", "one", "two", "list", "list alone", "ends of lines"],
)  # fmt: skip
def test_words_when_typed_then_empty_lines_part_paragraphs_and_dashes_make_lists(
    words: str, blocks: list[Paragraph | Bullets]
) -> None:
    assert list(written(words)) == blocks


# What stands against issuing


def state(**changes: object) -> SectionState:
    values = {"heading": "Legal implications", "kind": SectionKind.IMPLICATIONS, "has_words": True,
              "owner_role": "Legal officer", "signed_at": AFTER, "signed_by": 1}  # fmt: skip
    return SectionState(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        ({"signed_at": FIGURES_AT}, ""),
        ({"signed_at": None, "signed_by": None}, "Legal implications: not signed. The Legal officer has to sign it."),
        ({"signed_at": BEFORE}, "signed before the figures that it rests on were published or restated"),
        ({"has_words": False}, "Legal implications: nothing is written."),
        ({"kind": SectionKind.TEXT, "owner_role": "", "signed_at": None, "signed_by": None}, ""),
        ({"kind": SectionKind.TEXT, "has_words": False, "signed_at": None}, "nothing is written"),
        ({"kind": SectionKind.FACT, "has_words": False, "signed_at": None}, "nothing is written"),
        ({"kind": SectionKind.FIGURES, "has_words": False, "signed_at": None}, ""),
    ],
    ids=["signed", "at the same moment", "unsigned", "before the figures", "without words", "text", "no text",
         "no fact", "figures"],
)  # fmt: skip
def test_section_when_it_stands_so_then_this_is_against_issuing(changes: dict[str, object], said: str) -> None:
    points = points_against([state(**changes)], pack_state="published", figures_at=FIGURES_AT)
    assert len(points) == bool(said)
    assert all(said in point for point in points)


@pytest.mark.parametrize("pack_state", ["draft", "superseded", "withdrawn", "closed"])
def test_pack_when_it_does_not_stand_then_no_paper_of_it_is_issued(pack_state: str) -> None:
    assert points_against([state()], pack_state=pack_state, figures_at=None) == [PACK_WORDS[pack_state]]


def test_signers_when_sections_are_signed_then_each_person_is_named_once() -> None:
    assert signers([state(), state(signed_by=2), state(signed_by=1), state(signed_by=None)]) == {1, 2}


# The form


def test_standard_form_when_read_then_it_is_sound() -> None:
    refuse_unless_sound(standard_form())


@pytest.mark.parametrize(
    ("sections", "place", "said"),
    [
        ([], 0, "at least one"),
        ([SectionForm(str(n), "A", SectionKind.TEXT) for n in range(MOST_SECTIONS + 1)], 0, "at most"),
        ([SectionForm("a", "A", SectionKind.TEXT), SectionForm("b", " ", SectionKind.TEXT)], 2, "heading"),
        ([SectionForm("a", "A", SectionKind.TEXT), SectionForm("a", "A", SectionKind.TEXT)], 1, "Two sections"),
        ([SectionForm("a", "A", SectionKind.IMPLICATIONS)], 1, "which role signs"),
        ([SectionForm("a", "A", SectionKind.TEXT, "", "Legal officer")], 1, "Only implications"),
    ],
    ids=["none", "too many", "no heading", "same", "no owner", "owner of text"],
)
def test_form_when_a_section_cannot_be_then_refused_with_its_place(
    sections: list[SectionForm], place: int, said: str
) -> None:
    with pytest.raises(FormNotSound, match=said) as refused:
        refuse_unless_sound(sections)
    assert refused.value.place == place
