"""The pages of the official data sets: what is in use, a file on its way in, what it would change, and the decision."""

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.benchmark_answers import FileRefused, NotAsAgreed
from indicators.bounded import TooSlow
from indicators.models import Area, AuditEvent, BenchmarkImport, BenchmarkSet, BenchmarkValue, ComparatorMember
from indicators.roles import Role
from indicators.views import benchmark_upload
from tests import builders
from tests.builders import benchmarks as b
from tests.builders import official
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
    return BeautifulSoup(content, "lxml")


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


# Statistical neighbours


SN = "sn_model_2025_wide.csv"
MEMBERS = [f"SN_{rank}" for rank in range(1, 11)]


def neighbours(*rows: tuple[str, ...]) -> bytes:
    """A file of neighbours: the three-digit number of each area, then of those it is held beside."""
    return b.csv_of(
        [dict(zip(["old_la_code", *MEMBERS], row, strict=True)) for row in rows], ["old_la_code", *MEMBERS]
    )  # fmt: skip


@pytest.fixture
def areas(partnership):
    """Our own authority (371) and eleven others (900 to 910)."""
    own = official.an_area(partnership.gss_code, "Northshire")
    Area.objects.filter(pk=own.pk).update(old_code="371")
    for number in range(11):
        made = official.an_area(f"E0600{number:04}", f"Area {number}")
        Area.objects.filter(pk=made.pk).update(old_code=str(900 + number))


def fields(page) -> dict[str, str]:
    return {field["name"]: field["value"] for field in page.select_one("main form").select("input[name]")}


def ours(*others: int) -> tuple[str, ...]:
    return "371", *(str(900 + number) for number in others)


def members(code: str = "371") -> list[str]:
    rows = ComparatorMember.objects.filter(group__area__old_code=code).order_by("rank")
    return [row.area.name for row in rows.select_related("area")]


def test_neighbours_when_sound_then_shown_by_rank_and_in_use_only_once_confirmed(client, areas):
    page = sent(client, neighbours(ours(*range(10))), SN)
    said = text(page)
    assert "The file is sound. It is not in use yet." in said
    assert "Nothing of this set is in use, so the neighbours of the one area of it are new." in said
    assert "1 Now None By the new file Area 0" in said
    assert "From 1 May 2025" in said
    assert not ComparatorMember.objects.exists()
    assert not BenchmarkImport.objects.exists()
    answer = client.post(f"{PLACE}neighbours/", fields(page), follow=True)
    assert "“Statistical neighbours, model of 2025”: import 1 is in use from now on." in text(soup(answer))
    assert members() == [f"Area {number}" for number in range(10)]
    event = AuditEvent.objects.get(kind="benchmarks_imported")
    assert (event.partnership.slug, event.by.memberships.get().role) == ("northshire", Role.APPROVER)


def test_neighbours_when_others_are_in_use_then_what_changes_is_said_and_another_file_meanwhile_is_not_overwritten(
    client, areas
):
    first = neighbours(ours(*range(10)), ("900", "371", *(str(900 + n) for n in range(1, 10))))
    client.post(f"{PLACE}neighbours/", fields(sent(client, first, SN)))
    page = sent(
        client, neighbours(ours(1, 0, *range(2, 9), 10), ("901", "371", *(str(n) for n in range(902, 911)))), SN
    )
    said = text(page)
    assert (
        "Against import 1, which is in use: 1 area new, 1 area with other neighbours or another order of them, " in said
    )
    assert "1 area gone." in said
    assert "Other neighbours or another order: Northshire." in said
    assert "10 Now Area 9 By the new file Area 10" in said
    other = sent(client, neighbours(ours(*range(1, 11))), SN)
    client.post(f"{PLACE}neighbours/", fields(other))
    answer = client.post(f"{PLACE}neighbours/", fields(page), follow=True)
    assert "Another import of this data set has begun since" in text(soup(answer))
    assert members() == [f"Area {number}" for number in range(1, 11)]
    assert "this very file is current already" in text(sent(client, neighbours(ours(*range(1, 11))), SN))
    assert BenchmarkImport.objects.count() == 2


def test_neighbours_when_a_number_is_wrong_or_of_nobody_then_refused_with_its_place(client, areas):
    said = text(sent(client, neighbours(("371", "37", *(str(n) for n in range(900, 909)))), SN))
    assert "B2, SN_1 This is no three-digit number of an authority" in said
    said = text(sent(client, neighbours(("371", "999", *(str(n) for n in range(900, 909)))), SN))
    assert "No authority is held under the number 999. Import a data set with every authority first." in said


def test_neighbours_when_what_the_page_carried_is_not_what_was_shown_then_nothing_is_used(client, areas, signed_in):
    form = fields(sent(client, neighbours(ours(*range(10))), SN))
    path = f"{PLACE}neighbours/"
    for changed in (form | {"carried": form["carried"][:-3] + "abc"}, {"carried": ""}):
        assert "altered on the way" in text(soup(client.post(path, changed, follow=True)))
    other = signed_in(builders.a_user(Role.ADMINISTRATOR))
    assert "was shown to another person" in text(soup(other.post(path, form, follow=True)))
    assert client.get(path, follow=True).redirect_chain[-1][0] == NEW
    assert not BenchmarkImport.objects.exists()


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
