"""Raises alerts of what changed, once, and keeps what people follow and have read."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import DatabaseError

from indicators.models import Partnership, Period, Return, Scorecard, User
from indicators.operations.basics import hold, known_on, operation
from indicators.operations.errors import OperationError, WrongState
from indicators.permissions import access_for
from indicators.roles import Permission
from partnership.alerts import KINDS, Digest, Following, Raised, State
from partnership.models import Alert, AlertRead, AlertState, AlertSubscription
from partnership.selectors.alert_states import Told, overdue_by_lines, periods_by_slug, told_by_lines
from partnership.selectors.alerts import following_of

log = logging.getLogger("operations")
_PORTION = 500


@operation
def raise_alerts(*, partnership: Partnership, at: datetime, series: Iterable[int] | None = None) -> int:
    """Raises what is to be told of approved figures since the last time, of all of them or of those of some series
    (ids), and keeps what was seen; how many alerts that made. The second time there are none.

    Dates that passed are looked for where nothing is left out. Twenty-three queries at most.
    """
    hold(Partnership, partnership.pk)
    today = known_on(at)
    told, before = told_by_lines(partnership, series=series, today=today)
    found = [(one.line.pk, alert) for one in told for alert in one.raised]
    if series is None:
        known = set(Alert.objects.filter(partnership=partnership, kind="overdue")
                    .values_list("line", "period__slug", "expected_on"))  # fmt: skip
        late = overdue_by_lines(partnership, today=today)
        found += [(pk, alert) for pk, alert in late if (pk, alert.period, alert.expected_on) not in known]
    slugs = {state.period for one in told for state in one.states} | {alert.period for _, alert in found}
    periods = periods_by_slug(slugs)
    Alert.objects.bulk_create(
        [_alert(partnership, pk, alert, periods, at) for pk, alert in found], batch_size=_PORTION
    )  # fmt: skip
    _keep(told, before, periods)
    return len(found)


def _alert(partnership: Partnership, line: int, raised: Raised, periods: Mapping[str, Period], at: datetime) -> Alert:
    return Alert(
        partnership=partnership, line_id=line, period=periods[raised.period], kind=raised.kind.value,
        before=raised.before, after=raised.after, because=raised.because.value, against=periods.get(raised.against),
        cause=raised.cause, figure_id=raised.figure, expected_on=raised.expected_on, raised_at=at,
    )  # fmt: skip


def _keep(
    told: Iterable[Told], before: Mapping[tuple[int, str], AlertState], periods: Mapping[str, Period]
) -> None:  # fmt: skip
    new, changed = [], []
    for one in told:
        for state in one.states:
            row = before.get((one.line.pk, state.period))
            if row is None:
                new.append(_take_over(AlertState(line=one.line, period=periods[state.period]), state))
            elif not state.is_like(State(state.period, row.rating, row.variation, row.assurance, figure=row.figure_id)):
                changed.append(_take_over(row, state))
    AlertState.objects.bulk_create(new, batch_size=_PORTION)
    AlertState.objects.bulk_update(changed, ["figure", "rating", "variation", "assurance"], batch_size=_PORTION)


def _take_over(row: AlertState, state: State) -> AlertState:
    row.figure_id, row.rating = state.figure, state.rating
    row.variation, row.assurance = state.variation, state.assurance
    return row


def raise_after_acceptance(*, in_return: Return, at: datetime) -> None:
    """Raises the alerts of a return that was just accepted. Whatever stands in the way is logged, and `raise_alerts`
    makes up for it the next time: the acceptance stands."""
    series = list(in_return.figures.values_list("series", flat=True).distinct().order_by("series"))
    try:
        raise_alerts(partnership=in_return.round.partnership, at=at, series=series)
    except (DatabaseError, OperationError):
        log.exception("raise_after_acceptance return=%s: alerts are raised by the next raise_alerts", in_return.pk)


@operation
def mark_read(*, partnership: Partnership, alerts: Iterable[Alert], by: User, at: datetime) -> int:
    """Marks alerts of a partnership as read by one person; how many were not read before."""
    here = [alert.pk for alert in alerts if alert.partnership_id == partnership.pk]
    read = set(AlertRead.objects.filter(user=by, alert__in=here).values_list("alert", flat=True))
    new = [AlertRead(alert_id=pk, user=by, read_at=at) for pk in here if pk not in read]
    AlertRead.objects.bulk_create(new, batch_size=_PORTION, ignore_conflicts=True)
    return len(new)


@operation
def choose_alerts(*, partnership: Partnership, chosen: Mapping[Scorecard, Following], by: User, at: datetime) -> int:
    """Keeps what a person wants to be told of each of these scorecards; how many choices that changed. What is chosen
    as it stands already stays as it is. E-mail holds what is raised from then on.

    Raises WrongState for a scorecard that the person may not read.
    """
    access = access_for(by, partnership, known_on(at))
    held = {one.scorecard.pk: one for one in following_of(partnership, access, by.pk)}
    if not access.can(Permission.VIEW_APPROVED) or any(card.pk not in held for card in chosen):
        raise WrongState("You may not read one of these scorecards any more. Nothing was changed; open the page again.")
    number = 0
    for card, wanted in chosen.items():
        if held[card.pk].following == wanted:
            continue
        before = AlertSubscription.objects.filter(user=by, scorecard=card).first()
        mails = wanted.digest is not Digest.NEVER
        AlertSubscription.objects.update_or_create(
            user=by, scorecard=card,
            defaults={
                "kinds": " ".join(kind.value for kind in KINDS if kind in wanted.kinds), "in_app": wanted.in_app,
                "digest": wanted.digest.value, "chosen_at": at,
                "mail_from": ((before and before.mail_from) or at) if mails else None,
            },
        )  # fmt: skip
        number += 1
    return number
