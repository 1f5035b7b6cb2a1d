"""Two people who send the same Annex A file at the same moment: it is one load, and both are led to it."""

from datetime import date
from typing import Any

import pytest

from indicators import quarters
from indicators.models import Partner, User
from indicators.views.progress import MARK
from referrals.models import AnnexALoad, AnnexAMeasure
from referrals.operations.annex_a import FileFacts
from referrals.views import annex_a_upload
from referrals.views.annex_a_upload import Sent
from tests import builders
from tests.builders import Q4
from tests.builders.annex_a import SHA, a_measure, an_answer
from tests.threads import Together

pytestmark = pytest.mark.django_db(transaction=True)

READ, BEFORE = "The file is read and counted.", "This very file was taken before"


@pytest.fixture
def partner(transactional_db) -> Partner:
    return builders.a_partner()


@pytest.fixture(autouse=True)
def _child(monkeypatch) -> None:
    def computing(payload: bytes) -> Any:
        yield "Checking the file"
        return an_answer([a_measure(), a_measure("referrals", list=3)])

    monkeypatch.setattr(annex_a_upload, "computing", computing)


def page(partner: Partner, by: User, sha256: str = SHA) -> Any:
    """The step that reads a file to the end of its page."""
    period = quarters.parse(Q4.slug)
    file = FileFacts(sha256, "xlsx", 1, 12_345)
    sent = Sent(partner, period, date(2022, 3, 31), file, b"", by, builders.NOW)
    return lambda: "".join(annex_a_upload._told(f"head{MARK}between{MARK}tail", sent))


def kept() -> list[tuple[str, int]]:
    return [(load.code, AnnexAMeasure.objects.filter(load=load).count()) for load in AnnexALoad.objects.order_by("pk")]


@pytest.mark.parametrize("turn", range(3))
def test_file_when_two_people_send_it_truly_at_once_then_one_load_and_both_get_a_page(turn, partner, tmp_path) -> None:
    people = builders.the_people(partner)
    here = Together(tmp_path)
    pages = here.run(page(partner, people.analyst), page(partner, people.second_analyst))
    assert all(isinstance(one, str) and "/northshire/annex-a/2021-22-q4-trust-1/" in one for one in pages), pages
    assert all(one.startswith("head") and one.endswith("tail") for one in pages)
    assert sorted((READ in one, BEFORE in one) for one in pages) == [(False, True), (True, False)]
    assert here.read(kept) == [("2021-22-q4-trust-1", 2)]


def test_files_when_two_different_ones_are_sent_truly_at_once_then_both_are_kept(partner, tmp_path) -> None:
    people = builders.the_people(partner)
    here = Together(tmp_path)
    pages = here.run(page(partner, people.analyst), page(partner, people.second_analyst, "e" * 64))
    assert [READ in one for one in pages] == [True, True], pages
    assert here.read(kept) == [("2021-22-q4-trust-1", 2), ("2021-22-q4-trust-2", 2)]
