"""What an alert rests on and what the column of variation says: one reading, whatever the history of a line."""

from datetime import date

import pytest

from indicators import quarters
from indicators.direction_of_travel import Window
from indicators.rag import Polarity
from indicators.selectors.scorecards import scorecard_for
from indicators.spc import Assurance, Variation
from indicators.units import Unit
from indicators.verdict import Why
from partnership.selectors.alert_states import told_by_lines
from tests import builders as b
from tests.partnership.alert_world import figures, periods_up_to

pytestmark = pytest.mark.django_db

STEADY = (90, 92, 89, 91, 90, 92, 89, 91, 90, 92, 89, 91, 90)


def a_scorecard_of_every_history(card) -> None:
    """Lines whose charts stand, end at a limit, begin anew or are not drawn."""

    def line(code, numerators, **more):
        kind = {name: more.pop(name) for name in ("last", "qualifier") if name in more}
        measure = b.an_indicator(code, scorecard=card, **more)
        figures(measure, numerators, **kind)
        return measure

    line("steady", STEADY)
    line("fallen", (*STEADY, 60))
    line("lower-is-better", (*STEADY, 60), polarity=Polarity.LOWER)
    line("neither", (*STEADY, 60), polarity=Polarity.NONE)
    line("always-met", STEADY, target=70)
    line("never-met", STEADY, target=99)
    b.a_target(line("new-target", STEADY).line, valid_from=b.Q4, target=99, tolerance=95)
    line("rolling", STEADY, window=Window.ROLLING_12_MONTHS)
    line("few", STEADY[1:])
    line("not-now", STEADY, last=b.Q3)
    line("broken", (*STEADY, 60)).series.breaks.create(on=date(2021, 7, 1), kind="system", explanation="New system")
    figures(line("gap", STEADY, last=b.Q4.previous().previous()), (60,))
    figures(line("a-limit", STEADY, last=b.Q3), (60,), qualifier="<")
    line("long", STEADY * 4 + (60,))
    counted_otherwise = line("unit", (*[20] * 14, *STEADY))
    b.a_version(counted_otherwise, periods_up_to(b.Q4, len(STEADY))[0], unit=Unit.PER_10000.value)
    and_back = line("unit-and-back", (*[20] * 14, *STEADY))
    b.a_version(and_back, periods_up_to(b.Q4, 20)[0], unit=Unit.PER_10000.value)
    b.a_version(and_back, periods_up_to(b.Q4, len(STEADY))[0], unit=Unit.PERCENT.value)


def test_alert_when_held_against_the_column_then_both_say_the_same_of_every_line(partnership):
    card = b.a_scorecard()
    a_scorecard_of_every_history(card)
    of_alerts = {}
    for told in told_by_lines(partnership, today=b.TODAY)[0]:
        for state in told.states:
            if state.variation is not None:
                of_alerts[told.line.series.indicator.code, state.period] = state.variation, state.assurance, state.cause
    said = {}
    for period in (b.Q3, b.Q4):
        view = scorecard_for(card, b.a_period(period), today=b.TODAY, with_variation=True)
        for row in view.rows:
            verdict = row.verdict
            said[row.line.code, period.slug] = verdict
            told = of_alerts.get((row.line.code, period.slug))
            expected = verdict.variation or "", verdict.assurance or "", verdict.cause or ""
            assert told == expected or (row.held is None and told is None), row.line.code
    now = {code: verdict for (code, slug), verdict in said.items() if slug == b.Q4.slug}
    assert {v.variation for v in now.values()} >= {*Variation} - {Variation.NEUTRAL_HIGH} | {None}
    assert {v.assurance for v in now.values()} >= {*Assurance, None}
    assert {v.why for v in now.values()} >= {Why.OVERLAPPING, Why.TOO_FEW, Why.NO_FIGURE}
    assert (now["unit"].figures, now["unit-and-back"].figures, now["long"].figures) == (13, 13, 53)


def test_alert_when_its_line_is_monthly_then_the_column_of_its_month_says_the_same(partnership):
    card = b.a_scorecard(frequency="month")
    march = quarters.Month(2022, 3)
    figures(b.an_indicator("assessments", frequency="month", scorecard=card), (*STEADY * 4, 60), last=march)
    ((told,), _) = told_by_lines(partnership, today=b.TODAY)
    view = scorecard_for(card, b.a_period(march), today=b.TODAY, with_variation=True)
    assert told.states[-1].variation == view.rows[0].verdict.variation == Variation.CONCERN
