"""The pages of the official data sets: what is in use, a file on its way in, what it would change, and the decision."""

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.benchmark_answers import FileRefused, NotAsAgreed
from indicators.bounded import TooSlow
from indicators.models import AuditEvent, BenchmarkImport, BenchmarkSet, BenchmarkValue
from indicators.roles import Role
from indicators.views import benchmark_upload
from tests import builders
from tests.builders import benchmarks as b
from tests.indicators.return_pages import form_of, soup
from tests.parity import words

pytestmark = pytest.mark.django_db

PLACE = "/northshire/benchmarks/data/"
NEW = f"{PLACE}new/"


def in_this_process(files):
    """Stands in for the bounded child."""
    yield "Reading"
    found = []
    for name, data in files:
        try:
            found.append(b.read(data, name))
        except FileRefused as refused:
            found.append(refused)
    return found


@pytest.fixture
def client(partnership, signed_in, monkeypatch) -> Client:
    monkeypatch.setattr(benchmark_upload, "reading", in_this_process)
    return signed_in(builders.a_user(Role.APPROVER))


def sent(client: Client, data: bytes, name: str = b.C1):
    """The page that a file is answered with, whole."""
    response = client.post(NEW, {"file": SimpleUploadedFile(name, data)})
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return BeautifulSoup(content, "html.parser")


def text(page) -> str:
    return words(page.main.get_text(" "))


def later() -> bytes:
    return b.a_c1_file(lambda rows: rows[6].update(rereferral_percent="21.1", rereferral_count="211"))


def test_page_when_nothing_is_held_then_it_says_what_will_stand_there(client, signed_in):
    assert "No data set is held yet" in text(soup(client.get(PLACE)))
    reader = signed_in(builders.a_user(Role.BOARD_MEMBER))
    page = soup(reader.get(PLACE))
    assert "Once an approver or administrator imports" in text(page)
    assert page.find("a", href=NEW) is None


def test_file_when_sound_then_in_use_only_once_it_is_confirmed(client):
    page = sent(client, b.a_c1_file())
    assert "The file is sound. It is not in use yet." in text(page)
    assert "16 of 16 published values agree with their parts" in text(page)
    assert not BenchmarkValue.objects.filter(source_import__current_of__isnull=False).exists()
    assert "a new file waits to be confirmed" in text(soup(client.get(PLACE)))
    path = page.find("a", string="See what it would change")["href"]
    preview = client.get(path)
    assert "Nothing of this data set is in use, so all 24 values are new." in text(soup(preview))
    answer = client.post(path, form_of(preview) | {"do": "confirm"}, follow=True)
    assert "import 1 is in use from now on" in text(soup(answer))
    table = soup(answer).find("table")
    assert "2023/24" in words(table.get_text(" "))
    assert "Open Government Licence v3.0" in words(table.get_text(" "))
    assert BenchmarkValue.objects.filter(source_import__current_of__isnull=False).count() == 24
    event = AuditEvent.objects.get(kind="benchmarks_imported")
    assert (event.partnership.slug, event.by.memberships.get().role) == ("northshire", Role.APPROVER)
    again = client.post(path, form_of(preview) | {"do": "confirm"}, follow=True)
    assert "this was decided before" in text(soup(again))


def test_file_when_it_changes_what_is_in_use_then_the_preview_shows_before_and_after(client):
    b.an_import()
    path = sent(client, later()).find("a", string="See what it would change")["href"]
    said = text(soup(client.get(path)))
    assert "Against import 1, which is in use: 0 new, 1 changed, 0 gone." in said
    assert "20.2% (202 of 1,000)" in said
    assert "21.1% (211 of 1,000)" in said


def test_file_when_forgotten_then_what_was_in_use_still_is(client):
    held = b.an_import()
    path = sent(client, later()).find("a", string="See what it would change")["href"]
    answer = client.post(path, form_of(client.get(path)) | {"do": "forget"}, follow=True)
    assert "the new file was forgotten" in text(soup(answer))
    assert BenchmarkSet.objects.get().current == held
    assert BenchmarkImport.objects.count() == 1
    assert client.get(path).status_code == 404


def test_file_when_another_was_sent_since_then_the_older_page_decides_nothing(client):
    first = b.an_import()
    path = sent(client, later()).find("a", string="See what it would change")["href"]
    form = form_of(client.get(path)) | {"do": "confirm"}
    sent(client, b.a_c1_file(years=(2024,)))  # takes the place and the number of the one that waited
    answer = client.post(path, form, follow=True)
    assert "Another file has been read since you opened the page" in text(soup(answer))
    assert BenchmarkSet.objects.get().current == first


def test_file_when_in_use_already_then_said_and_nothing_is_read(client, monkeypatch):
    b.an_import()
    monkeypatch.setattr(benchmark_upload, "reading", None)
    assert "this very file is current already" in text(sent(client, b.a_c1_file()))


def test_file_when_broken_then_every_finding_with_its_place(client):
    def spoil(rows: list[b.Row]) -> None:
        rows[2]["referral_count"] = "<b>many</b>"
        rows[3]["old_la_code"] = "37"

    said = text(sent(client, b.a_c1_file(spoil)))
    assert "The file was refused; nothing was written" in said
    assert "L4, referral_count “<b>many</b>” is neither a number" in said
    assert "H5, old_la_code" in said
    assert not BenchmarkImport.objects.exists()


@pytest.mark.parametrize(
    ("fault", "said"),
    [(TooSlow("It was stopped."), "It was stopped."), (NotAsAgreed("x"), "The fault has been recorded")],
)
def test_file_when_the_child_does_not_answer_then_the_reason_and_nothing_changed(client, monkeypatch, fault, said):
    def broken(files):
        yield "Reading"
        raise fault

    monkeypatch.setattr(benchmark_upload, "reading", broken)
    assert said in text(sent(client, b.a_c1_file()))


def test_file_when_it_names_neighbours_then_the_command_is_named(client):
    name = "sn_model_2025_wide.csv"
    assert "manage.py import_benchmarks" in text(sent(client, (b.FOLDER / name).read_bytes(), name))


def test_file_when_too_large_or_missing_then_the_form_says_so(client, settings):
    settings.UPLOAD_MAX_BYTES_OF = settings.UPLOAD_MAX_BYTES_OF | {"benchmark_new": 1024 * 1024}
    assert "1 MB is the most" in text(sent(client, b"x" * (1024 * 1024 + 10)))
    assert "Choose the file" in text(soup(client.post(NEW, {})))


def test_file_when_read_by_the_real_child_then_staged(client, monkeypatch):
    monkeypatch.undo()
    said = text(sent(client, b.a_c1_file()))
    assert "Children in need: referrals and re-referrals: 8 rows" in said
    assert "24 of 24 values written" in said
    assert "The file is sound." in said


def test_list_when_it_grows_then_the_number_of_queries_does_not(client):
    b.an_import()
    client.get(PLACE)
    with CaptureQueriesContext(connection) as few:
        client.get(PLACE)
    b.an_import(later())
    name = next(b.FOLDER.glob("d7*")).name
    b.an_import((b.FOLDER / name).read_bytes(), name)
    with CaptureQueriesContext(connection) as many:
        said = text(soup(client.get(PLACE)))
    assert len(many) == len(few)
    assert "Replaced" in said
    assert said.count("In use") == 2
