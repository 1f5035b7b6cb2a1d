"""Words put together: lists, and the first letter inside a sentence and at its beginning."""

import pytest

from indicators.phrases import capital, cited, listed, lowered, paper_of, short_citation


@pytest.mark.parametrize(
    ("names", "said"),
    [(["start"], "start"), (["start", "in"], "start and in"), (["start", "in", "out"], "start, in and out")],
)
def test_names_when_listed_then_the_last_two_are_joined_by_and(names: list[str], said: str) -> None:
    assert listed(names) == said


def test_first_letter_when_changed_then_the_rest_stays() -> None:
    assert (lowered("Early help (EH)"), capital("early help (EH)")) == ("early help (EH)", "Early help (EH)")
    assert (lowered(""), capital("")) == ("", "")


@pytest.mark.parametrize(
    ("source", "paragraph", "said"),
    [
        ("report 003", "28 table", "report 003 §28 table"),
        ("report 003", "", "report 003"),
        ("", "28", ""),
        ("", "", ""),
    ],
)
def test_figure_when_cited_then_by_paper_and_paragraph(source: str, paragraph: str, said: str) -> None:
    assert cited(source, paragraph) == said
    assert paper_of(said) == (source if said else "")


def test_citation_when_long_then_the_paper_alone() -> None:
    assert short_citation(f"DFE §{'x' * 35}") == f"DFE §{'x' * 35}"
    assert short_citation(f"DFE §{'x' * 36}") == "DFE"
