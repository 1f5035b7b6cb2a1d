"""The words that exclude the public, and the paragraphs that are read back from them."""

from hypothesis import given
from hypothesis import strategies as st

from partnership.exclusion import PARAGRAPHS, exclusion_text, paragraphs_named


@given(paragraphs=st.sets(st.sampled_from(sorted(PARAGRAPHS)), min_size=1), reason=st.text(max_size=60))
def test_paragraphs_when_read_from_the_words_of_the_service_then_those_that_were_chosen(
    paragraphs: set[int], reason: str
) -> None:
    assert paragraphs_named(exclusion_text(paragraphs, reason)) == paragraphs


def test_paragraphs_when_a_reason_names_another_one_then_it_does_not_count() -> None:
    text = exclusion_text([3], "Not under paragraph 1 of Part 1 of Schedule 12A")
    assert paragraphs_named(text) == {3}


def test_paragraphs_when_a_paper_says_it_in_other_words_then_all_of_them() -> None:
    assert paragraphs_named("That the press and public be excluded.") == set(PARAGRAPHS)
