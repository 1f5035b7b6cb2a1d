"""Synthetic figures for measuring speed: never among others, and standing as if people had entered them."""

import io
from itertools import groupby

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from indicators import entry, triggers
from indicators.models import (
    CurrentFigure,
    Figure,
    FigureApproval,
    Indicator,
    Partnership,
    Return,
    ReturnTransition,
    Series,
    User,
)
from indicators.operations.figures import cell_of, rebuild_current
from indicators.operations.returns import lines_due
from indicators.units import Unit
from tests import builders

pytestmark = pytest.mark.django_db

AUTHORITIES, INDICATORS, QUARTERS = 2, 13, 5


def make(**more: int) -> str:
    out = io.StringIO()
    sizes = {"authorities": AUTHORITIES, "indicators": INDICATORS, "quarters": QUARTERS} | more
    call_command("make_scale_data", stdout=out, **sizes)
    return out.getvalue()


def numbers() -> list[tuple]:
    named = ("series__partnership__slug", "series__indicator__code", "period__slug", "revision")
    rows = Figure.objects.order_by(*named)
    return list(rows.values_list(*named, "basis", "numerator", "denominator", "value", "known_on"))


def test_figures_when_made_then_every_revision_follows_stands_accepted_and_is_pointed_at():
    said = make()
    assert f"Authority 002: {Figure.objects.count()} revisions so far" in said
    firsts, seconds = Figure.objects.filter(revision=1), Figure.objects.filter(revision=2)
    assert firsts.count() == AUTHORITIES * INDICATORS * QUARTERS
    assert seconds.count() == AUTHORITIES * (QUARTERS - 1)
    for figure in seconds.select_related("supersedes", "in_return"):
        before = figure.supersedes
        assert (before.series_id, before.period_id, before.revision) == (figure.series_id, figure.period_id, 1)
        assert figure.in_return.kind == Return.Kind.RESTATEMENT
        assert figure.known_on > before.known_on
    assert {f.basis for f in firsts} == {"derived", "value_only", "missing"}
    assert FigureApproval.objects.count() == Figure.objects.count()
    assert CurrentFigure.objects.filter(approved__isnull=False).count() == firsts.count()
    assert rebuild_current() == 0
    call_command("verify_packs", stdout=io.StringIO())
    assert triggers.installed(connection) == set(triggers.trigger_names(connection.vendor))


def test_returns_when_made_then_they_could_be_submitted_and_two_people_passed_them():
    make()
    found = set()
    for row in Return.objects.select_related("round__period", "round__scorecard", "partner"):
        figures = {f.series_id: f for f in row.figures.select_related("commentary")}
        for due in lines_due(row):
            cell = cell_of(figures[due.line.series_id])
            rating = due.judge(cell).rating
            found.add(rating.value)
            assert entry.missing_before_submission(cell, is_outside=rating == "outside", limit="") == []
            assert entry.problems_about(cell, Unit(due.version.unit)) == []
    assert found == {"better", "within", "outside", "not_judged"}
    steps = ReturnTransition.objects.order_by("in_return", "pk")
    for _, own in groupby(steps, key=lambda step: step.in_return_id):
        taken = list(own)
        assert [step.action for step in taken] == ["opened", "submitted", "signed_off", "approved"]
        assert len({step.by_id for step in taken[1:]}) == 3
        assert taken[-1].at.date() <= builders.TODAY


def test_scorecard_when_read_then_it_is_plainly_synthetic_and_each_authority_reads_its_own():
    make()
    reader = Client()
    reader.force_login(User.objects.get(email="reader.authority-001@example.org"))
    page = reader.get("/authority-001/scorecards/scorecard/").content.decode()
    assert "Indicator 009" in page
    assert "Synthetic" in reader.get("/authority-001/scorecards/").content.decode()
    assert reader.get("/authority-002/scorecards/scorecard/").status_code == 404


def test_figures_when_made_twice_from_one_seed_then_they_are_the_same_and_another_seed_gives_others():
    make()
    first = numbers()
    builders.emptied()
    make()
    assert numbers() == first
    builders.emptied()
    make(seed=2)
    assert numbers() != first


@pytest.mark.parametrize(
    "there",
    [lambda: builders.a_partnership(), lambda: Indicator.objects.create(code="own")],
    ids=["a partnership", "an indicator"],
)
def test_database_when_it_holds_anything_of_others_then_it_is_refused_and_left_alone(there):
    there()
    held = (Partnership.objects.count(), Indicator.objects.count())
    with pytest.raises(CommandError, match="holds figures or definitions already"):
        make()
    assert (Partnership.objects.count(), Indicator.objects.count(), Series.objects.count()) == (*held, 0)


def test_production_when_asked_then_it_refuses(settings):
    settings.IN_PRODUCTION = True
    with pytest.raises(CommandError, match="never made in production"):
        make()
    assert not Partnership.objects.exists()


def test_size_when_it_cannot_be_made_then_it_is_a_sentence():
    with pytest.raises(CommandError, match="Choose from 1 to 999 authorities"):
        make(authorities=0)
