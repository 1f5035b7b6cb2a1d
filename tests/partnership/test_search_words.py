"""How texts are cut into words, and how what was typed is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership.search_words import MOST_WORDS, Piece, Term, matches, snippet, terms_of, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("Referrals to MASH", ["referrals", "to", "mash"], id="case is folded"),
        pytest.param("Café naïve Zoë", ["cafe", "naive", "zoe"], id="accents are folded"),
        pytest.param("Cafe\u0301", ["cafe"], id="an accent of its own"),
        pytest.param("children's, children’s", ["childrens", "childrens"], id="apostrophes go"),
        pytest.param("2021/22 Q4: 9.6%", ["2021", "22", "q4", "9", "6"], id="signs part words"),
        pytest.param("re-referral_rate", ["re", "referral", "rate"], id="hyphen and underscore part words"),
        pytest.param("STRASSE Straße ﬁnd ½", ["strasse", "strasse", "find", "12"], id="letters that are two"),
        pytest.param("Ж", ["z436z"], id="other alphabets by their number"),
        pytest.param("' – … \u200b", [], id="no word"),
    ],
)
def test_text_when_cut_then_its_words_are_folded(text, words):
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        pytest.param("Care leav", (Term("care"), Term("leav")), id="beginnings of words"),
        pytest.param('"care" leav', (Term("care", True), Term("leav")), id="a whole word between quotation marks"),
        pytest.param("“care plan”", (Term("care", True), Term("plan", True)), id="curly quotation marks"),
        pytest.param("care care CARE", (Term("care"),), id="each once"),
        pytest.param('care"', (Term("care"),), id="a quotation mark alone"),
        pytest.param("*:&|!()<>'", (), id="signs of the engines mean nothing"),
    ],
)
def test_query_when_typed_then_its_terms_are_read(typed, terms):
    assert terms_of(typed) == terms


def test_query_when_long_then_twelve_words_are_asked_for():
    assert len(terms_of(" ".join(f"w{n}" for n in range(40)))) == MOST_WORDS


@given(st.text())
def test_any_text_when_cut_then_its_words_are_plain_and_cutting_them_again_changes_nothing(text):
    words = words_of(text)
    assert all(word.isascii() and word.isalnum() and word == word.lower() for word in words)
    assert words_of(" ".join(words)) == words


@given(st.text(min_size=1), st.integers(0, 50))
def test_any_word_of_a_text_when_its_beginning_is_typed_then_the_text_matches(text, at):
    words = words_of(text)
    if words:
        word = words[at % len(words)]
        assert matches(text, [Term(word, True)])
        assert matches(text, [Term(word[: 1 + at % len(word)])])


@given(st.text(max_size=600), st.text(max_size=20), st.integers(1, 300))
def test_any_snippet_when_made_then_it_is_a_part_of_the_text_and_every_hit_is_one(text, typed, width):
    terms = terms_of(typed)
    for piece in snippet(text, terms, width=width):
        if piece.is_hit:
            assert matches(piece.text, [t for t in terms if t.is_met_by(words_of(piece.text)[0])])


def test_snippet_when_the_hit_is_far_in_then_the_words_around_it_are_shown():
    text = "a " * 200 + "The panel noted the re-referral rate of the trust. " + "b " * 200
    pieces = snippet(text, terms_of("referr"), width=60)
    assert Piece("referral", is_hit=True) in pieces
    assert pieces[0].text == "… "
    assert pieces[-1].text == " …"
    assert sum(len(p.text) for p in pieces) < 75


def test_no_terms_when_matched_then_nothing_is_found():
    assert not matches("anything", ())
