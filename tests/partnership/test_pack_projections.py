"""A kept result of a projection or scenario in a pack: chosen, frozen as it was, verified, and never for everybody."""

from dataclasses import replace

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from finance.models import ProjectionRun, Scenario
from finance.operations.plans import budget_of, keep_run
from finance.operations.scenarios import add_step
from finance.projection_job import read_answer, run_projection
from finance.scenario_table import RESULT_VERSION, RESULT_WRITERS
from finance.selectors.runs import inputs_of, kept
from finance.selectors.scenarios import held_scenario
from indicators.models import PublishedTable, Return
from indicators.operations.errors import WrongState
from indicators.roles import Role
from partnership.models import Pack, PackRun
from partnership.operations.packs import PackNotReady, change_pack, give_reasons
from partnership.selectors.packs import points_of, told_table
from partnership.selectors.verification import Finding, verified
from tests import builders as b
from tests.finance import plan_world as w
from tests.parity import soup_of, words
from tests.partnership.pack_world import CODE, a_draft, a_pack, publish

pytestmark = pytest.mark.django_db
PACK = f"/northshire/packs/{CODE}/"


@pytest.fixture
def scorecard(db):
    return b.an_accepted_quarter(2)


@pytest.fixture
def run(scorecard) -> ProjectionRun:
    """A result of a scenario, drawn here and not in the child."""
    scenario = w.a_scenario()
    payload, sha256 = inputs_of(held_scenario(scenario.partnership, scenario.code).outlook, budget_of(scenario.plan))
    found = read_answer(run_projection(payload, lambda line: None))
    return keep_run(
        plan=scenario.plan, scenario=scenario, inputs_sha256=sha256, found=found, by=scenario.owner, at=b.NOW
    )


def changed(scenario: Scenario) -> None:
    add_step(
        scenario=scenario, details=replace(w.STEP, number=1), version=scenario.version, by=scenario.owner, at=b.NOW
    )


def test_result_when_published_in_a_pack_then_frozen_as_it_was_shown_and_verified(scorecard, run, signed_in):
    pack = a_pack(scorecard, runs=[run])
    publish(pack)
    carried = pack.tables.get(table__kind=PublishedTable.Kind.PROJECTION)
    assert (carried.code, carried.table.label) == ("projection-1", "Scenario: Two move home, 2022/23")
    rows = kept(run, run.plan.as_at).rows
    assert told_table(carried.table).cells == tuple(tuple(RESULT_WRITERS[RESULT_VERSION].csv_row(r)) for r in rows)
    changed(run.scenario)
    assert [one.finding for one in verified(pack)] == [Finding.SOUND, Finding.SOUND]
    call_command("verify_packs", verbosity=0)
    board = signed_in(b.a_user(Role.BOARD_MEMBER))
    text = words(soup_of(board, f"{PACK}tables/projection-1/").main.get_text(" "))
    assert "Move 2 children from Out of authority to In-house fostering from 1 September 2022" in text
    for phrase in (
        "A what-if of those who made it, and no agreed figure", "This year is 2022/23, next year 2023/24.",
        "The plan is “Placements of July” as at 1 July 2022, entered by", "The budget is £1,500,000.00. Budget book.",
        "Unplanned leavers, Independent fostering: 4 in 9,100 nights of care",
        "What the scenario tries: What it would save", "from 1 September 2022: Carers are approved by then",
    ):  # fmt: skip
        assert phrase in text, phrase
    assert "Scenario: Two move home, 2022/23" in words(soup_of(board, PACK).main.get_text(" "))
    file = board.get(f"{PACK}tables/projection-1.csv").content.decode()
    assert file.splitlines()[0] == "part,code,name,this_year,next_year"
    assert len(file.splitlines()) == len(rows) + 1


def test_result_when_its_bytes_are_changed_then_verification_finds_it(scorecard, run):
    pack = a_pack(scorecard, runs=[run])
    publish(pack)
    row = pack.tables.get(code="projection-1").table.rows.first()
    with b.unprotected():
        row.cells = [*row.cells[:3], "1", "1"]
        row.save()
    assert Finding.BROKEN in [one.finding for one in verified(pack)]
    with pytest.raises(DatabaseError, match="belongs to a published pack"), transaction.atomic():
        PackRun.objects.all().delete()


def test_result_when_the_pack_is_for_everybody_then_refused(scorecard, run):
    with pytest.raises(WrongState, match="no published figure"):
        a_pack(scorecard, runs=[run], audience="public")
    pack = a_pack(scorecard, runs=[run])
    with pytest.raises(WrongState, match="no published figure"):
        change_pack(pack=pack, draft=a_draft(scorecard, runs=[run], audience="public"), version=1,
                    by=run.scenario.owner, at=b.NOW)  # fmt: skip
    Pack.objects.filter(pk=pack.pk).update(audience="public")  # past the operations
    pack.refresh_from_db()
    assert "projection/placements-of-july/two-move-home-1" in {p.about for p in points_of(pack, today=b.TODAY)}


def test_result_when_the_steps_changed_since_then_the_check_list_asks_why_it_is_told(scorecard, run):
    pack = a_pack(scorecard, runs=[run])
    assert points_of(pack, today=b.TODAY) == []
    changed(run.scenario)
    [point] = points_of(pack, today=b.TODAY)
    assert (point.key, point.is_blocking) == ("result:placements-of-july/two-move-home-1", False)
    with pytest.raises(PackNotReady):
        publish(pack)
    give_reasons(pack=pack, reasons={point.key: "Told as it was then"}, version=pack.version, by=run.by, at=b.NOW)
    publish(pack)


def test_pack_form_when_results_are_kept_then_they_can_be_ticked_and_stay_ticked(scorecard, run, signed_in):
    council = signed_in(b.a_user(Role.APPROVER, email="packs@example.org"))
    typed = {"title": "July", "body": "Board", "meeting_on": "7 July 2022", "audience": "board", "key": "a" * 32,
             "tables": [f"contract/{Return.objects.get().round.period.slug}"],
             "results": ["placements-of-july/two-move-home-1"]}  # fmt: skip
    url = council.post("/northshire/packs/new/", typed)["Location"]
    assert list(PackRun.objects.values_list("run__code", flat=True)) == ["two-move-home-1"]
    assert "Scenario: Two move home, 2022/23" in words(soup_of(council, url).main.get_text(" "))
    box = soup_of(council, f"{url}change/").select_one("input[name=results]")
    assert box.has_attr("checked")
