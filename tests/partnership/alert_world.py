"""Alerts for tests: a line whose rating falls, one that a control chart marks, and who follows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from indicators import quarters
from indicators.entry import CellInput
from indicators.models import Dimension, Partnership, Return, Scorecard, User
from indicators.operations.slices import add_dimension
from indicators.roles import Role
from partnership.alerts import KINDS, Digest, Following
from partnership.models import Alert
from partnership.operations.alerts import choose_alerts, raise_alerts
from tests import builders as b
from tests.builders.definitions import Measure

Q1 = b.Q4.next()


def periods_up_to(last: quarters.Period, number: int) -> list[quarters.Period]:
    """So many periods of one kind, oldest first."""
    found = [last]
    while len(found) < number:
        found.append(found[-1].previous())
    return found[::-1]


def figures(measure: Measure, numerators: Sequence[int], *, last: quarters.Period = b.Q4, **more: Any) -> None:
    """Figures of 100 in the periods up to the last one, as a paper prints them."""
    for period, numerator in zip(periods_up_to(last, len(numerators)), numerators, strict=True):
        b.a_paper_figure(measure, period, numerator, numerator=numerator, denominator=100, **more)


def a_fall(*, code: str = "re-referrals", name: str = "Re-referrals", **more: Any) -> Measure:
    """An indicator that was better than its target and is outside tolerance in 2021/22 Q4."""
    measure = b.an_indicator(code, name=name, **more)
    figures(measure, (85, 60))
    return measure


def a_protected_part(**more: Any) -> Measure:
    """An indicator by a protected dimension, without figures."""
    if not Dimension.objects.filter(code="sex").exists():
        add_dimension(code="sex", name="Sex", kind="partition", categories=[("female", "Female"), ("male", "Male")])
        Dimension.objects.filter(code="sex").update(is_protected=True)
    return b.an_indicator("exploited", name="Exploited", slice_key="sex=female", **more)


def for_the_board(scorecard: Scorecard) -> Scorecard:
    """A scorecard that is read by the board alone."""
    Scorecard.objects.filter(pk=scorecard.pk).update(audience=Scorecard.Readers.BOARD)
    scorecard.refresh_from_db()
    return scorecard


def told(partnership: Partnership | None = None, *, at: datetime = b.NOW, **more: Any) -> list[Alert]:
    """What is raised now: only what is new, the first raised first."""
    partnership = partnership or b.a_partnership()
    before = set(Alert.objects.values_list("pk", flat=True))
    number = raise_alerts(partnership=partnership, at=at, **more)
    new = list(Alert.objects.exclude(pk__in=before).select_related("line__series__indicator", "period").order_by("pk"))
    assert len(new) == number
    return new


def said(alerts: list[Alert]) -> list[tuple[str, str, str, str]]:
    """Indicator, kind and codes of alerts."""
    return [(one.line.series.indicator.code, one.kind, one.before, one.after) for one in alerts]


def follow(user: User, *scorecards: Scorecard, at: datetime = b.NOW, **changes: Any) -> None:
    """What a person chooses: every kind, in the app, and no e-mail, unless it is changed."""
    wanted = Following(**{"kinds": frozenset(KINDS), "in_app": True, "digest": Digest.NEVER} | changes)
    place = scorecards[0].partnership
    choose_alerts(partnership=place, chosen=dict.fromkeys(scorecards, wanted), by=user, at=at)


def a_board_member(**more: Any) -> User:
    """Who follows everything in the app."""
    return b.a_user(Role.BOARD_MEMBER, **more)


def restated(row: Return, measure: Measure, numerator: int, *, at: datetime = b.NOW) -> Return:
    """A correction of one figure, waiting for the council."""
    again = b.a_restatement(row, [measure.series], at=at)
    words = {"headline": "Restated", "commentary": "Counted again.", "keep_reason": "Counted again."}
    cell: CellInput = b.a_cell(numerator, 100, **words)
    b.keep(again, {measure.series: cell}, at=at)
    return b.sign_off(b.submit(again, at=at), at=at)
