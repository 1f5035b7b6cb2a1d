"""What of a committee paper for everybody could identify somebody: found, decided of by name, and asked anew."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from indicators.models import Scorecard
from indicators.operations.disclosure import set_policy
from indicators.operations.errors import InputRefused, NotAllowed, WrongState
from indicators.roles import Role
from partnership.models import CommitteePaper, Pack, PaperIssue, PaperPassageDecision
from partnership.operations.committee_papers import (
    PaperChanged,
    PaperNotReady,
    begin_paper,
    decide_passages_of_paper,
    keep_form,
)
from partnership.paper_check import DECIDED_IT, SAME_PERSON, PassageState, SectionState, why_another_issues
from partnership.paper_check import points_against as points_of
from partnership.paper_form import SectionForm, SectionKind
from partnership.selectors.committee_papers import PaperView, paper_view
from tests import builders as b
from tests.partnership.pack_world import a_pack, a_public_pack, a_reviewer, an_approver, soup_of, words
from tests.partnership.paper_world import LATER, TWO, a_paper, issue, no_child, said_by, sign, the_clerk, write
from tests.partnership.test_kept_forms import RESTORED, end_session, form_that, sign_in
from tests.partnership.test_protection import Children, by_source

__all__ = ["no_child"]

SignIn = Callable[..., Client]
TELLS = "Only two children came from families."
AT = datetime(2022, 7, 1, tzinfo=UTC)
URL = "/northshire/packs/overview-and-scrutiny-management-committee-2022-07-07/papers/1/"
PASSAGES = f"{URL}passages/"


@pytest.fixture
def contract(db: None) -> Scorecard:
    """A scorecard whose quarter is accepted, and a form of papers of two sections."""
    scorecard = b.an_accepted_quarter(1)
    keep_form(partnership=scorecard.partnership, sections=TWO, version=0, by=the_clerk(), at=b.NOW)
    return scorecard


@pytest.fixture
def pack(contract: Scorecard) -> Pack:
    """A pack for everybody that is being put together."""
    return a_pack(contract, audience="public")


@pytest.fixture
def published(contract: Scorecard) -> Pack:
    """A pack that everybody may read."""
    return a_public_pack(contract)


@pytest.fixture
def clerk(contract: Scorecard, signed_in: SignIn) -> Client:
    return signed_in(the_clerk())


def view_of(paper: CommitteePaper) -> PaperView:
    return paper_view(CommitteePaper.objects.get(pk=paper.pk), today=b.TODAY)


def found_in(paper: CommitteePaper) -> list[tuple[str, str]]:
    """Where each passage stands, and its words."""
    return [(one.place, one.quoted) for one in view_of(paper).passages]


def decide(paper: CommitteePaper, *reasons: str, **more: Any) -> None:
    """The first open passages, each with a reason."""
    keys = [one.key for one in view_of(paper).open_passages]
    given = {"reasons": dict(zip(keys, reasons, strict=False)), "by": a_reviewer(), "at": LATER} | more
    decide_passages_of_paper(paper=paper, **given)


def telling(paper: CommitteePaper) -> list[str]:
    """What stands against issuing the paper because of its passages."""
    return [point for point in view_of(paper).points if "could identify somebody" in point]


def text(client: Client, url: str = URL) -> str:
    return words(soup_of(client, url).select_one("main").get_text(" "))


def boxes(client: Client) -> list[str]:
    """The names of the boxes for reasons, in order."""
    return [box["name"] for box in soup_of(client, URL).select("#passages .govuk-input")]


# What is against issuing


def test_point_when_a_passage_is_open_then_it_names_the_section_and_what_to_do_and_when_decided_there_is_none() -> None:
    one = PassageState("Risks", "two", "change the section")
    given: dict[str, Any] = {"pack_state": "published", "figures_at": AT}
    assert points_of([], **given, passages=[one]) == [
        "Risks: “two” could identify somebody. Say why it identifies nobody, or change the section."
    ]
    assert points_of([], **given, passages=[replace(one, decided_by=7)]) == []


def test_issuing_when_somebody_signed_or_decided_then_another_person_does_it() -> None:
    signed = SectionState("Legal", SectionKind.IMPLICATIONS, True, "Legal officer", AT, 3)
    decided = [PassageState("Risks", "two", "change the section", 7)]
    said = [why_another_issues(person, [signed], decided) for person in (3, 7, 8)]
    assert said == [SAME_PERSON, DECIDED_IT, ""]


# What is looked through


@pytest.mark.once
@pytest.mark.django_db
def test_paper_when_for_everybody_then_title_headings_roles_words_of_the_form_and_what_is_written_are_looked_through(
    contract: Scorecard, pack: Pack
) -> None:
    legal = SectionForm("legal", "Legal of child K", SectionKind.IMPLICATIONS, "Two boys ran away.", "Aunt of child J")
    risks = SectionForm("risks", "Risks", SectionKind.TEXT, "Three girls left.")
    keep_form(partnership=pack.partnership, sections=[legal, risks], version=1, by=the_clerk(), at=b.NOW)
    paper = a_paper(pack, title="Of child Q")
    write(paper, "risks", TELLS)
    assert found_in(paper) == [
        ("title", "Q"), ("legal/heading", "K"), ("legal/role", "J"), ("legal/words", "Two"), ("risks/words", "two"),
    ]  # fmt: skip
    assert [point.partition(" could")[0] for point in telling(paper)] == [
        "Title of the paper: “Q”", "Heading “Legal of child K”: “K”", "Legal of child K: who signs: “J”",
        "Legal of child K: “Two”", "Risks: “two”",
    ]  # fmt: skip
    form = "change the form of committee papers and begin another paper."
    assert [point.rpartition(", or ")[2] for point in telling(paper)] == [
        "begin another paper with another title.", form, form, "change the section.", "change the section.",
    ]  # fmt: skip


@pytest.mark.once
@pytest.mark.django_db
def test_paper_when_in_the_shipped_form_then_nothing_that_nobody_typed_is_asked(partnership: Any) -> None:
    scorecard = b.a_scorecard(1)
    paper = a_paper(a_pack(scorecard, audience="public"))
    assert len(view_of(paper).sections) > 20
    assert found_in(paper) == []


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("audience", ["board", "exempt"])
def test_paper_when_for_members_then_it_is_not_looked_through(contract: Scorecard, audience: str) -> None:
    paper = a_paper(a_pack(contract, audience=audience), title="Of child Q")
    write(paper, "legal", TELLS)
    assert found_in(paper) == []
    assert telling(paper) == []
    with pytest.raises(WrongState, match="Only a paper of a pack for everybody"):
        decide_passages_of_paper(paper=paper, reasons={"0" * 64: "So."}, by=a_reviewer(), at=LATER)


@pytest.mark.once
@pytest.mark.django_db
def test_place_when_it_is_the_partnerships_own_then_it_is_no_name(pack: Pack) -> None:
    paper = a_paper(pack)
    write(paper, "legal", "Every child who lives in Northshire, and every child who lives in Elmtown, is heard.")
    assert found_in(paper) == [("legal/words", "Elmtown")]


@pytest.mark.once
@pytest.mark.django_db
def test_policy_when_a_stricter_one_holds_on_the_day_then_more_is_asked(pack: Pack) -> None:
    paper = a_paper(pack)
    write(paper, "legal", "Of these 8 children were seen.")
    assert found_in(paper) == []
    set_policy(
        partnership=pack.partnership, valid_from=b.TODAY, threshold=10, small_group=10, zero_discloses=True,
        shows_value_only=False, rounding_base=5, counts=["children"], authority="Board", number=0, by=a_reviewer(),
        at=b.NOW,
    )  # fmt: skip
    assert found_in(paper) == [("legal/words", "8")]


@pytest.mark.once
@pytest.mark.django_db
def test_number_when_the_pack_hides_it_then_it_is_asked_and_one_that_it_shows_is_not(partnership: Any) -> None:
    keep_form(partnership=partnership, sections=TWO, version=0, by=the_clerk(), at=b.NOW)
    pack = a_public_pack(Children(by_source(100, 3, 40, 50, 7)).scorecard)
    paper = a_paper(pack)
    write(paper, "summary", "From families came 7, from schools 40, and 3 children from the police.")
    assert [(one.quoted, one.passage.hit.kind) for one in view_of(paper).passages] == [
        ("7", "hidden number"), ("3", "small number"),
    ]  # fmt: skip


# Deciding


@pytest.mark.django_db
def test_passage_when_decided_then_nothing_is_against_it_until_its_text_is_another(pack: Pack) -> None:
    paper = a_paper(pack)
    write(paper, "legal", TELLS)
    decide(paper, " It counts visits. ")
    (row,) = PaperPassageDecision.objects.all()
    assert (row.reason.body, row.place, row.by, row.actor, row.at) == (
        "It counts visits.", "legal/words", a_reviewer(), str(a_reviewer()), LATER,
    )  # fmt: skip
    assert telling(paper) == []
    write(paper, "legal", f"{TELLS} Again.")
    assert len(telling(paper)) == 1
    write(paper, "summary", TELLS)
    assert len(telling(paper)) == 2
    write(paper, "legal", TELLS)
    assert [point.partition(":")[0] for point in telling(paper)] == ["Summary"]


@pytest.mark.django_db
def test_decision_when_it_cannot_be_kept_then_refused_with_a_sentence_and_none_of_them_is(pack: Pack) -> None:
    paper = a_paper(pack)
    write(paper, "legal", f"{TELLS} Three boys ran away.")
    with pytest.raises(WrongState, match="at least one passage"):
        decide(paper, " ", "")
    with pytest.raises(InputRefused, match="300 characters"):
        decide(paper, "So.", "x" * 301)
    stale = {one.key: "It counts visits." for one in view_of(paper).open_passages}
    write(paper, "legal", "Three boys ran away.")
    with pytest.raises(PaperChanged, match="changed a text"):
        decide(paper, reasons=stale)
    assert not PaperPassageDecision.objects.exists()


@pytest.mark.django_db
def test_decision_when_sent_twice_then_once_and_when_somebody_has_decided_meanwhile_then_refused(pack: Pack) -> None:
    paper = a_paper(pack)
    write(paper, "legal", f"{TELLS} Three boys ran away.")
    first, second = (one.key for one in view_of(paper).open_passages)
    decide(paper, reasons={first: "It counts visits."}, key="a")
    decide(paper, reasons={first: "It counts visits."}, key="a")
    with pytest.raises(PaperChanged, match="Somebody else has decided"):
        decide(paper, reasons={first: "Otherwise.", second: "They are in a tale."}, key="b")
    (row,) = PaperPassageDecision.objects.all()
    assert row.reason.body == "It counts visits."
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.django_db
def test_paper_when_passages_are_open_then_not_issued_and_when_decided_then_by_another_and_its_record_says_who(
    published: Pack,
) -> None:
    paper = a_paper(published)
    write(paper, "legal", TELLS)
    sign(paper, "legal")
    with pytest.raises(PaperNotReady) as refused:
        issue(paper)
    assert refused.value.points == (
        "Legal implications: “two” could identify somebody. Say why it identifies nobody, or change the section.",
    )
    decide(paper, "It counts visits.")
    with pytest.raises(NotAllowed, match="You decided of a passage"):
        issue(paper, by=a_reviewer())
    one = issue(paper)
    (row,) = PaperPassageDecision.objects.all()
    assert one.rests_on["passages"] == [{"passage": row.passage, "by": str(a_reviewer())}]
    assert one.deciders == [str(a_reviewer())]


# Pages


@pytest.mark.django_db
def test_pages_when_a_passage_is_found_decided_and_the_paper_issued_then_each_step_names_who(
    published: Pack, clerk: Client, signed_in: SignIn, no_child: list[str]
) -> None:
    paper = a_paper(published)
    assert "No passage of the texts could identify somebody." in text(clerk)
    write(paper, "legal", TELLS)
    sign(paper, "legal")
    page = text(clerk)
    for said in ("Legal implications: “two” could identify somebody", TELLS, "A number below 6 may count people"):
        assert said in page, said
    change = soup_of(clerk, URL).select_one("#passages a")["href"]
    assert change == f"{URL}sections/legal/"
    reviewer = signed_in(a_reviewer())
    (box,) = boxes(reviewer)
    kept = reviewer.post(PASSAGES, {box: "It counts visits.", "key": "a"})
    assert kept["Location"] == f"{URL}#passages"
    assert f"It counts visits. 7 July 2022, 10:00, decided by {a_reviewer()}" in text(clerk)
    assert boxes(clerk) == []
    assert DECIDED_IT in text(reviewer)
    assert reviewer.post(f"{URL}issue/")["Location"] == URL
    approver = signed_in(an_approver())
    assert "The paper is issued." in said_by(approver.post(f"{URL}issue/"))
    assert f"of passages decided: {a_reviewer()}" in text(clerk)
    assert PaperIssue.objects.get().deciders == [str(a_reviewer())]


@pytest.mark.django_db
def test_page_when_a_reason_is_refused_then_nothing_typed_is_lost(pack: Pack, clerk: Client) -> None:
    paper = a_paper(pack)
    write(paper, "legal", f"{TELLS} Three boys ran away.")
    first, second = boxes(clerk)
    page = clerk.post(PASSAGES, {first: "It counts visits.", second: "x" * 301}).content.decode()
    assert "must be 300 characters or fewer" in page
    for typed in ("It counts visits.", "x" * 301):
        assert f'value="{typed}"' in page
    assert "at least one passage" in clerk.post(PASSAGES, {first: " "}).content.decode()
    assert not PaperPassageDecision.objects.exists()


@pytest.mark.django_db
def test_page_when_another_tab_decided_or_changed_the_text_then_both_are_told_and_what_was_typed_stands(
    pack: Pack, clerk: Client
) -> None:
    paper = a_paper(pack)
    write(paper, "legal", f"{TELLS} Three boys ran away.")
    write(paper, "summary", "Four girls left.")
    summary, first, second = boxes(clerk)
    assert clerk.post(PASSAGES, {first: "It counts visits.", "key": "a"}).status_code == 302
    late = words(clerk.post(PASSAGES, {first: "Mine.", second: "They are in a tale.", "key": "b"}).content.decode())
    assert "Somebody else has decided" in late
    assert 'value="They are in a tale."' in late
    assert "<li>Mine.</li>" in late
    write(paper, "legal", "Boys ran away.")
    typed = {summary: "They are in a tale too.", second: "They are in a tale.", "key": "c"}
    changed = words(clerk.post(PASSAGES, typed).content.decode())
    assert "changed a text of this paper" in changed
    assert 'value="They are in a tale too."' in changed
    assert "<li>They are in a tale.</li>" in changed
    assert PaperPassageDecision.objects.count() == 1


@pytest.mark.django_db
def test_page_when_the_session_had_ended_then_the_reason_is_shown_again_and_kept_once_it_is_sent_again(
    pack: Pack,
) -> None:
    paper = begin_paper(pack=pack, title="Challenge", by=the_clerk(), at=b.NOW)
    write(paper, "legal", TELLS)
    client = Client(enforce_csrf_checks=True)
    client.force_login(the_clerk())
    typed = {view_of(paper).passages[0].key: "It counts “visits”."}
    sent = form_that(client.get(URL), PASSAGES, typed) | typed
    end_session(client)
    again = sign_in(client, client.post(PASSAGES, sent), the_clerk())
    assert RESTORED in words(again.content.decode())
    shown = form_that(again, PASSAGES, typed)
    assert typed.items() <= shown.items()
    assert not PaperPassageDecision.objects.exists()
    client.post(PASSAGES, shown)
    assert PaperPassageDecision.objects.get().reason.body == "It counts “visits”."


@pytest.mark.django_db
def test_page_when_the_person_reviews_nothing_then_refused(pack: Pack, signed_in: SignIn) -> None:
    paper = a_paper(pack)
    write(paper, "legal", TELLS)
    key = view_of(paper).passages[0].key
    for role in (Role.BOARD_MEMBER, Role.ADMINISTRATOR, Role.ANALYST):
        assert signed_in(b.a_user(role)).post(PASSAGES, {key: "So."}).status_code == 403, role
    assert signed_in(the_clerk()).get(PASSAGES)["Location"] == URL
    assert not PaperPassageDecision.objects.exists()
