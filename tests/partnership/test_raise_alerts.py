"""Raising alerts: what of stored figures is told, once, after an acceptance and by the command."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from indicators import quarters
from indicators.direction_of_travel import Window
from indicators.models import Scorecard, SeriesBreak
from indicators.rag import Polarity
from indicators.units import Unit
from partnership.models import Alert, AlertState
from partnership.operations.alerts import raise_alerts
from tests import builders as b
from tests.partnership.alert_world import Q1, a_fall, figures, periods_up_to, restated, said, told

pytestmark = pytest.mark.django_db

MARCH = quarters.Month(2022, 3)
STEADY = (90, 91, 90, 91, 90, 91, 90, 91, 90, 91, 90, 91, 90)


@pytest.fixture
def row(partnership):
    """An accepted return of 2021/22 Q4 with an indicator that was 85 of 100 in Q3 as well."""
    measure = b.an_indicator("re-referrals", name="Re-referrals")
    b.tick(period=b.Q3)
    made = b.tick(period=b.Q4)
    raise_alerts(partnership=partnership, at=b.NOW)
    made.measure = measure
    return made


# What is told


def test_rating_when_it_fell_then_it_is_told_once_with_period_before_and_revision(partnership):
    measure = a_fall()
    (alert,) = told()
    assert said([alert]) == [("re-referrals", "rating", "better", "outside")]
    assert (alert.period.slug, alert.against.slug, alert.because) == ("2021-22-q4", "2021-22-q3", "new")
    assert alert.figure == measure.series.figures.get(period__slug="2021-22-q4")
    assert alert.line == measure.line
    assert told() == []


def test_line_when_it_stands_on_two_scorecards_then_each_has_its_alert(partnership):
    a_fall()
    a_fall(code="re-referrals-2", scorecard=b.a_scorecard(code="partnership"))
    assert {alert.line.scorecard.code for alert in told()} == {"contract", "partnership"}


def test_figure_when_of_another_partnership_then_not_told_here(partnership):
    other = b.a_partnership("southshire", "E06000098")
    a_fall(scorecard=b.a_scorecard(partnership=other))
    assert told(partnership) == []
    assert len(told(other)) == 1


def test_period_when_its_return_is_not_in_yet_then_a_line_without_figure_is_not_told(partnership):
    a_fall()
    waits = b.an_indicator("waits")
    figures(waits, (60,), last=b.Q3)
    b.a_history(b.a_scorecard(1, code="other"), 1)
    assert [alert.line.series.indicator.code for alert in told()] == ["re-referrals"]


def test_figure_when_monthly_and_special_then_told_of_its_month(partnership):
    measure = b.an_indicator("assessments", frequency="month", scorecard=b.a_scorecard(frequency="month"))
    figures(measure, (*STEADY, 60), last=MARCH)
    assert said(told()) == [
        ("assessments", "rating", "better", "outside"),
        ("assessments", "cause", "common_cause", "special_cause_concern"),
        ("assessments", "assurance", "consistent_pass", "inconsistent"),
    ]
    assert {(one.period.slug, one.against.slug) for one in Alert.objects.all()} == {("2022-03", "2022-02")}


def test_special_cause_when_it_goes_on_then_it_is_told_when_it_began(partnership):
    measure = b.an_indicator("referrals", unit=Unit.COUNT, polarity=Polarity.NONE, frequency="month")
    steady = (100, 110, 105, 95, 100, 108, 97, 103, 99, 106, 101, 104, 98)
    for period, value in zip(periods_up_to(MARCH, 13), steady, strict=True):
        b.a_paper_figure(measure, period, value)
    assert told() == []
    for month in (quarters.Month(2022, 4), quarters.Month(2022, 5)):
        b.a_paper_figure(measure, month, 200)
        told()
    assert [(one.period.slug, one.after) for one in Alert.objects.all()] == [("2022-04", "special_cause_neutral_high")]


@pytest.mark.parametrize("why", ["rolling", "break", "few"])
def test_special_cause_when_no_chart_is_drawn_then_none_is_told(why, partnership):
    window = Window.ROLLING_12_MONTHS if why == "rolling" else Window.PERIOD
    measure = b.an_indicator("assessments", frequency="month", window=window)
    if why == "break":
        SeriesBreak.objects.create(series=measure.series, on=date(2022, 1, 1), kind="system", explanation="New system")
    figures(measure, (*STEADY, 60)[-12 if why == "few" else -14 :], last=MARCH)
    assert {alert.kind for alert in told()} <= {"rating"}
    assert set(AlertState.objects.exclude(variation=None).values_list("variation", "assurance")) == {("", "")}


def test_history_when_loaded_first_then_its_periods_are_kept_for_three_years(partnership):
    figures(b.an_indicator("old"), [85] * 20)
    told()
    assert AlertState.objects.count() == 12


# Restated, and read by something else


def test_figure_when_restated_and_accepted_then_told_as_restated(row):
    b.accept(restated(row, row.measure, 60))
    (alert,) = told()
    assert said([alert]) == [("re-referrals", "rating", "better", "outside")]
    assert (alert.because, alert.against, alert.period.slug) == ("restated", None, "2021-22-q4")


def test_figure_when_restated_without_another_rating_then_nothing_is_told(row):
    b.accept(restated(row, row.measure, 84))
    assert told() == []


def test_figure_when_only_submitted_then_nothing_is_told(row):
    restated(row, row.measure, 60)
    assert told() == []


def test_target_when_it_gives_another_rating_then_told_as_no_restatement(row):
    b.a_target(row.measure.line, valid_from=b.Q4, target=99, tolerance=95)
    (alert,) = told()
    assert (alert.after, alert.because) == ("outside", "otherwise")


@pytest.mark.parametrize(("numerator", "told_of"), [(90, []), (60, [("re-referrals", "rating", "", "outside")])])
def test_rating_when_a_target_is_set_for_the_first_time_then_told_only_where_outside(numerator, told_of, partnership):
    measure = b.an_indicator("re-referrals", target=None)
    b.a_target(measure.line, valid_from=b.Q4)
    figures(measure, (numerator, numerator))
    assert said(told()) == told_of
    assert AlertState.objects.order_by("period__end_on").first().rating == ""


def test_next_period_when_it_comes_after_a_restatement_then_held_against_what_stands_now(row):
    b.accept(restated(row, row.measure, 60))
    told()
    cell = b.a_cell(85, 100, commentary="As expected.", headline="As expected", keep_reason="Counted again.")
    b.tick(period=Q1, cells={row.measure.series.pk: cell})
    assert said(told()) == [("re-referrals", "rating", "outside", "better")]


# Days that passed


def not_reportable(expected_on: date):
    measure = b.an_indicator("supervision", name="Supervision")
    cell = b.a_cell(
        missing="not_reportable", not_reportable_code="system_change", responsible_role="Head of data",
        expected_on=expected_on, commentary="The case system changed.", headline="No figure",
    )  # fmt: skip
    b.a_return(state="approved", cells={measure.series.pk: cell})
    return measure


def test_figure_when_its_day_passes_then_told_on_the_day_after_and_once(partnership):
    measure = not_reportable(date(2022, 7, 29))
    assert [told(at=b.moment(date(2022, 7, day))) for day in (8, 29)] == [[], []]
    (alert,) = told(at=b.moment(date(2022, 7, 30)))
    assert said([alert]) == [("supervision", "overdue", "", "overdue")]
    assert (alert.expected_on, alert.figure) == (date(2022, 7, 29), measure.series.figures.get())
    assert told(at=b.moment(date(2022, 8, 30))) == []


def test_figure_when_another_day_passes_after_a_correction_then_told_again(partnership):
    measure = not_reportable(date(2022, 7, 29))
    told(at=b.moment(date(2022, 7, 30)))
    row, later = b.fresh(measure.series.figures.get().in_return), b.moment(date(2022, 8, 1))
    again = b.a_restatement(row, [measure.series], at=later)
    cell = b.a_cell(
        missing="not_reportable", not_reportable_code="system_change", responsible_role="Head of data",
        expected_on=date(2022, 8, 31), commentary="It takes longer.", headline="No figure",
    )  # fmt: skip
    b.keep(again, {measure.series: cell}, at=later)
    b.accept(b.sign_off(b.submit(again, at=later), at=later), at=later)
    assert told(at=later) == []
    (alert,) = told(at=b.moment(date(2022, 9, 1)))
    assert alert.expected_on == date(2022, 8, 31)


# After an acceptance


def accepted(signed_in, row):
    """The page of the council's lead, by which the return is accepted."""
    client = signed_in(b.the_people(row.partner).acceptor)
    address = f"/northshire/returns/contract/{row.round.period.slug}/trust/{row.number}/review/"
    return client.post(address, {"do": "accept", "version": row.version, "comment": ""})


def test_acceptance_when_done_on_its_page_then_its_figures_are_told(row, signed_in):
    again = restated(row, row.measure, 60)
    assert accepted(signed_in, again).status_code == 302
    assert list(Alert.objects.values_list("after", "because")) == [("outside", "restated")]
    assert told() == []


def test_acceptance_when_refused_then_nothing_is_told(row, signed_in):
    again = restated(row, row.measure, 60)
    again.version -= 1
    assert accepted(signed_in, again).status_code == 200
    assert not Alert.objects.exists()


def test_acceptance_when_alerts_cannot_be_raised_then_it_stands_and_the_next_run_makes_up_for_it(
    row, signed_in, monkeypatch, caplog
):
    def fail(*args, **kwargs):
        raise DatabaseError("gone")

    again = restated(row, row.measure, 60)
    with monkeypatch.context() as patch:
        patch.setattr("partnership.operations.alerts.told_by_lines", fail)
        assert accepted(signed_in, again).status_code == 302
    assert b.fresh(again).state == "approved"
    assert len(told()) == 1


def test_acceptance_when_other_lines_changed_too_then_only_its_own_are_looked_at(row, signed_in):
    other = b.an_indicator("other")
    figures(other, (85, 60))
    accepted(signed_in, restated(row, row.measure, 60))
    assert [code for code, *_ in said(list(Alert.objects.all()))] == ["re-referrals"]
    assert [code for code, *_ in said(told())] == ["other"]


# The command, and how it holds


def test_command_when_run_twice_then_it_says_how_many_and_the_second_time_none(partnership):
    a_fall()

    def run() -> str:
        out = StringIO()
        call_command("raise_alerts", stdout=out)
        return out.getvalue()

    assert run() == "Northshire children's partnership: 1 alert raised.\n"
    assert run() == "Northshire children's partnership: 0 alerts raised.\n"


def test_alert_when_written_a_second_time_then_the_database_refuses(partnership):
    a_fall()
    (alert,) = told()
    alert.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        alert.save(force_insert=True)


def test_raising_when_there_are_more_lines_and_periods_then_no_more_queries(partnership):
    scorecard = b.a_scorecard(2)
    b.a_history(scorecard, 14, numerators=(85, 60))

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            raise_alerts(partnership=partnership, at=b.NOW)
        return len(found)

    first = queries()
    b.a_history(b.a_scorecard(8, code="other"), 16, numerators=(85, 60))
    assert queries() == first
    assert first <= 25
    assert queries() < first


def test_scorecard_when_of_activity_then_its_special_causes_are_told_too(partnership):
    Scorecard.objects.filter(pk=b.a_scorecard().pk).update(purpose=Scorecard.Purpose.ACTIVITY)
    measure = b.an_indicator("assessments", frequency="month", target=None)
    figures(measure, (*STEADY, 60), last=MARCH)
    assert [kind for _, kind, *_ in said(told())] == ["cause"]
