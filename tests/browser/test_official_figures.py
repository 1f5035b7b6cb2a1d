"""Official figures in a browser: a published file is read, what it would change is seen, and it is put in use."""

import pytest

from indicators.models import BenchmarkSet
from indicators.roles import Role
from tests import builders
from tests.builders import benchmarks as b

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLACE = "/northshire/benchmarks/data/"
WIDTHS = (1280, 390)


def assert_good_to_use(visitor) -> None:
    for width in WIDTHS:
        assert visitor.axe(width) == [], width
        assert not visitor.scrolls_sideways(), width


def send(page, data: bytes) -> None:
    page.set_input_files("#id_file", [{"name": b.C1, "mimeType": "", "buffer": data}])
    with page.expect_navigation():
        page.get_by_role("button", name="Read the file").click()


@pytest.mark.parametrize("javascript", [True, False])
def test_published_file_when_read_then_seen_and_put_in_use(transactional_db, visit, javascript):
    builders.a_partnership()
    b.an_import()
    approver = visit(builders.a_user(Role.APPROVER), javascript=javascript)
    page = approver.open(PLACE)
    page.get_by_role("link", name="Import a published file").click()
    page.get_by_role("button", name="Read the file").wait_for()
    if javascript:
        send(page, b.a_c1_file(lambda rows: rows[6].update(referral_count="many")))
        page.get_by_text("L8, referral_count").wait_for()
        assert_good_to_use(approver)
        page.get_by_role("link", name="Choose another file").click()
    send(page, b.a_c1_file(lambda rows: rows[6].update(referral_count="1010")))
    assert page.get_by_role("log").locator("li").count() >= 4
    page.get_by_role("link", name="See what it would change").click()
    page.get_by_text("Against import 1, which is in use: 0 new, 3 changed, 0 gone.").wait_for()
    if javascript:
        assert_good_to_use(approver)
    page.get_by_role("button", name="Use this file from now on").click()
    page.get_by_text("import 2 is in use from now on").wait_for()
    if javascript:
        assert_good_to_use(approver)
    assert BenchmarkSet.objects.get().current.number == 2
