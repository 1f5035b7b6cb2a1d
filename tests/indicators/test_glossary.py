"""The glossary: the shipped file, its page, and the short forms that need their words beside them."""

from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup

from indicators import own_words
from indicators.acronyms import expansions, is_short_form, unexpanded, used
from indicators.measurement import Basis, Confidence, Flag
from indicators.rag import MissingReason, Rating
from indicators.roles import Role
from indicators.selectors.glossary import by_letter, glossary, matching
from tests import builders


def entry(term, expansion, context="", meaning=""):
    return SimpleNamespace(term=term, expansion=expansion, context=context, meaning=meaning)


TERMS = [
    entry("FTE", "Full-time equivalent", "workforce"),
    entry("FTE", "First-time entrant", "youth justice"),
    entry("OOA", "Out of authority"),
    entry("CiC", "Children in care"),
    entry("C&F", "Child and family"),
    entry("ICPC", "Initial child protection conference"),
    entry("Mosaic", "Case system since August 2021"),
    entry("903", "Statutory return"),
]


@pytest.mark.parametrize("term", ["FTE", "OOA", "CiC", "C&F", "DfE", "CAFCASS", "LA", "HoS"])
def test_short_form(term):
    assert is_short_form(term)


@pytest.mark.parametrize("term", ["Mosaic", "Qtr", "903", "SY Police", "Staying Put", "Re-referral", "Target"])
def test_word_or_name_is_no_short_form(term):
    assert not is_short_form(term)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("42.1 FTE in March", {"FTE"}),
        ("FTEs and FTE's", {"FTE"}),
        ("FTEX, XFTE, fte, OFTEN", set()),
        ("OOA (out of authority)", set()),
        ("Out-of-authority placements (OOA)", set()),
        ("FTE, that is first time entrants", set()),
        ("(CiC) and C&F assessments", {"CiC", "C&F"}),
        ("ICPCs held: initial child  protection\nconferences", set()),
        ("Mosaic and 903", set()),
        ("", set()),
    ],
)
def test_unexpanded(text, found):
    assert unexpanded(text, TERMS) == found


def test_short_form_that_is_part_of_another_is_not_found():
    assert used("CIN census", [entry("CIN", "Children in need")]) == {"CIN"}
    assert used("C&FTE", TERMS) == set()


def test_meaning_is_the_one_of_the_context_and_else_every_one_with_its_context():
    assert expansions("6.5 FTE", TERMS, context="Practice and workforce") == [("FTE", "Full-time equivalent")]
    assert expansions("6.5 FTE", TERMS, context="Youth justice") == [("FTE", "First-time entrant")]
    assert expansions("6.5 FTE", TERMS) == [
        ("FTE", "Full-time equivalent (workforce) or First-time entrant (youth justice)")
    ]
    assert expansions("OOA, out of authority", TERMS) == []


# The shipped file


def test_file_has_one_meaning_for_each_term_and_context():
    entries = glossary()
    assert len({(e.term, e.context) for e in entries}) == len(entries) >= 60
    assert [e.context for e in entries if e.term == "FTE"] == ["workforce", "youth justice"]
    assert all(e.expansion and e.source for e in entries)
    assert glossary() is entries


def test_words_of_money_are_explained_and_only_what_a_paper_prints_is_cited():
    """What no paper prints stands among the words of these pages, without a report."""
    cited = {e.term: (e.source, e.paragraph) for e in glossary()}
    assert cited["Outturn"] == ("003", "81, 84 table")
    assert (cited["Variation"], cited["SSDA903"]) == (("002", "7"), ("003", "8"))
    own = {term for term, _ in own_words.OWN_WORDS}
    assert {"Rung", "Run-rate", "Full-year effect", "P10, P50, P90", "Mix"} <= own - set(cited)


def test_terms_stand_under_their_letters_in_order():
    groups = by_letter(glossary())
    assert groups[0][0] == "0 to 9"
    letters = [letter for letter, _ in groups[1:]]
    assert letters == sorted(letters)
    assert sum(len(found) for _, found in groups) == len(glossary())


@pytest.mark.parametrize(("text", "term"), [("first-time", "FTE"), ("PLACEMENTS outside", "OOA"), ("icpc", "ICPC")])
def test_search_finds_words_of_term_expansion_and_meaning(text, term):
    assert term in {e.term for e in matching(glossary(), text)}


def test_every_code_has_a_meaning():
    assert [code for code, _, _ in own_words.symbols()] == [r.value for r in MissingReason]
    assert [code for code, _, _ in own_words.flags()] == [f.value for f in Flag]
    assert [code for code, _, _ in own_words.confidences()] == [c.value for c in Confidence]
    assert [code for code, _, _ in own_words.bases()] == [b.value for b in Basis]
    assert {code for code, _, _ in own_words.RATING_MEANINGS} == set(Rating)


# The page


@pytest.fixture
def reader(partnership, signed_in):
    return signed_in(builders.a_user(Role.SCRUTINY_OFFICER, partnership=partnership))


def soup_of(client, query=""):
    response = client.get(f"/northshire/glossary/{query}")
    assert response.status_code == 200
    return BeautifulSoup(response.content, "lxml")


@pytest.mark.django_db
def test_page_shows_every_term_and_leaves_none_unexplained(reader):
    soup = soup_of(reader)
    terms = [dt.find(string=True) for dt in soup.select("section[aria-labelledby^=letter] dt")]
    assert sorted(terms) == sorted(e.term for e in glossary())
    assert unexpanded(soup.get_text(" "), glossary()) == set()
    text = " ".join(soup.get_text(" ").split())
    assert "in youth justice" in text
    assert "Not reportable code not_reportable" in text
    assert "Provisional code p" in text
    assert len(soup.select("h1")) == 1


@pytest.mark.django_db
def test_page_when_searched_shows_what_was_found_and_how_many(reader):
    soup = soup_of(reader, "?q=first-time")
    assert "1 term with “first-time”" in " ".join(soup.get_text(" ").split())
    assert soup.select_one("input[name=q]")["value"] == "first-time"
    nothing = soup_of(reader, "?q=%3Cb%3Ezebra")
    assert "No term has these words" in nothing.get_text()
    assert "0 terms with “<b>zebra”" in " ".join(nothing.get_text(" ").split())
    assert len(soup_of(reader, "?q=" + "x" * 500).select("h1")) == 1
