"""A submitted return is taken back by whoever may submit it, as long as nobody has decided on it."""

import pytest

from indicators.models import CurrentFigure, Figure, Return
from indicators.operations import ReturnChanged, WrongState, lock_round, returns
from indicators.selectors.history import history_of
from indicators.selectors.returns import sent_back
from tests import builders as b
from tests.indicators.return_pages import address, form_of, soup, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def measure(partnership):
    return b.an_indicator("first")


@pytest.fixture
def people(measure):
    return b.the_people()


@pytest.fixture
def submitted(people):
    return b.a_return(state="submitted")


_NOT_APPROVED = "Not approved: nobody but those who work on the return sees it."


def actions(row: Return) -> list[str]:
    return list(row.transitions.order_by("pk").values_list("action", flat=True))


def test_return_when_taken_back_then_open_again_with_its_figures_and_the_step_is_kept(measure, people) -> None:
    row = b.a_return(state="submitted")
    entered = dict(Figure.objects.values_list("pk", "numerator"))
    row = b.take_back(row, by=people.second_analyst)
    assert (row.state, row.is_signed_off, row.is_editable) == ("open", False, True)
    assert dict(Figure.objects.values_list("pk", "numerator")) == entered
    step = row.transitions.order_by("pk").last()
    assert (step.words, step.by, step.at, step.from_state) == (
        "Taken back",
        people.second_analyst,
        b.NOW,
        "submitted",
    )
    assert [s.words for s in row.transitions.order_by("pk")] == ["Opened", "Submitted", "Taken back"]
    b.fill(row, {measure.series.pk: b.a_cell(84, 100, commentary="Anew.")})
    assert b.submit(row).state == "submitted"
    assert CurrentFigure.objects.get().working.numerator == 84


def test_return_when_taken_back_after_it_was_sent_back_then_what_was_asked_still_stands(measure, people) -> None:
    row = b.submit(b.a_return(state="returned"))
    row = b.take_back(row)
    assert row.state == "returned"
    assert "Please check the numerator." in sent_back(row)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("open", "open for entry already"),
        ("returned", "open for entry already"),
        ("signed_off", "signed this return off, so it cannot be taken back"),
        ("approved", "accepted, so it cannot be taken back"),
    ],
)
def test_return_when_it_has_moved_on_then_it_cannot_be_taken_back_and_the_sentence_says_why(
    state, said, measure, people
) -> None:
    row = b.a_return(state=state)
    before = (b.fresh(row).version, actions(row))
    with pytest.raises(WrongState, match=said):
        b.take_back(row)
    assert (b.fresh(row).version, actions(row)) == before


def test_return_when_submitted_anew_since_the_page_then_it_is_not_taken_back(measure, people) -> None:
    row = b.a_return(state="submitted")
    version = b.fresh(row).version
    b.submit(b.take_back(row))
    with pytest.raises(ReturnChanged, match="submitted anew"):
        returns.take_back(in_return=row, by=people.analyst, at=b.NOW, version=version)
    assert b.fresh(row).state == "submitted"


def test_return_when_the_same_form_takes_it_back_twice_then_once(measure, people) -> None:
    row = b.a_return(state="submitted")
    version = b.fresh(row).version
    for _ in range(2):
        returns.take_back(in_return=row, by=people.analyst, at=b.NOW, version=version, key="form-1")
    assert actions(row) == ["opened", "submitted", "opened"]
    b.submit(row)
    with pytest.raises(ReturnChanged, match="moved on since"):
        returns.take_back(in_return=row, by=people.analyst, at=b.NOW, version=version, key="form-1")
    assert b.fresh(row).state == "submitted"


def test_return_when_its_round_is_locked_then_it_is_not_taken_back(measure, people) -> None:
    row = b.a_return(state="submitted")
    lock_round(reporting_round=row.round, reason="The quarter is closed.", by=people.acceptor, at=b.NOW)
    with pytest.raises(WrongState, match="The quarter is closed"):
        b.take_back(row)
    assert b.fresh(row).state == "submitted"


def test_correction_when_taken_back_then_it_can_be_submitted_as_it_is(measure, people) -> None:
    row = b.a_restatement(b.a_return(state="approved"), [measure.series])
    b.keep(row, {measure.series: b.a_cell(84, 100, commentary="Anew.")})
    b.take_back(b.submit(row))
    assert b.submit(row).state == "submitted"
    assert CurrentFigure.objects.get().working.numerator == 84


def test_history_when_taken_back_then_it_stands_beside_the_figure_that_it_opened_again(measure, people) -> None:
    row = b.a_return(state="submitted")
    b.take_back(row)
    b.fill(row, {measure.series.pk: b.a_cell(84, 100, commentary="Anew.")})
    b.submit(row)
    (found,) = history_of(b.fresh(row))
    assert [change.decided[0].split(" by ")[0] for change in found.changes] == ["Taken back", _NOT_APPROVED]


# Pages


def take_back_form(response):
    return form_of(response, 'form[action$="/take-back/"]')


def test_status_when_submitted_then_who_enters_takes_it_back_and_goes_on(submitted, people, signed_in):
    client = signed_in(people.analyst)
    form = take_back_form(client.get(address("return", submitted)))
    for _ in range(2):
        answer = client.post(address("return_take_back", submitted), form, follow=True)
        assert answer.redirect_chain[-1][0] == address("return_entry", submitted)
        assert "Taken back. The return is open for entry" in words(answer)
    assert b.fresh(submitted).state == Return.State.OPEN
    page = words(client.get(address("return", submitted)))
    assert f"{people.analyst.display_name} took it back before it was signed off." in page
    review = words(signed_in(people.lead).get(address("return_review", submitted)))
    assert "took it back before it was signed off. There is nothing for you to decide now." in review


@pytest.mark.parametrize("state", ["open", "returned", "signed_off", "approved"])
def test_status_when_it_is_not_waiting_for_a_sign_off_then_nothing_is_offered_to_take_back(state, people, signed_in):
    row = b.a_return(state=state)
    assert not soup(signed_in(people.analyst).get(address("return", row))).select('form[action$="/take-back/"]')


def test_status_when_read_by_who_does_not_enter_or_when_locked_then_it_is_not_offered(submitted, people, signed_in):
    def offered(user):
        return bool(soup(signed_in(user).get(address("return", submitted))).select('form[action$="/take-back/"]'))

    assert offered(people.analyst)
    assert not offered(people.lead)
    assert signed_in(people.lead).post(address("return_take_back", submitted)).status_code == 403
    lock_round(reporting_round=submitted.round, reason="Closed.", by=people.acceptor, at=b.NOW)
    assert not offered(people.analyst)


def test_take_back_when_signed_off_meanwhile_then_it_says_so_and_nothing_is_done(submitted, people, signed_in):
    client = signed_in(people.analyst)
    form = take_back_form(client.get(address("return", submitted)))
    b.sign_off(submitted)
    answer = client.post(address("return_take_back", submitted), form, follow=True)
    assert "has signed this return off, so it cannot be taken back. Ask the council to send it back" in words(answer)
    assert b.fresh(submitted).is_signed_off


def test_take_back_when_only_opened_then_it_leads_to_the_return(submitted, people, signed_in):
    answer = signed_in(people.analyst).get(address("return_take_back", submitted))
    assert answer.url == address("return", submitted)
    assert b.fresh(submitted).state == Return.State.SUBMITTED
