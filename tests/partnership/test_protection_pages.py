"""The pages of small numbers: what is hidden and why, passages, acceptance, and the policy; who may do which."""

import pytest

from indicators.models import DisclosurePolicy
from indicators.roles import Role
from partnership.models import PackEvent, PassageDecision
from tests import builders as b
from tests.partnership.pack_world import PLACE, a_pack, a_reviewer, accept, an_approver, publish, soup_of, words
from tests.partnership.test_protection import Children, by_source, codes

pytestmark = pytest.mark.django_db


@pytest.fixture
def pack(db):
    world = Children(by_source(100, 3, 40, 50, 7), whole="Of these 7 came from families.")
    return a_pack(world.scorecard, audience="public")


def url_of(pack, more: str = "") -> str:
    return f"/{PLACE}/packs/{pack.code}/small-numbers/{more}"


def text(client, url: str) -> str:
    return words(soup_of(client, url).select_one("main").get_text(" "))


def test_reviewer_when_taking_a_pack_the_whole_way_then_checked_decided_accepted_and_published(pack, signed_in):
    client = signed_in(a_reviewer())
    assert "Check small numbers" in text(client, url_of(pack))
    client.post(url_of(pack, "act/"), {"action": "check"})
    page = text(client, url_of(pack))
    for said in ("Children: Police, 2021/22 Q4", "Children: Family, 2021/22 Q4", "The number is below 6.",
                 "Another number could be worked out from it.", "Of these 7 came from families."):  # fmt: skip
        assert said in page, said
    assert "Accept the protection" not in page
    key = soup_of(client, url_of(pack)).select_one("input[type=radio]")["name"]
    client.post(url_of(pack, "act/"), {"action": "decide", key: "leave_out"})
    soup = soup_of(client, url_of(pack))
    check = soup.select_one("input[name=check]")["value"]
    client.post(url_of(pack, "act/"), {"action": "accept", "check": check})
    assert "Accepted by" in text(client, url_of(pack))
    assert codes(pack) == []
    publish(pack)
    page = text(signed_in(b.a_user(Role.BOARD_MEMBER)), f"/{PLACE}/packs/{pack.code}/tables/notice-2021-22-q4/")
    assert "Confidential" in page
    assert "came from families" not in page
    assert "2 figures are hidden" in text(
        signed_in(b.a_user(Role.ANALYST, partner=b.a_partner())), f"/{PLACE}/packs/{pack.code}/"
    )
    assert "The number is below 6." in text(client, url_of(pack))


def test_decision_when_a_reason_is_missing_then_refused_and_nothing_typed_is_lost(pack, signed_in):
    client = signed_in(a_reviewer())
    client.post(url_of(pack, "act/"), {"action": "check"})
    key = soup_of(client, url_of(pack)).select_one("input[type=radio]")["name"]
    response = client.post(url_of(pack, "act/"), {"action": "decide", key: "publish"})
    assert "why it tells of nobody" in words(response.content.decode())
    assert 'value="publish" checked' in response.content.decode()
    assert not PassageDecision.objects.exists()


@pytest.mark.parametrize("typed", [{"action": "accept", "check": "x"}, {"action": "accept", "check": "999999"}, {}])
def test_acceptance_when_it_names_no_check_then_nothing_is_accepted(pack, signed_in, typed):
    client = signed_in(a_reviewer())
    client.post(url_of(pack, "act/"), {"action": "check"})
    assert client.post(url_of(pack, "act/"), typed).status_code == 302
    assert not PackEvent.objects.filter(action="accepted").exists()


def test_draft_for_everybody_when_a_reviewer_opens_it_then_it_can_be_read_and_not_published(pack, signed_in):
    page = soup_of(signed_in(a_reviewer()), f"/{PLACE}/packs/{pack.code}/")
    assert "Small numbers: check, decide, accept" in page.get_text(" ")
    assert not page.select("button[value=publish], button[value=discard], button[value=reasons]")


def test_pack_for_the_board_when_its_small_numbers_are_asked_for_then_there_is_no_page(signed_in):
    board = a_pack(Children(by_source(100, 3, 40, 50, 7)).scorecard)
    assert signed_in(an_approver()).get(url_of(board)).status_code == 404


def test_page_when_something_changed_since_then_it_says_so(pack, signed_in):
    accept(pack, leave_out=True)
    page = f"/{PLACE}/small-numbers/"
    client = signed_in(a_reviewer())
    given = {"valid_from": "7 July 2022", "threshold": "8", "small_group": "10", "rounding_base": "5",
             "zero_discloses": "on", "counts": ["children"], "authority": "Board", "number": "0"}  # fmt: skip
    assert client.post(page, given).status_code == 302
    assert "Something has changed since" in text(client, url_of(pack))
    assert "numbers below 8" in text(client, page)
    policy = DisclosurePolicy.objects.get()
    assert (policy.threshold, policy.counts, policy.number, policy.by) == (8, ["children"], 1, a_reviewer())


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"authority": ""}, "Say who decided this policy"),
        ({"threshold": "2"}, "3 or more"),
        ({"valid_from": "6 July 2022"}, "from today or from a later day"),
        ({"number": "4"}, "Another policy has been set"),
        ({"counts": []}, "Choose who is protected"),
        ({"small_group": "3"}, "small group"),
    ],
)
def test_policy_when_it_is_not_sound_then_refused_with_a_sentence(signed_in, changes, says):
    given = {"valid_from": "7 July 2022", "threshold": "6", "small_group": "10", "rounding_base": "5",
             "counts": ["children"], "authority": "Board of 7 July 2022", "number": "0"} | changes  # fmt: skip
    response = signed_in(a_reviewer()).post(f"/{PLACE}/small-numbers/", given)
    assert says in words(response.content.decode())
    assert not DisclosurePolicy.objects.exists()
