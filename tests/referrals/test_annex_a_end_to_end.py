"""A real workbook through the real child: what comes out of it, and that nothing of a child does."""

import io
import logging
import re
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from indicators.models import DraftCell
from indicators.units import Unit
from referrals.models import AnnexALoad
from tests import builders
from tests.indicators.return_pages import form_of, soup
from tests.referrals.annex_a_files import a_csv, a_list, a_row, a_workbook

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")]

NEW = "/northshire/annex-a/new/"

# Told apart from anything that the service itself says. Dates stand in every way that they may be written.
BORN = datetime.fromisoformat("2011-02-13")
PLANTED = (
    "QX770013", "QX770014", "AD550077", "Zebedee", "Plantagenet", "Wilhelmina", "Grimshaw", "Fernhollow", "QZ9 4XJ",
    "QZ94XJ", "Quillcote", "Ottershaw-Bane", "2011-02-13", "13/02/2011", "13 February 2011", "13 Feb 2011", "40587",
    "998877",
)  # fmt: skip
OTHER_WAYS = ("2011-02-13", "13 Feb 2011")


@pytest.fixture
def lines(partnership):
    return {
        code: builders.an_indicator(code, unit=Unit.COUNT, target=None, name=code.capitalize())
        for code in ("contacts", "referrals")
    }


@pytest.fixture
def row(lines):
    return builders.fresh(builders.a_return())


@pytest.fixture
def client(row, signed_in):
    return signed_in(builders.the_people(row.partner).analyst)


def dirty_workbook() -> bytes:
    """Lists with planted identifiers wherever a file can hold one: right cells, wrong cells, headings, names."""
    staff = {"allocated_team": "Fernhollow team", "allocated_worker": "Wilhelmina Grimshaw"}
    child = {"child_unique_id": "QX770013", "date_of_birth": BORN}
    day = datetime.fromisoformat("2022-02-01")
    contacts = a_list(
        1,
        a_row(1, **child, date_of_contact=day, contact_source="Zebedee Plantagenet"),
        a_row(1, child_unique_id="QX770014", date_of_birth="13/02/2011", gender="Plantagenet", date_of_contact="soon"),
        a_row(1, child_unique_id=None, date_of_birth="Zebedee", date_of_contact=day),
    )
    contacts.append(["Total Zebedee"])
    contacts[0] = [*contacts[0], "Zebedee Plantagenet’s notes"]
    contacts[1] += ["Seen at Quillcote"]
    referrals = a_list(
        3,
        a_row(3, **child, **staff, date_of_referral=day),
        a_row(3, **child, **staff, date_of_referral="13 February 2011", referral_nfa="998877"),
    )
    care = a_list(8, a_row(8, **child, **staff, placement_postcode="QZ9 4XJ", la_of_placement="Quillcote",
                           urn_of_placement="998877", date_of_latest_statutory_review="QZ94XJ"))  # fmt: skip
    adopters = a_list(11, a_row(11, individual_adopter_identifier="AD550077", family_identifier="Ottershaw-Bane"))
    return a_workbook(
        {"List 1": [["Children of Zebedee Plantagenet"], *contacts], "Plantagenet referrals": referrals,
         "List 8": care, "List 11 Ottershaw-Bane": adopters, "Notes on Wilhelmina": [["Grimshaw", "998877"]]},
        lambda book: setattr(book.properties, "creator", "Wilhelmina Grimshaw"),
    )  # fmt: skip


def send(client, *files: tuple[str, bytes]) -> bytes:
    form = form_of(client.get(NEW)) | {"reference_on": "31 March 2022", "period": "2021-22-q4"}
    sent = client.post(NEW, form | {"files": [SimpleUploadedFile(name, data) for name, data in files]})
    return b"".join(sent.streaming_content) if sent.streaming else sent.content


def everything_stored() -> str:
    """Every column of every table, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            found += [str(value) for record in cursor.fetchall() for value in record]
    return "\n".join(found)


@pytest.fixture
def logged(caplog):
    """Everything that any logger says, the ones that keep to themselves included."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    loggers = [logging.getLogger(name) for name in ("operations", "bounded", "annex_a", "django", "")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    yield stream
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


def unpacked(book: bytes) -> str:
    """Everything that a workbook says."""
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        return "\n".join(parts.read(name).decode() for name in parts.namelist())


@pytest.fixture
def started(tmp_path_factory) -> float:
    """When the test began, by the clock of the file system."""
    mark = tmp_path_factory.mktemp("began") / "mark"
    mark.touch()
    return mark.stat().st_mtime


@pytest.fixture
def outside() -> Path:
    """Where temporary files lie that are not ours."""
    return Path(tempfile.gettempdir())


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """Where this process and its children put temporary files; the child may write none anywhere (see
    test_bounded)."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def leaks(text: str) -> list[str]:
    return [word for word in PLANTED if re.search(rf"(?<![0-9a-f]){re.escape(word)}", text, re.IGNORECASE)]


def answers_of(client, load: AnnexALoad) -> dict[str, str]:
    """Every page and file that has to do with a load."""
    place = f"/northshire/annex-a/{load.code}/"
    wanted = ["/northshire/annex-a/", NEW, place, f"{place}?page=2", f"{place}measures.csv", f"{place}findings.csv",
              "/northshire/", "/northshire/returns/contract/2021-22-q4/trust/1/",
              "/northshire/returns/contract/2021-22-q4/trust/1/entry/"]  # fmt: skip
    found = {}
    for path in wanted:
        response = client.get(path)
        assert response.status_code == 200, path
        found[path] = (b"".join(response.streaming_content) if response.streaming else response.content).decode()
    return found


def test_leaks_when_something_is_planted_then_they_are_found():
    assert leaks("a page about zebedee, born 13/02/2011") == ["Zebedee", "13/02/2011"]
    assert leaks("sum of 12, file 1a40587") == []


def test_workbook_when_it_holds_children_then_nothing_of_them_is_stored_logged_left_or_sent(
    client, row, logged, started, outside, folder
):
    book = dirty_workbook()
    assert len(leaks(unpacked(book))) == len(PLANTED) - len(OTHER_WAYS)
    progress = send(client, ("Zebedee Plantagenet.xlsx", book)).decode()
    load = AnnexALoad.objects.get()
    pages = answers_of(client, load)
    chosen = soup(client.get(f"/northshire/annex-a/{load.code}/")).select("#compare > form input[name=pick]")
    client.post(f"/northshire/annex-a/{load.code}/decide/", {"do": "accept", "pick": [i["value"] for i in chosen]})
    assert DraftCell.objects.count() == 2
    assert {name: leaks(text) for name, text in pages.items() if leaks(text)} == {}
    assert leaks(progress) == []
    assert leaks(everything_stored()) == []
    assert leaks(logged.getvalue()) == []
    assert "record_load" in logged.getvalue()
    left = [path for path in folder.rglob("*") if path.stat().st_mtime >= started]
    assert left
    # Whoever ignores where temporary files belong, but writes under our name, is found as well.
    left += [path for path in outside.glob("partnership-performance*") if path.stat().st_mtime >= started]
    counts = [path for path in left if "partnership-performance-counts-" in str(path)]  # what /metrics/ adds up
    assert leaks("".join(path.read_text() for path in counts if path.is_file())) == []
    assert all(path.suffix == ".lock" and path.stat().st_size == 0 for path in left if path not in counts)
    assert "The file is read and counted." in progress
    assert load.finding_counts["error"] >= 4
    assert [one["sheet"] for one in load.lists if one["rows"]] == [
        "List 1", "a sheet of another name", "List 8", "a sheet of another name",
    ]  # fmt: skip


def test_csv_files_when_they_hold_children_then_nothing_of_them_is_stored_logged_or_sent(client, row, logged):
    day = datetime.fromisoformat("2022-02-01")
    rows = a_list(1, a_row(1, child_unique_id="QX770013", date_of_birth=BORN, date_of_contact=day,
                           contact_source="Zebedee Plantagenet"))  # fmt: skip
    progress = send(client, ("list 1.csv", a_csv(rows).encode()), ("list 3.csv", a_csv(a_list(3)).encode()))
    load = AnnexALoad.objects.get()
    assert (load.kind, load.files) == ("csv", 2)
    everything = "\n".join(
        [progress.decode(), everything_stored(), logged.getvalue(), *answers_of(client, load).values()]
    )
    assert leaks(everything) == []


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("Zebedee.xlsx", b"MZ\x90\x00 Zebedee Plantagenet", "Nothing was taken in"),
        ("Zebedee.xlsx", b"PK\x03\x04 Zebedee Plantagenet", "Nothing was taken in"),
        ("Zebedee Plantagenet.csv", b"Zebedee,QX770013\n13/02/2011,998877\n", "Nothing was taken in"),
    ],
)
def test_file_when_it_is_refused_then_the_sentence_quotes_nothing(client, row, logged, name, data, says):
    answer = send(client, (name, data)).decode()
    assert says in answer
    assert leaks("\n".join([answer, everything_stored(), logged.getvalue()])) == []
    assert not AnnexALoad.objects.exists()


def test_workbook_when_it_is_sound_then_what_it_counts_goes_into_the_return(client, row):
    days = [datetime.fromisoformat(f"2022-0{month}-15") for month in (1, 2, 3)]
    rows = [a_row(1, child_unique_id=1_000 + n, date_of_contact=day) for n, day in enumerate(days)]
    rows += [a_row(1, child_unique_id=2_000, date_of_contact=datetime.fromisoformat("2021-11-15"))]
    send(client, ("Annex A.xlsx", a_workbook({"List 1": a_list(1, *rows), "List 3": a_list(3)})))
    load = AnnexALoad.objects.get()
    page = soup(client.get(f"/northshire/annex-a/{load.code}/"))
    chosen = page.select("#compare > form input[name=pick]")
    client.post(f"/northshire/annex-a/{load.code}/decide/", {"do": "accept", "pick": [i["value"] for i in chosen]})
    cells = {c.series.indicator.code: c for c in DraftCell.objects.select_related("series__indicator")}
    assert {code: cell.value for code, cell in cells.items()} == {"contacts": 3, "referrals": 0}
    assert cells["contacts"].source_system == f"Annex A, reference date 31 March 2022, file {load.file_sha256[:8]}"
    assert load.measures.filter(value__isnull=True, left_out__0__reason="list 7 is not in the file").exists()
