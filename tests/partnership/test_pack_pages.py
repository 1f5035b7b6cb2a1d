"""The pages of packs: empty, typical, wrong and very large; who reads what; as reported, and nothing else."""

import csv
import io
import json
import re
from collections.abc import Callable
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.committee_table import COMMITTEE_TABLE
from indicators.models import PublishedRow, Return, Scorecard
from indicators.rag import Polarity, ToleranceKind
from indicators.roles import Role
from indicators.units import Unit
from partnership.models import Pack, PackReason
from partnership.operations.packs import discard_pack
from partnership.selectors.packs import status_of
from tests import builders as b
from tests.indicators.test_committee_table import TRICKY, screen_rows
from tests.partnership.pack_world import (
    BODY,
    CODE,
    MEETING,
    a_pack,
    a_published_pack,
    an_approver,
    forms_of,
    manifest_sha,
    publish,
    restate,
    sha_of,
    soup_of,
    stored_bytes,
    withdraw,
    words,
)

pytestmark = pytest.mark.django_db

PACKS = "/northshire/packs/"
PACK = f"{PACKS}{CODE}/"
TABLE = f"{PACK}tables/contract-2021-22-q4"
SignIn = Callable[..., Client]

# Everybody but the person who publishes.
READERS = (Role.BOARD_MEMBER, Role.SCRUTINY_OFFICER, Role.FINANCE_OFFICER, Role.ANALYST, Role.ADMINISTRATOR)
MAY_READ_EXEMPT = {Role.BOARD_MEMBER, Role.SCRUTINY_OFFICER}


@pytest.fixture
def contract() -> Scorecard:
    """A scorecard of three lines whose quarter is accepted."""
    scorecard = b.a_scorecard(3)
    b.a_return(scorecard, state="approved")
    return scorecard


@pytest.fixture
def approver(contract: Scorecard, signed_in: SignIn) -> Client:
    return signed_in(an_approver())


@pytest.fixture
def board(contract: Scorecard, signed_in: SignIn) -> Client:
    return signed_in(b.a_user(Role.BOARD_MEMBER))


def text(client: Client, url: str, status: int = 200) -> str:
    return words(soup_of(client, url, status).get_text(" "))


def answer(client: Client, url: str, **typed: Any) -> str:
    """What the page says after a form was sent and every redirect followed."""
    response = client.post(url, typed, follow=True)
    assert response.status_code == 200
    return words(re.sub(r"<[^>]+>", " ", response.content.decode()))


# The list


def test_list_when_there_is_no_pack_then_it_says_what_will_appear(board: Client) -> None:
    page = text(board, PACKS)
    assert "No pack has been published yet" in page
    assert "Begin a pack" not in page


def test_list_when_there_are_packs_then_latest_meeting_first_with_state_and_moment(
    contract: Scorecard, board: Client
) -> None:
    a_published_pack(contract, title="Earlier", meeting_on=b.date(2022, 2, 3))
    later = a_published_pack(contract, title="Later")
    withdraw(a_published_pack(contract, title="Wrong"))
    rows = [words(tr.get_text(" ")) for tr in soup_of(board, PACKS).select("tbody tr")]
    assert rows == [
        f"Later {BODY} 7 July 2022 Board members and partners Published 7 July 2022, 10:00",
        f"Wrong {BODY} 7 July 2022 Board members and partners Withdrawn 7 July 2022, 10:00",
        f"Earlier {BODY} 3 February 2022 Board members and partners Published 7 July 2022, 10:00",
    ]
    assert soup_of(board, PACKS).select_one("tbody a")["href"] == f"{PACKS}{later.code}/"


def test_list_when_there_is_a_draft_then_only_who_publishes_sees_it(
    contract: Scorecard, approver: Client, signed_in: SignIn
) -> None:
    a_pack(contract, title="Still being written")
    assert "Still being written" in text(approver, PACKS)
    for role in READERS:
        reader = signed_in(b.a_user(role))
        assert "Still being written" not in text(reader, PACKS)
        for path in ("", "change/", "withdraw/", "manifest.json", "tables/contract-2021-22-q4/"):
            assert reader.get(PACK + path).status_code in {403, 404}, (role, path)
        assert reader.get(PACK).status_code == 404


def test_draft_when_a_leads_role_is_for_one_partner_only_then_not_seen(contract: Scorecard, signed_in: SignIn) -> None:
    a_pack(contract)
    assert signed_in(b.the_people().lead).get(PACK).status_code == 404


# A draft


def test_draft_when_nothing_is_open_then_it_can_be_published_at_once(contract: Scorecard, approver: Client) -> None:
    a_pack(contract, note="Read the second page.")
    page = text(approver, PACK)
    assert "Every return is accepted" in page
    assert "Publish the pack" in page
    assert "Read the second page." in page
    assert "The pack is published." in answer(approver, f"{PACK}act/", action="publish", version="1", key="k")
    assert status_of(Pack.objects.get()).state == "published"
    assert "already" in answer(approver, f"{PACK}act/", action="publish", version="1", key="other")


def test_draft_when_points_are_open_then_each_is_listed_and_there_is_no_button_to_publish(
    approver: Client,
) -> None:
    scorecard = b.a_scorecard(code="other")
    bare, late = (b.an_indicator(c, scorecard=scorecard, name=f"“{c}” & <b>") for c in ("bare", "late"))
    b.a_paper_figure(bare, b.Q4, 40)
    b.a_paper_figure(late, b.Q4, missing="not_reportable", expected_on=b.date(2022, 6, 30), commentary="So.")
    b.a_round(scorecard)
    a_pack(scorecard)
    soup = soup_of(approver, PACK)
    points = [words(li.p.get_text(" ")) for li in soup.select("ul.points li")]
    assert len(points) == 3
    assert points[0].startswith("Must be put right: Other key performance indicators, 2021/22")
    assert points[1] == "Needs a reason: “bare” & <b> is outside tolerance without a word of commentary."
    assert points[2].endswith("was to be reportable by 30 June 2022. Say why it is not.")
    assert len(soup.select("ul.points input")) == 2
    assert "3 points stand against it" in words(soup.get_text(" "))
    assert "Publish the pack" not in soup.get_text()
    assert "3 points are open before" in answer(approver, f"{PACK}act/", action="publish", version="1", key="k")
    assert not PublishedRow.objects.exists()


def test_reasons_when_typed_then_kept_shown_and_settling(approver: Client) -> None:
    measure = b.an_indicator("bare", scorecard=b.a_scorecard(code="other"))
    b.a_paper_figure(measure, b.Q4, 40)
    b.a_round(measure.line.scorecard).returns.update(state=Return.State.APPROVED)
    a_pack(measure.line.scorecard)
    name = soup_of(approver, PACK).select_one("ul.points input")["name"]
    page = answer(approver, f"{PACK}act/", action="reasons", version="1", **{name: " Told in\x00 person. "})
    assert "The reasons are kept with the pack." in page
    assert PackReason.objects.get().reason == "Told in person."
    soup = soup_of(approver, PACK)
    assert soup.select_one("ul.points input")["value"] == "Told in person."
    assert "Explained:" in soup.get_text()
    assert "Publish the pack" in soup.get_text()
    assert "300 characters or fewer" in answer(
        approver, f"{PACK}act/", action="reasons", version="2", **{name: "x" * 301}
    )
    assert "Somebody else has changed this pack" in answer(
        approver, f"{PACK}act/", action="reasons", version="1", **{name: "Late."}
    )
    assert PackReason.objects.get().reason == "Told in person."


@pytest.mark.parametrize("version", ["", "²", "-1", "1.0", "9" * 5_000, "one", "٣"])
def test_form_when_its_version_is_not_one_then_refused_like_an_old_page(
    contract: Scorecard, approver: Client, version: str
) -> None:
    a_pack(contract)
    assert "Somebody else has changed" in answer(approver, f"{PACK}act/", action="publish", version=version, key="k")
    assert status_of(Pack.objects.get()).state == "draft"


@pytest.mark.parametrize("action", ["", "delete", "publish " * 99])
def test_button_when_unknown_then_nothing_is_done_and_said(contract: Scorecard, approver: Client, action: str) -> None:
    a_pack(contract)
    assert "Choose what to do with the pack." in answer(approver, f"{PACK}act/", action=action, version="1")
    assert status_of(Pack.objects.get()).state == "draft"


def test_draft_when_given_up_then_its_page_says_so_and_offers_nothing(contract: Scorecard, approver: Client) -> None:
    a_pack(contract)
    assert "The pack is given up." in answer(approver, f"{PACK}act/", action="discard", version="1")
    soup = soup_of(approver, PACK)
    assert "Given up before it was published." in soup.get_text()
    assert forms_of(soup) == []
    assert "cannot be changed" in text_after(approver, f"{PACK}change/")


def text_after(client: Client, url: str) -> str:
    """What is read in the end when an address leads elsewhere."""
    return words(re.sub(r"<[^>]+>", " ", client.get(url, follow=True).content.decode()))


# The form


def typed(**changes: Any) -> dict[str, Any]:
    values = {"title": "Quarter 4", "body": BODY, "meeting_on": "7 July 2022", "audience": "board",
              "tables": ["contract/2021-22-q4"], "note": ""}  # fmt: skip
    return values | changes


def test_form_when_opened_then_it_offers_every_reported_quarter_of_every_scorecard(
    contract: Scorecard, approver: Client
) -> None:
    b.tick(b.a_scorecard(1, code="other"), b.Q3)
    b.a_return(b.a_scorecard(1, code="unreported"))
    soup = soup_of(approver, f"{PACKS}new/")
    assert [box["value"] for box in soup.select("input[name=tables]")] == ["contract/2021-22-q4", "other/2021-22-q3"]
    assert soup.select_one("input[name=audience][checked]")["value"] == "board"
    assert soup.select_one("[name=supersedes]") is None


def test_form_when_filled_in_then_the_pack_is_begun_and_its_check_list_opened(
    contract: Scorecard, approver: Client
) -> None:
    response = approver.post(f"{PACKS}new/", typed(audience="exempt", note="For the chair"))
    assert (response.status_code, response["Location"]) == (302, PACK)
    pack = Pack.objects.get()
    assert (pack.title, pack.meeting_on, pack.audience, pack.note) == ("Quarter 4", MEETING, "exempt", "For the chair")
    assert [(c.scorecard, c.period.slug) for c in pack.choices.all()] == [(contract, "2021-22-q4")]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "Enter the title"),
        ({"title": "x" * 161}, "Title must be 160 characters or fewer"),
        ({"title": "a\x00b"}, "Title holds a sign that cannot be kept"),
        ({"body": " "}, "Enter the board or committee"),
        ({"meeting_on": "31 February 2022"}, "must be a date that exists"),
        ({"meeting_on": "1 January 9999"}, "must be 2099 or earlier"),
        ({"audience": "friends"}, "from the list"),
        ({"tables": []}, "Choose at least one scorecard"),
        ({"tables": ["contract/1066-67-q1"]}, "from the list"),
        ({"tables": ["southshire/2021-22-q4"]}, "from the list"),
        ({"note": "x" * 601}, "must be 600 characters or fewer"),
        ({"supersedes": "nothing"}, ""),
    ],
)
def test_form_when_wrong_then_it_says_what_to_do_and_keeps_what_was_typed(
    contract: Scorecard, approver: Client, changes: dict[str, Any], said: str
) -> None:
    response = approver.post(f"{PACKS}new/", typed(**changes))
    if not said:  # there is no pack to replace, so the box was not there
        assert response.status_code == 302
        return
    page = response.content.decode()
    assert response.status_code == 200
    assert "There is a problem" in page
    assert said in page
    assert BODY in page or "body" in changes
    assert not Pack.objects.exists()


def test_form_when_changed_then_it_shows_what_is_kept_and_keeps_what_is_new(
    contract: Scorecard, approver: Client
) -> None:
    former = a_published_pack(contract, title="Former")
    pack = a_pack(contract, supersedes=former, audience="public")
    soup = soup_of(approver, f"{PACKS}{pack.code}/change/")
    assert soup.select_one("input[name=version]")["value"] == "1"
    assert soup.select_one("input[name=audience][checked]")["value"] == "public"
    assert soup.select_one("input[name=tables][checked]")["value"] == "contract/2021-22-q4"
    assert soup.select_one("select[name=supersedes] option[selected]")["value"] == former.code
    url = f"{PACKS}{pack.code}/change/"
    assert "The pack is changed." in answer(approver, url, **typed(title="Newer", version="1", supersedes=former.code))
    pack.refresh_from_db()
    assert (pack.title, pack.audience, pack.supersedes, pack.version) == ("Newer", "board", former, 2)
    stale = approver.post(url, typed(title="Stale", version="1")).content.decode()
    assert "Somebody else has changed this pack" in stale
    assert "Stale" in stale
    pack.refresh_from_db()
    assert pack.title == "Newer"


def test_form_when_another_pack_replaces_the_same_one_then_refused_with_a_sentence(
    contract: Scorecard, approver: Client
) -> None:
    former = a_published_pack(contract, title="Former")
    a_pack(contract, supersedes=former, title="First")
    page = approver.post(f"{PACKS}new/", typed(supersedes=former.code)).content.decode()
    assert "“First” is to replace that pack already" in page
    assert Pack.objects.count() == 2


def test_published_pack_when_its_form_is_opened_then_it_leads_back_with_a_reason(
    contract: Scorecard, approver: Client
) -> None:
    a_published_pack(contract)
    assert "so it cannot be changed" in text_after(approver, f"{PACK}change/")


# Who reads what


@pytest.mark.parametrize("role", READERS)
def test_pack_when_exempt_then_only_those_it_is_for_know_of_it(
    contract: Scorecard, signed_in: SignIn, role: Role
) -> None:
    a_published_pack(contract, audience="exempt", title="Exempt pack")
    client = signed_in(b.a_user(role))
    reads = role in MAY_READ_EXEMPT
    assert ("Exempt pack" in text(client, PACKS)) is reads
    for path in ("", "tables/contract-2021-22-q4/"):
        assert client.get(PACK + path).status_code == (200 if reads else 404)
    for path in ("tables/contract-2021-22-q4.csv", "manifest.json"):
        refused = 403 if role is Role.ADMINISTRATOR else 404
        assert client.get(PACK + path).status_code == (200 if reads else refused)
    page = text(client, "/northshire/scorecards/contract/")
    assert ("Reported to" in page) is reads
    restate(Return.objects.get(), {contract.lines.first().series: b.a_cell(20, 100, commentary="Again.")})
    assert ("20 of 100" in text(client, "/northshire/restated/")) is reads


@pytest.mark.parametrize("audience", ["board", "public"])
@pytest.mark.parametrize("role", READERS)
def test_pack_when_not_exempt_then_every_member_reads_it_and_files_need_the_right_to_download(
    contract: Scorecard, signed_in: SignIn, audience: str, role: Role
) -> None:
    a_published_pack(contract, audience=audience)
    client = signed_in(b.a_user(role))
    downloads = role is not Role.ADMINISTRATOR
    page = text(client, PACK)
    assert ("Manifest" in page) is downloads
    assert ("Download as CSV" in text(client, f"{TABLE}/")) is downloads
    for url in (f"{TABLE}.csv", f"{PACK}manifest.json"):
        assert client.get(url).status_code == (200 if downloads else 403)
    assert "Withdraw the pack" not in page
    assert client.get(f"{PACK}withdraw/").status_code == 403
    assert client.post(f"{PACK}withdraw/", {"reason": "x"}).status_code == 403
    assert status_of(Pack.objects.get()).state == "published"


def test_pack_of_another_partnership_when_asked_for_here_then_not_there(contract: Scorecard, board: Client) -> None:
    elsewhere = b.a_scorecard(1, code="elsewhere", partnership=b.a_partnership("southshire", "E06000098"))
    b.a_return(elsewhere, state="approved")
    pack = a_published_pack(elsewhere, body="Elsewhere")
    assert board.get(f"{PACKS}{pack.code}/").status_code == 404
    assert board.get(f"/southshire/packs/{pack.code}/").status_code == 404
    assert board.get(f"{PACK}").status_code == 404


def test_table_when_it_is_not_in_the_pack_then_not_there(contract: Scorecard, board: Client) -> None:
    a_published_pack(contract)
    for path in ("tables/other/", "tables/other.csv", "tables/restated/"):
        assert board.get(PACK + path).status_code == 404


# Withdrawn, replaced, closed


def test_pack_when_withdrawn_then_every_page_of_it_says_so_and_it_stays_readable(
    contract: Scorecard, approver: Client, board: Client
) -> None:
    pack = a_published_pack(contract)
    assert "Say why the pack is withdrawn" in approver.post(f"{PACK}withdraw/", {"reason": " "}).content.decode()
    page = answer(approver, f"{PACK}withdraw/", reason="It was <b>the wrong</b> quarter.")
    assert "The pack is withdrawn." in page
    for url in (PACK, f"{TABLE}/"):
        soup = soup_of(board, url)
        assert "It was <b>the wrong</b> quarter." in soup.select_one("[role=alert]").get_text()
    assert sha_of(board.get(f"{TABLE}.csv").content) == pack.tables.get().table.sha256
    assert "withdrawn already" in approver.post(f"{PACK}withdraw/", {"reason": "Again"}).content.decode()


def test_pack_when_replaced_then_both_lead_to_each_other(contract: Scorecard, board: Client) -> None:
    former = a_published_pack(contract, title="Former")
    later = a_pack(contract, supersedes=former, title="Later")
    assert "Later" not in text(board, f"{PACKS}{former.code}/")  # nobody knows of a draft
    publish(later)
    former_page, later_page = (soup_of(board, f"{PACKS}{p.code}/") for p in (former, later))
    assert former_page.select_one(f"[role=alert] a[href='{PACKS}{later.code}/']").get_text() == "Later"
    assert later_page.select_one(f"main a[href='{PACKS}{former.code}/']").get_text() == "Former"
    assert "A later pack has replaced this one." in text(board, f"{PACKS}{former.code}/tables/contract-2021-22-q4/")


@pytest.mark.parametrize("role", [*READERS, Role.APPROVER])
def test_pack_when_closed_for_a_breach_then_no_address_of_it_is_readable_by_anybody(
    contract: Scorecard, signed_in: SignIn, role: Role
) -> None:
    measure = contract.lines.first()
    pack = a_published_pack(contract, note="Ask for the named child.")
    restate(Return.objects.get(), {measure.series: b.a_cell(20, 100, commentary="Again.")})
    withdraw(pack, reason="It named a child.", is_breach=True)
    client = signed_in(b.a_user(role))
    addresses = ("", "change/", "withdraw/", "manifest.json", "tables/contract-2021-22-q4/",
                 "tables/contract-2021-22-q4.csv", "tables/none/", "tables/none.csv")  # fmt: skip
    for path in addresses:
        response = client.get(PACK + path)
        assert response.status_code == 403, path
        page = response.content.decode()
        for told in (pack.tables.get().table.sha256, "Ask for the named child.", "85 of 100", "85%", "Measure 1"):
            assert told not in page, (path, told)
    for path in ("act/", "withdraw/", "change/"):
        assert client.post(PACK + path, {"action": "publish", "reason": "x"}).status_code == 403
    page = text(client, PACK, 403)
    assert "Withdrawn for a breach. Nobody can read it any more." in page
    assert "It named a child." in page
    assert "Withdrawn for a breach" in text(client, PACKS)
    assert "Reported to" not in text(client, "/northshire/scorecards/contract/")
    assert "Nothing has been restated" in text(client, "/northshire/restated/")


def test_pack_when_closed_for_a_breach_then_the_table_says_why_it_cannot_be_read(
    contract: Scorecard, board: Client
) -> None:
    withdraw(a_published_pack(contract), is_breach=True)
    page = text(board, f"{TABLE}/", 403)
    assert "This pack was withdrawn for a breach. Nobody can read it any more." in page
    assert "Your role does not include" not in page


# As reported


@pytest.fixture
def every_shape() -> Scorecard:
    """A scorecard with every shape of figure, words that a spreadsheet would run, flags, caution and a query."""
    scorecard = b.a_scorecard()
    higher = b.an_indicator("derived", name="=Derived & <i>“quoted”</i>", scorecard=scorecard)
    b.a_figure(higher, b.Q3, 70, 100)
    b.a_figure(higher, b.Q4, 8996, 10000, headline="=HYPERLINK(1)", commentary=TRICKY)
    zero = b.an_indicator("zero", scorecard=scorecard, unit=Unit.COUNT, polarity=Polarity.LOWER, target=0, tolerance=1)
    b.a_figure(zero, value=0)
    missing = b.an_indicator("missing", scorecard=scorecard, theme="Theme 2")
    b.a_figure(missing, missing="not_reportable", commentary="The system changed.")
    met = b.an_indicator("met", scorecard=scorecard, target=90)
    b.a_paper_figure(met, met=False, commentary="Not met.")
    limit = b.an_indicator("limit", scorecard=scorecard, polarity=Polarity.LOWER, theme="Theme 2")
    b.a_paper_figure(limit, value=1, qualifier="<", quantum=1)
    money = b.an_indicator("money", scorecard=scorecard, unit=Unit.POUNDS, polarity=Polarity.NONE)
    b.a_figure(money, value=D("-4638.25"))
    rate = b.an_indicator("rate", scorecard=scorecard, unit=Unit.PER_10000, polarity=Polarity.LOWER, target="60.5",
                          tolerance_kind=ToleranceKind.RELATIVE, tolerance=10)  # fmt: skip
    b.a_figure(rate, b.Q4, 400, 64097, flags="p u", confidence="caution", confidence_reason="Being checked",
               commentary="Rising.")  # fmt: skip
    stated = b.an_indicator("stated", scorecard=scorecard)
    b.a_paper_figure(stated, value=84, numerator=1266, denominator=1514)
    broken = b.an_indicator("broken", scorecard=scorecard)
    b.a_figure(broken, b.Q4.same_period_last_year(), 81, 100)
    b.a_figure(broken, b.Q4, 82, 100)
    b.a_break(broken.series, b.Q4.start_on)
    b.a_round(scorecard).returns.update(state=Return.State.APPROVED)
    return scorecard


def read(client: Client, url: str) -> tuple[bytes, list[str], list[list[str]]]:
    response = client.get(url)
    assert response.status_code == 200
    header, *rows = list(csv.reader(io.StringIO(response.content.decode(), newline="")))
    return response.content, header, rows


def assert_as_reported(client: Client, pack: Pack, code: str) -> int:
    """The page against the file, cell for cell through the columns; the file against the hash on the page."""
    url = f"/{pack.partnership.slug}/packs/{pack.code}/tables/{code}"
    data, header, rows = read(client, f"{url}.csv")
    soup = soup_of(client, f"{url}/")
    assert soup.select_one("code.hash").get_text() == sha_of(data)
    shown = screen_rows(str(soup))
    assert len(shown) == len(rows)
    by_code = {}
    for cells in rows:
        values = COMMITTEE_TABLE.values_from_csv(header, cells)
        by_code[values["indicator"], values["slice"]] = values
    assert len(by_code) == len(rows)
    order = [COMMITTEE_TABLE.values_from_csv(header, c) for c in rows]
    themes = list(dict.fromkeys(v["theme"] for v in order))
    for cells, values in zip(shown, sorted(order, key=lambda v: themes.index(v["theme"])), strict=True):
        for column in COMMITTEE_TABLE.columns:
            if column.text is not None:
                expected = words(" ".join(column.text(values)))
                assert cells[column.key].removesuffix(" Restated since this pack: the rating changes") == expected
    return len(rows)


def test_table_as_reported_when_of_every_shape_then_page_and_file_are_the_same_cell_for_cell(
    every_shape: Scorecard, signed_in: SignIn
) -> None:
    pack = a_published_pack(every_shape)
    client = signed_in(b.a_user(Role.SCRUTINY_OFFICER))
    assert assert_as_reported(client, pack, "contract-2021-22-q4") == 9
    data, _, _ = read(client, f"{TABLE}.csv")
    assert data == stored_bytes(pack.tables.get().table)
    response = client.get(f"{TABLE}.csv")
    assert response["Content-Disposition"] == ('attachment; filename="contract-2021-22-q4_as-reported-2022-07-07.csv"')
    assert response["Cache-Control"] == "no-store"


def test_table_as_reported_when_compared_with_the_scorecard_of_that_day_then_the_same_bytes(
    every_shape: Scorecard, signed_in: SignIn
) -> None:
    client = signed_in(b.a_user(Role.SCRUTINY_OFFICER))
    live = b"".join(client.get("/northshire/scorecards/contract.csv").streaming_content)
    a_published_pack(every_shape)
    assert client.get(f"{TABLE}.csv").content == live


def test_real_table_as_reported_when_two_figures_are_restated_then_it_differs_by_two_marks_alone(
    real: Any, signed_in: SignIn
) -> None:
    scorecard = Scorecard.objects.get(partnership=real, code="contract")
    pack = a_pack(scorecard)
    for point in soup_of(signed_in(an_approver(real)), f"/doncaster/packs/{pack.code}/").select("ul.points input"):
        PackReason.objects.create(
            pack=pack, point=point["name"].removeprefix("why-"), reason="As printed.", by=an_approver(real),
            actor="x", at=b.NOW,
        )  # fmt: skip
    publish(pack)
    client = signed_in(b.a_user(Role.SCRUTINY_OFFICER, partnership=real))
    url = f"/doncaster/packs/{pack.code}/tables/contract-2021-22-q4"
    before, html = client.get(f"{url}.csv").content, soup_of(client, f"{url}/")
    assert assert_as_reported(client, pack, "contract-2021-22-q4") == 11
    row = Return.objects.get(round__scorecard=scorecard, number=1)
    series = scorecard.lines.get(series__indicator__code="assessments-45-days").series
    restate(row, {series: b.a_cell(1266, 1514, commentary="From its own parts.")})
    assert client.get(f"{url}.csv").content == before
    after = soup_of(client, f"{url}/")
    marks = [s.extract().get_text() for s in after.select("span.mark") if "Restated since this pack" in s.get_text()]
    assert len(marks) == 1
    table = [words(str(soup.select_one("table.sc"))).replace(" </td>", "</td>") for soup in (html, after)]
    assert table[0] == table[1]
    assert "1 figure has been restated since" in words(after.get_text(" "))


def test_table_as_reported_when_the_world_goes_on_then_its_page_reads_the_same(
    every_shape: Scorecard, signed_in: SignIn
) -> None:
    a_published_pack(every_shape)
    board = signed_in(b.a_user(Role.BOARD_MEMBER))
    before = screen_rows(str(soup_of(board, f"{TABLE}/")))
    line = every_shape.lines.get(series__indicator__code="derived")
    b.a_target(line, valid_from=b.Q4, target=D(99), tolerance=D(98))
    every_shape.themes.update(name="Other")
    b.a_break(line.series, b.Q4.start_on)
    assert screen_rows(str(soup_of(board, f"{TABLE}/"))) == before


def test_restated_figure_when_on_the_page_as_reported_then_marked_and_counted(
    contract: Scorecard, board: Client
) -> None:
    a_published_pack(contract)
    assert "Nothing has been restated since." in text(board, f"{TABLE}/")
    first, second, _ = (line.series for line in contract.lines.order_by("order"))
    restate(Return.objects.get(), {first: b.a_cell(20, 100, commentary="Again."),
                                   second: b.a_cell(86, 100, commentary="Again.")})  # fmt: skip
    soup = soup_of(board, f"{TABLE}/")
    notes = [words(tr.select_one(".tagc").get_text(" ")) for tr in soup.select("table.sc tbody tr:not(.th)")]
    assert notes == [
        "Better than target Restated since this pack: the rating changes",
        "Better than target Restated since this pack",
        "Better than target",
    ]
    assert "2 figures have been restated since ; the table shows what was reported." in words(soup.get_text(" "))
    assert "85 of 100" in words(soup.get_text(" "))
    assert "3 of 3 indicators could be judged: 0 outside, 0 within, 3 better, 0 no figure." in words(soup.get_text(" "))


def test_manifest_when_downloaded_then_its_hash_is_that_of_what_it_holds(contract: Scorecard, board: Client) -> None:
    pack = a_published_pack(contract)
    response = board.get(f"{PACK}manifest.json")
    body = json.loads(response.content)
    assert manifest_sha(body["manifest"]) == body["sha256"]
    assert body["manifest"]["tables"][0]["sha256"] == sha_of(board.get(f"{TABLE}.csv").content)
    assert response["Content-Disposition"] == f'attachment; filename="{pack.code}_manifest.json"'
    assert body["sha256"] in text(board, f"{TABLE}/")


# Read-only (trap 18)

READ_ONLY = ("", f"{CODE}/", f"{CODE}/tables/contract-2021-22-q4/", f"{CODE}/tables/contract-2021-22-q4.csv",
             f"{CODE}/manifest.json")  # fmt: skip


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_page_of_what_was_reported_when_something_is_sent_then_refused(
    contract: Scorecard, approver: Client, method: str
) -> None:
    a_published_pack(contract)
    for path in (*(f"/northshire/packs/{p}" for p in READ_ONLY), "/northshire/restated/", "/northshire/restated.csv",
                 "/northshire/scorecards/contract/", "/northshire/scorecards/contract/?as_at=2022-07-06",
                 "/northshire/scorecards/contract.csv?as_at=2022-07-06"):  # fmt: skip
        response = getattr(approver, method)(path)
        assert response.status_code == 405, path
    assert approver.get(f"{PACK}act/").status_code == 405


def test_page_of_what_was_reported_when_read_then_there_is_no_form_on_it(
    contract: Scorecard, approver: Client, board: Client
) -> None:
    a_published_pack(contract)
    restate(Return.objects.get(), {contract.lines.first().series: b.a_cell(20, 100, commentary="Again.")})
    b.tick(contract)
    later = a_published_pack(contract, period=b.Q4.next(), body="Later")
    for client in (approver, board):
        for url in (PACK, f"{TABLE}/", f"{PACKS}{later.code}/tables/restated/", "/northshire/restated/", PACKS,
                    "/northshire/scorecards/contract/?as_at=2022-07-06"):  # fmt: skip
            assert forms_of(soup_of(client, url)) == [], url
        soup = soup_of(client, f"{TABLE}/")
        assert [f.get("action") for f in soup.select("form")] == ["/sign-out/"]
        assert soup.select("main input, main button, main select, main textarea") == []


# Very large


def queries_of(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
        assert response.status_code == 200
        if response.streaming:
            b"".join(response.streaming_content)
    return len(queries)


def large(rows: int, code: str) -> Pack:
    """A published pack with so many rows, three of them restated since."""
    scorecard = b.a_scorecard(rows, code=code, n_themes=5)
    words_of_each = {"commentary": "As expected, and more. " * 9}
    cells = {line.series_id: b.a_cell(85, 100, **words_of_each) for line in scorecard.lines.all()}
    row = b.a_return(scorecard, state="approved", cells=cells)
    pack = a_published_pack(scorecard, body=code)
    restated = [line.series for line in scorecard.lines.order_by("order")[:3]]
    restate(row, {series: b.a_cell(20, 100, commentary="Again.") for series in restated})
    return pack


def test_pages_when_there_are_ten_or_three_hundred_rows_then_as_many_queries(signed_in: SignIn) -> None:
    small, big = large(10, "small"), large(300, "big")
    client = signed_in(b.a_user(Role.SCRUTINY_OFFICER))
    for path in ("", "tables/{code}-2021-22-q4/", "tables/{code}-2021-22-q4.csv", "manifest.json"):
        found = [
            queries_of(client, f"{PACKS}{pack.code}/{path.format(code=pack.body)}") for pack in (small, big)
        ]  # fmt: skip
        assert found[0] == found[1] <= 26, (path, found)
    scorecards = [queries_of(client, f"/northshire/scorecards/{code}/") for code in ("small", "big")]
    assert scorecards[0] == scorecards[1] <= 32, scorecards
    assert assert_as_reported(client, big, "big-2021-22-q4") == 300


def test_check_list_when_there_are_ten_or_three_hundred_rows_then_as_many_queries(signed_in: SignIn) -> None:
    found = []
    for rows in (10, 300):
        scorecard = b.a_scorecard(rows, code=f"s{rows}")
        b.a_history(scorecard, 1, numerators=(40,))
        pack = a_pack(scorecard, body=f"s{rows}")
        found.append(queries_of(signed_in(an_approver()), f"{PACKS}{pack.code}/"))
        assert f"{rows} points stand against it" in text(signed_in(an_approver()), f"{PACKS}{pack.code}/")
    assert found[0] == found[1] <= 28, found


def test_pages_when_there_is_one_pack_or_twenty_then_as_many_queries(contract: Scorecard, signed_in: SignIn) -> None:
    client = signed_in(b.a_user(Role.SCRUTINY_OFFICER))
    a_published_pack(contract)
    restate(Return.objects.get(), {contract.lines.first().series: b.a_cell(20, 100, commentary="Again.")})
    urls = (PACKS, PACK, f"{TABLE}/", "/northshire/restated/", "/northshire/scorecards/contract/", "/northshire/")
    one = {url: queries_of(client, url) for url in urls}
    for number in range(19):
        pack = a_published_pack(contract, meeting_on=b.date(2022, 7, 8), title=f"Pack {number}")
        if number % 5 == 0:
            withdraw(pack)
    many = {url: queries_of(client, url) for url in urls}
    # The later packs were told what is now, so nothing is restated since the last of them.
    assert all(many[url] <= one[url] for url in urls), (one, many)
    assert text(client, PACKS).count("7 July 2022, 10:00") == 20


def test_restated_figures_when_of_many_scorecards_that_did_not_change_then_as_many_queries(
    contract: Scorecard, signed_in: SignIn
) -> None:
    client = signed_in(b.a_user(Role.SCRUTINY_OFFICER))
    a_published_pack(contract)
    restate(Return.objects.get(), {contract.lines.first().series: b.a_cell(20, 100, commentary="Again.")})
    one = queries_of(client, "/northshire/restated/")
    for number in range(8):
        scorecard = b.a_scorecard(1, code=f"more-{number}")
        b.a_return(scorecard, state="approved")
        a_published_pack(scorecard)
    assert queries_of(client, "/northshire/restated/") == one


def test_draft_that_is_gone_when_discarded_by_somebody_else_then_the_old_page_is_told(
    contract: Scorecard, approver: Client
) -> None:
    pack = a_pack(contract)
    discard_pack(pack=pack, version=1, by=an_approver(), at=b.NOW)
    assert "Somebody else has changed this pack" in answer(
        approver, f"{PACK}act/", action="publish", version="1", key="k"
    )
    assert "This pack was given up." in answer(approver, f"{PACK}act/", action="publish", version="2", key="k")
