"""Official figures in a browser: a published file is read, what it would change is seen, and it is put in use."""

import pytest

from indicators.models import BenchmarkSet, ComparatorGroup
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


def send(page, data: bytes, name: str = b.C1) -> None:
    page.set_input_files("#id_file", [{"name": name, "mimeType": "", "buffer": data}])
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


@pytest.mark.parametrize("javascript", [True, False])
def test_neighbours_when_read_then_seen_by_rank_and_put_in_use(transactional_db, visit, javascript):
    builders.a_partnership(gss_code="E08000017")
    d3 = next(b.FOLDER.glob("d3*"))
    b.an_import(d3.read_bytes(), d3.name)
    approver = visit(builders.a_user(Role.APPROVER), javascript=javascript)
    page = approver.open(f"{PLACE}new/")
    name = "sn_model_2025_wide.csv"
    send(page, (b.FOLDER / name).read_bytes(), name)
    page.get_by_text("Nothing of this set is in use, so the neighbours of all 153 areas are new.").wait_for()
    assert page.get_by_role("row", name="1 None Rotherham").count() == 1
    if javascript:
        assert_good_to_use(approver)
    page.get_by_role("button", name="Use this file from now on").click()
    page.get_by_text("“Statistical neighbours, model of 2025”: import 1 is in use from now on.").wait_for()
    assert ComparatorGroup.objects.count() == 153
