"""A form sent twice: once carried out, and an old page is told what has become of the return since."""

import pytest

from indicators.models import Figure, FigureApproval, OperationKey, ReturnTransition
from indicators.operations import ReturnChanged, accept_return, submit_return
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
