"""Search: the same hits on either engine, of what a person may read alone, and always of what stands now."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from indicators.models import Text
from indicators.permissions import access_for
from indicators.roles import Role
from partnership.models import SearchEntry
from partnership.operations.redaction import Cause, redact
from partnership.operations.search import refresh_search
from partnership.search_words import Term, matches, terms_of
from partnership.selectors.search import Kind, found_for, hits_of
from tests import builders as b

pytestmark = pytest.mark.django_db

PHRASE = "Quarrington tender"
CORPUS = (
    "The panel noted the re-referral rate of Children's Services.",
    "CAFÉ culture at the Hub; a naïve plan for £1,266 in 2021/22 Q4.",
    "Children in care: 592 at the end of March, 46 in, 47 out.",
    "Straße, ﬁnd the ½ day and the 1e5 noise of 12abc and 0012.",
    "Жизнь and Ελληνικά and 日本語 stand beside plain words.",
    "care-leavers' accommodation; carers; caring; scare",
    "OR AND NOT NEAR * : & | ! ( ) < > ' \" \\ % _",
)
ASKED = (
    "care", '"care"', "children", "childrens", "children's services", "cafe", "CAFE naive", "2021", "20 22", "q4",
    "1e5", "1", '"1"', "12ab", "0012", "strasse find", "жиз", "日本", "ελλη", "near", '"not near"', "%", "_", "*",
    "'", "\\", "re referral", "rereferral", "panel hub", "zzz", "scar", "46 47", "z436", "a", "an", "AND OR",
)  # fmt: skip


@pytest.fixture
def corpus():
    """One action for each text of the corpus."""
    partnership = b.a_partnership()
    actions = [b.an_action(what=text, partnership=partnership) for text in CORPUS]
    refresh_search(partnership=partnership)
    return partnership, actions


def access(role: Role, partnership):
    return access_for(b.a_user(role.value), partnership, b.TODAY)


def found(partnership, typed: str, role: Role = Role.SCRUTINY_OFFICER, kind: str = ""):
    return found_for(access(role, partnership), partnership, terms_of(typed), kind=kind, now=b.NOW)


def test_corpus_when_searched_then_the_database_finds_what_the_rule_finds(corpus):
    partnership, actions = corpus
    for typed in ASKED:
        terms = terms_of(typed)
        by_rule = {a.pk for a, text in zip(actions, CORPUS, strict=True) if matches(text, terms)}
        entries = found(partnership, typed, kind=Kind.ACTION).entries
        assert {e.object_id for e in entries} == by_rule, typed


def test_any_term_when_it_holds_signs_of_an_engine_then_it_is_only_a_word(corpus):
    partnership, _ = corpus
    reader = access(Role.SCRUTINY_OFFICER, partnership)
    assert found_for(reader, partnership, (Term("x" * 60),), now=b.NOW).number == 0


def everywhere(exempt: bool):
    """The phrase under an item, public or exempt: title, paper, minute, resolution, question and action."""
    meeting = b.a_meeting(state="confirmed")
    item = b.an_item(meeting, f"{PHRASE} report", exempt=3 if exempt else None)
    b.a_paper(item, f"{PHRASE} paper")
    b.a_minute(item, f"Members heard about the {PHRASE}.")
    b.a_resolution(item, f"That the {PHRASE} be agreed.")
    b.a_question(item, f"When does the {PHRASE} end?")
    b.an_action(item, f"Bring the {PHRASE}.")
    refresh_search(partnership=meeting.partnership)
    return meeting.partnership


OF_ITEM = {Kind.ITEM, Kind.PAPER, Kind.MINUTE, Kind.RESOLUTION, Kind.QUESTION, Kind.ACTION}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("exempt", [True, False], ids=["exempt", "public"])
def test_phrase_under_an_item_when_searched_then_found_by_whom_the_item_is_for(role, exempt):
    partnership = everywhere(exempt)
    may = not exempt or role in {Role.APPROVER, Role.BOARD_MEMBER, Role.SCRUTINY_OFFICER}
    result = found(partnership, PHRASE, role)
    assert dict(result.counts) == (dict.fromkeys(OF_ITEM, 1) if may else {})


@pytest.mark.parametrize(
    ("state", "kinds"),
    [
        ("planned", set()),
        ("called", {Kind.ITEM, Kind.PAPER}),
        ("held", {Kind.ITEM, Kind.PAPER, Kind.RESOLUTION, Kind.QUESTION, Kind.ACTION}),
        ("minuted", OF_ITEM),
    ],
)
def test_meeting_when_not_that_far_then_a_board_member_finds_only_what_is_published(state, kinds):
    partnership = everywhere(exempt=False)
    item = partnership.meetings.get().items.get()
    type(item.meeting).objects.filter(pk=item.meeting_id).update(state=state)
    assert {k for k, _ in found(partnership, PHRASE, Role.BOARD_MEMBER).counts} == kinds
    assert {k for k, _ in found(partnership, PHRASE, Role.SCRUTINY_OFFICER).counts} == OF_ITEM


def test_indicator_when_two_partnerships_return_it_then_each_finds_its_own_entry():
    here = b.a_partnership()
    other = b.a_partnership("southshire", "E06000098")
    b.an_indicator("reviews", name=f"{PHRASE} reviews")
    b.an_indicator("reviews", scorecard=b.a_scorecard(partnership=other))
    for place in (here, other):
        assert refresh_search(partnership=place) == 1
    user = b.a_user("scrutiny_officer", partnership=other)
    assert found_for(access_for(user, other, b.TODAY), other, terms_of(PHRASE), now=b.NOW).number == 1
    assert found(here, PHRASE).number == 1
    assert [refresh_search(partnership=place) for place in (here, other)] == [0, 0]
    SearchEntry.objects.filter(partnership=other).update(raw="As it was.")
    assert [refresh_search(partnership=place) for place in (here, other)] == [0, 1]


def test_speaker_of_a_statement_when_searched_then_never_found():
    made = b.a_statement(topic="Waiting times", speaker="Quarrington", speaker_until=date(2022, 9, 1))
    refresh_search(partnership=made.meeting.partnership)
    assert found(made.meeting.partnership, "quarrington").number == 0
    assert found(made.meeting.partnership, "waiting").number == 1


def commented(commentary: str, **scorecard):
    measure = b.an_indicator("reviews", **scorecard)
    cell = replace(b.a_cell(Decimal(31), Decimal(40)), commentary=commentary)
    return measure, cell


def test_commentary_when_not_approved_then_not_found_and_when_approved_then_found_at_its_period():
    measure, cell = commented(f"The {PHRASE} delayed reviews.")
    row = b.a_return(state="submitted", cells={measure.series.pk: cell})
    partnership = row.round.partnership
    refresh_search(partnership=partnership)
    assert found(partnership, PHRASE, Role.APPROVER).number == 0
    b.sign_off(row)
    b.accept(b.fresh(row))
    refresh_search(partnership=partnership)
    result = found(partnership, PHRASE, Role.BOARD_MEMBER)
    assert dict(result.counts) == {Kind.COMMENTARY: 1}
    (hit,) = hits_of(partnership, result.entries, terms_of(PHRASE))
    assert hit.row.period == row.round.period
    assert [p.text for p in hit.pieces if p.is_hit] == PHRASE.split()


def test_text_when_redacted_then_its_words_are_gone_at_once():
    action = b.an_action(what=f"Bring the {PHRASE}.")
    partnership = action.partnership
    refresh_search(partnership=partnership)
    people = b.a_user("approver"), b.a_user("administrator")
    cause = Cause("personal_data", "It names a person.", "DPO 1", *people)
    redact(partnership=partnership, cause=cause, at=b.NOW, texts=[Text.objects.get(pk=action.what_id)])
    assert not SearchEntry.objects.filter(words__contains="quarrington").exists()
    refresh_search(partnership=partnership)
    assert found(partnership, PHRASE).number == 0
    assert found(partnership, "redacted").number == 1


def test_title_when_changed_then_the_new_words_are_found_and_the_old_are_not():
    item = b.an_item(b.a_meeting(state="called"), "Old wording")
    partnership = item.meeting.partnership
    refresh_search(partnership=partnership)
    type(item).objects.filter(pk=item.pk).update(title="New phrase")
    assert refresh_search(partnership=partnership) == 1
    assert (found(partnership, "wording").number, found(partnership, "phrase").number) == (0, 1)
    assert refresh_search(partnership=partnership) == 0


def test_another_partnership_when_searched_then_finds_nothing_of_this_one():
    everywhere(exempt=False)
    other = b.a_partnership("southshire", "E06000098")
    refresh_search(partnership=other)
    user = b.a_user("scrutiny_officer", partnership=other)
    assert found_for(access_for(user, other, b.TODAY), other, terms_of(PHRASE), now=b.NOW).number == 0
