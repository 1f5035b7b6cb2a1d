"""Plain functions that make what a test needs, through the application's own operations wherever there is one.

Everything has a default, and asking twice for the same thing (a partnership, a partner, a scorecard, the people of a
partner) gives the same row. Only volume (`a_scorecard(n_lines=…)`, `a_history`) is written in bulk.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, connections
from django.db.models import Model

from indicators import imports, quarters, triggers
from indicators.aggregation import Aggregation
from indicators.direction_of_travel import Window
from indicators.entry import HAS_PARTS, CellInput
from indicators.measurement import Basis, Measured
from indicators.models import (
    Assignment,
    CurrentFigure,
    DraftCell,
    Figure,
    FigureApproval,
    GateHolder,
    Indicator,
    IndicatorVersion,
    Membership,
    Partner,
    Partnership,
    Period,
    ReportingRound,
    Return,
    Scorecard,
    ScorecardLine,
    Series,
    SeriesBreak,
    SourceDocument,
    Succession,
    Target,
    Theme,
    User,
)
from indicators.operations import drafts, figures, loading, people, returns
from indicators.rag import MissingReason, Polarity, ToleranceKind
from indicators.roles import Role
from indicators.units import Unit

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2022, 7, 7, 10, 0, tzinfo=LONDON)
TODAY = date(2022, 7, 7)
LONG_AGO = date(2010, 4, 1)
Q4 = quarters.Quarter(2021, 4)
Q3 = Q4.previous()
FIRST_QUARTER = quarters.Quarter(2021, 1)
FIRST_PERIOD = quarters.Quarter(1999, 1)
PASSWORD = "correct horse battery staple"
AUTHORITY = "Minutes of the board"

_numbers = itertools.count(1)


def moment(day: date, hour: int = 10) -> datetime:
    """That hour of that day in London."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=LONDON)


@contextmanager
def unprotected() -> Iterator[None]:
    """Without the protecting triggers of every database, as only cleaning up and breaking things on purpose may be."""
    for alias in connections:
        if connections[alias].in_atomic_block:
            connections[alias].check_constraints()  # PostgreSQL alters no table that has checks waiting
        triggers.remove(connections[alias])
    try:
        yield
    finally:
        for alias in connections:
            triggers.reinstall(connections[alias])


# Places and people


def a_partnership(slug: str = "northshire", gss_code: str = "E06000099") -> Partnership:
    """An authority area; the same one every time it is asked for."""
    name = slug.capitalize()
    return loading.add_partnership(
        slug=slug, name=f"{name} children's partnership", authority_name=f"{name} Council", gss_code=gss_code
    )


def a_partner(code: str = "trust", *, partnership: Partnership | None = None, kind: str = "") -> Partner:
    """An organisation of the partnership: trust, council, police … The same one every time."""
    partnership = partnership or a_partnership()
    kind = kind or (code if code in Partner.Kind.values else "other")
    names = {"trust": "Children's Trust", "council": "Council", "police": "Police"}
    defaults = {"kind": kind, "name": f"{partnership.slug.capitalize()} {names.get(code, code.capitalize())}"}
    return Partner.objects.get_or_create(partnership=partnership, code=code, defaults=defaults)[0]


def a_user(
    role: Role | str | None = None,
    *,
    partner: Partner | None = None,
    partnership: Partnership | None = None,
    email: str = "",
    display_name: str = "",
    from_on: date = LONG_AGO,
    until_on: date | None = None,
    is_superuser: bool = False,
) -> User:
    """A person, with one membership if a role is given: of the partner, or else of the whole partnership (an analyst
    always works for a partner: the trust, if none is given). The password is PASSWORD."""
    number = next(_numbers)
    role = Role(role) if role else None
    word = role.value.replace("_", "-") if role else "person"
    user = people.add_user(
        email=email or f"{word}-{number}@example.org",
        display_name=display_name or f"{word.replace('-', ' ').capitalize()} {number}",
        password=PASSWORD,
        by=None,
    )
    if is_superuser:
        user.is_superuser = True
        user.save(update_fields=["is_superuser"])
    if role:
        if role is Role.ANALYST and partner is None:
            partner = a_partner(partnership=partnership)
        partnership = partnership or (partner.partnership if partner else a_partnership())
        a_membership(user, role, partner=partner, partnership=partnership, from_on=from_on, until_on=until_on)
    return user


def a_membership(
    user: User,
    role: Role | str,
    *,
    partner: Partner | None = None,
    partnership: Partnership | None = None,
    from_on: date = LONG_AGO,
    until_on: date | None = None,
) -> Membership:
    """A role for a person who is there already."""
    partnership = partnership or (partner.partnership if partner else a_partnership())
    return people.grant_membership(
        user=user, role=Role(role), partnership=partnership, partner=partner, from_on=from_on, until_on=until_on,
        authority=AUTHORITY, by=None,
    )  # fmt: skip


@dataclass(frozen=True)
class Gates:
    """The people of one partner's returns: two who enter, and lead and deputy of both gates."""

    analyst: User
    second_analyst: User
    lead: User
    lead_deputy: User
    acceptor: User
    acceptor_deputy: User


def the_people(partner: Partner | None = None) -> Gates:
    """The people of a partner's returns, all six of them different; the same ones every time."""
    partner = partner or a_partner()
    held = [
        User.objects.filter(email__startswith=f"{name}.{partner.code}@", memberships__partnership=partner.partnership)
        for name in Gates.__dataclass_fields__
    ]
    found = [query.first() for query in held]
    if all(found):
        return Gates(*found)  # type: ignore[arg-type]
    domain = f"{partner.partnership.slug}.example.org"
    made = {}
    for name in Gates.__dataclass_fields__:
        role = Role.ANALYST if name in {"analyst", "second_analyst"} else Role.APPROVER
        made[name] = a_user(
            role,
            partner=None if name.startswith("acceptor") else partner,
            partnership=partner.partnership,
            email=f"{name}.{partner.code}@{domain}",
            display_name=f"{partner.code.capitalize()} {name.replace('_', ' ')}",
        )
    for gate, lead, deputy in (("sign_off", "lead", "lead_deputy"), ("acceptance", "acceptor", "acceptor_deputy")):
        a_gate_holder(made[lead], partner, gate)
        a_gate_holder(made[deputy], partner, gate, is_deputy=True)
    return Gates(**made)


def a_gate_holder(
    user: User, partner: Partner | None = None, gate: str = "sign_off", *, is_deputy: bool = False,
    from_on: date = LONG_AGO,
) -> GateHolder:  # fmt: skip
    """Names a person lead or deputy of a gate ("sign_off", "acceptance")."""
    return people.name_gate_holder(
        partner=partner or a_partner(), gate=gate, user=user, is_deputy=is_deputy, from_on=from_on,
        authority=AUTHORITY, by=None,
    )  # fmt: skip


def a_succession(predecessor: Partner, successor: Partner, effective_on: date) -> Succession:
    """Functions that passed over on a day."""
    return Succession.objects.create(
        predecessor=predecessor, successor=successor, effective_on=effective_on, functions="All", authority=AUTHORITY
    )


# Definitions


def a_period(period: quarters.Period = Q4) -> Period:
    """The stored row of a period."""
    return loading.period_row(period)


def a_source(code: str = "003", published_on: date | None = TODAY) -> SourceDocument:
    """A published paper; the same one every time."""
    return SourceDocument.objects.get_or_create(
        code=code, defaults={"title": f"Report {code}", "body": "Scrutiny panel", "published_on": published_on}
    )[0]


def a_scorecard(
    n_lines: int = 0,
    *,
    code: str = "contract",
    partnership: Partnership | None = None,
    partner: Partner | None = None,
    frequency: str = "quarter",
    n_themes: int = 1,
) -> Scorecard:
    """A scorecard; the same one every time. `n_lines` percentages (higher is better, target 80, tolerance 70), spread
    over `n_themes`, are added to it in bulk, all returned by `partner`: indicators "code-1", "code-2", …"""
    partnership = partnership or (partner.partnership if partner else a_partnership())
    scorecard, _ = Scorecard.objects.get_or_create(
        partnership=partnership,
        code=code,
        defaults={
            "name": f"{code.capitalize()} key performance indicators",
            "authority": "Management agreement",
            "frequency": frequency,
            "order": partnership.scorecards.count() + 1,
        },
    )
    if n_lines:
        _add_lines(scorecard, n_lines, partner or a_partner(partnership=partnership), n_themes)
    return scorecard


def _add_lines(scorecard: Scorecard, number: int, partner: Partner, n_themes: int) -> None:
    start, whole, first = scorecard.lines.count() + 1, loading.slice_row(""), a_period(FIRST_PERIOD)
    orders = range(start, start + number)
    measures = Indicator.objects.bulk_create(Indicator(code=f"{scorecard.code}-{i}") for i in orders)
    IndicatorVersion.objects.bulk_create(
        IndicatorVersion(indicator=measure, number=1, valid_from=first, **_definition(f"Measure {i}"))
        for i, measure in zip(orders, measures, strict=True)
    )
    rows = Series.objects.bulk_create(
        Series(partnership=scorecard.partnership, indicator=measure, slice=whole) for measure in measures
    )
    themes = [_theme(scorecard, f"Theme {i}") for i in range(1, n_themes + 1)]
    lines = ScorecardLine.objects.bulk_create(
        ScorecardLine(
            scorecard=scorecard, series=series, theme=themes[i % n_themes], order=i, frequency=scorecard.frequency,
            from_on=LONG_AGO,
        )
        for i, series in zip(orders, rows, strict=True)
    )  # fmt: skip
    Target.objects.bulk_create(
        Target(line=line, number=1, valid_from=first, **_standard(Polarity.HIGHER)) for line in lines
    )
    Assignment.objects.bulk_create(
        Assignment(series=series, partner=partner, from_on=LONG_AGO, authority=AUTHORITY) for series in rows
    )


def _theme(scorecard: Scorecard, name: str) -> Theme:
    defaults = {"name": name, "order": scorecard.themes.count() + 1}
    return Theme.objects.get_or_create(scorecard=scorecard, code=name.lower().replace(" ", "-"), defaults=defaults)[0]


def _definition(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "name": name,
        "short_name": name[:60],
        "numerator": "Children counted",
        "denominator": "All children",
        "unit": Unit.PERCENT.value,
        "polarity": Polarity.HIGHER.value,
        "window": Window.PERIOD.value,
        "aggregation": Aggregation.POOLED_RATIO.value,
        "counts": "children",
        "places": 0,
    } | changes


def _standard(polarity: Polarity, **changes: Any) -> dict[str, Any]:
    usual: dict[Polarity, tuple[Any, str, Any, Any]] = {
        Polarity.HIGHER: (Decimal(80), "absolute", Decimal(70), None),
        Polarity.LOWER: (Decimal(20), "absolute", Decimal(30), None),
        Polarity.BAND: (Decimal(50), "absolute", Decimal(10), Decimal(5)),
        Polarity.NONE: (None, "none", None, None),
    }
    target, kind, tolerance, band = usual[polarity]
    return {
        "target": target,
        "tolerance_kind": kind,
        "tolerance": tolerance,
        "band": band,
        "authority": "Management agreement",
        "actor": "made for a test",
        "recorded_at": NOW,
    } | changes


@dataclass(frozen=True)
class Measure:
    """An indicator with all that makes it appear on a scorecard."""

    indicator: Indicator
    version: IndicatorVersion
    series: Series
    line: ScorecardLine
    target: Target | None
    assignment: Assignment | None

    @property
    def code(self) -> str:
        """The permanent code."""
        return self.indicator.code

    @property
    def unit(self) -> Unit:
        """The unit of its definition."""
        return Unit(self.version.unit)


USUAL: Any = object()


def an_indicator(
    code: str = "",
    *,
    name: str = "",
    unit: Unit = Unit.PERCENT,
    polarity: Polarity = Polarity.HIGHER,
    window: Window = Window.PERIOD,
    aggregation: Aggregation | None = None,
    frequency: str = "quarter",
    places: int = 0,
    target: Any = USUAL,
    tolerance_kind: ToleranceKind | str = USUAL,
    tolerance: Any = USUAL,
    band: Any = USUAL,
    suspended: bool = False,
    scorecard: Scorecard | None = None,
    theme: str = "Theme 1",
    slice_key: str = "",
    partner: Partner | None = None,
    assigned: bool = True,
    from_on: date = LONG_AGO,
    valid_from: quarters.Period = FIRST_PERIOD,
    counts: str = "children",
) -> Measure:
    """An indicator with definition, series, scorecard line, target and assignment.

    Usual targets: 80 with tolerance 70 (higher is better), 20 with 30 (lower), 50 ± 5 with 10 (band), none (none).
    `target=None` leaves the line without one; a target without `tolerance` given has none.
    """
    scorecard = scorecard or a_scorecard(partnership=partner.partnership if partner else None)
    partner = partner or a_partner(partnership=scorecard.partnership)
    number = next(_numbers)
    code = code or f"measure-{number}"
    aggregation = aggregation or (Aggregation.POOLED_RATIO if unit in HAS_PARTS else Aggregation.SUM)
    indicator, is_new = Indicator.objects.get_or_create(code=code)
    if is_new:
        definition = _definition(
            name or f"Measure {code}", unit=unit.value, polarity=polarity.value, window=window.value,
            aggregation=aggregation.value, places=places, counts=counts,
        )  # fmt: skip
        IndicatorVersion.objects.create(indicator=indicator, number=1, valid_from=a_period(valid_from), **definition)
    series, _ = Series.objects.get_or_create(
        partnership=scorecard.partnership, indicator=indicator, slice=loading.slice_row(slice_key)
    )
    line = ScorecardLine.objects.create(
        scorecard=scorecard, series=series, theme=_theme(scorecard, theme), order=scorecard.lines.count() + 1,
        frequency=frequency, from_on=from_on,
    )  # fmt: skip
    made = None
    if target is not None and not (target is USUAL and polarity is Polarity.NONE):
        values: dict[str, Any] = {"is_suspended": suspended}
        if target is not USUAL:
            values |= {"target": Decimal(target), "tolerance_kind": "none", "tolerance": None, "band": None}
        if tolerance is not USUAL:
            values["tolerance"] = None if tolerance is None else Decimal(tolerance)
            values["tolerance_kind"] = "none" if tolerance is None else "absolute"
        if tolerance_kind is not USUAL:
            values["tolerance_kind"] = ToleranceKind(tolerance_kind).value
        if band is not USUAL:
            values["band"] = None if band is None else Decimal(band)
        made = a_target(line, polarity=polarity, valid_from=valid_from, **values)
    assignment = None
    if assigned:
        assignment = Assignment.objects.filter(series=series, until_on__isnull=True).first()
        assignment = assignment or Assignment.objects.create(
            series=series, partner=partner, from_on=from_on, authority=AUTHORITY
        )
    version = indicator.versions.order_by("number").first()
    return Measure(indicator, version, series, line, made, assignment)


def a_target(
    line: ScorecardLine, *, polarity: Polarity = Polarity.HIGHER, valid_from: quarters.Period = FIRST_PERIOD,
    **changes: Any,
) -> Target:  # fmt: skip
    """The next target of a line, in force from a period on."""
    return Target.objects.create(
        line=line, number=line.targets.count() + 1, valid_from=a_period(valid_from), **_standard(polarity, **changes)
    )


def a_version(measure: Measure, valid_from: quarters.Period, **changes: Any) -> IndicatorVersion:
    """A further definition of an indicator, in force from a period on."""
    old = measure.indicator.versions.order_by("number").last()
    kept = {name: getattr(old, name) for name in _definition("") if name not in changes}
    return IndicatorVersion.objects.create(
        indicator=measure.indicator, number=old.number + 1, valid_from=a_period(valid_from), **kept, **changes
    )


def a_break(
    series: Series, on: date, kind: str = "system", explanation: str = "The case system changed"
) -> SeriesBreak:
    """A day from which the series cannot be compared with what was before."""
    return SeriesBreak.objects.create(series=series, on=on, kind=kind, explanation=explanation)


# Figures


def a_cell(
    numerator: Any = None, denominator: Any = None, *, value: Any = None, missing: MissingReason | str | None = None,
    **details: Any,
) -> CellInput:  # fmt: skip
    """What was typed into one cell: numerator and denominator, or a value, or why there is none, or words alone."""
    numbers = {"numerator": numerator, "denominator": denominator, "value": value}
    basis = None
    if missing:
        basis = Basis.MISSING
    elif value is not None:
        basis = Basis.VALUE_ONLY
    elif numerator is not None:
        basis = Basis.DERIVED
    return CellInput(
        basis=basis,
        missing_reason=MissingReason(missing) if missing else None,
        **{name: None if number is None else Decimal(number) for name, number in numbers.items()},
        **details,
    )


def an_easy_cell(unit: Unit, numerator: Any = 85) -> CellInput:
    """A cell that can always be submitted: 85 of 100 (or the value 85) with a commentary."""
    words = {"commentary": "As expected.", "headline": "As expected"}
    return a_cell(numerator, 100, **words) if unit in HAS_PARTS else a_cell(value=numerator, **words)


def a_figure(
    measure: Measure | Series,
    period: quarters.Period = Q4,
    numerator: Any = None,
    denominator: Any = None,
    *,
    value: Any = None,
    missing: MissingReason | str | None = None,
    approved: bool = True,
    in_return: Return | None = None,
    by: User | None = None,
    at: datetime = NOW,
    **details: Any,
) -> Figure:
    """One revision of a figure as a person entered it (85 of 100 if nothing is said), approved unless told otherwise.

    It belongs to a return of its partner, which is opened if need be and stays in the state it is in: for the whole
    way of a return use `a_return` or `tick`.
    """
    series = measure if isinstance(measure, Series) else measure.series
    if numerator is None and value is None and missing is None:
        numerator, denominator = 85, 100
    cell = a_cell(numerator, denominator, value=value, missing=missing, **details)
    measured = cell.measured()
    if measured is None:
        raise ValueError("A figure needs a number or the reason why there is none.")
    if in_return is None:
        line = series.lines.select_related("scorecard").first()
        in_return = a_return(line.scorecard, period, partner=series.assignments.first().partner, at=at)
    by = by or the_people(in_return.partner).analyst
    origin = figures.Origin(actor=str(by), at=at, known_on=at.date(), by=by, in_return=in_return)
    return figures.record_figure(
        series=series, period=a_period(period), cell=cell, measured=measured, origin=origin, approved=approved
    )


def a_paper_figure(
    measure: Measure | Series,
    period: quarters.Period = Q4,
    value: Any = None,
    *,
    numerator: Any = None,
    denominator: Any = None,
    qualifier: str = "",
    quantum: Any = 1,
    met: bool | None = None,
    missing: MissingReason | str | None = None,
    source: SourceDocument | None = None,
    paragraph: str = "74",
    at: datetime = NOW,
    **details: Any,
) -> Figure:
    """A figure as a published paper states it: a value (with its parts, if given), an outcome in words (`met`), or why
    there is none."""
    series = measure if isinstance(measure, Series) else measure.series
    source = source or a_source()

    def exact(number: Any) -> Decimal | None:
        return None if number is None else Decimal(str(number))

    basis = Basis.STATED
    if missing:
        basis = Basis.MISSING
    elif met is not None:
        basis = Basis.STATED_OUTCOME
    measured = Measured(
        basis=basis,
        numerator=exact(numerator),
        denominator=exact(denominator),
        value=exact(value),
        qualifier=qualifier,
        quantum=exact(quantum) if value is not None else None,
        missing_reason=MissingReason(missing) if missing else None,
        stated_met=met,
    )
    origin = figures.Origin(
        actor=f"loaded from {source} §{paragraph}",
        at=at,
        known_on=source.published_on or at.date(),
        source=source,
        paragraph=paragraph,
    )
    return figures.record_figure(
        series=series, period=a_period(period), cell=CellInput(**details), measured=measured, origin=origin,
        approved=True,
    )  # fmt: skip


def a_history(
    scorecard: Scorecard, n_periods: int, *, last: quarters.Period = Q4, numerators: Sequence[int] = (85, 75, 65)
) -> None:
    """Approved figures of every line of a scorecard for the `n_periods` periods up to `last`, written in bulk, with
    their rounds and approved returns. 300 lines × 80 periods take about a second."""
    periods = [last]
    while len(periods) < n_periods:
        periods.append(periods[-1].previous())
    rows = [a_period(p) for p in reversed(periods)]
    partner = scorecard.lines.select_related("series").first().series.assignments.first().partner
    by, source = the_people(partner).analyst, a_source()
    rounds = ReportingRound.objects.bulk_create(
        ReportingRound(partnership=scorecard.partnership, scorecard=scorecard, period=row) for row in rows
    )
    Return.objects.bulk_create(
        Return(round=made, partner=partner, state=Return.State.APPROVED, is_signed_off=True) for made in rounds
    )
    _insert(
        Figure(
            revision=1, basis="derived", numerator=Decimal(1), denominator=Decimal(100), source=source, actor=str(by),
            recorded_at=NOW, known_on=TODAY,
        ),
        {
            "series_id": "line.series_id",
            "period_id": "period.id",
            "numerator": f"CASE (line.id + period.id) % {len(numerators)} "
            + " ".join(f"WHEN {i} THEN {int(n)}" for i, n in enumerate(numerators))
            + " END",
        },
        f"indicators_scorecardline line, indicators_period period WHERE line.scorecard_id = {scorecard.pk} "
        f"AND period.id IN ({', '.join(str(row.pk) for row in rows)})",
    )  # fmt: skip
    mine = (
        "indicators_figure f JOIN indicators_scorecardline line ON line.series_id = f.series_id "  # noqa: S608
        f"AND line.scorecard_id = {scorecard.pk} "
        "WHERE NOT EXISTS (SELECT 1 FROM indicators_figureapproval a WHERE a.figure_id = f.id)"
    )
    pointer = {"series_id": "f.series_id", "period_id": "f.period_id", "working_id": "f.id", "approved_id": "f.id"}
    _insert(CurrentFigure(), pointer, mine)
    _insert(FigureApproval(by=by, actor=str(by), at=NOW, known_on=TODAY), {"figure_id": "f.id"}, mine)


def _insert(pattern: Model, columns: Mapping[str, str], rows: str) -> None:
    """One row like `pattern` for each of `rows` (the SQL after FROM), with some columns taken from there."""
    fixed = [f for f in pattern._meta.concrete_fields if not f.primary_key and f.column not in columns]
    values = [f.get_db_prep_save(f.pre_save(pattern, add=True), connection) for f in fixed]
    names = ", ".join(f'"{name}"' for name in [*columns, *(f.column for f in fixed)])
    chosen = ", ".join([*columns.values(), *("%s" for _ in fixed)])
    sql = f"INSERT INTO {pattern._meta.db_table} ({names}) SELECT {chosen} FROM {rows}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql.replace(" % ", " %% "), values)


# Rounds and returns


def a_round(
    scorecard: Scorecard | None = None, period: quarters.Period = Q4, *, due_on: date | None = None, at: datetime = NOW
) -> ReportingRound:
    """The round of a scorecard for a period, with an open return for each partner that owes a line; opened if new."""
    scorecard = scorecard or a_scorecard()
    row = a_period(period)
    held = ReportingRound.objects.filter(scorecard=scorecard, period=row).first()
    if held:
        return held
    by = the_people(a_partner(partnership=scorecard.partnership)).acceptor
    return returns.open_round(scorecard=scorecard, period=row, due_on=due_on, by=by, at=at)


STATES = ("open", "filled", "submitted", "signed_off", "returned", "approved")


def a_return(
    scorecard: Scorecard | None = None,
    period: quarters.Period = Q4,
    *,
    partner: Partner | None = None,
    state: str = "open",
    cells: Mapping[int, CellInput] | None = None,
    at: datetime = NOW,
) -> Return:
    """A partner's return, taken through the operations to one of STATES by `the_people` of that partner.

    `cells` (by series id) are entered by the analyst; all other lines get an easy cell. Without a partner, that of the
    scorecard's only return.
    """
    made = a_round(scorecard, period, at=at)
    mine = made.returns.filter(kind=Return.Kind.ORDINARY)
    row = mine.get(partner=partner) if partner else mine.select_related("partner").get()
    if state not in STATES:
        raise ValueError(f"{state} is not one of {STATES}.")
    if state == "open" or row.state != Return.State.OPEN:
        return row
    fill(row, cells or {}, at=at)
    if state != "filled":
        submit(row, at=at)
    if state == "returned":
        return send_back(row, at=at)
    if state in {"signed_off", "approved"}:
        sign_off(row, at=at)
    if state == "approved":
        accept(row, at=at)
    return fresh(row)


def fresh(row: Return) -> Return:
    """The return as the database holds it now."""
    return Return.objects.select_related("round__period", "round__scorecard", "partner", "reason").get(pk=row.pk)


def based_on(row: Return, series: Series) -> str:
    """The version of a cell as a page that was opened now would carry it."""
    working = CurrentFigure.objects.filter(series=series, period=row.round.period).select_related("working").first()
    draft = DraftCell.objects.filter(in_return=row, series=series).first()
    return drafts.cell_version(working.working.revision if working else 0, draft.version if draft else 0)


def keep(
    row: Return, cells: Mapping[Series, CellInput], *, by: User | None = None, at: datetime = NOW
) -> dict[int, str]:
    """Saves cells of a return on the page as it stands now."""
    changes = [drafts.CellChange(series, cell, based_on(row, series)) for series, cell in cells.items()]
    return drafts.keep_cells(in_return=row, changes=changes, by=by or the_people(row.partner).analyst, at=at)


def fill(
    row: Return, cells: Mapping[int, CellInput] | None = None, *, by: User | None = None, at: datetime = NOW
) -> None:
    """Saves every line of a return: the cell given for its series id, or an easy one."""
    given = cells or {}
    keep(
        row,
        {
            due.line.series: given.get(due.line.series_id) or an_easy_cell(Unit(due.version.unit))
            for due in returns.lines_due(fresh(row))
        },
        by=by,
        at=at,
    )


def submit(row: Return, *, by: User | None = None, at: datetime = NOW, key: str = "") -> Return:
    """The analyst submits."""
    by = by or the_people(row.partner).analyst
    returns.submit_return(in_return=row, by=by, at=at, version=fresh(row).version, key=key)
    return fresh(row)


def sign_off(row: Return, *, by: User | None = None, at: datetime = NOW, comment: str = "") -> Return:
    """The partner's lead signs off."""
    by = by or the_people(row.partner).lead
    returns.sign_off(in_return=row, by=by, at=at, version=fresh(row).version, comment=comment)
    return fresh(row)


def send_back(
    row: Return, *, by: User | None = None, at: datetime = NOW, comment: str = "Please check the numerator."
) -> Return:
    """Whoever holds the next gate sends the return back."""
    named = the_people(row.partner)
    by = by or (named.acceptor if fresh(row).is_signed_off else named.lead)
    returns.send_back(in_return=row, by=by, at=at, version=fresh(row).version, comment=comment)
    return fresh(row)


def accept(row: Return, *, by: User | None = None, at: datetime = NOW, key: str = "") -> Return:
    """The council's lead accepts."""
    by = by or the_people(row.partner).acceptor
    returns.accept_return(in_return=row, by=by, at=at, version=fresh(row).version, key=key)
    return fresh(row)


def a_restatement(
    of_return: Return, series: Iterable[Series], *, reason: str = "A case was counted twice.", by: User | None = None,
    at: datetime = NOW,
) -> Return:  # fmt: skip
    """An open correction of chosen figures of an approved return."""
    by = by or the_people(of_return.partner).analyst
    made = returns.open_restatement(of_return=of_return, series=series, reason=reason, by=by, at=at)
    return fresh(made)


def tick(
    scorecard: Scorecard | None = None,
    period: quarters.Period | None = None,
    *,
    partner: Partner | None = None,
    cells: Mapping[int, CellInput] | None = None,
    state: str = "approved",
) -> Return:
    """One turn of the reporting cycle: the next quarter (the first is 2021/22 Q1) is opened, filled, submitted, signed
    off and accepted, each ten days or more after the quarter's end. `state` stops it earlier."""
    scorecard = scorecard or a_scorecard()
    if period is None:
        latest = scorecard.rounds.select_related("period").order_by("-period__end_on").first()
        period = FIRST_QUARTER
        if latest:
            period = quarters.from_dates(latest.period.kind, latest.period.start_on, latest.period.end_on).next()
    at = moment(period.end_on + timedelta(days=10))
    return a_return(scorecard, period, partner=partner, state=state, cells=cells, at=at)


# The real figures


def read_tables(folder: Path) -> dict[str, list[imports.Row]]:
    """The rows of every CSV file of a folder that the loader knows."""
    return {
        name: imports.read_csv((folder / f"{name}.csv").read_bytes(), name, file=f"{name}.csv")
        for name in loading.ORDER
        if (folder / f"{name}.csv").exists()
    }


def the_real_figures(folder: Path) -> Partnership:
    """Loads the source reports' figures, as the demonstration does."""
    made = a_partnership("doncaster", "E08000017")
    loading.load_tables(partnership=made, tables=read_tables(folder), at=NOW)
    return made
