"""Makes a large, clearly synthetic set of figures, on which speed is measured: authorities, indicators and quarters by
number. Figures come by whole statements and not one by one, and stand as if they had been entered, signed off and
accepted: each has its approval and its pointer, some a corrected second revision."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from indicators import quarters
from indicators.models import (
    Assignment,
    CurrentFigure,
    Figure,
    FigureApproval,
    GateHolder,
    Indicator,
    IndicatorVersion,
    Partner,
    Partnership,
    Period,
    ReportingRound,
    Return,
    ReturnTransition,
    Scorecard,
    ScorecardLine,
    Series,
    Target,
    Text,
    Theme,
    User,
)
from indicators.operations.alike import insert_alike
from indicators.operations.basics import LONDON, operation
from indicators.operations.errors import WrongState
from indicators.operations.people import add_user, grant_membership, name_gate_holder
from indicators.operations.rows import period_row
from indicators.operations.slices import slice_row
from indicators.roles import Role
from partnership.operations.backups.postgresql import open_tables

ACTOR = "Synthetic, made by make_scale_data"
CORRECTION = "Synthetic: corrected so that there is a second revision."
COMMENTARY = "Synthetic commentary, where a return must have one."
DUE_DAYS, SUBMITTED_AT = 20, time(10)
SCORECARD, PARTNER = "scorecard", "provider"
THEMES = 8
# One indicator in so many is corrected each quarter.
CORRECTED = 40
_PEOPLE = {
    "analyst": Role.ANALYST,
    "lead": Role.APPROVER,
    "acceptor": Role.APPROVER,
    "reader": Role.BOARD_MEMBER,
    "administrator": Role.ADMINISTRATOR,
}
# Unit, polarity, aggregation, target and tolerance, in turn.
_KINDS: Sequence[tuple[str, str, str, int | None, int | None]] = (
    ("percent", "higher", "pooled_ratio", 80, 70),
    ("percent", "higher", "pooled_ratio", 90, 75),
    ("percent", "lower", "pooled_ratio", 20, 30),
    ("count", "none", "sum", None, None),
)


@dataclass(frozen=True)
class Scale:
    """What all authorities share: the indicators in order, the stored quarters, oldest first, and the seed."""

    indicators: tuple[Indicator, ...]
    periods: tuple[Period, ...]
    seed: int
    at: datetime


def last_quarter(today: date) -> quarters.Quarter:
    """The latest quarter whose returns were due before that day."""
    quarter = quarters.quarter_of(today).previous()
    return quarter if due_on(quarter.end_on) < today else quarter.previous()


def due_on(end_on: date) -> date:
    """The day on which everything of a period is submitted and accepted."""
    return end_on + timedelta(days=DUE_DAYS)


@operation
def make_scale_data(
    *, authorities: int, indicators: int, n_quarters: int, last: quarters.Quarter, seed: int, at: datetime,
    tell: Callable[[int, int], object],
) -> None:  # fmt: skip
    """Fills an empty database, all or nothing; `tell` is called with each authority's number and the revisions so far.

    Raises WrongState where the database holds anything already.
    """
    if Partnership.objects.exists() or Indicator.objects.exists() or Figure.objects.exists():
        raise WrongState(
            "This database holds figures or definitions already, and synthetic ones must not come among them. Give "
            "the address of an empty, migrated database in DATABASE_URL."
        )
    scale, made = _scale(indicators, n_quarters, last, seed, at), 0
    with _open_wide():
        for number in range(1, authorities + 1):
            made += _add_authority(number, scale)
            tell(number, made)
        _accept_all()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def _open_wide() -> Iterator[None]:
    """PostgreSQL proves foreign keys and sorts indexes of the large tables once, at the end, and not row by row."""
    if connection.vendor != "postgresql":
        yield
        return
    names = [model._meta.db_table for model in (Figure, FigureApproval, CurrentFigure)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i "
            "WHERE NOT i.indisunique AND i.indrelid::regclass::text = ANY(%s)",
            [names],
        )
        indexes = cursor.fetchall()
        with open_tables(names):
            for name, _ in indexes:
                cursor.execute(f"DROP INDEX {name}")
            yield
            for _, definition in indexes:
                cursor.execute(definition)


def _scale(indicators: int, n_quarters: int, last: quarters.Quarter, seed: int, at: datetime) -> Scale:
    """Writes the definitions and the quarters."""
    periods = [last]
    while len(periods) < n_quarters:
        periods.append(periods[-1].previous())
    rows = tuple(period_row(period) for period in reversed(periods))
    made = Indicator.objects.bulk_create(Indicator(code=f"indicator-{n:03}") for n in range(1, indicators + 1))
    IndicatorVersion.objects.bulk_create(
        IndicatorVersion(indicator=indicator, number=1, valid_from=rows[0], **_definition(n))
        for n, indicator in enumerate(made, 1)
    )
    return Scale(tuple(made), rows, seed, at)


def _definition(number: int) -> dict[str, Any]:
    unit, polarity, aggregation, _, _ = _KINDS[number % len(_KINDS)]
    name = f"Indicator {number:03}"
    is_share = unit == "percent"
    return {
        "name": name, "short_name": name, "unit": unit, "polarity": polarity, "aggregation": aggregation,
        "window": "period", "counts": "events", "numerator": "Synthetic events" if is_share else "",
        "denominator": "All synthetic events" if is_share else "",
    }  # fmt: skip


def _add_authority(number: int, scale: Scale) -> int:
    """Adds one authority with its people, scorecard, rounds, returns and figures; how many revisions it has."""
    code = f"authority-{number:03}"
    place = Partnership.objects.create(
        slug=code, name=f"Authority {number:03}", authority_name=f"Authority {number:03}", gss_code=f"SYN{number:06}"
    )
    partner = Partner.objects.create(partnership=place, code=PARTNER, name=f"Provider {number:03}", kind="other")
    people = _people(place, partner, scale)
    card = Scorecard.objects.create(
        partnership=place, code=SCORECARD, name=f"Scorecard {number:03}", authority=ACTOR, frequency="quarter", order=1
    )
    _lines(card, partner, scale)
    dice = random.Random(f"{scale.seed} {number}")  # noqa: S311
    rounds = ReportingRound.objects.bulk_create(
        ReportingRound(partnership=place, scorecard=card, period=period, due_on=due_on(period.end_on))
        for period in scale.periods
    )
    ordinary = Return.objects.bulk_create(_return(one, partner) for one in rounds)
    reason = Text.objects.keep(CORRECTION)
    corrections = Return.objects.bulk_create(
        _return(one, partner, number=2, kind=Return.Kind.RESTATEMENT, correction="recording", reason=reason)
        for one in rounds[:-1]
    )
    # What is wrong in a quarter is corrected on the day on which the next one is accepted.
    days = [due_on(period.end_on) for period in scale.periods]
    first, second = list(zip(ordinary, days, strict=True)), list(zip(corrections, days[1:], strict=True))
    _steps(people, [*first, *second])
    _choose(corrections, scale, place, dice)
    salt = dice.randrange(1_000_003)
    return sum(_figures(card, people["analyst"], returns, salt) for returns in (first, second))


def _people(place: Partnership, partner: Partner, scale: Scale) -> Mapping[str, User]:
    """One person for each role and gate, who can sign in once a password is set."""
    since, made = scale.periods[0].start_on, {}
    for word, role in _PEOPLE.items():
        user = add_user(
            email=f"{word}.{place.slug}@example.org", display_name=f"{word.capitalize()} of {place}", password=None,
            by=None,
        )  # fmt: skip
        own = partner if word in {"analyst", "lead"} else None
        grant_membership(
            user=user, role=role, partnership=place, partner=own, from_on=since, authority=ACTOR, by=None, at=scale.at
        )
        made[word] = user
    for word, gate in (("lead", GateHolder.Gate.SIGN_OFF), ("acceptor", GateHolder.Gate.ACCEPTANCE)):
        name_gate_holder(
            partner=partner, gate=gate, user=made[word], is_deputy=False, from_on=since, authority=ACTOR, by=None,
            at=scale.at,
        )  # fmt: skip
    return made


def _lines(card: Scorecard, partner: Partner, scale: Scale) -> None:
    """Every indicator in its place, with its target, returned by the partner."""
    whole, since = slice_row(""), scale.periods[0]
    themes = Theme.objects.bulk_create(
        Theme(scorecard=card, code=f"theme-{n}", name=f"Theme {n}", order=n) for n in range(1, THEMES + 1)
    )
    series = Series.objects.bulk_create(
        Series(partnership=card.partnership, indicator=indicator, slice=whole) for indicator in scale.indicators
    )
    lines = ScorecardLine.objects.bulk_create(
        ScorecardLine(
            scorecard=card, series=one, theme=themes[n * THEMES // len(series)], order=n + 1, frequency="quarter",
            from_on=since.start_on,
        )
        for n, one in enumerate(series)
    )  # fmt: skip
    targets = []
    for line in lines:
        *_, target, tolerance = _KINDS[line.order % len(_KINDS)]
        if target is not None and tolerance is not None:
            targets.append(
                Target(
                    line=line, number=1, valid_from=since, target=Decimal(target), tolerance_kind="absolute",
                    tolerance=Decimal(tolerance), authority=ACTOR, actor=ACTOR, recorded_at=scale.at,
                    known_on=since.start_on,
                )
            )  # fmt: skip
    Target.objects.bulk_create(targets)
    Assignment.objects.bulk_create(
        Assignment(series=one, partner=partner, from_on=since.start_on, authority=ACTOR) for one in series
    )


def _return(made: ReportingRound, partner: Partner, **more: Any) -> Return:
    """An accepted return: opened, submitted, signed off and accepted."""
    return Return(round=made, partner=partner, state=Return.State.APPROVED, is_signed_off=True, version=5, **more)


def _steps(people: Mapping[str, User], returns: Sequence[tuple[Return, date]]) -> None:
    """The steps of each return on its day, and who entered it."""
    through = Return.contributors.through
    through.objects.bulk_create(through(return_id=row.pk, user_id=people["analyst"].pk) for row, _ in returns)
    ReturnTransition.objects.bulk_create(step for row, day in returns for step in _steps_of(people, row, day))


def _steps_of(people: Mapping[str, User], row: Return, day: date) -> Iterator[ReturnTransition]:
    action, state = ReturnTransition.Action, Return.State
    before = ""
    for hour, who, did, after in (
        (9, "acceptor", action.OPENED, state.OPEN), (SUBMITTED_AT.hour, "analyst", action.SUBMITTED, state.SUBMITTED),
        (14, "lead", action.SIGNED_OFF, state.SUBMITTED), (16, "acceptor", action.APPROVED, state.APPROVED),
    ):  # fmt: skip
        yield ReturnTransition(
            in_return=row, action=did, from_state=before, to_state=after, by=people[who], actor=str(people[who]),
            at=datetime.combine(day, time(hour), LONDON),
        )  # fmt: skip
        before = after


def _choose(corrections: Sequence[Return], scale: Scale, place: Partnership, dice: random.Random) -> None:
    """Which figures each correction changes."""
    ids = list(Series.objects.filter(partnership=place).order_by("pk").values_list("pk", flat=True))
    number = max(1, len(scale.indicators) // CORRECTED)
    through = Return.chosen.through
    through.objects.bulk_create(
        through(return_id=row.pk, series_id=pk) for row in corrections for pk in dice.sample(ids, number)
    )


# What a revision of figures is made for, each with a number x from 0 to 1,000,002 that its neighbours do not share.
_FIGURES = """
(SELECT g.*, ((m * m) % 1000003 * m) % 1000003 AS x FROM (
  SELECT l.series_id, n.*, {before} AS before_id, l."order" AS nth,
    (CAST({salt} AS bigint) + l."order" * 7919 + n.column2 * 104729 + {revision} * 611953) % 1000003 AS m
  FROM (VALUES {returns}) n {chosen} WHERE l.scorecard_id = {scorecard} AND l."order" % {kinds} = {kind}
) g) f
"""
_LINES = "CROSS JOIN indicators_scorecardline l"
_CHOSEN = """JOIN indicators_return_chosen c ON c.return_id = n.column3
  JOIN indicators_scorecardline l ON l.series_id = c.series_id
  JOIN indicators_figure e ON e.series_id = l.series_id AND e.period_id = n.column1 AND e.revision = 1"""
# One figure in fifty has a reason in place of a number.
_MISSING = "x % 50 = 7"


def _figures(card: Scorecard, by: User, returns: Sequence[tuple[Return, date]], salt: int) -> int:
    """The figures of returns that are all ordinary or all corrections, recorded on their days; how many."""
    if not returns:
        return 0
    words, is_first = Text.objects.keep(COMMENTARY), returns[0][0].kind == Return.Kind.ORDINARY
    pattern = Figure(revision=1 if is_first else 2, recorded_by=by, actor=str(by), reason=returns[0][0].reason)
    given: list[Any] = []
    for nth, (row, day) in enumerate(returns):
        at = connection.ops.adapt_datetimefield_value(datetime.combine(day, SUBMITTED_AT, LONDON))
        given += [row.round.period_id, nth, row.pk, at, connection.ops.adapt_datefield_value(day)]
    made = 0
    for kind in range(len(_KINDS)):
        rows = _FIGURES.format(
            salt=salt, revision=pattern.revision, before="CAST(NULL AS bigint)" if is_first else "e.id",
            returns=", ".join(["(%s, %s, %s, %s, %s)"] * len(returns)), chosen=_LINES if is_first else _CHOSEN,
            scorecard=card.pk, kinds=len(_KINDS), kind=kind,
        )  # fmt: skip
        made += insert_alike(pattern, _FIXED | _numbers(kind, words), rows, given)
    return made


_FIXED = {
    "series_id": "series_id", "period_id": "column1", "in_return_id": "column3", "recorded_at": "column4",
    "known_on": "column5", "supersedes_id": "before_id",
    "missing_reason": f"CASE WHEN {_MISSING} THEN 'x' ELSE '' END",
}  # fmt: skip


def _numbers(kind: int, words: Text | None) -> dict[str, str]:
    """The columns of number and commentary as SQL: about the tolerance, so that ratings differ; what is outside it or
    missing has commentary, as in every return."""
    unit, polarity, _, _, tolerance = _KINDS[kind]
    bottom = "(200 + nth % 50)"
    top = f"({bottom} * ({int(tolerance or 0) - 6} + nth % 9 + x % 13) / 100)"
    asks, found = _MISSING, {"value": "300 + nth % 70 + x % 40"}
    if tolerance is not None:
        asks += f" OR {top} * 100 {'<' if polarity == 'higher' else '>'} {bottom} * {int(tolerance)}"
        found = {"denominator": bottom, "numerator": top}
    basis = "value_only" if unit == "count" else "derived"
    return {name: f"CASE WHEN NOT {_MISSING} THEN {sql} END" for name, sql in found.items()} | {
        "basis": f"CASE WHEN {_MISSING} THEN 'missing' ELSE '{basis}' END",
        "commentary_id": f"CASE WHEN {asks} THEN {words.pk if words else 'NULL'} END",
    }


def _accept_all() -> None:
    """The approval of every revision by whoever accepted its return, and the pointers to the latest ones."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    steps = (
        "indicators_figure f JOIN indicators_returntransition t "
        "ON t.in_return_id = f.in_return_id AND t.action = 'approved'"
    )
    columns = {"figure_id": "f.id", "by_id": "t.by_id", "actor": "t.actor", "at": "t.at", "known_on": "f.known_on"}
    insert_alike(FigureApproval(), columns, steps)
    latest = "indicators_figure f LEFT JOIN indicators_figure e ON e.supersedes_id = f.id WHERE e.id IS NULL"
    pointer = {"series_id": "f.series_id", "period_id": "f.period_id", "working_id": "f.id", "approved_id": "f.id"}
    insert_alike(CurrentFigure(), pointer, latest)
