"""Alerts in a browser: told on the home, read, and what is followed chosen; on a screen and a phone."""

import pytest

from indicators.roles import Role
from partnership.models import AlertSubscription
from tests import builders as b
from tests.partnership.alert_world import a_board_member, a_fall, told

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def seen(visitor) -> None:
    """That a page is accessible at both widths and not wider than a phone."""
    assert visitor.axe() == [], visitor.page.url
    assert visitor.axe(320) == [], visitor.page.url
    assert not visitor.scrolls_sideways(), visitor.page.url
    visitor.page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("javascript", [True, False])
def test_alert_when_it_is_new_then_read_and_another_way_chosen(javascript, visit, transactional_db):
    a_fall()
    a_fall(code="other", name="Other", scorecard=b.a_scorecard(code="partnership"))
    told()
    user = a_board_member() if javascript else b.a_user(Role.APPROVER)
    reader = visit(user, javascript=javascript)
    page = reader.open("/northshire/")
    assert page.get_by_role("heading", name="New alerts: 2").count() == 1
    page.get_by_role("link", name="Why you are told this").click()
    page.get_by_text("Why am I told this?").first.click()
    assert page.get_by_text("The rating is another one than in the period before").first.is_visible()
    if javascript:
        seen(reader)
    page.get_by_role("button", name="Mark as read").first.click()
    assert page.get_by_text("1 alert is marked as read.").count() == 1
    page.get_by_role("button", name="Mark it as read").click()
    assert page.get_by_text("2 alerts, all of them read.").count() == 1

    page.get_by_role("link", name="Choose what you follow").click()
    if javascript:
        seen(reader)
    page.get_by_label("Special cause: Contract key performance indicators").uncheck()
    page.get_by_label("By e-mail: Contract key performance indicators").select_option("weekly")
    page.get_by_role("button", name="Save").click()
    assert page.get_by_text("as you chose on 7 July 2022").count() == 1
    row = AlertSubscription.objects.get()
    assert (row.kinds, row.digest) == ("rating assurance overdue", "weekly")
