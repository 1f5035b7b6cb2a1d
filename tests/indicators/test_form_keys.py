"""A form sent twice: once carried out, and an old page is told what has become of the return since."""

from datetime import timedelta

import pytest

from indicators.models import DataIssue, Figure, FigureApproval, OperationKey, ReturnTransition, StatutoryReturn
from indicators.operations import OperationError, ReturnChanged, WrongState, accept_return, submit_return
from indicators.operations.issues import IssueDetails, ReturnDetails, add_issue, add_statutory_return
from tests import builders as b

pytestmark = pytest.mark.django_db


@pytest.fixture
def measure() -> b.Measure:
    return b.an_indicator("first")


@pytest.fixture
def people(measure: b.Measure) -> b.Gates:
    return b.the_people()


def counted() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Figure, FigureApproval, ReturnTransition, OperationKey))


@pytest.fixture
def submitted(measure, people):
    """A return that was submitted with the form "form-1", and how that form is sent again."""
    row = b.a_return(state="filled")
    version = b.fresh(row).version

    def send(**changes):
        common = {"in_return": row, "by": people.analyst, "at": b.NOW, "version": version, "key": "form-1"}
        submit_return(**common | changes)

    send()
    return row, send


def test_form_when_sent_again_at_once_then_silent_and_nothing_happens(submitted) -> None:
    row, send = submitted
    before = counted()
    send()
    send(at=b.moment(b.date(2022, 7, 8)))
    assert counted() == before
    assert b.fresh(row).state == "submitted"


def test_form_when_the_return_was_sent_back_meanwhile_then_told_and_nothing_happens(submitted) -> None:
    row, send = submitted
    b.send_back(row)
    before = counted()
    with pytest.raises(
        ReturnChanged,
        match=r"carried out on 7 July 2022 at 10:00\. The return has moved on since and is now returned\. Nothing was "
        r"done this time; look at it again",
    ):
        send()
    assert counted() == before
    assert b.fresh(row).state == "returned"


def test_form_when_submitted_anew_from_a_new_page_then_the_old_page_still_does_not_claim_it(submitted) -> None:
    row, send = submitted
    b.send_back(row)
    b.submit(row, key="form-2")
    with pytest.raises(ReturnChanged, match="is now submitted"):
        send()


def test_form_when_the_return_was_signed_off_meanwhile_then_said(submitted) -> None:
    row, send = submitted
    b.sign_off(row)
    with pytest.raises(ReturnChanged, match="is now signed off"):
        send()


def test_form_when_it_accepted_then_sent_again_silently_for_ever(measure, people) -> None:
    row = b.a_return(state="signed_off")
    version = b.fresh(row).version
    for _ in range(2):
        accept_return(in_return=row, by=people.acceptor, at=b.NOW, version=version, key="form-1")
    b.a_restatement(row, [measure.series])
    accept_return(in_return=row, by=people.acceptor, at=b.NOW, version=version, key="form-1")
    assert FigureApproval.objects.count() == 1


def test_key_when_used_for_another_step_return_or_person_then_never_taken_for_done(submitted, people) -> None:
    row, send = submitted
    b.sign_off(row)
    version = b.fresh(row).version
    with pytest.raises(ReturnChanged, match="used for something else"):
        accept_return(in_return=row, by=people.acceptor, at=b.NOW, version=version, key="form-1")
    other = b.a_return(period=b.Q3, state="filled")
    with pytest.raises(ReturnChanged, match="used for something else"):
        send(in_return=other, version=b.fresh(other).version)
    with pytest.raises(ReturnChanged, match="used for something else"):
        send(by=people.second_analyst)
    assert b.fresh(row).state == "submitted"
    assert b.fresh(other).state == "open"


def test_key_when_kept_by_an_earlier_release_then_answered_by_the_version_alone(submitted) -> None:
    row, send = submitted
    OperationKey.objects.update(outcome="")
    send()
    b.send_back(row)
    with pytest.raises(ReturnChanged, match="is now returned"):
        send()


def test_key_when_the_operation_fails_then_it_is_free(measure, people) -> None:
    row = b.a_return(state="filled")
    with pytest.raises(ReturnChanged, match="changed since you opened"):
        submit_return(in_return=row, by=people.analyst, at=b.NOW, version=99, key="form-1")
    assert not OperationKey.objects.exists()
    submit_return(in_return=row, by=people.analyst, at=b.NOW, version=b.fresh(row).version, key="form-1")
    assert b.fresh(row).state == "submitted"


# What a form makes anew


def new_issue(**details) -> dict:
    return {"details": IssueDetails(**{"title": "Start dates"} | details)}


def new_return(**details) -> dict:
    return {"details": ReturnDetails(**{"name": "Census"} | details)}


MAKERS = {
    "issue": (add_issue, DataIssue, new_issue, {"title": "End dates"}),
    "statutory return": (add_statutory_return, StatutoryReturn, new_return, {"name": "Survey"}),
}


@pytest.fixture(params=MAKERS)
def maker(request, people):
    """How something is made with the form "form-1", as often as it is sent, and what there is of it."""
    make, model, said, other = MAKERS[request.param]

    def send(*, key="form-1", by=people.analyst, at=b.NOW, **details):
        return make(partnership=b.a_partnership(), **said(**details), by=by, at=at, key=key)

    return send, model, other


def test_form_that_makes_when_sent_twice_then_one_is_made_and_both_are_given_it(maker) -> None:
    send, model, _ = maker
    assert send() == send() == model.objects.get()


def test_form_that_makes_when_there_is_one_of_the_same_name_then_the_second_sending_gives_its_own(maker) -> None:
    send, model, _ = maker
    former = send(key="")
    made = send()
    assert made.code == f"{former.code}-2"
    assert send() == made
    assert model.objects.count() == 2


def test_form_that_makes_when_another_page_says_the_same_within_the_hour_then_told_and_one_is_made(maker) -> None:
    send, model, other = maker
    made = send()
    with pytest.raises(OperationError, match="You sent the same at 10:00"):
        send(key="form-2")
    assert list(model.objects.all()) == [made]
    assert send(key="form-2", **other) != made
    assert send(key="form-3", at=b.NOW + timedelta(hours=2)) != made
    assert model.objects.count() == 3


def test_form_that_makes_when_sent_again_with_other_answers_then_told_and_nothing_is_made(maker) -> None:
    send, model, other = maker
    made = send()
    with pytest.raises(OperationError, match="sent before with other answers"):
        send(**other)
    assert list(model.objects.all()) == [made]


def test_form_that_makes_when_other_indicators_hang_on_it_then_those_are_other_answers(measure, people) -> None:
    common = {"partnership": b.a_partnership(), "by": people.analyst, "at": b.NOW, "key": "form-1"}
    add_issue(**common, **new_issue())
    with pytest.raises(OperationError, match="sent before with other answers"):
        add_issue(**common, **new_issue(indicators=(measure.indicator,)))


def test_key_that_makes_when_used_by_another_or_for_another_thing_then_never_taken_for_done(maker, people) -> None:
    send, model, _ = maker
    send()
    with pytest.raises(OperationError, match="used for something else"):
        send(by=people.second_analyst)
    for make, _, said, _ in MAKERS.values():
        if make.__wrapped__.__name__ != OperationKey.objects.get().operation:
            with pytest.raises(OperationError, match="used for something else"):
                make(partnership=b.a_partnership(), **said(), by=people.analyst, at=b.NOW, key="form-1")
    assert model.objects.count() == 1


def test_key_that_makes_when_it_is_refused_then_it_is_free(maker) -> None:
    send, model, other = maker
    with pytest.raises(WrongState):
        send(**dict.fromkeys(other, " "))
    assert not OperationKey.objects.exists()
    send()
    assert model.objects.count() == 1
