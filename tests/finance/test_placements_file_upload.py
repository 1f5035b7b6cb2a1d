"""A placements file on its way in: the form, memory alone, progress as it goes, and what is kept at the end."""

import hashlib
import json
import logging
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from finance.models import Ssda903Load
from finance.ssda903.job import JOB
from finance.views import ssda903_upload
from indicators import bounded
from indicators.bounded import TooLarge
from indicators.quarters import FinancialYear
from tests import builders as b
from tests.finance.placements_return import an_officer
from tests.finance.ssda903_world import SUMS, an_answer
from tests.indicators.return_pages import form_of, soup, summary, words

pytestmark = pytest.mark.django_db

NEW = "/northshire/money/placements-file/new/"
HEADER, EPISODES = b"CHILD,DOB\n", b"CHILD,DECOM\n"
LINES = ["Reading the header and the episodes", "Counting"]


class Child:
    """Stands in for the bounded child: gives lines and an answer, or breaks down; remembers what became of it."""

    def __init__(self, answer: bytes) -> None:
        self.answer, self.fault, self.payloads, self.is_closed = answer, None, [], False

    def __call__(self, payload: bytes):
        self.payloads.append(payload)
        try:
            yield from LINES
            if self.fault:
                raise self.fault
            return self.answer
        finally:
            self.is_closed = True


@pytest.fixture
def officer(partnership):
    return an_officer()


@pytest.fixture
def client(officer, signed_in) -> Client:
    return signed_in(officer)


@pytest.fixture
def child(monkeypatch) -> Child:
    made = Child(an_answer())
    monkeypatch.setattr(ssda903_upload, "counting", made)
    return made


def send(client: Client, header: bytes | None = HEADER, episodes: bytes | None = EPISODES, name="h.csv", **changes):
    files = {"header": header, "episodes": episodes}
    sent = {key: SimpleUploadedFile(name, data) for key, data in files.items() if data is not None}
    return client.post(NEW, form_of(client.get(NEW)) | {"period": "2021-22-q4"} | changes | sent)


def page(response):
    """The streamed page, read to its end."""
    return soup(type("Page", (), {"content": b"".join(response.streaming_content)}))


def said(response) -> str:
    return " ".join(page(response).main.get_text(" ", strip=True).split())


def test_form_when_opened_then_the_last_quarter_that_is_over_and_the_only_partner_are_filled_in(client):
    form = form_of(client.get(NEW))
    assert (form["partner"], form["period"]) == ("trust", "2022-23-q1")
    assert [g["label"] for g in soup(client.get(NEW)).select("#id_period optgroup")] == ["Quarters", "Financial years"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"header": None}, ("Choose the header file", "#id_header")),
        ({"episodes": b""}, ("The file is empty. Choose another one", "#id_episodes")),
        ({"partner": "police"}, ("Choose the partner from the list", "#id_partner")),
        ({"period": "2022-23-q2"}, ("Choose the period from the list", "#id_period")),
    ],
)
def test_form_when_something_is_wrong_then_it_says_what_and_nothing_is_read(client, child, changes, expected):
    b.a_partner("police")
    assert summary(send(client, **changes)) == [expected]
    assert child.payloads == []


def test_files_when_counted_then_lines_are_shown_and_sums_and_fingerprint_are_kept_and_nothing_else(
    officer, client, child
):
    response = send(client, name="Child Smith.csv")
    read = page(response)
    load = Ssda903Load.objects.get()
    assert [li.get_text() for li in read.select("[role=log] li")] == LINES
    assert read.select_one("main .btns a")["href"] == f"/northshire/money/placements-file/{load.code}/"
    lines = "".join(
        f"{hashlib.sha256(data).hexdigest()}  {name}\n"
        for name, data in (("header.csv", HEADER), ("episodes.csv", EPISODES))
    )
    assert load.file_sha256 == hashlib.sha256(lines.encode()).hexdigest()
    assert (load.code, load.by, load.at, load.children) == ("2021-22-q4-trust-1", officer, b.NOW, 6)
    assert load.size == len(HEADER + EPISODES)
    assert load.sums["nights"] == sorted(SUMS["nights"])
    assert "Smith" not in json.dumps(list(Ssda903Load.objects.values()), default=str)
    head, _, rest = child.payloads[0].partition(b"\n")
    assert json.loads(head) == {"start_on": "2022-01-01", "end_on": "2022-03-31", "header": len(HEADER)}
    assert rest == HEADER + EPISODES


def test_files_when_sent_again_then_they_lead_to_what_is_there_and_say_what_stands_in_its_place(client, child):
    said(send(client))
    again = send(client)
    assert again["Location"] == "/northshire/money/placements-file/2021-22-q4-trust-1/"
    assert len(child.payloads) == 1
    said(send(client, episodes=EPISODES + b"\n"))
    words_again = words(client.get(send(client)["Location"]))
    assert "Later files stand in their place. If that was a mistake" in words_again
    child.answer = an_answer(period=FinancialYear(2021))
    said(send(client, period="2021-22"))
    assert Ssda903Load.objects.count() == 3


def test_files_when_two_of_the_same_are_counted_at_once_then_one_load_is_kept(client, child):
    first, second = send(client), send(client)
    assert "The files are counted." in said(first)
    assert "These very files were taken before" in said(second)
    assert Ssda903Load.objects.count() == 1


def test_child_when_it_gives_up_or_refuses_then_the_page_says_why_and_nothing_is_kept(client, child):
    child.answer = json.dumps({"refused": "The two files are the other way round."}).encode()
    assert "The two files are the other way round." in said(send(client))
    child.fault = TooLarge("This needed more memory.")
    read = page(send(client))
    assert "This needed more memory." in read.select_one("[role=alert]").get_text()
    assert read.select_one("main .btns a")["href"] == NEW
    assert not Ssda903Load.objects.exists()


def changed(**sums) -> bytes:
    return an_answer(sums=SUMS | sums)


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"[]", b"{}", an_answer(period=b.Q4.next()), changed(at_start=[["10-to-15", "Robert's home", 3]]),
        changed(at_end=[["10-to-15", "out-of-authority", 3]]), changed(nights=[["10-to-15", "out-of-authority", "9"]]),
        changed(rates=[["10-to-15", "out-of-authority", "left-care", "2", "0", "1", 1, 9]]),
        changed(moves=[["10-to-15", "out-of-authority", 1]]), an_answer(findings=[{"code": "Robert"}]),
        an_answer(children=True), changed(ahead=SUMS["ahead"][1:]), changed(ahead=SUMS["ahead"][:12]),
        changed(ahead=[[*row[:3], 9, 1] for row in SUMS["ahead"]]),
        changed(ahead=[[*row[:2], "Robert", *row[3:]] for row in SUMS["ahead"]]),
        changed(ahead=[row for row in SUMS["ahead"] if row[1]]),
    ],
)  # fmt: skip
def test_answer_when_it_is_not_as_agreed_then_nothing_is_kept_and_the_log_quotes_nothing(client, child, answer, caplog):
    child.answer = answer
    with caplog.at_level(logging.ERROR, logger="ssda903"):
        assert "could not be used" in said(send(client))
    assert "not as agreed" in caplog.text
    assert "Robert" not in caplog.text
    assert not Ssda903Load.objects.exists()


def test_answer_when_it_says_more_than_is_agreed_then_the_rest_is_dropped(client, child):
    finding = {"file": "header", "column": "Robert", "code": "no-birth", "number": 2, "cells": ["Robert", "C4"]}
    finding |= {"message": "Robert was born in May.", "severity": "Robert"}
    child.answer = an_answer(findings=[finding], note="Robert", sums=SUMS | {"names": ["Robert"]})
    assert "Robert" not in said(send(client))
    load = Ssda903Load.objects.get()
    assert "Robert" not in json.dumps([load.sums, load.findings, load.finding_counts])
    assert (load.findings[0]["cells"], load.finding_counts["warning"]) == (["C4"], 2)


def test_page_when_it_is_left_then_the_child_ends_and_nothing_is_kept(client, child):
    response = send(client)
    blocks = iter(response)
    next(blocks)
    assert b"Reading the header" in next(blocks)
    assert not child.is_closed
    response._iterator.close()
    assert child.is_closed
    assert not Ssda903Load.objects.exists()


def test_upload_when_larger_than_django_keeps_in_memory_then_no_file_is_made_and_above_the_limit_it_is_told(
    client, child, monkeypatch, settings
):
    def refuse(*args, **kwargs):
        raise AssertionError("a temporary file was made")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", refuse)
    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", refuse)
    data = EPISODES + b"x" * settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    assert "The files are counted" in said(send(client, episodes=data))
    settings.UPLOAD_MAX_BYTES_OF = {"placements_file_new": 1_000}
    told = [("The files are too large: 0 MB together is the most. Nothing was kept.", "#id_header")]
    assert summary(send(client, header=b"x" * 600, episodes=b"x" * 600)) == told
    assert len(child.payloads) == 1


def test_form_when_forged_then_refused(officer, child):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(officer)
    form = form_of(strict.get(NEW)) | {"period": "2021-22-q4"}
    token = form.pop("csrfmiddlewaretoken")

    def files() -> dict[str, SimpleUploadedFile]:
        return {"header": SimpleUploadedFile("h.csv", HEADER), "episodes": SimpleUploadedFile("e.csv", EPISODES)}

    assert strict.post(NEW, form | files()).status_code == 403
    assert child.payloads == []
    assert "The files are counted" in said(strict.post(NEW, form | files() | {"csrfmiddlewaretoken": token}))


def test_form_when_functions_passed_over_then_the_former_partner_can_be_chosen_for_a_quarter_before(client, child):
    b.a_succession(b.a_partner("council"), b.a_partner(), date(2022, 4, 1))
    told = summary(send(client, partner="council", period="2022-23-q1"))
    assert told == [("You do not enter money of Northshire Council for 2022/23 Q1.", "#id_partner")]
    assert "The files are counted" in said(send(client, partner="council"))


def test_job_when_asked_for_then_the_child_knows_it():
    limits = bounded.JOBS[JOB]
    assert (limits.memory, limits.wait) == (500 * 1024 * 1024, 90)
