"""A region over what its authorities have published: who is compared, who is not and why, and what is never told."""

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import Partnership
from partnership.models import Region, RegionStep
from partnership.region_table import REGION_TABLE
from partnership.regional import SAME_DEFINITION
from tests import builders as b
from tests.parity import shown, table_named, words
from tests.partnership.pack_world import a_published_pack, restate, withdraw
from tests.partnership.public_world import a_member
from tests.partnership.region_world import (
    CODE,
    HOUR,
    SHARE,
    a_region,
    a_whole_region,
    an_authority,
    another_version,
    authorities,
    of,
    returned,
    told,
)

pytestmark = pytest.mark.django_db

REGION = f"/data/regions/{CODE}/"
PAGE = f"{REGION}{SHARE}/"
FILE = f"{REGION}{SHARE}.csv"
LIST = f"/data/regions/{CODE}.csv"
EVERY = ("/data/regions/", REGION, LIST, PAGE, FILE, f"{FILE}-metadata.json")


def soup(path: str) -> BeautifulSoup:
    response = Client().get(path)
    assert response.status_code == 200, path
    return BeautifulSoup(response.content, "lxml")


def text(path: str) -> str:
    return words(soup(path).select_one("main").get_text(" "))


def read(path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(Client().get(path).content.decode(), newline="")))


def rows_of(path: str) -> dict[str, dict[str, str]]:
    """The rows of a file by the short name of the partnership."""
    return {row["partnership"]: row for row in read(path)}


def test_two_authorities_when_they_publish_alike_then_side_by_side_to_everybody_without_a_cookie() -> None:
    made = authorities([850, 700])
    a_region(*[one.slug for one in made])
    page = text(PAGE)
    assert "2 of 2 authorities are compared" in page
    assert "85% 850 of 1,000" in page
    rows = rows_of(FILE)
    assert [rows[one.slug]["value"] for one in made] == ["85", "70"]
    member = a_member()
    for path in EVERY:
        first, mine = Client().get(path), member.get(path)
        assert first.status_code == 200, path
        assert first.cookies == {}, path
        assert "Cookie" not in first.get("Vary", ""), path
        assert first["Cache-Control"] == "public, max-age=300", path
        assert mine.content == first.content, path
        again = Client().get(path, headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b""), path
        assert first.get("Access-Control-Allow-Origin") == ("*" if ".csv" in path else None), path
        assert Client().post(path).status_code == 405, path
    assert "Northern alliance" in text("/data/")
    assert "Northern alliance" in text(f"/data/{made[0].slug}/")
    b.a_partnership("southshire", "E06000098")
    for path in ("/data/regions/none/", f"{REGION}none/", f"{REGION}none.csv", "/data/regions/none.csv"):
        assert Client().get(path).status_code == 404, path


@pytest.mark.once
@pytest.mark.long
def test_fifteen_authorities_when_compared_then_each_stands_where_it_belongs_and_the_file_says_the_same() -> None:
    a_whole_region()
    rows = rows_of(FILE)
    assert len(rows) == 15
    assert {slug: row["state"] for slug, row in rows.items() if row["state"] != "compared"} == {
        "larchester": "hidden", "mossdale": "no_number", "nettleby": "other_definition", "oakhampton": "not_told",
    }  # fmt: skip
    page = text(PAGE)
    assert "11 of 15 authorities are compared. The middle of their figures (median) is about 75.0%." in page
    assert "Numerator: “Children counted”, not “Assessments done within 45 working days”" in page
    assert "Oakhampton Council Has published nothing for everybody" in page
    assert "No total of the region is published" in page
    the_page_and_the_file_are_one_table()
    what_is_hidden_or_measured_otherwise_is_told_nowhere(rows)
    a_rounded_figure_says_so(rows["kelpton"])
    told_first_and_last(rows)
    no_total_is_told()
    the_list_names_it()
    a_row_sorts_by_the_address()


def the_page_and_the_file_are_one_table() -> None:
    for query in ("", "?told=first", "?period=2021-22-q3"):
        header, *lines = csv.reader(io.StringIO(Client().get(FILE + query).content.decode(), newline=""))
        expected = []
        for line in lines:
            values = REGION_TABLE.values_from_csv(header, line)
            if values["state"] in SAME_DEFINITION:
                expected.append([words(" ".join(c.text(values))) for c in REGION_TABLE.columns if c.text])
        assert shown(table_named(soup(PAGE + query), "Authorities side by side")) == expected, query
        assert expected, query


def what_is_hidden_or_measured_otherwise_is_told_nowhere(rows: dict[str, dict[str, str]]) -> None:
    """37 of 41 leaves four out; 900 of 1,000 was counted by another definition."""
    for slug in ("larchester", "nettleby"):
        assert {rows[slug][name] for name in ("value", "numerator", "denominator", "rank", "place")} == {""}, slug
    for path in (PAGE, f"{PAGE}?told=first", FILE, REGION, LIST):
        said = text(path) if path.partition("?")[0].endswith("/") else Client().get(path).content.decode()
        assert not re.search(r"\b(37|41|90\.2\d*|90%|900)\b", said), path
    assert {row["not_shown"] for row in rows.values() if row["rank"]} == {"2"}
    chosen = soup(PAGE).select_one("select[name=definition]").select("option")
    assert [option.get_text()[:9] for option in chosen] == ["The one t", "Version 1", "Version 2"]
    other = rows_of(f"{FILE}?definition={chosen[1]['value']}")
    assert [slug for slug, row in other.items() if row["state"] == "compared"] == ["nettleby"]


def a_rounded_figure_says_so(row: dict[str, str]) -> None:
    """301 of 402, printed as 300 of 400."""
    assert (row["numerator"], row["denominator"], row["approximate"]) == ("300", "400", "yes")
    assert "about 6th best of 11" in text(PAGE)
    assert "301" not in Client().get(FILE).content.decode()


def told_first_and_last(rows: dict[str, dict[str, str]]) -> None:
    assert (rows["birchley"]["value"], rows["birchley"]["other_value"]) == ("71.2", "70")
    first = rows_of(f"{FILE}?told=first")
    assert (first["birchley"]["value"], first["birchley"]["other_value"]) == ("70", "71.2")
    assert first["birchley"]["body"] == "Scrutiny Panel"
    assert first["alderby"]["other_value"] == ""
    assert "Told first as 70%, 700 of 1,000" in text(PAGE)
    assert "Told last as 71%, 712 of 1,000" in text(f"{PAGE}?told=first")


def no_total_is_told() -> None:
    """Neither of all, nor of those that are shown: there is nothing to take the others from."""
    counted = {slug: row for slug, row in rows_of(FILE).items() if row["state"] == "compared"}
    parts = [(int(row["numerator"]), int(row["denominator"])) for row in counted.values()]
    sums = {sum(n for n, _ in parts), sum(d for _, d in parts)}
    for numerator, denominator in ((37, 41), (900, 1000)):
        sums |= {sum(n for n, _ in parts) + numerator, sum(d for _, d in parts) + denominator}
    for path in EVERY:
        said = Client().get(path).content.decode().replace(",", "")
        assert not [number for number in sums if re.search(rf"\b{number}\b", said)], path
    assert not {"total", "sum"} & {name for field in REGION_TABLE.header for name in field.split("_")}


def the_list_names_it() -> None:
    (row,) = read(LIST)
    assert (row["indicator"], row["period"], row["publishing"], row["shown"], row["members"]) == (
        SHARE, "2021-22-q4", "13", "11", "15",
    )  # fmt: skip
    page = text(REGION)
    assert "14 of 15 authorities have published something" in page
    assert "13 of 15 2 hidden or without a number" in page


def a_row_sorts_by_the_address() -> None:
    order = [row[0] for row in shown(table_named(soup(f"{PAGE}?sort=rank"), "Authorities side by side"))]
    assert order[:3] == ["Alderby Council", "Ivybridge Council", "Fernbury Council"]
    assert set(order[-2:]) == {"Larchester Council", "Mossdale Council"}


@pytest.mark.once
def test_queries_when_there_are_more_authorities_periods_and_indicators_then_no_more() -> None:
    def asked() -> dict[str, int]:
        found = {}
        for path in EVERY:
            cache.clear()
            with CaptureQueriesContext(connection) as caught:
                Client().get(path)
            found[path] = len(caught)
        return found

    made = [an_authority(slug, SHARE, "second") for slug in ("alderby", "birchley", "cedarham")]
    cells = {SHARE: of(800), "second": of(700)}
    for one in made[:2]:
        told(returned(one, {SHARE: of(800)}))
    a_region(*[one.slug for one in made])
    before = asked()
    told(returned(made[2], cells))
    told(returned(made[0], cells, b.Q3), b.Q3, at=b.NOW + HOUR)
    assert asked() == before
    assert max(before.values()) <= 13, before


# What is not published, and what was withdrawn


def test_figure_when_only_members_were_told_then_not_in_the_region() -> None:
    made = authorities([850, 700])
    a_region(*[one.slug for one in made])
    one = made[0]
    restate(one.rows[b.Q4], {one.series(): of(4711, 5000, keep_reason="Checked.")}, at=b.NOW + HOUR)
    late = b.NOW + 2 * HOUR
    more: list[dict[str, Any]] = [{"audience": "board", "body": "Board"}, {"audience": "exempt", "body": "Exempt"}]
    from_members = [a_published_pack(one.scorecard, at=late, **how) for how in more]
    embargoed = told(one, at=late, body="Cabinet")
    meeting = b.a_meeting(b.a_body("Cabinet", kind="executive", partnership=one.partnership))
    b.a_paper(b.an_item(meeting, "Report"), "Paper", pack=embargoed, embargo_until=b.NOW + timedelta(days=1))
    for path in EVERY:
        said = Client().get(path).content.decode()
        assert not re.search(r"4711|4,711|94\.2", said), path
        assert not [pack for pack in (*from_members, embargoed) if pack.code in said], path
    assert rows_of(FILE)[one.slug]["value"] == "85"


def test_pack_when_withdrawn_then_its_figures_leave_the_region_and_the_former_statement_stands_again() -> None:
    made = authorities([850, 700])
    a_region(*[one.slug for one in made])
    one = made[0]
    restate(one.rows[b.Q4], {one.series(): of(900, keep_reason="Checked.")}, at=b.NOW + HOUR)
    later = told(one, at=b.NOW + 2 * HOUR, body="Cabinet")
    assert rows_of(FILE)[one.slug]["value"] == "90"
    withdraw(later)
    assert rows_of(FILE)[one.slug]["value"] == "85"
    withdraw(one.partnership.packs.get(body="Scrutiny Panel"), is_breach=True)
    assert rows_of(FILE)[one.slug]["why"] == "Has published nothing for everybody"
    assert "1 of 2 authorities has published" not in text(REGION)
    assert read(LIST) == []
    assert "Nothing can be compared yet" in text(REGION)


def test_figure_when_a_later_pack_lists_it_as_restated_then_told_last_from_that_list_by_its_definition() -> None:
    one, other = an_authority("alderby", SHARE), an_authority("birchley", SHARE)
    told(returned(one, {SHARE: of(850)}))
    told(returned(other, {SHARE: of(700)}))
    a_region("alderby", "birchley")
    restate(one.rows[b.Q4], {one.series(): of(870, keep_reason="Checked.")}, at=b.NOW + HOUR)
    returned(one, {SHARE: of(880)}, b.Q4.next(), at=b.NOW + HOUR)
    told(one, b.Q4.next(), at=b.NOW + 2 * HOUR, meeting_on=b.date(2022, 7, 21), small_numbers="round")
    row = rows_of(f"{FILE}?period=2021-22-q4")["alderby"]
    assert (row["value"], row["other_value"], row["table"], row["state"]) == ("87", "85", "restated", "compared")
    assert row["approximate"] == "yes", "the whole pack is rounded"


# Members


def test_authority_when_it_joins_or_leaves_then_compared_in_the_periods_that_end_while_it_is_a_member() -> None:
    made = [an_authority(slug) for slug in ("alderby", "birchley", "cedarham")]
    for one in made:
        for period in (b.Q3, b.Q4):
            told(returned(one, {SHARE: of(800, keep_reason="Checked.")}, period), period)
    a_region("alderby", "birchley")
    a_region("cedarham", on=b.date(2022, 1, 1))
    call_command("add_region", CODE, "Northern alliance", "--leave", "birchley", "--on", "2022-03-31", "--authority",
                 "Board of directors")  # fmt: skip
    assert set(rows_of(f"{FILE}?period=2021-22-q3")) == {"alderby", "birchley"}
    assert set(rows_of(f"{FILE}?period=2021-22-q4")) == {"alderby", "cedarham"}
    assert "Birchley" not in text(REGION)
    assert "Northern alliance" not in text("/data/birchley/")
    assert RegionStep.objects.filter(partnership__slug="birchley").count() == 2


def test_region_when_made_by_the_command_then_told_where_it_is_and_what_is_wrong_in_a_sentence(capsys: Any) -> None:
    b.a_partnership()
    said = ["--authority", "Board of directors"]
    call_command("add_region", "north", "The north", "--join", "northshire", "--on", "2022-04-01", *said)
    assert "/data/regions/north/" in capsys.readouterr().out
    call_command("add_region", "north", "The whole north")
    assert Region.objects.get().name == "The whole north"
    for arguments, sentence in (
        (("--join", "northshire", *said), "already a member"),
        (("--join", "nowhere", *said), "There is no partnership nowhere"),
        (("--leave", "northshire"), "Say who decided"),
        (("--leave", "northshire", "--on", "2022-03-01", *said), "Give that day or a later one"),
        (("--leave", "northshire", "--join", "northshire", *said), "cannot join and leave"),
        (("--leave", "northshire", "--on", "1 April", *said), "Write it as 2022-04-01"),
    ):
        with pytest.raises(CommandError, match=sentence):
            call_command("add_region", "north", "The whole north", *arguments)
    with pytest.raises(CommandError, match="no short name"):
        call_command("add_region", "no rth", "The north")
    with pytest.raises(CommandError, match="cannot be used"):
        call_command("add_partnership", "regions", "Name", "Council", "E06000097", "a@example.org")
    assert RegionStep.objects.count() == 1
    assert Partnership.objects.count() == 1


def test_definition_when_it_changes_between_two_publications_then_the_two_are_not_compared() -> None:
    """The code is the same, and each pack keeps the definition that it was published by."""
    one, other = an_authority("alderby"), an_authority("birchley")
    told(returned(one, {SHARE: of(850)}))
    another_version(one.series().indicator.versions.get(), b.Q3, denominator="All children of the authority")
    told(returned(other, {SHARE: of(700)}))
    a_region("alderby", "birchley")
    assert {row["state"] for row in rows_of(FILE).values()} == {"compared", "other_definition"}
    assert read(LIST) == []
    told(one, body="Cabinet", at=b.NOW + HOUR)
    assert {row["state"] for row in rows_of(FILE).values()} == {"compared"}
    assert [row["publishing"] for row in read(LIST)] == ["2"]
