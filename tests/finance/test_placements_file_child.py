"""Real files through the real child: nothing of a child comes out, and what is hostile is refused in bounded time."""

import csv
import io
import json
import logging
import re
import tempfile
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection

from finance.demand_band import ALL_RUNGS
from finance.models import Ssda903Load
from finance.ssda903.answer import Sums, read_answer
from finance.ssda903.codes import NOT_REPORTED
from finance.ssda903.job import JOB, payload_of
from finance.ssda903.names import RUNG_NAMES
from finance.ssda903.offers import offers
from finance.ssda903.synthetic import synthetic_return
from indicators import bounded
from indicators.models import DraftCell
from tests.conftest import FIXTURES
from tests.finance.placements_return import an_officer, an_open_return
from tests.finance.ssda903_world import EPISODES, HEADINGS, episode, episodes, header
from tests.indicators.return_pages import form_of, soup

FIRST, LAST = date(2022, 1, 1), date(2022, 3, 31)
NEW, HERE = "/northshire/money/placements-file/new/", "/northshire/money/placements-file/"
GOOD, BODY = header("01/10/2010"), episodes(episode())
LONGEST = 20  # seconds that a refusal may take on a busy machine; an idle one needs less than three


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    """Where this process and its children put temporary files; the child may write none anywhere."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def child(head: bytes, body: bytes) -> dict:
    """What the real child answers, in bounded time and memory."""
    started = time.monotonic()
    answer = json.loads(bounded.run(job=JOB, payload=payload_of(head, body, FIRST, LAST), patience=30))
    assert time.monotonic() - started < LONGEST
    return answer


# Hostile


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("episodes.csv", BODY)
    return out.getvalue()


HOSTILE = [
    pytest.param(lambda: zipped(), "no CSV file", id="zip renamed"),
    pytest.param(lambda: b"\x00\x01\xff" * 90_000, "no CSV file", id="binary"),
    pytest.param(lambda: BODY[:99] + b"\r\n" * 1_000_000, "no episode that can be counted", id="1,000,000 empty rows"),
    pytest.param(lambda: BODY + b"," * 13 + b"\r\n" + b"1,,,,,,,,,,,,\r\n" * 1_000_000, "larger than such a return",
                 id="1,000,000 rows"),
    pytest.param(lambda: GOOD, "the other way round", id="wrong file"),
    pytest.param(lambda: b"NAME,BORN\r\nx,y\r\n", "lacks CHILD and DECOM", id="wrong header"),
    pytest.param(lambda: (EPISODES + ",X" * 300 + "\r\n").encode() + b"1," * 300, "larger than such a return",
                 id="300 columns"),
    pytest.param(lambda: BODY + b'"' + b"x" * 19_000_000, "cannot be read as CSV", id="endless cell"),
    pytest.param(lambda: episodes(episode(decom="01/04/2024")), "No child of these files was in care", id="later"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "sentence"), HOSTILE)
def test_file_when_it_is_hostile_then_it_is_refused_in_a_sentence(make, sentence):
    answer = child(GOOD, make())
    assert set(answer) == {"refused"}
    assert sentence in answer["refused"]
    assert answer["refused"].endswith(".")


def test_files_when_as_large_as_they_may_be_then_they_are_counted_within_memory():
    births = [f"01/0{1 + n % 9}/201{n % 10}" for n in range(20_000)]
    rows = [episode(n, "2021-05-01", "K2", "PR4", "2022-02-01", "X1") for n in range(1, 20_001)]
    rows += [episode(n, "2022-02-01", "U6", "PR1") for n in range(1, 20_001)]
    answer = read_answer(json.dumps(child(header(*births), episodes(*rows, *rows[:20_000]))).encode())
    assert answer.sums.total("at_end") == 20_000
    assert answer.sums.total("moves") == 20_000


# Nothing of a child

PLANTED = (
    "QX770013", "AD550077", "Zebedee", "Plantagenet", "QZ9 4XJ", "QZ94XJ", "2011-02-13", "13/02/2011",
    "13 February 2011", "H801200001001", "SC998877",
)  # fmt: skip


def leaks(text: str) -> list[str]:
    return [word for word in PLANTED if re.search(rf"(?<![0-9a-f]){re.escape(word)}", text, re.IGNORECASE)]


def dirty() -> tuple[bytes, bytes]:
    """Files with planted identifiers wherever they can hold one: right cells, wrong cells, headings."""
    head = "\n".join([
        f"{HEADINGS},Zebedee", "QX770013,1,13/02/2011,WBRI,H801200001001,0,", "AD550077,1,Plantagenet,x,13/02/2011,,",
        "QX770013,1,2011-02-13,,,,", ",Zebedee,13 February 2011,,,,",
    ])  # fmt: skip
    own = "DN1 1AA,DN2 2BB,SC0001", "QZ9 4XJ,QZ94XJ,SC998877"
    rows = [
        episode("QX770013"), episode("QX770013", "Zebedee"), episode("AD550077", place="Plantagenet"),
        episode("AD550077", "13/02/2011", provider="QX770013", dec="13 February 2011"),
        episode("Zebedee", "01/05/2021", dec="01/02/2022", rec="H801200001001", legal="SC998877"),
    ]  # fmt: skip
    body = "\n".join([f"{EPISODES},Plantagenet", *(row.replace(*own) for row in rows)])
    return head.encode(), body.encode()


@pytest.fixture
def logged():
    """Everything that any logger says, the ones that keep to themselves included."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    loggers = [logging.getLogger(name) for name in ("operations", "bounded", "ssda903", "django", "")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    yield stream
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


def everything_stored() -> str:
    """Every column of every table, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            found += [str(value) for record in cursor.fetchall() for value in record]
    return "\n".join(found)


@pytest.fixture
def client(db, signed_in):
    an_open_return()
    return signed_in(an_officer())


def send(client, head: bytes, body: bytes) -> str:
    form = form_of(client.get(NEW)) | {"period": "2021-22-q4"}
    files = {"header": SimpleUploadedFile("Zebedee Plantagenet.csv", head)}
    files["episodes"] = SimpleUploadedFile("QX770013.csv", body)
    return b"".join(client.post(NEW, form | files).streaming_content).decode()


def test_files_when_they_hold_children_then_nothing_of_them_is_stored_logged_left_or_sent(client, logged, folder):
    head, body = dirty()
    assert sorted(leaks((head + body).decode())) == sorted(PLANTED)
    (folder / "mark").touch()
    began = (folder / "mark").stat().st_mtime
    said = [send(client, head, body)]
    load = Ssda903Load.objects.get()
    place = f"{HERE}{load.code}/"
    page = client.get(place)
    chosen = [field["value"] for field in soup(page).select("#compare > form input[name=pick]")]
    client.post(f"{place}decide/", {"do": "accept", "pick": chosen})
    assert DraftCell.objects.count() == 6
    tables = [
        f"{place}{name}.csv" for name in ("rungs", "moves", "ways", "ages", "rates", "ahead", "findings", "offers")
    ]
    for path in (HERE, NEW, place, *tables, "/northshire/money/"):
        response = client.get(path)
        assert response.status_code == 200, path
        said.append((b"".join(response.streaming_content) if response.streaming else response.content).decode())
    assert [leaks(text) for text in said if leaks(text)] == []
    assert leaks(everything_stored()) == []
    assert leaks(logged.getvalue()) == []
    assert "record_load" in logged.getvalue()
    left = [path for path in folder.rglob("*") if path.stat().st_mtime >= began and path.name != "mark"]
    assert left
    assert all(path.suffix == ".lock" and path.stat().st_size == 0 for path in left)
    assert "The files are counted." in said[0]
    assert load.finding_counts["error"] == 3


@pytest.mark.parametrize("broken", [lambda d: b"Zebedee,QX770013\n13/02/2011", lambda d: d + b'\n"Zebedee QX770013'])
def test_files_when_refused_then_the_sentence_quotes_nothing(client, logged, broken):
    head, body = dirty()
    said = send(client, head, broken(body))
    assert "Nothing was taken in" in said
    assert leaks("\n".join([said, everything_stored(), logged.getvalue()])) == []
    assert not Ssda903Load.objects.exists()


# Synthetic


def test_synthetic_return_when_made_twice_then_alike_clearly_synthetic_and_counted():
    made = synthetic_return(3, 120, date(2021, 4, 1), date(2022, 3, 31))
    assert made == synthetic_return(3, 120, date(2021, 4, 1), date(2022, 3, 31))
    assert made != synthetic_return(4, 120, date(2021, 4, 1), date(2022, 3, 31))
    assert all(b"SYNTHETIC" in line for line in made.header.splitlines()[1:])
    clean = read_answer(json.dumps(child(made.header, made.episodes)).encode())
    assert (clean.header_rows, clean.episode_rows, clean.findings) == (120, made.rows, ())
    ahead = {(one.on, one.rung): one for one in clean.sums.ahead}
    assert (len(ahead), clean.sums.runs) == (4 * (len(RUNG_NAMES) + 1), 1_000)
    assert {day for day, _ in ahead} == {date(2022, month, day) for month, day in ((6, 30), (9, 30), (12, 31))} | {
        date(2023, 3, 31)
    }
    in_care = ahead[date(2023, 3, 31), ALL_RUNGS]
    assert 0 < in_care.low < in_care.expected < in_care.high
    spoiled = synthetic_return(3, 120, date(2021, 4, 1), date(2022, 3, 31), 1_000)
    found = read_answer(json.dumps(child(spoiled.header, spoiled.episodes)).encode())
    assert found.finding_counts["error"] > 10
    assert found.sums.lost == {}


def test_command_when_run_then_both_files_are_there_and_a_wrong_size_is_a_sentence(tmp_path, capsys):
    call_command("make_ssda903", children=20, seed=2, out=tmp_path / "made")
    assert {path.name for path in (tmp_path / "made").iterdir()} == {"header.csv", "episodes.csv"}
    assert "20 children" in capsys.readouterr().out
    with pytest.raises(CommandError, match="Choose from 1 to 20,000 children"):
        call_command("make_ssda903", children=0)
    with pytest.raises(CommandError, match="must not be before the first"):
        call_command("make_ssda903", "--last", "2020-01-01")


# What is offered


def test_offers_when_made_then_rungs_groups_and_ways_add_up():
    made = synthetic_return(5, 150, date(2021, 4, 1), date(2022, 3, 31), 300)
    sums: Sums = read_answer(json.dumps(child(made.header, made.episodes)).encode()).sums
    foster = ["independent-fostering", "in-house-fostering"]
    found = {key: offer.number for key, offer in offers(sums, dict.fromkeys(foster, "foster")).items()}

    def of(indicator: str, begins: str = "", holds: str = "") -> int:
        return sum(n for (i, key), n in found.items() if i == indicator and key.startswith(begins) and holds in key)

    inside = sum(sums.total("moves", rung=begin, third=to) for begin in foster for to in foster)
    parts = sum(found["placements-started", f"rung={rung}"] for rung in foster)
    assert found["placements-started", "rung-group=foster"] == parts - inside < parts
    for place, rungs in (("rung=with-parents", ["with-parents"]), ("rung-group=foster", foster)):
        assert of("placements-started", "came-from=", f"|{place}") == found["placements-started", place]
        assert of("placements-ended", f"{place}|went-to=") == found["placements-ended", place]
        opening = sum(sums.total("at_start", rung=rung) for rung in rungs)
        more = found["placements-started", place] - found["placements-ended", place]
        assert opening + more == found["placements-at-end", place]
    unplaced = sums.total("nights", rung="rung-not-reported")
    assert of("care-nights", "rung=") + unplaced == sums.total("nights")
    assert unplaced > 0


def test_names_when_held_against_the_categories_of_the_ladder_then_they_are_the_same_and_every_offer_has_one():
    with (FIXTURES / "doncaster" / "money" / "categories.csv").open(encoding="utf-8", newline="") as file:
        held = {(row["dimension"], row["code"]): row["name"] for row in csv.DictReader(file)}
    for code, name in RUNG_NAMES.items():
        assert held["rung", {NOT_REPORTED: "not-stated"}.get(code, code)] == name
    groups = {"out-of-authority": "out-of-area", "in-house-fostering": "fostering"}
    parts = {tuple(part.split("=")) for _, key in offers(Sums(), groups) for part in key.split("|")}
    assert parts <= set(held)
    assert {code for kind, code in parts if kind == "went-to"} >= {"turned-18", "left-otherwise", "not-stated"}
