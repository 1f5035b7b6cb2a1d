"""The load test in its short form: some people read and save while PostgreSQL is stopped and started again."""

from functools import partial
from pathlib import Path

import pytest

from tests import builders as b
from tests.bench import load
from tests.server.conftest import Story, moved
from tests.servers import Gunicorn, PostgreSQL

PLAN = load.Plan(seconds=15, readers=20, analysts=4, reader_thinks=6, analyst_thinks=4, away=2, alone=10)


@pytest.mark.parametrize(
    ("held", "times", "words"),
    [
        pytest.param(3, 3, "", id="the last one confirmed"),
        pytest.param(4, 4, "", id="a later one, sent and not confirmed"),
        pytest.param(2, 3, "2 is held, 3 was confirmed after it", id="an earlier one"),
        pytest.param(7, 3, "7 is held, which nobody sent", id="one that nobody sent"),
        pytest.param(3, 1, "written 1 times, 2 saves of 4 were confirmed", id="written too seldom"),
    ],
)
def test_saves_when_held_against_the_database_then_what_is_missing_is_said(held: int, times: int, words: str) -> None:
    assert load.Saves(sent=[1, 2, 3, 4], confirmed=[1, 3]).wrong(held, times) == words


@pytest.mark.django_db
@pytest.mark.postgresql
@pytest.mark.long
def test_people_when_they_read_and_save_while_postgresql_is_away_then_told_so_and_no_confirmed_save_is_missing(
    story: Story, private: PostgreSQL, tmp_path: Path
) -> None:
    database = moved(story, private).database
    world = database.ask(partial(load.a_world, PLAN))
    server = Gunicorn(database=database.url, log=tmp_path / "log", workers=2, DEMO_TODAY=b.TODAY.isoformat())
    try:
        found = load.load(world, server, PLAN, partial(private.stop, "immediate"), private.start)
    finally:
        server.kill()
    assert found.unsound() == [], server.said()
    assert database.ask(partial(load.missing, world)) == []
    told, saved = [a for a in found.together if a.status == 503], [a for a in world.analysts if a.together.confirmed]
    assert told
    assert len(saved) == PLAN.analysts
    assert found.times(found.together, "")
