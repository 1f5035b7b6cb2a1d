"""The pages of packs: empty, typical, wrong and very large; who reads what; as reported, and nothing else."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from indicators.models import PublishedRow, Return, Scorecard
from indicators.roles import Role
from partnership.models import Pack, PackReason
from partnership.operations.packs import discard_pack
from partnership.selectors.packs import status_of
from tests import builders as b
from tests.partnership.pack_world import (
    BODY,
    CODE,
    MEETING,
    a_pack,
    a_published_pack,
    an_approver,
    forms_of,
    publish,
    restate,
    sha_of,
    soup_of,
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
    return b.an_accepted_quarter(3)


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
    response = approver.post(
        f"{PACKS}new/", typed(audience="exempt", exempt_paragraphs=["3", "1"], note="For the chair")
    )
    assert (response.status_code, response["Location"]) == (302, PACK)
    pack = Pack.objects.get()
    assert (pack.title, pack.meeting_on, pack.audience, pack.note) == ("Quarter 4", MEETING, "exempt", "For the chair")
    assert pack.exempt_numbers == (1, 3)
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


def test_scorecard_page_when_packs_carried_it_then_it_says_to_whom_how_they_stand_and_only_those_known_then(
    contract: Scorecard, board: Client
) -> None:
    a_published_pack(contract, meeting_on=b.date(2022, 7, 6), at=b.moment(b.date(2022, 7, 5)), body="First")
    withdraw(a_published_pack(contract, body="Second"))
    a_published_pack(contract, meeting_on=b.date(2022, 7, 8), body="Third")

    def told(query: str) -> list[str]:
        page = soup_of(board, f"/northshire/scorecards/contract/{query}")
        return [words(li.get_text(" ")).partition(":")[0] for li in page.select("ul.told-to li")]

    assert told("") == [
        "For the meeting of Third, 8 July 2022", "Reported to Second, 7 July 2022 (withdrawn)",
        "Reported to First, 6 July 2022",
    ]  # fmt: skip
    assert told("?as_at=2022-07-06") == ["Reported to First, 6 July 2022"]
    assert told("?as_at=2022-07-04") == []


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


def test_pack_when_what_replaced_it_was_closed_then_the_form_offers_it_again_and_pages_name_the_new_one(
    contract: Scorecard, approver: Client, board: Client
) -> None:
    former = a_published_pack(contract, title="Former")
    closed = a_published_pack(contract, supersedes=former, title="Closed")
    withdraw(closed, is_breach=True)
    soup = soup_of(approver, f"{PACKS}new/")
    assert [o.get_text() for o in soup.select("[name=supersedes] option")] == ["None", "Former (7 July 2022)"]
    assert approver.post(f"{PACKS}new/", typed(title="Anew", supersedes=former.code)).status_code == 302
    anew = Pack.objects.get(title="Anew")
    publish(anew)
    page = soup_of(board, f"{PACKS}{former.code}/")
    assert [a["href"] for a in page.select("[role=alert] a")] == [f"{PACKS}{anew.code}/"]
    assert "It replaces Former" in text(board, f"{PACKS}{anew.code}/")


def test_pack_when_it_and_what_replaced_it_are_withdrawn_then_it_does_not_say_that_a_later_one_has(
    contract: Scorecard, board: Client
) -> None:
    former = a_published_pack(contract, title="Former")
    later = a_published_pack(contract, supersedes=former, title="Later")
    withdraw(former)
    assert "A later pack has replaced this one. Later" in text(board, f"{PACKS}{former.code}/")
    withdraw(later)
    assert "later pack has replaced" not in text(board, f"{PACKS}{former.code}/")


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


def test_draft_that_is_gone_when_discarded_by_somebody_else_then_the_old_page_is_told(
    contract: Scorecard, approver: Client
) -> None:
    pack = a_pack(contract)
    discard_pack(pack=pack, version=1, by=an_approver(), at=b.NOW)
    assert "Somebody else has changed this pack" in answer(
        approver, f"{PACK}act/", action="publish", version="1", key="k"
    )
    assert "This pack was given up." in answer(approver, f"{PACK}act/", action="publish", version="2", key="k")
