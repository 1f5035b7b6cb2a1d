"""Pages load nothing heavy: no pandas, scipy or document library, plotly only where a chart is drawn, and nothing of
help or single sign-on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.migrated import SHARED

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("pandas", "numpy", "scipy", "openpyxl", "docx", "weasyprint", "plotly")
# Loaded by the pages of help and by single sign-on alone.
HEAVY += ("markdown_it", "mozilla_django_oidc", "requests", "jwt")

WALK = """
import json, os, sys
import django
django.setup()
from django.core import management
from django.test import Client
from django.test.utils import setup_databases, setup_test_environment
from tests.migrated import migrate_once
management.call_command = migrate_once
setup_test_environment()
setup_databases(verbosity=0, interactive=False)
from indicators.roles import Role
from tests import builders
from tests.builders.annex_a import a_load, a_measure
from tests.builders.official import official_figures
from tests.referrals.front_door_world import a_pathway
from tests.finance.ssda903_world import a_load as a_placements_load
from tests.finance.money_world import a_contract_year, an_entry
from tests.finance.plan_world import a_plan, a_scenario
from tests.partnership.action_world import agreed, the_officer
from tests.partnership.meeting_world import a_whole_meeting
from tests.partnership.pack_world import a_pack, a_published_pack, an_approver
a_pathway()
row = builders.a_return(builders.a_scorecard(3), state="approved")
builders.a_round(row.round.scorecard, builders.Q4.next())
builders.a_history(builders.a_scorecard(1, code="long"), 6)
people = builders.the_people(row.partner)
placements = f"money/placements-file/{a_placements_load().code}/"
annex_a = f"annex-a/{a_load([a_measure()], partner=row.partner).code}/"
board, administrator = builders.a_user(Role.BOARD_MEMBER), builders.a_user(Role.ADMINISTRATOR)
published = a_published_pack(row.round.scorecard)
a_published_pack(row.round.scorecard, body="Everybody", audience="public")
draft = f"packs/{a_pack(row.round.scorecard).code}/"
pack = f"packs/{published.code}/"
table = pack + "tables/contract-2021-22-q4"
an_entry(a_contract_year(2022))
a_contract_year(2021)
of_trust = builders.a_user(Role.FINANCE_OFFICER, partner=row.partner)
tried = f"money/scenarios/{a_scenario(a_plan(), by=of_trust).code}/"
meeting = f"meetings/{a_whole_meeting(state='held').code}/"
clerk = builders.a_user(Role.SCRUTINY_OFFICER)
official_figures(row.round.scorecard.lines.first().series.indicator)
place, this, coming = "/northshire/", "returns/contract/2021-22-q4/trust/1/", "returns/contract/2022-23-q1/trust/1/"
agreed()
walks = [
    (the_officer(), ["actions/", "actions.csv", "actions/1/", "actions/new/", "actions/1/close/", "actions/1/cite/"]),
    (board, ["", "scorecards/", "scorecards/contract/", "scorecards/contract.csv", "indicators/", "glossary/"]),
    (people.analyst, ["", "returns/", this, this + "correct/"]),
    (people.analyst, [coming + "entry/", coming + "upload/", coming + "template.csv", coming + "template.xlsx"]),
    (people.acceptor, [this + "review/"]),
    (people.analyst, ["annex-a/", "annex-a/new/", "annex-a/measures/", annex_a, annex_a + "measures.csv"]),
    (administrator, ["rounds/", "people/", "audit/", "audit.csv", "benchmarks/data/", "benchmarks/data/new/"]),
    (board, ["meetings/", "meetings.csv", meeting, meeting + "agenda.docx", meeting + "items/3/papers/1/"]),
    (board, ["resolutions/", "resolutions.csv", "work-programme/", "work-programme.csv"]),
    (clerk, ["meetings/new/", meeting + "steps/attendance/", meeting + "items/3/steps/minute/"]),
    (clerk, [meeting + "items/3/papers/new/", "resolutions/2022-93/response/", "work-programme/work-1/came/"]),
    (board, ["data-quality/", "data-quality/issues.csv", "not-reportable/", "not-reportable.csv"]),
    (people.analyst, ["data-quality/issues/new/", this + "history/"]),
    (an_approver(), ["packs/new/", draft, draft + "change/", pack + "withdraw/"]),
    (board, ["packs/", pack, table + "/", table + ".csv", pack + "manifest.json", "restated/", "restated.csv"]),
    (board, ["scorecards/contract/?as_at=2022-07-06", "scorecards/contract.csv-metadata.json", "report-checks/"]),
    (board, ["scorecards/long/?show=variation", "scorecards/long/charts/", "indicators/long-1/quarter.svg"]),
    (board, ["front-door/?period=2019-20", "front-door/stages.csv", "front-door/stages/contact/"]),
    (board, ["front-door/timeliness/", "front-door/timeliness.csv", "front-door/stages/referral/breakdowns.csv"]),
    (board, ["subjects/", "subjects/children-in-care/", "subjects/children-in-care/figures.csv"]),
    (board, ["subjects/programmes/", "subjects/children-in-care/breakdowns.csv"]),
    (board, ["money/", "money/contract/", "money/contract.csv", "money/contract/2021-22/"]),
    (board, ["money/outturn/", "money/outturn.csv", "money/outturn/sums.csv"]),
    (board, ["money/care-ladder/", "money/care-ladder/rungs.csv"]),
    (of_trust, ["money/placements-file/", placements, placements + "rates.csv"]),
    (of_trust, ["money/placements-file/new/"]),
    (board, ["money/savings/", "money/capacity.csv", "money/benchmarks/"]),
    (of_trust, ["money/business-cases/new/"]),
    (of_trust, ["money/contract/2022-23/add/", "money/contract/2022-23/bridge.csv"]),
    (of_trust, ["money/plans/new/", tried + "copy/", tried + "steps/move/"]),
    (board, ["money/plans/", "money/projection/?weekly=5000&start=1+October+2022", "money/scenarios/", tried]),
    (board, ["money/projection/placements-of-july/months.csv", "money/scenarios/comparison.csv"]),
    (board, ["benchmarks/", "benchmarks.csv", "benchmarks/re-referrals/", "benchmarks/re-referrals/years.csv"]),
    (board, ["benchmarks/re-referrals/authorities.csv", "indicators/contract-1/"]),
    (board, ["money/contract/2022-23/", "indicators/long-1/", "front-door/", "front-door/stages/referral/"]),
]
heavy = set(json.loads(os.environ["HEAVY"]))
seen = {}
of_all = "/data/northshire/everybody-2022-07-07"
forms = ("csv", "json", "ees.csv", "csv-metadata.json", "ods", "xlsx")
public = ["/data/", of_all + "/", of_all + ".zip", of_all + "/contract-2021-22-q4/", "/api/v1/figures", "/symbols/"]
for path in public + [of_all + "/contract-2021-22-q4." + form for form in forms]:
    response = Client().get(path)
    assert response.status_code == 200, (path, response.status_code)
    if response.streaming:
        b"".join(response.streaming_content)
    seen[path] = sorted(heavy & {name.split(".")[0] for name in sys.modules})
client = Client()
client.force_login(of_trust)
for path in ("money/projection/placements-of-july/run/", tried + "run/"):  # numpy loads in the child alone
    assert b"The runs are drawn" in b"".join(client.post(place + path).streaming_content)
    seen[path] = sorted(heavy & {name.split(".")[0] for name in sys.modules})
for person, paths in walks:
    client = Client()
    client.force_login(person)
    for path in paths:
        response = client.get(place + path)
        assert response.status_code == 200, (path, response.status_code)
        if response.streaming:
            b"".join(response.streaming_content)
        seen[path] = sorted(heavy & {name.split(".")[0] for name in sys.modules})
print(json.dumps(seen))
"""


@pytest.mark.long
def test_only_the_chart_loads_plotly_and_nothing_loads_pandas():
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "HEAVY": json.dumps(HEAVY)}
    environment |= {"DATABASE_URL": "sqlite://:memory:", "TMPDIR": str(SHARED)}
    done = subprocess.run(
        [sys.executable, "-c", WALK], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    drawn = ("money/contract/2022-23/", "indicators/long-1/", "front-door/", "front-door/stages/referral/")
    charts = [seen.pop(path) for path in drawn]
    assert {path: loaded for path, loaded in seen.items() if loaded} == {}
    assert all("plotly" in loaded and not {"pandas", "scipy"} & set(loaded) for loaded in charts)


LOADED = """
import gc, sys
import partnership.wsgi
from django.urls import resolve
frozen, before = gc.get_freeze_count(), set(sys.modules)
resolve("/northshire/scorecards/contract/")
ours = ("partnership.", "indicators.", "finance.", "referrals.")
print(frozen > 100_000, sorted(name for name in set(sys.modules) - before if name.startswith(ours)))
"""


def test_a_web_process_has_every_page_loaded_when_it_puts_aside_what_stays():
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": "sqlite://:memory:"}
    done = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.splitlines()[-1] == "True []"
