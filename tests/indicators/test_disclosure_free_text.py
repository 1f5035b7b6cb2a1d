"""What is found in a text before it is published, what is left alone, and that no way of writing hides a hit.

The names here are invented words; the numbers are those that the NHS and the Department publish as examples, or keep to
the checksum by calculation.
"""

import html
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.disclosure.free_text import Kind, scan
from indicators.disclosure.personal import is_nhs_number, is_upn
from indicators.disclosure.policy import Audience
from tests.indicators.disclosure_tables import POLICY

FEW, SHARE, WHOLE = Kind.SMALL_NUMBER, Kind.SHARE_OF_FEW, Kind.WHOLE_GROUP
INITIALS, NAME = Kind.INITIALS, Kind.NAME


def kinds(text: str) -> list[Kind]:
    return [hit.kind for hit in scan(text, POLICY)]


SMALL = [
    "Conferences were justified for 150 children and all except two took place within 15 working days.",
    "Three left school without a qualification.",
    "Two were at home when the visit took place.",
    "One went to hospital and four between homes.",
    "Of the cohort two died in hospital.",
    "Only two children were placed out of area.",
    "There was a single case of neglect.",
    "3 children became looked after.",
    "The number of adoptions fell to 4.",
    "Two were placed with relatives; the rest stayed.",
    "Of these, 1 was re-referred within the year.",
    "Adoptions: 2 (2020/21: 9).",
    "five young people left care",
    "In 2021/22 there were 3 unaccompanied children.",
    "One moved to a residential home.",
    "All but one of the siblings returned home.",
    "One of the children died.",
    "The only child in the home was moved.",
    "Both siblings were adopted.",
    "A couple of young people went missing.",
    "The twins were placed together.",
    "Just a handful of children wait for a placement.",
    "4 (8%) of those leaving care were in custody.",
    "We had 2-3 cases of this kind.",
    "Numbers are low (3).",
    "three families",
    "2.5 FTE social workers are missing",
    "The team has four social workers.",
    "Four in residential care, eighty in foster care.",
    "It rose from 2 to 12.",
    "Of the 40, 3 had no plan.",
    "In April 3 children were adopted.",
    "In Q1 3 children were adopted.",
    "two looked-after children",
    "There were two serious incident notifications about children.",
    "1 April 2022: 2 children waited.",
    "no more than five children",
    "one-child families: 4",
    "The cohort is small: five.",
    "with 1 exclusion",
    "Two (2) children",
    "siblings x 3",
    "children=2",
    "2/40 children",
]


@pytest.mark.parametrize("text", SMALL)
def test_small_number_when_written_then_it_is_found(text: str) -> None:
    assert FEW in kinds(text)


NO_COUNT = [
    "In Q1 performance improved.",
    "See paragraph 3 and page 4.",
    "See paragraphs 3, 4 and 5 of the report.",
    "at 1 April 2022",
    "on the 3rd and 4 May 2022",
    "from 1 to 5 April",
    "two-thirds of children were seen",
    "Three quarters of the visits were on time.",
    "section 47 enquiries rose",
    "Section 17 and section 47",
    "Year 6 pupils sat their tests.",
    "It rose by 3% to 88%.",
    "an increase of 2.5 percentage points",
    "five per cent of children",
    "within 5 working days",
    "within one working day of the referral",
    "every four weeks",
    "over the last three months",
    "for two years running",
    "a 3 year contract",
    "stage 2 complaints",
    "Priority 1 of the plan",
    "£3 million was spent",
    "a saving of £2.4m",
    "two indicators are outside tolerance",
    "The board received three reports.",
    "five recommendations were agreed",
    "Both boards agreed.",
    "No one objected.",
    "It is one of the most improved authorities.",
    "on the one hand",
    "one another",
    "a one-off grant",
    "one in three children waited",
    "1 in 4 referrals led to no further action",
    "Working Together 2018, chapter 1",
    "Table 2 shows the trend.",
    "Figure 3: referrals by month",
    "at 2pm in room 4",
    "10:30",
    "2021/22",
    "01/02/2022",
    "2022-01-02",
    "1. Introduction",
    "2) Background\n3) Options",
    "as agreed [3]",
    "24/7 cover",
    "KPI 2 and KPI 3",
    "Covid-19",
    "There are 10,003 children in the area.",
    "There were 12 children and 103 families.",
    "The average is 3.4.",
    "a rating of 1.5",
    "We have two partners and four localities.",
    "Key Stage 2 results",
    "the single assessment",
    "a single point of access",
    "children aged 4",
    "ages 0 to 5",
    "Day 1 to day 3",
    "None was reported.",
    "zero tolerance",
    "Regulation 44 visits to two homes",
    "the three priorities of the strategy",
    "on two occasions",
    "Q2 and Q3 were better than Q4.",
    "10% of the 200 children",
    "half of the 120 visits",
    "once the plan is agreed",
    "The first and second quarter",
    "no child waited",
    "a 4-bed home",
    "report 003 §28",
    "in all 1,350 children",
    "The five shares make the whole.",
]


@pytest.mark.parametrize("text", NO_COUNT)
def test_number_that_counts_nobody_when_written_then_it_is_left_alone(text: str) -> None:
    assert [(hit.kind, text[hit.start : hit.end]) for hit in scan(text, POLICY)] == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("one in three of the four", SHARE),
        ("50% of the 8 children moved", SHARE),
        ("33.3 per cent of the nine children", SHARE),
        ("half of the ten residents", SHARE),
        ("two-thirds of the six siblings", SHARE),
        ("25% (of 8 children) were late", None),
        ("a quarter of the 12 children", None),
        ("10% of 40 children", None),
        ("none of the eight children was seen", WHOLE),
        ("all 7 residents were moved", WHOLE),
        ("all of the ten young people", WHOLE),
        ("all 7 reports were late", None),
        ("all 40 children were seen", None),
    ],
)
def test_share_or_whole_of_a_group_when_the_group_is_small_then_it_is_found(text: str, kind: Kind | None) -> None:
    assert [found for found in kinds(text) if found in (SHARE, WHOLE)] == ([kind] if kind else [])


PERSONAL = [
    ("NHS number 943 476 5919", Kind.NHS_NUMBER),
    ("recorded as 9434765919 in the file", Kind.NHS_NUMBER),
    ("943-476-5919", Kind.NHS_NUMBER),
    ("NHS no: 123 456 7890", Kind.NHS_NUMBER),
    ("pupil H801200001001", Kind.UPN),
    ("h801200001001", Kind.UPN),
    ("H 801 2000 01001", Kind.UPN),
    ("UPN A123456789012", Kind.UPN),
    ("born on 3 May 2009", Kind.BIRTH_DATE),
    ("DOB 03/05/2009", Kind.BIRTH_DATE),
    ("d.o.b. 3.5.09", Kind.BIRTH_DATE),
    ("date of birth: 2009-05-03", Kind.BIRTH_DATE),
    ("born in May 2009", Kind.BIRTH_DATE),
    ("born in 2009", Kind.BIRTH_DATE),
    ("On 3 May 2009 the baby was born.", Kind.BIRTH_DATE),
    ("the child (3 May 2009) was moved", Kind.BIRTH_DATE),
    ("lives at DN1 3BU", Kind.POSTCODE),
    ("dn13bu", Kind.POSTCODE),
    ("EC1A 1BB", Kind.POSTCODE),
    ("write to someone@example.org", Kind.EMAIL),
    ("first.last+more@mail.example.co.uk", Kind.EMAIL),
    ("call 01302 736000", Kind.PHONE),
    ("call (01302) 736 000", Kind.PHONE),
    ("+44 1302 736000", Kind.PHONE),
    ("07700 900123", Kind.PHONE),
    ("Child A was moved.", INITIALS),
    ("Child B1 and her mother", INITIALS),
    ("Sibling C", INITIALS),
    ("Family S", INITIALS),
    ("the young person, JS, was told", INITIALS),
    ("J.S. is a young person", INITIALS),
    ("the mother of J. S.", INITIALS),
    ("JS is a looked after child", INITIALS),
    ("Young Person X", INITIALS),
    ("child_A_review.docx", INITIALS),
    ("the child Zorbel was seen", NAME),
    ("her brother Quinzel stayed", NAME),
    ("Quinzel, her brother, stayed", NAME),
    ("Quinzel is a child in need", NAME),
    ("the siblings Zorbel and Quinzel", NAME),
    ("a young person called Zorbel", NAME),
    ("the mother of Zorbel", NAME),
    ("Zorbel's mother agreed", NAME),
    ("the Quinzel family", NAME),
    ("the child (Zorbel) was seen", NAME),
    ("We met Zorbel and her brother.", NAME),
    ("the boy moved to live with Zorbel", NAME),
    ("the child O'Zorbel", NAME),
    ("the child Zoërbel was seen", NAME),
    ("the child Łorbel was seen", NAME),
    ("child A's plan", INITIALS),
]


@pytest.mark.parametrize(("text", "kind"), PERSONAL)
def test_what_names_or_finds_a_person_when_written_then_it_is_found(text: str, kind: Kind) -> None:
    assert kind in kinds(text)


NOBODY = [
    "Each child has a plan.",
    "The number of Children subject to a plan",
    "Every Child Matters",
    "Child Protection conferences",
    "the Children Act 1989",
    "child sexual exploitation (CSE)",
    "children in care at 31 March 2022",
    "Children’s Social Care and Early Help",
    "Young People’s Substance Misuse Service",
    "Family Hubs and Family Group Conferences",
    "The child’s plan was reviewed in March.",
    "Child Poverty Strategy",
    "a child in need (CIN) plan",
    "a child protection plan (CPP)",
    "the U.K. average for each child",
    "e.g. a child",
    "Support for the parent is offered.",
    "Outcomes for each child are recorded.",
    "The child I met yesterday was well.",
    "Doncaster Council and the Trust",
    "Ofsted inspected the service.",
    "Between April and June referrals rose.",
    "Reference 1234567890",
    "invoice 1234567891",
    "the budget is 5832000",
    "an increase from 01/04/2021",
    "the child at the Zorbel Road School",
    "Mother and Baby Unit",
    "KS2 results and Q3 targets",
    "the council was born of merger",
    "Parent Carer Forum",
    "Child in need census",
    "Placements of children in Yorkshire",
    "the child and family assessment",
    "I agree that the child should be heard.",
]


@pytest.mark.parametrize("text", NOBODY)
def test_text_that_names_nobody_when_scanned_then_it_is_left_alone(text: str) -> None:
    assert [(hit.kind, text[hit.start : hit.end]) for hit in scan(text, POLICY)] == []


def test_place_near_a_child_when_known_to_be_no_name_then_it_is_left_alone() -> None:
    text = "The child lives in Doncaster with carers."
    assert kinds(text) == [NAME]
    assert scan(text, POLICY, known_words={"Doncaster"}) == ()


# What a hit says


def test_hit_when_found_then_it_says_where_why_and_what_to_do() -> None:
    text = "Contacts rose. Only <b>tw</b>o&nbsp;children were placed out of area this quarter."
    (hit,) = scan(text, POLICY)
    assert text[hit.start : hit.end] == "tw</b>o"
    assert hit.around == "Contacts rose. Only two children were placed out of area this"
    assert hit.why == "A number below 6 may count people."
    assert hit.what_to_do == "Write “fewer than 6”, leave the number out, or decide that it counts nobody."


def test_hits_when_one_lies_in_another_then_they_are_one_and_in_order() -> None:
    hits = scan("DOB 03/05/2009, then 2 children, then DN1 3BU", POLICY)
    assert [hit.kind for hit in hits] == [Kind.BIRTH_DATE, FEW, Kind.POSTCODE]
    assert [hit.start for hit in hits] == sorted(hit.start for hit in hits)


def test_threshold_when_another_then_the_numbers_are_others() -> None:
    assert kinds("8 children and seven families") == []
    assert [hit.kind for hit in scan("8 children and seven families", replace(POLICY, threshold=10))] == [FEW, FEW]
    assert scan("2 children", replace(POLICY, audience=Audience.BOARD)) == ()
    assert scan("none of the eight children", replace(POLICY, zero_discloses=False)) == ()


def test_checksums_when_one_digit_is_another_then_they_fail() -> None:
    assert is_nhs_number("9434765919")
    assert is_upn("H801200001001")
    assert not any(is_nhs_number(f"943476591{digit}") for digit in "012345678")
    assert not any(is_upn(f"{letter}801200001001") for letter in "ABCDEFGJKLMNPQRTUVWXYZIOS")
    assert not is_upn("H80120000100")


# Nothing hides a hit


def _full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in text)


DISGUISES: dict[str, Callable[[str], str]] = {
    "full width": _full_width,
    "digits of another alphabet": lambda t: "".join(chr(0x0660 + int(c)) if c in "0123456789" else c for c in t),
    "spaces that do not break": lambda t: t.replace(" ", "\u00a0"),
    "thin spaces": lambda t: t.replace(" ", "\u2009"),
    "no width between": lambda t: "\u200b".join(t),
    "joiners": lambda t: "\u2060".join(t),
    "soft hyphens": lambda t: "\u00ad".join(t),
    "ligatures": lambda t: t.replace("fi", "\ufb01").replace("ff", "\ufb00").replace("fl", "\ufb02"),
    "bold": lambda t: "".join(f"<b>{html.escape(c)}</b>" for c in t),
    "spans": lambda t: "<span class='x'>" + "</span><span>".join(map(html.escape, t)) + "</span>",
    "entities": lambda t: "".join(f"&#{ord(c)};" for c in t),
    "hexadecimal entities": lambda t: "".join(f"&#x{ord(c):x};" for c in t),
    "cells of a table": lambda t: "<td>" + "</td><td>".join(map(html.escape, t.split(" "))) + "</td>",
    "what looks like a tag": lambda t: f"<so {t}>",
    "stars": lambda t: f"**{t}**",
    "combining marks": lambda t: "".join(c + "\u0336" for c in t),
    "comments": lambda t: "<!-- x -->".join(t),
    "a line for each word": lambda t: t.replace(" ", "\n"),
    "bold letters of mathematics": lambda t: "".join(chr(0x1D7CE + int(c)) if c in "0123456789" else c for c in t),
}
UNSEEN = ("\u200b", "\u200d", "\u00ad", "</i>", "<em>", "&#8203;", "`")
TELLING = [
    ("only 3 children", FEW),
    ("five children", FEW),
    ("the five officers", FEW),
    ("only two children", FEW),
    ("33% of the 9 children", SHARE),
    ("none of the 8 children", WHOLE),
    ("943 476 5919", Kind.NHS_NUMBER),
    ("H801200001001", Kind.UPN),
    ("born on 3 May 2009", Kind.BIRTH_DATE),
    ("DN1 3BU", Kind.POSTCODE),
    ("someone@example.org", Kind.EMAIL),
    ("01302 736000", Kind.PHONE),
    ("Child A was moved", INITIALS),
    ("her brother Quinzel stayed", NAME),
]


@pytest.mark.parametrize("way", DISGUISES)
def test_hit_when_written_in_another_way_then_it_is_found(way: str) -> None:
    for text, kind in TELLING:
        if (way, kind) == ("cells of a table", NAME):
            continue  # the first word of a cell has a capital anyway
        written = DISGUISES[way](text)
        assert kind in kinds(written), written


@given(
    st.sampled_from(TELLING),
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from(UNSEEN)), max_size=8),
    st.sampled_from(("", "Referrals rose in the quarter. ", "<p>Of the whole, </p>")),
)  # fmt: skip
def test_hit_when_signs_that_are_not_seen_are_put_in_then_it_is_found_where_it_stands(
    telling: tuple[str, Kind], signs: list[tuple[int, str]], before: str
) -> None:
    text, kind = telling
    written = list(text)
    for place, sign in sorted(signs, reverse=True):
        written.insert(min(place, len(text)), sign)
    whole = before + "".join(written) + ", as was reported"
    hits = [hit for hit in scan(whole, POLICY) if hit.kind is kind]
    assert hits
    assert len(before) <= hits[0].start < hits[0].end <= len(before) + len("".join(written))


@given(st.text(alphabet="<>&;#ab1 _*\u200b\u0336é½²³①ﬁ\n", max_size=60))
def test_text_when_of_any_kind_then_places_lie_in_it_and_nothing_breaks(written: str) -> None:
    for hit in scan(written, POLICY):
        assert 0 <= hit.start < hit.end <= len(written)


NAMES = ("One Adoption South Yorkshire Regional Adoption Agency", "Children in care with three or more placements",
         "Two children", "Five families panel", "One")  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One Adoption South Yorkshire Regional Adoption Agency met.", []),
        ("Our work with One Adoption South Yorkshire went on.", []),
        ("Children in care with three or more placements: see the note.", []),
        ("One Adoption South Yorkshire placed two children.", ["two"]),
        ("One Adoption was made.", ["One"]),
        ("one adoption south yorkshire", ["one"]),
        ("Children in care with three siblings", ["three"]),
        ("Two children", ["Two"]),
        ("Five families panel", ["Five"]),
        ("One moved.", ["One"]),
        ("Someone Adoption South one", ["one"]),
    ],
)
def test_number_when_it_is_part_of_a_known_name_then_it_counts_nobody_and_any_other_does(
    text: str, found: list[str]
) -> None:
    hits = scan(text, POLICY, known_names=NAMES)
    assert [text[hit.start : hit.end] for hit in hits] == found
