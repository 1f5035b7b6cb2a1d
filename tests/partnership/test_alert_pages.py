"""The pages of alerts: what a person follows and may read, read and unread, and why they are told."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import Membership
from indicators.permissions import Access, access_for
from indicators.roles import Role
from partnership.alerts import KINDS, Digest, Kind
from partnership.models import AlertRead, AlertSubscription
from partnership.selectors.alerts import unread_count
from tests import builders as b
from tests.parity import soup_of
from tests.partnership.alert_world import a_board_member, a_fall, a_protected_part, figures, follow, for_the_board, told

pytestmark = pytest.mark.django_db

PAGE, SETTINGS, READ = "/northshire/alerts/", "/northshire/alerts/settings/", "/northshire/alerts/read/"

COUNT = 'class="bar__n"'


@pytest.fixture
def fall(partnership):
    """A figure that fell, and what was told of it."""
    measure = a_fall()
    told()
    return measure


def text(response: Any) -> str:
    """What a page says, without its marks."""
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def names(client: Client, query: str = "") -> list[str]:
    """The indicators of the alerts that the page lists, in order."""
    page = client.get(f"{PAGE}{query}").content.decode()
    return re.findall(r'<h2><a href="[^"]*">([^<]*)</a>', page)


# The list


def test_page_when_a_rating_changed_then_it_says_so_with_where_to_look_and_why(fall, signed_in):
    page = signed_in(a_board_member()).get(PAGE)
    said = text(page)
    assert "1 alert, unread." in said
    assert "Outside tolerance in 2021/22 Q4; better than target in 2021/22 Q3." in said
    assert "Rating changed, Contract key performance indicators, 2021/22 Q4. Raised on 7 July 2022." in said
    assert "The rating is another one than in the period before" in said
    assert "You follow “Contract key performance indicators” in the app: board members and approvers do" in said
    assert "/northshire/indicators/re-referrals/?scorecard=contract&amp;period=2021-22-q4" in page.content.decode()
    assert page.content.decode().count(SETTINGS) == 2


def test_page_when_figures_are_named_in_its_alerts_then_never_with_a_value(fall, signed_in):
    main = signed_in(a_board_member()).get(PAGE).content.decode().partition("<main")[2]
    assert not re.findall(r"\b(60|85)\b|%", main)


@pytest.mark.parametrize("role", list(Role))
def test_page_when_nothing_was_chosen_then_by_role(role, fall, signed_in):
    client = signed_in(b.a_user(role))
    follows = role in {Role.BOARD_MEMBER, Role.APPROVER}
    assert names(client) == (["Re-referrals"] if follows else [])
    assert ("You follow no scorecard" in text(client.get(PAGE))) is not follows
    assert (soup_of(client, PAGE).select_one(".filters") is not None) is follows, "nothing to choose from"
    assert ("1 unread" in text(client.get("/northshire/scorecards/"))) is follows


def test_page_when_something_was_chosen_then_that_alone(fall, signed_in):
    a_fall(code="other", name="Other", scorecard=b.a_scorecard(code="partnership"))
    told()
    user = a_board_member()
    client = signed_in(user)
    assert set(names(client)) == {"Re-referrals", "Other"}
    follow(user, b.a_scorecard(), kinds=frozenset({Kind.CAUSE}))
    assert names(client) == ["Other"]
    follow(user, b.a_scorecard(code="partnership"), in_app=False)
    assert names(client) == []
    follow(user, b.a_scorecard(), digest=Digest.WEEKLY)
    assert "You chose on 7 July 2022 to be told of this kind" in text(client.get(PAGE))


def test_alert_when_followed_by_mail_alone_then_listed_and_not_counted(fall, signed_in):
    user = b.a_user(Role.ANALYST)
    follow(user, b.a_scorecard(), in_app=False, digest=Digest.DAILY)
    client = signed_in(user)
    assert names(client) == ["Re-referrals"]
    assert COUNT not in client.get(PAGE).content.decode()
    assert "New alerts" not in text(client.get("/northshire/"))


def test_page_when_some_are_read_then_unread_first_and_the_latest_before_others(partnership, signed_in):
    measures = [a_fall(code=f"m-{number}", name=f"Measure {number}") for number in range(3)]
    for number, measure in enumerate(measures):
        told(series=[measure.series.pk], at=b.NOW - timedelta(days=3 - number))
    client = signed_in(a_board_member())
    assert names(client) == ["Measure 2", "Measure 1", "Measure 0"]
    client.post(READ, {"alert": measures[2].line.alerts.get().pk})
    assert names(client) == ["Measure 1", "Measure 0", "Measure 2"]
    assert names(client, "?show=unread") == ["Measure 1", "Measure 0"]


def test_page_when_filtered_then_by_kind_and_scorecard_and_the_counts_follow(fall, signed_in):
    a_fall(code="other", name="Other", scorecard=b.a_scorecard(code="partnership"))
    told()
    client = signed_in(a_board_member())
    assert names(client, "?scorecard=partnership") == ["Other"]
    assert names(client, "?kind=cause") == []
    assert "1 alert, unread with these filters." in text(client.get(f"{PAGE}?scorecard=partnership"))
    assert "No alert passes these filters" in text(client.get(f"{PAGE}?kind=cause"))
    assert len(names(client, "?kind=nonsense")) == 2


def test_page_when_there_are_many_then_in_pages_of_twenty(partnership, signed_in):
    b.a_history(b.a_scorecard(25), 2, numerators=(85, 60))
    assert len(told()) == 25
    client = signed_in(a_board_member())
    assert [len(names(client, f"?page={page}")) for page in (1, 2)] == [20, 5]
    assert "21 to 25 of 25 alerts" in text(client.get(f"{PAGE}?page=2"))


def test_alert_when_a_year_old_then_not_shown_any_more(fall, signed_in, monkeypatch):
    client = signed_in(a_board_member())
    monkeypatch.setattr("partnership.clock.now", lambda: b.NOW + timedelta(days=367))
    assert names(client) == []


# Who may read it is asked when it is read


def test_alert_when_its_figure_may_not_be_read_any_more_then_it_is_not_there(fall, signed_in):
    user = b.a_user(Role.FINANCE_OFFICER, partner=b.a_partner())
    follow(user, b.a_scorecard())
    client = signed_in(user)
    assert names(client) == ["Re-referrals"]
    for_the_board(b.a_scorecard())
    assert names(client) == []
    assert COUNT not in client.get(PAGE).content.decode()
    assert "Contract" not in text(client.get(SETTINGS))
    assert client.post(READ, {"do": "all"}).status_code == 302
    assert not AlertRead.objects.exists()


def test_alert_when_of_a_protected_part_then_only_who_may_read_it_is_told(partnership, signed_in):
    figures(a_protected_part(), (85, 60))
    told()
    follows = {}
    for role in Role:
        user = b.a_user(role)
        follow(user, b.a_scorecard())
        follows[role] = names(signed_in(user))
    unprotected = {Role.FINANCE_OFFICER, Role.ADMINISTRATOR}
    assert {role for role, found in follows.items() if not found} == unprotected
    assert follows[Role.BOARD_MEMBER] == ["Exploited: Female"]


def test_alert_when_the_role_has_ended_then_the_page_is_not_there(fall, signed_in):
    user = a_board_member()
    client = signed_in(user)
    assert names(client)
    Membership.objects.filter(user=user).update(until_on=b.TODAY - timedelta(days=1))
    assert client.get(PAGE).status_code == 404
    assert unread_count(b.a_partnership(), access_for(user, b.a_partnership(), b.TODAY), user.pk, b.NOW) == 0


def test_alert_when_of_another_partnership_then_neither_there_nor_to_be_marked(fall, signed_in):
    south = b.a_partnership("southshire", "E06000098")
    user = a_board_member(partnership=south)
    client = signed_in(user)
    assert client.get(PAGE).status_code == 404
    assert "You follow no scorecard" in text(client.get("/southshire/alerts/"))
    client.post("/southshire/alerts/read/", {"alert": fall.line.alerts.get().pk})
    assert not AlertRead.objects.exists()


# Read


def test_alert_when_marked_as_read_then_by_this_person_alone_and_once(fall, signed_in):
    user, other = a_board_member(), a_board_member()
    client, pk = signed_in(user), fall.line.alerts.get().pk
    for said in ("1 alert is marked as read.", "0 alerts are marked as read."):
        assert said in text(client.post(READ, {"alert": pk, "back": "kind=rating"}, follow=True))
    assert AlertRead.objects.get().user == user
    assert "1 alert, read." in text(client.get(PAGE))
    assert COUNT not in client.get(PAGE).content.decode()
    assert "1 unread" in text(signed_in(other).get(PAGE))


def test_alerts_when_all_are_marked_then_those_of_the_filters_that_the_page_knew(fall, signed_in):
    a_fall(code="other", name="Other", scorecard=b.a_scorecard(code="partnership"))
    (other,) = told()
    a_fall(code="later", name="Later")
    told()
    client = signed_in(a_board_member())
    client.post(READ, {"do": "all", "scorecard": "contract", "up_to": other.pk})
    assert names(client, "?show=unread") == ["Later", "Other"]
    client.post(READ, {"do": "all", "up_to": other.pk})
    assert names(client, "?show=unread") == ["Later"]


@pytest.mark.parametrize("sent", [{}, {"alert": "x"}, {"alert": "9" * 40}, {"do": "all", "up_to": "9" * 5000}])
def test_marking_when_sent_by_hand_then_it_answers_and_leads_back(sent, fall, signed_in):
    assert signed_in(a_board_member()).post(READ, sent).headers["Location"] == PAGE


def test_marking_when_its_address_is_only_opened_then_it_leads_to_the_page(fall, signed_in):
    assert signed_in(a_board_member()).get(READ).headers["Location"] == PAGE


# What is followed


def boxes(client: Client) -> dict[str, str]:
    """What the form of the settings would send as it stands."""
    page = client.get(SETTINGS).content.decode()
    sent = dict.fromkeys(re.findall(r'<input type="checkbox" name="([^"]+)"[^>]*\bchecked', page), "on")
    for name, inner in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        sent[name] = re.search(r'<option value="(\w+)" selected', inner)[1]  # type: ignore[index]
    return sent


def test_settings_when_opened_then_what_the_role_has_is_ticked(fall, signed_in):
    assert boxes(signed_in(a_board_member())) == {
        **{f"contract-{kind.value}": "on" for kind in KINDS}, "contract-in_app": "on", "contract-digest": "never",
    }  # fmt: skip
    assert "contract-in_app" not in boxes(signed_in(b.a_user(Role.ANALYST)))


def test_settings_when_sent_as_they_are_then_nothing_is_kept(fall, signed_in):
    client = signed_in(a_board_member())
    assert "Nothing was changed." in text(client.post(SETTINGS, boxes(client), follow=True))
    assert not AlertSubscription.objects.exists()


def test_settings_when_changed_then_kept_and_shown_and_the_rest_stays_with_the_role(fall, signed_in):
    b.a_scorecard(code="partnership")
    client = signed_in(a_board_member())
    sent = boxes(client) | {"contract-digest": "daily"}
    del sent["contract-cause"]
    assert "Saved." in text(client.post(SETTINGS, sent, follow=True))
    row = AlertSubscription.objects.get()
    assert (row.kinds, row.in_app, row.digest) == ("rating assurance overdue", True, "daily")
    assert (row.chosen_at, row.mail_from) == (b.NOW, b.NOW)
    assert boxes(client) == sent
    said = text(client.get(SETTINGS))
    assert "as you chose on 7 July 2022" in said
    assert "as your role has it" in said


def test_mail_when_asked_for_again_then_from_that_moment_and_when_only_changed_from_the_first(fall):
    user = a_board_member()
    card = b.a_scorecard()

    def mail_from(at: Any, digest: Digest) -> Any:
        follow(user, card, digest=digest, at=at)
        return AlertSubscription.objects.get().mail_from

    days = [b.moment(date(2022, 7, day)) for day in (1, 2, 3, 4)]
    assert mail_from(days[0], Digest.DAILY) == days[0]
    assert mail_from(days[1], Digest.WEEKLY) == days[0]
    assert mail_from(days[2], Digest.NEVER) is None
    assert mail_from(days[3], Digest.WEEKLY) == days[3]


def test_settings_when_a_choice_is_no_choice_then_refused_at_its_box(fall, signed_in):
    client = signed_in(a_board_member())
    page = client.post(SETTINGS, boxes(client) | {"contract-digest": "hourly"})
    assert "Choose an answer for “By e-mail: Contract key performance indicators” from the list" in text(page)
    assert not AlertSubscription.objects.exists()


def test_settings_when_a_scorecard_went_to_the_board_meanwhile_then_nothing_is_kept_of_it(fall, signed_in):
    user = b.a_user(Role.FINANCE_OFFICER, partner=b.a_partner())
    client = signed_in(user)
    sent = boxes(client) | {"contract-in_app": "on"}
    for_the_board(b.a_scorecard())
    client.post(SETTINGS, sent)
    assert not AlertSubscription.objects.exists()


# Home, and how much is asked of the database


def test_home_when_there_are_unread_alerts_then_the_latest_three_and_how_many(partnership, signed_in):
    b.a_history(b.a_scorecard(5), 2, numerators=(85, 60))
    told()
    client = signed_in(a_board_member())
    said = text(client.get("/northshire/"))
    assert "New alerts: 5" in said
    assert said.count("Outside tolerance in 2021/22 Q4;") + said.count("Better than target in 2021/22 Q4;") == 3
    client.post(READ, {"do": "all"})
    assert "New alerts" not in text(client.get("/northshire/"))


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


def test_pages_when_there_are_more_alerts_and_scorecards_then_no_more_queries(partnership, signed_in):
    b.a_history(b.a_scorecard(2), 2, numerators=(85, 60))
    told()
    client = signed_in(a_board_member())
    paths = [PAGE, SETTINGS, "/northshire/glossary/"]
    few = [queries(client, path) for path in paths]
    for code in ("partnership", "demand"):
        b.a_history(b.a_scorecard(9, code=code), 2, numerators=(85, 60))
    told()
    assert [queries(client, path) for path in paths] == few


def test_count_when_shown_on_a_page_then_it_costs_one_query_and_none_for_who_reads_no_figure(fall):
    place, user = b.a_partnership(), a_board_member()
    access = access_for(user, place, b.TODAY)
    for who, number, asked in ((access, 1, 1), (Access(), 0, 0)):
        with CaptureQueriesContext(connection) as found:
            assert unread_count(place, who, user.pk, b.NOW) == number
        assert len(found) == asked
