"""An Annex A file on its way in: the form, memory alone, progress as it goes, and what is kept at the end."""

import hashlib
import io
import json
import logging
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from indicators import bounded
from indicators.bounded import Busy, Failed, TooLarge, TooSlow
from indicators.roles import Role
from referrals.models import AnnexALoad
from referrals.selectors.annex_a_standing import places_of
from referrals.views import annex_a_upload
from tests import builders
from tests.builders import Q4
from tests.builders.annex_a import a_measure, an_answer
from tests.indicators.return_pages import form_of, soup, summary, words

pytestmark = pytest.mark.django_db

NEW = "/northshire/annex-a/new/"
WORKBOOK = b"PK\x03\x04 a workbook"
LINES = ["Checking the file", "List 1: 40 rows", "Computing the measures"]


@pytest.fixture
def analyst(partnership):
    return builders.the_people(builders.a_partner()).analyst


@pytest.fixture
def client(analyst, signed_in) -> Client:
    return signed_in(analyst)


class Child:
    """Stands in for the bounded child: gives lines and an answer, or breaks down; remembers what became of it."""

    def __init__(self, answer: bytes = b"", fault: Exception | None = None) -> None:
        self.answer, self.fault, self.payloads, self.is_closed = answer, fault, [], False

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
def child(monkeypatch) -> Child:
    made = Child(an_answer([a_measure()]))
    monkeypatch.setattr(annex_a_upload, "computing", made)
    return made


def a_file(name: str = "Annex A.xlsx", data: bytes = WORKBOOK) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def send(client: Client, *files: SimpleUploadedFile, **changes: str):
    form = form_of(client.get(NEW)) | changes
    return client.post(NEW, form | {"files": list(files)})


def page(response):
    """The streamed page, read to its end."""
    return soup(type("Page", (), {"content": b"".join(response.streaming_content)}))


def said(response) -> str:
    return " ".join(page(response).main.get_text(" ", strip=True).split())


# The form


def test_form_when_opened_then_the_last_period_its_end_and_the_only_partner_are_filled_in(client):
    builders.a_scorecard(1)
    builders.a_round()
    form = form_of(client.get(NEW))
    assert (form["partner"], form["reference_on"], form["period"]) == ("trust", "31 March 2022", "2021-22-q4")
    groups = [g["label"] for g in soup(client.get(NEW)).select("#id_period optgroup")]
    assert groups == ["With an open return", "Quarters", "Months"]
    assert len({o["value"] for o in soup(client.get(NEW)).select("#id_period option")}) == 20


@pytest.mark.parametrize(
    ("passed_on", "offered"), [(date(2014, 10, 1), ["", "trust"]), (Q4.end_on, ["", "council", "trust"])]
)
def test_form_when_functions_passed_over_then_it_offers_partners_of_whom_a_period_can_be_chosen(
    analyst, client, passed_on, offered
):
    builders.a_succession(builders.a_partner("council"), builders.a_partner(), passed_on)
    assert sorted(o["value"] for o in soup(client.get(NEW)).select("#id_partner option")) == offered


@pytest.mark.parametrize(
    ("changes", "files", "expected"),
    [
        ({}, [], ("Choose the workbook, or the CSV files", "#id_files")),
        ({}, [("a.xlsx", b"")], ("The file is empty. Choose another one", "#id_files")),
        ({}, [("a.xlsx", WORKBOOK), ("list 1.csv", b"x")],
         ("Choose one workbook, or CSV files, not both and not several workbooks.", "#id_files")),
        ({}, [("a.ods", b"x"), ("b.xls", b"x")],
         ("Choose one workbook, or CSV files, not both and not several workbooks.", "#id_files")),
        ({}, [(f"list {n}.csv", b"x") for n in range(12)],
         ("Choose at most 11 CSV files, one for each list.", "#id_files")),
        ({"partner": "police"}, [("a.xlsx", WORKBOOK)],
         ("Choose the partner from the list", "#id_partner")),
        ({"reference_on": "8 July 2022", "period": "2022-23-q1"}, [("a.xlsx", WORKBOOK)],
         ("The reference date must not be in the future.", "#id_reference_on")),
        ({"reference_on": "30 March 2022", "period": "2021-22-q4"}, [("a.xlsx", WORKBOOK)],
         ("The reference date must not be before the end of 2021/22 Q4.", "#id_reference_on")),
        ({"reference_on": "1 July 2022", "period": "2021-22-q4"}, [("a.xlsx", WORKBOOK)],
         ("A file holds the events of six months, so 2021/22 Q4 is not whole in it. Choose an earlier reference date, "
          "or a later period.", "#id_reference_on")),
        ({"period": "2022-23-q2"}, [("a.xlsx", WORKBOOK)], ("Choose the period from the list", "#id_period")),
    ],
)  # fmt: skip
def test_form_when_something_is_wrong_then_it_says_what_and_nothing_is_read(client, child, changes, files, expected):
    builders.a_partner("police")
    changes = {"reference_on": "31 March 2022", "period": "2021-22-q4"} | changes
    response = send(client, *(a_file(*file) for file in files), **changes)
    assert summary(response) == [expected]
    assert child.payloads == []


def test_form_when_the_six_months_begin_with_the_period_then_it_is_whole_in_the_file(client, child):
    b"".join(send(client, a_file(), reference_on="30 June 2022", period="2021-22-q4").streaming_content)
    assert len(child.payloads) == 1


def test_form_when_the_person_enters_for_two_partners_then_one_is_to_be_chosen(analyst, client, child):
    builders.a_membership(analyst, Role.ANALYST, partner=builders.a_partner("police"))
    assert form_of(client.get(NEW))["partner"] == ""
    assert summary(send(client, a_file(), partner="")) == [("Choose the partner", "#id_partner")]


# Sent


def test_file_when_it_is_read_then_each_line_is_shown_and_the_page_ends_with_the_way_to_the_result(client, child):
    response = send(client, a_file(), reference_on="31/3/2022", period="2021-22-q4")
    blocks = list(response.streaming_content)
    load = AnnexALoad.objects.get()
    assert [b.decode() for b in blocks[1:4]] == [f"<li>{line}</li>\n" for line in LINES]
    read = soup(type("Page", (), {"content": b"".join(blocks)}))
    assert [li.get_text() for li in read.select("[role=log] li")] == LINES
    assert read.select_one("main .btns a")["href"] == reverse("annex_a_load", args=["northshire", load.code])
    assert read.select_one("footer")
    assert response["Cache-Control"].startswith("max-age=0")
    assert response["X-Accel-Buffering"] == "no"
    assert "script-src 'self'" in response["Content-Security-Policy"]
    head, _, rest = child.payloads[0].partition(b"\n")
    assert json.loads(head) == {
        "reference_date": "2022-03-31", "period_start": "2022-01-01", "period_end": "2022-03-31",
        "files": [{"name": "Annex A.xlsx", "size": len(WORKBOOK)}],
    }  # fmt: skip
    assert rest == WORKBOOK


def test_file_when_it_was_read_then_counts_and_fingerprint_are_kept_and_nothing_else(analyst, client, child):
    said(send(client, a_file("Child Smith.xlsx"), reference_on="31/3/2022", period="2021-22-q4"))
    load = AnnexALoad.objects.get()
    assert load.code == "2021-22-q4-trust-1"
    assert (load.kind, load.files, load.size) == ("xlsx", 1, len(WORKBOOK))
    assert load.file_sha256 == hashlib.sha256(WORKBOOK).hexdigest()
    assert (load.by, load.at, load.period.slug) == (analyst, builders.NOW, "2021-22-q4")
    assert load.measures.get().code == "contacts"
    assert "Smith" not in json.dumps(list(AnnexALoad.objects.values()), default=str)


def test_files_when_they_are_csv_then_the_fingerprint_is_that_of_their_sorted_sums(client, child):
    files = {"list 2.csv": b"b,c\n", "list 1.csv": b"a\n"}
    said(send(client, *(a_file(*f) for f in files.items()), reference_on="31/3/2022", period="2021-22-q4"))
    load = AnnexALoad.objects.get()
    sums = sorted(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items())
    assert load.file_sha256 == hashlib.sha256("".join(sums).encode()).hexdigest()
    assert (load.kind, load.files, load.size) == ("csv", 2, 6)


def test_file_when_sent_again_then_it_leads_to_what_is_there_and_reads_nothing(client, child):
    days = {"reference_on": "31/3/2022", "period": "2021-22-q4"}
    said(send(client, a_file(), **days))
    again = send(client, a_file("another name.xlsx"), **days)
    assert again.status_code == 302
    assert again["Location"] == "/northshire/annex-a/2021-22-q4-trust-1/"
    assert "This very file was taken before" in words(client.get(again["Location"]))
    assert len(child.payloads) == 1
    child.answer = an_answer(period=builders.quarters.Month(2022, 3))
    said(send(client, a_file(), reference_on="31/3/2022", period="2022-03"))
    assert list(AnnexALoad.objects.order_by("pk").values_list("code", flat=True)) == [
        "2021-22-q4-trust-1", "2022-03-trust-1",
    ]  # fmt: skip


def test_file_when_sent_again_after_a_later_one_then_it_says_what_was_replaced_and_how_to_send_it_anew(client, child):
    days = {"reference_on": "31/3/2022", "period": "2021-22-q4"}
    said(send(client, a_file(), **days))
    said(send(client, a_file("list 1.csv", b"a later list"), **days))
    again = words(client.get(send(client, a_file(), **days)["Location"]))
    assert "A later file has replaced list 1 of it. If that was a mistake, open this file, save it under" in again
    said(send(client, a_file(data=WORKBOOK + b"saved anew"), **days))
    places = places_of(AnnexALoad.objects.all())
    assert [places[load.pk].is_superseded for load in AnnexALoad.objects.order_by("pk")] == [True, True, False]


def test_file_when_two_of_the_same_are_read_at_once_then_one_load_is_kept_and_both_lead_to_it(client, child):
    days = {"reference_on": "31/3/2022", "period": "2021-22-q4"}
    first, second = send(client, a_file(), **days), send(client, a_file(), **days)
    assert "The file is read and counted." in said(first)
    assert "This very file was taken before" in said(second)
    assert AnnexALoad.objects.count() == 1


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (Busy("Other files are being worked on."), "Other files are being worked on."),
        (TooSlow("This took longer than 90 seconds."), "This took longer than 90 seconds."),
        (TooLarge("This needed more memory."), "This needed more memory."),
        (Failed("This broke down."), "This broke down."),
    ],
)
def test_file_when_the_child_gives_up_then_the_page_says_why_and_leads_back(client, child, fault, sentence):
    child.fault = fault
    read = page(send(client, a_file(), reference_on="31/3/2022", period="2021-22-q4"))
    assert sentence in read.select_one("[role=alert]").get_text()
    assert read.select_one("main .btns a")["href"] == NEW
    assert read.select_one("footer")
    assert not AnnexALoad.objects.exists()


def test_file_when_the_child_refuses_it_then_its_sentence_is_shown(client, child):
    child.answer = json.dumps({"refused": "The workbook has a password. Take it off and send it again."}).encode()
    assert "The workbook has a password." in said(send(client, a_file(), reference_on="31/3/2022", period="2021-22-q4"))


@pytest.mark.parametrize(
    "answer",
    [b"", b"[]", b"{}", an_answer(period=Q4.next()), an_answer([a_measure(value="NaN")]),
     an_answer([a_measure(code="Robert'); --")]), an_answer(findings=[{"cell": "A1"}]),
     an_answer(sheets_unread=["Robert's notes"])],
)  # fmt: skip
def test_answer_when_it_is_not_as_agreed_then_nothing_is_kept_and_the_log_quotes_nothing(client, child, answer, caplog):
    child.answer = answer
    with caplog.at_level(logging.ERROR, logger="annex_a"):
        assert "could not be used" in said(send(client, a_file(), reference_on="31/3/2022", period="2021-22-q4"))
    assert "not as agreed" in caplog.text
    assert "Robert" not in caplog.text
    assert not AnnexALoad.objects.exists()


def test_page_when_it_is_left_then_the_child_ends_and_nothing_is_kept(client, child):
    response = send(client, a_file(), reference_on="31/3/2022", period="2021-22-q4")
    blocks = iter(response)
    next(blocks)
    assert b"Checking the file" in next(blocks)
    assert not child.is_closed
    response._iterator.close()  # as Django's test client closes it, and the server when nobody listens any more
    assert child.is_closed
    assert not AnnexALoad.objects.exists()


# Memory alone


@pytest.fixture
def small(settings):
    settings.UPLOAD_MAX_BYTES_OF = {"annex_a_new": 4_000}
    settings.UPLOAD_MAX_BYTES = 1_000


def test_files_when_too_large_together_then_the_limit_is_told_and_nothing_is_read(client, child, small):
    files = [a_file(f"list {n}.csv", b"x" * 1_500) for n in range(3)]
    response = send(client, *files, reference_on="31/3/2022", period="2021-22-q4")
    assert summary(response) == [("The files are too large: 0 MB together is the most. Nothing was kept.", "#id_files")]
    assert child.payloads == []


def test_body_when_announced_above_the_limit_then_refused_before_the_form_is_read(client, child, settings):
    size = settings.UPLOAD_MAX_BYTES_OF["annex_a_new"] + 65 * 1024
    extra = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "CONTENT_LENGTH": str(size)}
    response = client.generic("POST", NEW, **extra | {"wsgi.input": io.BytesIO(b"x" * 100)})
    assert response.status_code == 413
    assert "The files together may have 20 MB at most." in words(response)
    assert "returns" not in words(response)


def test_body_when_as_large_elsewhere_then_the_general_limit_holds(client):
    extra = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "CONTENT_LENGTH": str(3 * 1024 * 1024)}
    for place in ("/northshire/annex-a/", "/northshire/no-such-page/"):
        response = client.generic("POST", place, **extra | {"wsgi.input": io.BytesIO(b"x")})
        assert response.status_code == 413, place
        assert "2 MB" in words(response)


def test_upload_when_larger_than_django_keeps_in_memory_then_still_no_file_is_made(
    client, child, monkeypatch, settings
):
    def refuse(*args, **kwargs):
        raise AssertionError("a temporary file was made")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", refuse)
    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", refuse)
    data = WORKBOOK + b"x" * settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    assert "The file is read" in said(send(client, a_file(data=data), reference_on="31/3/2022", period="2021-22-q4"))
    assert len(child.payloads[0].partition(b"\n")[2]) == len(data)


# Who


class Body(io.BytesIO):
    """A body that is remembered, so that it can be asked how much of it was read."""


@pytest.mark.parametrize("case", ["no right", "no partnership", "no page"])
def test_file_when_there_is_no_page_or_no_right_then_its_body_is_read_to_the_end(signed_in, partnership, case):
    reader = signed_in(builders.a_user(Role.APPROVER))
    place = {"no right": NEW, "no partnership": "/elsewhere/annex-a/new/", "no page": "/northshire/annex-a/other/x/"}
    body = Body(b"x" * 1_900_000)
    extra = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "CONTENT_LENGTH": "1900000", "wsgi.input": body}
    response = reader.generic("POST", place[case], **extra)
    assert response.status_code == (403 if case == "no right" else 404)
    assert body.tell() == 1_900_000


def test_large_file_when_the_person_has_no_right_then_its_body_is_read_to_the_end(signed_in, partnership):
    body = Body(b"x" * 5_000_000)
    extra = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "CONTENT_LENGTH": "5000000", "wsgi.input": body}
    assert signed_in(builders.a_user(Role.APPROVER)).generic("POST", NEW, **extra).status_code == 403
    assert body.tell() == 5_000_000


def test_form_when_forged_then_refused(analyst, child):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(analyst)
    form = form_of(strict.get(NEW)) | {"reference_on": "31 March 2022", "period": "2021-22-q4"}
    token = form.pop("csrfmiddlewaretoken")
    assert strict.post(NEW, form | {"files": [a_file()]}).status_code == 403
    assert child.payloads == []
    assert "The file is read" in said(strict.post(NEW, form | {"files": [a_file()], "csrfmiddlewaretoken": token}))


def test_upload_when_nobody_is_signed_in_then_the_body_is_thrown_away_unread(child, monkeypatch):
    monkeypatch.setattr(annex_a_upload, "MemoryOnly", None)
    response = Client().post(NEW, {"files": [a_file()]}, follow=True)
    assert "You had been signed out, so nothing was saved." in words(response)


def test_job_when_asked_for_then_the_child_knows_it():
    limits = bounded.JOBS[annex_a_upload.JOB]
    assert (limits.memory, limits.wait) == (500 * 1024 * 1024, 90)
