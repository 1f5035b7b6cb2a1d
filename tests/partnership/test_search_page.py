"""The search page: what it shows, to whom, and what it says when there is nothing."""

import pytest
from django.urls import reverse

from indicators.roles import Role
from partnership.operations.search import refresh_search
from partnership.selectors.search import Kind
from tests import builders as b
from tests.partnership.test_search import OF_ITEM, PHRASE, everywhere

pytestmark = pytest.mark.django_db


def test_exempt_phrase_when_searched_for_then_it_is_on_the_page_of_whom_it_is_for_alone(client):
    """Each kind alone for one who reads such items and one who does not; for the others all kinds at once."""
    partnership = everywhere(exempt=True)
    for role in Role:
        may = role in {Role.APPROVER, Role.BOARD_MEMBER, Role.SCRUTINY_OFFICER}
        client.force_login(b.a_user(role.value))
        for kind in ("", *Kind.values) if role in {Role.BOARD_MEMBER, Role.ANALYST} else ("",):
            found = client.get(reverse("search", args=[partnership.slug]), {"q": "quarring", "kind": kind})
            told = PHRASE.split()[0] in found.content.decode()
            assert told == (may and kind in {"", *OF_ITEM}), (role, kind)


def test_page_when_there_is_one_hit_or_sixty_then_it_shows_twenty_with_as_many_queries(
    client, django_assert_max_num_queries
):
    partnership = b.a_partnership()
    item = b.an_item(b.a_meeting(state="held"))
    b.an_action(item, "Bring the figures by school.")
    client.force_login(b.a_user("board_member"))
    url = reverse("search", args=[partnership.slug])
    refresh_search(partnership=partnership)
    with django_assert_max_num_queries(30):
        one = client.get(url, {"q": "figures"})
    for _ in range(59):
        b.an_action(item, "Bring the figures by school.")
    refresh_search(partnership=partnership)
    with django_assert_max_num_queries(30):
        many = client.get(url, {"q": "figures"})
    assert (one.context["number"], many.context["number"], len(many.context["hits"])) == (1, 60, 20)
    assert "page=3" in many.content.decode()


@pytest.mark.parametrize("typed", ["", "  ", "%&*", "x" * 201, "nothing like it"])
def test_page_when_nothing_can_be_found_then_it_says_what_to_do(client, typed):
    partnership = b.a_partnership()
    client.force_login(b.a_user("board_member"))
    answer = client.get(reverse("search", args=[partnership.slug]), {"q": typed, "page": "7"})
    assert answer.status_code == 200
    assert "words" in answer.content.decode()
