"""The pages of small numbers: what is hidden and why, passages, acceptance, and the policy; who may do which."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators import bounded
from indicators.models import DisclosurePolicy, Scorecard
from indicators.operations import WrongState
from indicators.roles import Role
from indicators.units import Unit
from partnership.models import DisclosureCheck, Pack, PackEvent, PassageDecision
from partnership.operations.protection import Decided, accept_protection, check_protection, decide_passages
from partnership.pack_check import PointCode
from partnership.selectors.protection import asked_of, standing_of
from tests import builders as b
from tests.partnership.pack_world import PLACE, a_pack, a_reviewer, accept, an_approver, publish, soup_of, words
from tests.partnership.test_protection import Children, by_source, codes

pytestmark = pytest.mark.django_db


@b.kept
def a_draft_for_everybody() -> Pack:
    """With one small number, and a passage that quotes another."""
    world = Children(by_source(100, 3, 40, 50, 7), whole="Of these 7 came from families.")
    return a_pack(world.scorecard, audience="public")


@pytest.fixture
def pack(db):
    return a_draft_for_everybody()


def url_of(pack, more: str = "") -> str:
    return f"/{PLACE}/packs/{pack.code}/small-numbers/{more}"


def act(client, pack, **given: str):
    """What a button of the page sends, with what the page has seen."""
    seen = soup_of(client, url_of(pack)).select_one("input[name=seen]")["value"]
    return sent(client, pack, {"seen": seen} | given)


def sent(client, pack, given: dict[str, str]):
    """The answer, once a page that fills has filled."""
    response = client.post(url_of(pack, "act/"), given)
    if response.streaming:
        response.filled = b"".join(response.streaming_content).decode()
    return response


def text(client, url: str) -> str:
    return words(soup_of(client, url).select_one("main").get_text(" "))


def test_reviewer_when_taking_a_pack_the_whole_way_then_checked_decided_accepted_and_published(
    pack, signed_in, in_a_child
):
    client = signed_in(a_reviewer())
    assert "Check small numbers" in text(client, url_of(pack))
    filled = act(client, pack, action="check").filled
    assert "<li>Trying to work out what is hidden</li>" in filled
    assert "The small numbers are checked." in filled
    page = text(client, url_of(pack))
    for said in ("Children: Police, 2021/22 Q4", "Children: Family, 2021/22 Q4", "The number is below 6.",
                 "Another number could be worked out from it.", "Of these 7 came from families."):  # fmt: skip
        assert said in page, said
    assert "Accept the protection" not in page
    key = soup_of(client, url_of(pack)).select_one("input[type=radio]")["name"]
    act(client, pack, action="decide", **{key: "leave_out"})
    soup = soup_of(client, url_of(pack))
    check = soup.select_one("input[name=check]")["value"]
    act(client, pack, action="accept", check=check)
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


def test_hidden_figures_when_counted_on_three_pages_then_the_counts_and_the_reasons_agree(signed_in):
    scorecard = b.a_scorecard(code="outcomes")
    share, many = (b.an_indicator(code, scorecard=scorecard, unit=Unit.PERCENT) for code in ("share", "many"))
    given = {
        share.series.pk: b.a_cell(value=50, commentary="As agreed."),
        many.series.pk: b.a_cell(40, 80, commentary="As agreed."),
    }
    b.a_return(scorecard, state="approved", cells=given)
    pack = a_pack(scorecard, audience="public")
    accept(pack)
    client = signed_in(a_reviewer())
    said = "1 figure hidden: 1 with counts that are not held or may be small."
    page = text(client, url_of(pack))
    assert f"{said} Of the counts that are held none had to be hidden" in page
    assert len(soup_of(client, url_of(pack)).select("table tbody tr")) == 1
    publish(pack)
    page = text(client, f"/{PLACE}/packs/{pack.code}/")
    assert "1 figure is hidden, so that nobody" in page
    assert said in page[page.index("What happened to it") :]


def test_decision_when_a_reason_is_missing_then_refused_and_nothing_typed_is_lost(pack, signed_in):
    client = signed_in(a_reviewer())
    act(client, pack, action="check")
    key = soup_of(client, url_of(pack)).select_one("input[type=radio]")["name"]
    response = act(client, pack, action="decide", **{key: "publish"})
    assert "why it identifies nobody" in words(response.content.decode())
    assert 'value="publish" checked' in response.content.decode()
    assert not PassageDecision.objects.exists()


@pytest.mark.parametrize("typed", [{"action": "accept", "check": "x"}, {"action": "accept", "check": "999999"}, {}])
def test_acceptance_when_it_names_no_check_then_nothing_is_accepted(pack, signed_in, typed):
    client = signed_in(a_reviewer())
    act(client, pack, action="check")
    assert act(client, pack, **typed).status_code == 302
    assert not PackEvent.objects.filter(action="accepted").exists()


# At home


def at_home(signed_in, user) -> list[tuple[str, str]]:
    """What the person owes to meetings: the words and where they lead."""
    found = [s for s in soup_of(signed_in(user), f"/{PLACE}/").select("section") if "What you owe" in s.get_text()]
    return [(words(a.get_text()), a["href"]) for s in found for a in s.select("a")]


def test_home_when_a_pack_for_everybody_waits_then_only_who_may_take_the_next_step_is_told(pack, signed_in):
    reviewer, publisher, board = a_reviewer(), an_approver(), b.a_user(Role.BOARD_MEMBER)
    named = f"the pack “{pack.title}”, {pack.body}, 7 July 2022"
    ask = [(f"Check and accept how small numbers are protected in {named}", url_of(pack))]
    assert [at_home(signed_in, who) for who in (reviewer, publisher, board)] == [ask, ask, []]
    accept(pack)
    go = [(f"Publish {named}: its protection is accepted", f"/{PLACE}/packs/{pack.code}/")]
    assert [at_home(signed_in, who) for who in (reviewer, publisher, board)] == [[], go, []]
    accept(pack, by=publisher)
    other = b.a_user(Role.APPROVER, email="other@example.org")
    assert [at_home(signed_in, who) for who in (publisher, other)] == [[], go]
    publish(pack, by=other)
    assert [at_home(signed_in, who) for who in (reviewer, publisher, other)] == [[], [], []]


def test_home_when_the_last_check_was_refused_then_who_puts_the_pack_together_is_told(pack, signed_in):
    accept(pack)
    given = {"pack": pack, "fingerprint": "0" * 64, "result": {}, "by": a_reviewer(), "actor": "R", "at": b.NOW}
    DisclosureCheck.objects.create(status="refused", **given)
    said = f"Leave rows out of the pack “{pack.title}”, {pack.body}, 7 July 2022: its small numbers cannot all be"
    assert at_home(signed_in, a_reviewer()) == []
    assert at_home(signed_in, an_approver())[0][0].startswith(said)


def test_home_when_several_packs_wait_then_as_many_queries_as_for_one(pack, signed_in):
    client = signed_in(a_reviewer())

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(f"/{PLACE}/")
        return len(found)

    queries()
    one = queries()
    scorecard = Scorecard.objects.get(code="notice")
    for number in range(3):
        accept(a_pack(scorecard, audience="public", body=f"Committee {number}"))
        a_pack(scorecard, audience="public", body=f"Board {number}")
    assert queries() == one


# Two tabs


def two_tabs(pack, signed_in):
    """A reviewer and an approver, who have both opened the page, each with what they have seen; and the passage."""
    client, other = signed_in(a_reviewer()), signed_in(an_approver())
    act(client, pack, action="check")
    soup = soup_of(client, url_of(pack))
    seen = soup.select_one("input[name=seen]")["value"]
    return client, other, seen, soup.select_one("input[type=radio]")["name"].removeprefix("decision-")


def test_decision_when_somebody_else_has_decided_since_then_theirs_stands_and_both_are_shown(pack, signed_in):
    client, other, seen, key = two_tabs(pack, signed_in)
    act(client, pack, action="decide", **{f"decision-{key}": "leave_out"})
    late = {"action": "decide", "seen": seen, f"decision-{key}": "publish", f"reason-{key}": "It identifies nobody."}
    page = words(other.post(url_of(pack, "act/"), late).content.decode())
    assert PassageDecision.objects.get().decision == "leave_out"
    assert "Somebody else has decided or accepted something" in page
    assert "Kept at present: Leave the whole text out of this pack" in page
    assert 'value="It identifies nobody."' in page
    act(other, pack, **{name: value for name, value in late.items() if name != "seen"})
    assert PassageDecision.objects.get().decision == "publish"


def test_acceptance_when_a_passage_was_decided_otherwise_since_then_nothing_is_accepted(pack, signed_in):
    client, other, _, key = two_tabs(pack, signed_in)
    act(client, pack, action="decide", **{f"decision-{key}": "leave_out"})
    soup = soup_of(client, url_of(pack))
    given = {name: soup.select_one(f"input[name={name}]")["value"] for name in ("seen", "check")}
    act(other, pack, action="decide", **{f"decision-{key}": "publish", f"reason-{key}": "It identifies nobody."})
    client.post(url_of(pack, "act/"), given | {"action": "accept"})
    assert not PackEvent.objects.filter(action="accepted").exists()


def test_decision_when_the_protection_is_accepted_then_refused(pack, signed_in):
    check = accept(pack, leave_out=True)
    key = check.result["passages"][0]["key"]
    act(signed_in(an_approver()), pack, action="decide",
        **{f"decision-{key}": "publish", f"reason-{key}": "It identifies nobody."})  # fmt: skip
    assert PassageDecision.objects.get().decision == "leave_out"


def test_check_when_somebody_has_accepted_since_then_the_acceptance_stands(pack, signed_in):
    client = signed_in(an_approver())
    check = check_protection(pack=pack, by=an_approver(), at=b.NOW)
    decided = {p["key"]: Decided("leave_out", "") for p in check.result["passages"]}
    decide_passages(pack=pack, decided=decided, by=an_approver(), at=b.NOW)
    seen = soup_of(client, url_of(pack)).select_one("input[name=seen]")["value"]
    accept_protection(pack=pack, check=check.pk, by=a_reviewer(), at=b.NOW)
    sent(client, pack, {"action": "check", "seen": seen})
    assert codes(pack) == []
    act(client, pack, action="check")
    assert codes(pack) == [PointCode.ACCEPTANCE]


def test_check_when_somebody_accepts_while_it_is_worked_out_then_the_acceptance_stands(pack, monkeypatch):
    accepted = []
    run = bounded.run

    def meanwhile(**given):
        if not accepted:
            accepted.append(True)
            accept(pack, leave_out=True)
        return run(**given)

    monkeypatch.setattr(bounded, "run", meanwhile)
    seen = standing_of(pack, asked_of(pack, today=b.TODAY)).seen
    with pytest.raises(WrongState, match="Somebody else"):
        check_protection(pack=pack, seen=seen, by=an_approver(), at=b.NOW)
    assert codes(pack) == []


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


def test_check_when_the_child_gives_no_answer_then_the_page_says_why_and_nothing_is_kept(pack, signed_in, monkeypatch):
    def nothing(**given):
        raise bounded.TooSlow("It took longer than it may.")
        yield

    monkeypatch.setattr(bounded, "stream", nothing)
    filled = act(signed_in(a_reviewer()), pack, action="check").filled
    assert "Nothing was kept" in filled
    assert "It took longer than it may." in filled
    assert not pack.disclosure_checks.exists()
