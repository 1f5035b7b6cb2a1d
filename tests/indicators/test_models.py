"""What the database itself refuses: one bad row for every unique and check constraint, and extreme values kept."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models import CheckConstraint, UniqueConstraint

from indicators import quarters, units
from indicators.models import (
    Assignment,
    Balance,
    Category,
    CurrentFigure,
    Dimension,
    DraftCell,
    DueDateChange,
    Figure,
    FigureApproval,
    FigureQuery,
    GateHolder,
    Indicator,
    IndicatorVersion,
    Membership,
    OperationKey,
    Partner,
    Partnership,
    Period,
    Population,
    ReportingRound,
    Return,
    ReturnTransition,
    Scorecard,
    ScorecardLine,
    Series,
    SeriesBreak,
    Slice,
    SliceCategory,
    SourceDocument,
    Statement,
    Succession,
    Sum,
    SumPart,
    Target,
    Text,
    Theme,
    User,
)
from indicators.operations import rows, slices
from indicators.querysets import versions_in_force
from tests import builders as b
from tests.indicators.benchmark_rows import BAD_BENCHMARKS, prepare_benchmarks
from tests.indicators.trust_rows import BAD_TRUST, GOOD_TRUST, prepare
from tests.tries import a_try

pytestmark = pytest.mark.django_db

YESTERDAY = b.TODAY - timedelta(days=1)


class World:
    """Good rows to spoil: an approved return with its figures, made once for each test."""

    def __init__(self) -> None:
        self.measure = b.an_indicator("first")
        self.other = b.an_indicator("second")
        self.scorecard = self.measure.line.scorecard
        self.partnership = self.scorecard.partnership
        self.trust, self.council = b.a_partner(), b.a_partner("council")
        self.people = b.the_people(self.trust)
        self.row = b.a_return(self.scorecard, state="approved")
        self.round = self.row.round
        self.period = self.round.period
        self.empty = b.a_period(b.Q4.next())
        self.figure = Figure.objects.get(series=self.measure.series)
        self.source = b.a_source()
        self.text = Text.objects.keep("A reason")

    def a_figure(self, **changes: Any) -> Figure:
        """Unsaved: the first revision of a figure for a period that has none yet, 85 of 100."""
        values = {
            "series": self.measure.series, "period": self.empty, "revision": 1, "basis": "derived",
            "numerator": Decimal(85), "denominator": Decimal(100), "recorded_by": self.people.analyst,
            "in_return": self.row, "actor": "An analyst", "recorded_at": b.NOW, "known_on": b.TODAY,
        } | changes  # fmt: skip
        return Figure(**values)

    def a_value(self, **changes: Any) -> Figure:
        """Unsaved: the same as a value only."""
        return self.a_figure(**{"basis": "value_only", "numerator": None, "denominator": None, "value": 85} | changes)

    def a_stated(self, **changes: Any) -> Figure:
        """Unsaved: the same as a paper states it."""
        return self.a_value(**{"basis": "stated", "source": self.source, "recorded_by": None} | changes)

    def an_outcome(self, **changes: Any) -> Figure:
        """Unsaved: an outcome in words."""
        return self.a_stated(**{"basis": "stated_outcome", "value": None, "stated_met": False} | changes)

    def a_gap(self, **changes: Any) -> Figure:
        """Unsaved: no figure, with its reason."""
        return self.a_value(**{"basis": "missing", "value": None, "missing_reason": "x"} | changes)

    def a_series(self) -> Series:
        """Saved: a part of the first measure that stands on no scorecard."""
        part = Slice.objects.create(key="grade=unheard-of")
        return Series.objects.create(partnership=self.partnership, indicator=self.measure.indicator, slice=part)

    def a_round(self, **changes: Any) -> ReportingRound:
        return ReportingRound(
            **{"partnership": self.partnership, "scorecard": self.scorecard, "period": self.empty} | changes
        )

    def a_due_date_change(self, **changes: Any) -> DueDateChange:
        values = {"round": self.round, "after": b.TODAY, "reason": "Why", "by": self.people.lead, "at": b.NOW} | changes
        return DueDateChange(**values)

    def a_transition(self, **changes: Any) -> ReturnTransition:
        values = {
            "in_return": self.row, "action": "submitted", "to_state": "submitted", "by": self.people.analyst,
            "actor": "An analyst", "at": b.NOW,
        } | changes  # fmt: skip
        return ReturnTransition(**values)

    def a_target(self, **changes: Any) -> Target:
        values = {
            "line": self.measure.line, "number": 2, "valid_from": self.period, "target": Decimal(80),
            "tolerance_kind": "absolute", "tolerance": Decimal(70), "authority": "Agreement", "recorded_at": b.NOW,
            "known_on": b.TODAY, "actor": "made for a test",
        } | changes  # fmt: skip
        return Target(**values)


Make = Callable[[World], models.Model]

# The constraint, what is wrong, and the row. Each row differs from a good one (GOOD below) by what is wrong alone.
BAD: list[tuple[str, str, Make]] = [
    # places
    ("indicators_partnership.slug", "the same slug twice", lambda w: Partnership(slug="northshire", gss_code="E1")),
    ("indicators_partnership.gss_code", "one GSS code twice", lambda w: Partnership(slug="x", gss_code="E06000099")),
    ("partner_code_unique", "the same code twice", lambda w: Partner(partnership=w.partnership, code="trust")),
    (
        "succession_unique",
        "the same succession twice",
        lambda w: Succession(predecessor=w.council, successor=w.trust, effective_on=b.LONG_AGO),
    ),
    (
        "succession_between_two",
        "a partner that succeeds itself",
        lambda w: Succession(predecessor=w.trust, successor=w.trust, effective_on=b.TODAY),
    ),
    (
        "population_unique",
        "the same age band and day twice",
        lambda w: Population(
            partnership=w.partnership, on=b.LONG_AGO, age_from=0, age_to=17, persons=1, source=w.source
        ),
    ),
    (
        "population_ages_in_order",
        "an age band that ends before it starts",
        lambda w: Population(partnership=w.partnership, on=b.TODAY, age_from=18, age_to=17, persons=1, source=w.source),
    ),
    # people
    ("indicators_user.email", "the same address twice", lambda w: User(email=w.people.analyst.email)),
    ("user_email_unique", "the same address in capitals", lambda w: User(email=w.people.analyst.email.upper())),
    (
        "membership_ends_after_start",
        "a membership that ends the day before it starts",
        lambda w: Membership(
            user=w.people.lead, role="approver", partnership=w.partnership, from_on=b.TODAY, until_on=YESTERDAY
        ),
    ),
    (
        "gate_holder_one_at_a_time",
        "a second lead of the same gate",
        lambda w: GateHolder(partner=w.trust, gate="sign_off", user=w.people.acceptor, from_on=b.TODAY),
    ),
    (
        "gate_holder_ends_after_start",
        "a gate held until the day before it is held",
        lambda w: GateHolder(
            partner=w.council, gate="sign_off", user=w.people.acceptor, from_on=b.TODAY, until_on=YESTERDAY
        ),
    ),
    # definitions
    ("indicators_sourcedocument.code", "the same paper twice", lambda w: SourceDocument(code="003")),
    ("indicators_text.sha256", "the same text twice", lambda w: Text(sha256=w.text.sha256, body="Another")),
    ("indicators_indicator.code", "the same code twice", lambda w: Indicator(code="first")),
    ("indicators_dimension.code", "the same dimension twice", lambda w: Dimension(code="grade")),
    ("category_code_unique", "the same category twice", lambda w: Category(dimension=_grade(), code="good")),
    ("indicators_slice.key", "the whole twice", lambda w: Slice(key="")),
    ("indicators_balance.code", "the same balance twice", lambda w: Balance(
        code="care", name="Care", closing=b.an_indicator("another").indicator, source=w.source, paragraph="83")),
    ("indicators_balance.closing", "a stock in two balances", lambda w: Balance(
        code="more", name="Care", closing=w.measure.indicator, source=w.source, paragraph="83")),
    ("sum_code_unique", "the same sum twice", lambda w: Sum(
        whole=_a_sum(w).whole, code="net", source=w.source, paragraph="84")),
    ("sum_part_once", "the same part twice", lambda w: SumPart(of=_a_sum(w), series=w.other.series)),
    (
        "slice_one_category_per_dimension",
        "two grades at once",
        lambda w: SliceCategory(
            slice=Slice.objects.get(key="grade=good"), dimension=_grade(), category=_grade().categories.get(code="poor")
        ),
    ),
    (
        "series_unique",
        "the same series twice",
        lambda w: Series(partnership=w.partnership, indicator=w.measure.indicator, slice=w.measure.series.slice),
    ),
    (
        "series_break_unique",
        "the same break twice",
        lambda w: SeriesBreak(series=w.measure.series, on=b.LONG_AGO, kind="system"),
    ),
    (
        "indicator_version_number_unique",
        "the same number of a definition twice",
        lambda w: _version(w, number=1, valid_from=w.period),
    ),
    (
        "indicator_version_period_unique",
        "two definitions from the same period on",
        lambda w: _version(w, number=2, valid_from=w.measure.version.valid_from),
    ),
    ("scorecard_code_unique", "one code twice", lambda w: Scorecard(partnership=w.partnership, code="contract")),
    ("theme_code_unique", "the same theme twice", lambda w: Theme(scorecard=w.scorecard, code="theme-1")),
    (
        "scorecard_line_unique",
        "a series twice on one scorecard",
        lambda w: ScorecardLine(
            scorecard=w.scorecard, series=w.measure.series, theme=w.measure.line.theme, order=9, from_on=b.TODAY
        ),
    ),
    (
        "scorecard_line_limit_above_0",
        "commentary asked for from 0 on",
        lambda w: ScorecardLine(
            scorecard=w.scorecard, series=w.a_series(), theme=w.measure.line.theme, order=9, from_on=b.TODAY,
            commentary_from=0,
        ),
    ),
    ("target_number_unique", "the same number of a target twice", lambda w: w.a_target(number=1)),
    ("target_tolerance_has_value", "a kind of tolerance without the tolerance", lambda w: w.a_target(tolerance=None)),
    ("target_tolerance_has_value", "a tolerance without its kind", lambda w: w.a_target(tolerance_kind="none")),
    ("target_tolerance_has_value", "a tolerance of no target", lambda w: w.a_target(target=None)),
    # reporting
    (
        "indicators_period.slug",
        "the same slug twice",
        lambda w: Period(kind="day", start_on=b.TODAY, end_on=b.TODAY, slug=w.period.slug),
    ),
    (
        "period_unique",
        "the same period twice",
        lambda w: Period(kind="quarter", start_on=w.period.start_on, end_on=w.period.end_on, slug="again"),
    ),
    (
        "period_ends_after_start",
        "a period that ends before it starts",
        lambda w: Period(kind="span", start_on=b.TODAY, end_on=YESTERDAY, slug="backwards"),
    ),
    ("round_unique", "the same round twice", lambda w: w.a_round(period=w.period)),
    (
        "round_lock_says_when_and_why",
        "locked without a moment",
        lambda w: w.a_round(state="locked", lock_reason="Published."),
    ),
    ("round_lock_says_when_and_why", "locked without a reason", lambda w: w.a_round(state="locked", locked_at=b.NOW)),
    ("round_lock_says_when_and_why", "open, with a moment of locking", lambda w: w.a_round(locked_at=b.NOW)),
    (
        "assignment_one_at_a_time",
        "two partners for one series at once",
        lambda w: Assignment(series=w.measure.series, partner=w.council, from_on=b.TODAY),
    ),
    (
        "assignment_ends_after_start",
        "an assignment that ends before it starts",
        lambda w: Assignment(series=w.measure.series, partner=w.council, from_on=b.TODAY, until_on=YESTERDAY),
    ),
    (
        "return_number_unique",
        "the same number of a return twice",
        lambda w: Return(round=w.round, partner=w.trust, number=1, kind="restatement", reason=w.text),
    ),
    ("return_one_ordinary", "two ordinary returns", lambda w: Return(round=w.round, partner=w.trust, number=2)),
    (
        "restatement_has_reason",
        "a correction without a reason",
        lambda w: Return(round=w.round, partner=w.trust, number=2, kind="restatement"),
    ),
    (
        "sign_off_only_when_submitted",
        "an open return that is signed off",
        lambda w: Return(round=w.round, partner=w.council, is_signed_off=True),
    ),
    ("transition_says_who_and_when", "a submission by nobody", lambda w: w.a_transition(by=None)),
    ("transition_says_who_and_when", "a submission at no time", lambda w: w.a_transition(at=None)),
    ("transition_says_who_and_when", "a load by a person", lambda w: w.a_transition(action="loaded")),
    (
        "draft_cell_unique",
        "two drafts of one cell",
        lambda w: DraftCell(
            in_return=w.row, series=w.measure.series, updated_by=w.people.analyst, updated_at=b.NOW
        ),
    ),
    (
        "indicators_operationkey.key",
        "the same form twice",
        lambda w: OperationKey(key="used", operation="submit_return", user=w.people.analyst, at=b.NOW),
    ),
    # figures: the chain
    (
        "figure_revision_unique",
        "the same number twice in one chain",
        lambda w: _second(w, revision=2, supersedes=Figure.objects.get(series=w.other.series)),
    ),
    ("figure_one_first_revision", "a second first revision", lambda w: w.a_figure(period=w.period, revision=1)),
    ("indicators_figure.supersedes", "two heirs of one", lambda w: _second(w, revision=3, supersedes=w.figure)),
    ("figure_first_is_one", "a first revision with another number", lambda w: w.a_figure(revision=2)),
    # figures: one table of what each basis may and may not carry
    ("figure_basis_known", "an unknown basis", lambda w: w.a_figure(basis="guessed")),
    ("figure_basis_known", "no basis", lambda w: w.a_figure(basis="")),
    ("figure_derived_from_parts", "derived without numerator", lambda w: w.a_figure(numerator=None)),
    ("figure_derived_from_parts", "derived without denominator", lambda w: w.a_figure(denominator=None)),
    ("figure_derived_from_parts", "derived from a denominator of 0", lambda w: w.a_figure(denominator=0)),
    ("figure_derived_from_parts", "derived from a negative denominator", lambda w: w.a_figure(denominator=-1)),
    ("figure_derived_from_parts", "derived with a value beside it", lambda w: w.a_figure(value=85)),
    ("figure_derived_from_parts", "derived with an outcome beside it", lambda w: w.a_figure(stated_met=True)),
    ("figure_derived_from_parts", "derived and missing", lambda w: w.a_figure(missing_reason="x")),
    ("figure_value_only", "value only without the value", lambda w: w.a_value(value=None)),
    ("figure_value_only", "value only with a numerator", lambda w: w.a_value(numerator=85)),
    ("figure_value_only", "value only with a denominator", lambda w: w.a_value(denominator=100)),
    ("figure_value_only", "value only with an outcome", lambda w: w.a_value(stated_met=True)),
    ("figure_value_only", "value only and missing", lambda w: w.a_value(missing_reason="x")),
    ("figure_stated_has_source", "stated by no paper", lambda w: w.a_stated(source=None, recorded_by=w.people.lead)),
    ("figure_stated_has_source", "stated without the value", lambda w: w.a_stated(value=None)),
    ("figure_stated_has_source", "stated with an outcome", lambda w: w.a_stated(stated_met=True)),
    ("figure_stated_has_source", "stated and missing", lambda w: w.a_stated(missing_reason="x")),
    ("figure_stated_outcome", "an outcome with a value", lambda w: w.an_outcome(value=85)),
    ("figure_stated_outcome", "an outcome with a numerator", lambda w: w.an_outcome(numerator=85)),
    ("figure_stated_outcome", "an outcome with a denominator", lambda w: w.an_outcome(denominator=85)),
    ("figure_stated_outcome", "an outcome with a limit", lambda w: w.an_outcome(qualifier="<")),
    ("figure_stated_outcome", "an outcome that is not said", lambda w: w.an_outcome(stated_met=None)),
    ("figure_stated_outcome", "an outcome and missing", lambda w: w.an_outcome(missing_reason="x")),
    (
        "figure_stated_outcome",
        "an outcome that a person typed",
        lambda w: w.an_outcome(source=None, recorded_by=w.people.lead),
    ),
    ("figure_missing_has_reason", "missing without a reason", lambda w: w.a_gap(missing_reason="")),
    ("figure_missing_has_reason", "missing with a value", lambda w: w.a_gap(value=0)),
    ("figure_missing_has_reason", "missing with a numerator", lambda w: w.a_gap(numerator=0)),
    ("figure_missing_has_reason", "missing with a denominator", lambda w: w.a_gap(denominator=100)),
    ("figure_missing_has_reason", "missing with a limit", lambda w: w.a_gap(qualifier="<")),
    ("figure_missing_has_reason", "missing with an outcome", lambda w: w.a_gap(stated_met=False)),
    (
        "figure_code_only_when_not_reportable",
        "a code of what is not reportable beside another reason",
        lambda w: w.a_gap(not_reportable_code="system_change"),
    ),
    (
        "figure_code_only_when_not_reportable",
        "a code of what is not reportable beside a number",
        lambda w: w.a_value(not_reportable_code="system_change"),
    ),
    ("figure_entered_or_loaded", "of nobody and no paper", lambda w: w.a_figure(recorded_by=None)),
    ("figure_entered_or_loaded", "of a person in no return", lambda w: w.a_figure(in_return=None)),
    ("figure_quantum_positive", "printed to the nearest 0", lambda w: w.a_stated(quantum=0)),
    ("figure_quantum_positive", "printed to the nearest -1", lambda w: w.a_stated(quantum=-1)),
    (
        "indicators_figureapproval.figure",
        "approved twice",
        lambda w: FigureApproval(figure=w.figure, actor="Council", at=b.NOW, known_on=b.TODAY),
    ),
    (
        "current_figure_unique",
        "two pointers to one figure",
        lambda w: CurrentFigure(series=w.measure.series, period=w.period, working=_unpointed(w)),
    ),
    (
        "indicators_currentfigure.working",
        "one revision current twice",
        lambda w: CurrentFigure(series=w.measure.series, period=w.empty, working=w.figure),
    ),
    (
        "indicators_currentfigure.approved",
        "one revision approved twice",
        lambda w: CurrentFigure(series=w.measure.series, period=w.empty, working=_unpointed(w), approved=w.figure),
    ),
    (
        "statement_code_unique",
        "the same statement twice",
        lambda w: Statement(partnership=w.partnership, code="said", text=w.text, source=w.source),
    ),
    (
        "figure_query_code_unique",
        "the same query twice",
        lambda w: FigureQuery(partnership=w.partnership, code="asked", scorecard=w.scorecard, source=w.source),
    ),
    (
        "figure_query_is_about_something",
        "a query about nothing",
        lambda w: FigureQuery(partnership=w.partnership, code="about-nothing", source=w.source),
    ),
    ("due_date_change_says_why", "a due date that moves for no reason", lambda w: w.a_due_date_change(reason="")),
    *BAD_TRUST,
    *BAD_BENCHMARKS,
]  # fmt: skip


def _a_sum(w: "World") -> Sum:
    """That the first measure is the second."""
    made = Sum.objects.create(whole=w.measure.series, code="net", source=w.source, paragraph="84")
    SumPart.objects.create(of=made, series=w.other.series)
    return made


def _grade() -> Dimension:
    return Dimension.objects.get(code="grade")


def _version(w: World, **changes: Any) -> IndicatorVersion:
    return IndicatorVersion(
        indicator=w.measure.indicator, name="A", short_name="A", unit="percent", polarity="higher", window="period",
        aggregation="none", counts="children", **changes,
    )  # fmt: skip


def _second(w: World, **changes: Any) -> Figure:
    w.a_figure(period=w.period, revision=2, supersedes=w.figure).save()
    return w.a_figure(period=w.period, **changes)


def _unpointed(w: World) -> Figure:
    figure = w.a_figure()
    figure.save()
    return figure


@pytest.fixture
def world() -> World:
    made = World()
    Succession.objects.create(predecessor=made.council, successor=made.trust, effective_on=b.LONG_AGO)
    Population.objects.create(
        partnership=made.partnership, on=b.LONG_AGO, age_from=0, age_to=17, persons=1, source=made.source
    )
    slices.add_dimension(code="grade", name="Grade", kind="partition", categories=[("good", "Good"), ("poor", "Poor")])
    slices.slice_row("grade=good")
    Balance.objects.create(code="care", name="Care", closing=made.measure.indicator, source=made.source, paragraph="83")
    b.a_break(made.measure.series, b.LONG_AGO)
    OperationKey.objects.create(key="used", operation="submit_return", user=made.people.analyst, at=b.NOW)
    DraftCell.objects.create(
        in_return=made.row, series=made.measure.series, updated_by=made.people.analyst, updated_at=b.NOW
    )
    Statement.objects.create(partnership=made.partnership, code="said", text=made.text, source=made.source)
    FigureQuery.objects.create(partnership=made.partnership, code="asked", scorecard=made.scorecard, source=made.source)
    prepare(made)
    prepare_benchmarks(made)
    return made


# Whatever breaks the first breaks the second, and the database may name either.
ALSO_BROKEN = {
    "indicators_user.email": "user_email_unique",
    "figure_one_first_revision": "figure_revision_unique",
}


def _models() -> Iterator[type[models.Model]]:
    """Every model of the language of measurement, and of the packs that rest on it; those of governance have a test of
    their own."""
    for app in ("indicators", "partnership"):
        yield from (model for model in apps.get_app_config(app).get_models() if not is_of_governance(model))


def is_of_governance(model: type[models.Model]) -> bool:
    """Whether a model is of bodies, meetings, plans and search rather than of packs."""
    in_packs = model.__module__.endswith((".packs", ".installation", ".regions"))
    return model._meta.app_label == "partnership" and not in_packs


def named_by(name: str) -> list[str]:
    """How either engine may name a constraint in its refusal; SQLite names a unique one by its columns."""
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name and isinstance(constraint, UniqueConstraint):
                columns = [model._meta.get_field(field).column for field in constraint.fields]
                return [name, ", ".join(f"{model._meta.db_table}.{column}" for column in columns)]
    return [name]


def _columns(name: str) -> str:
    """How SQLite names the constraint: by its table and columns."""
    if "." in name:
        table, field = name.split(".")
        model = next(m for m in _models() if m._meta.db_table == table)
        return f"{table}.{model._meta.get_field(field).column}"
    for model in _models():
        for constraint in model._meta.constraints:
            if constraint.name == name and getattr(constraint, "fields", None):
                columns = [model._meta.get_field(field).column for field in constraint.fields]
                return ", ".join(f"{model._meta.db_table}.{column}" for column in columns)
    return name


def test_rows_when_they_break_a_rule_then_the_database_refuses_each(world: World) -> None:
    for name, what, make in BAD:
        with a_try(f"{name}: {what}"):
            _refused(name, make(world))


def _refused(name: str, row: models.Model) -> None:
    # The chain trigger would speak first; here the constraints behind it are asked.
    past = b.unprotected() if name in {"figure_revision_unique", "indicators_figure.supersedes"} else nullcontext()
    with past, pytest.raises(IntegrityError) as refused, transaction.atomic():
        row.save(force_insert=True)
    message = str(refused.value)
    expected = [name, ALSO_BROKEN.get(name, name)]
    if connection.vendor == "sqlite":
        expected += [_columns(each) for each in expected]
    else:
        expected += [each.replace(".", "_") for each in expected]
    assert any(each in message for each in expected), message


def _constraints() -> Iterator[str]:
    """Everything unique or checked in the models: constraints by name, unique fields as table.field."""
    for model in _models():
        for constraint in model._meta.constraints:
            assert isinstance(constraint, UniqueConstraint | CheckConstraint)
            yield constraint.name
        for field in model._meta.concrete_fields:
            if field.unique and not field.primary_key:
                yield f"{model._meta.db_table}.{field.name}"
        assert not model._meta.unique_together


def test_constraint_when_declared_then_a_bad_row_above_proves_it() -> None:
    assert {name for name, _, _ in BAD} == set(_constraints())


GOOD: list[tuple[str, Make]] = [
    ("derived", lambda w: w.a_figure()),
    ("derived from a numerator of 0", lambda w: w.a_figure(numerator=0)),
    ("value only", lambda w: w.a_value()),
    ("a value of 0", lambda w: w.a_value(value=0)),
    ("about", lambda w: w.a_value(qualifier="~")),
    ("stated", lambda w: w.a_stated(quantum=1)),
    ("stated with its parts", lambda w: w.a_stated(numerator=1266, denominator=1514)),
    ("stated with one part", lambda w: w.a_stated(denominator=366)),
    ("stated as a limit", lambda w: w.a_stated(value=1, qualifier="<")),
    ("an outcome", lambda w: w.an_outcome()),
    ("missing", lambda w: w.a_gap()),
    ("not reportable", lambda w: w.a_gap(missing_reason="not_reportable", not_reportable_code="system_change")),
    ("a round locked properly", lambda w: w.a_round(state="locked", lock_reason="Published.", locked_at=b.NOW)),
    ("a target without tolerance", lambda w: w.a_target(tolerance_kind="none", tolerance=None)),
    ("a target of nothing", lambda w: w.a_target(target=None, tolerance_kind="none", tolerance=None)),
    ("a load at no time", lambda w: w.a_transition(action="loaded", by=None, at=None)),
    ("a membership of one day", lambda w: Membership(
        user=w.people.lead, role="approver", partnership=w.partnership, from_on=b.TODAY, until_on=b.TODAY)),
    ("a second revision", lambda w: w.a_figure(period=w.period, revision=2, supersedes=w.figure)),
    ("a due date set late", lambda w: w.a_due_date_change()),
    *GOOD_TRUST,
]  # fmt: skip


def test_rows_when_they_keep_the_rules_then_each_is_stored(world: World) -> None:
    for what, make in GOOD:
        with a_try(what):
            row = make(world)
            row.save(force_insert=True)
            assert row.pk


# Numbers that are kept exactly


EXTREMES = ("999999999.9999", "99999999999.9999", "0.0001", "0", "-4638", "-99999999999.9999", "1266.0001", "33.3333")


def test_numbers_when_extreme_then_they_are_read_back_as_written(world: World) -> None:
    for text in EXTREMES:
        with a_try(text):
            world.a_stated(value=Decimal(text), numerator=Decimal(text), denominator=Decimal(text)).save()
            read = Figure.objects.get(period=world.empty)
            assert read.value == read.numerator == read.denominator == Decimal(text)
            assert isinstance(read.value, Decimal)
            assert Figure.objects.filter(value=Decimal(text)).count() == 1


@pytest.mark.parametrize("unit", ["percent", "count"])
def test_number_when_extreme_and_entered_then_it_goes_the_whole_way(unit: str) -> None:
    measure = b.an_indicator(unit=b.Unit(unit), target=None)
    largest = Decimal("99999999999.9999")
    cell = replace(b.an_easy_cell(b.Unit.COUNT, largest), keep_reason="No whole number, for the test.")
    if unit == "percent":
        cell = b.a_cell(largest, largest, commentary="All of them.", keep_reason="Every one was in time.")
    b.tick(cells={measure.series.pk: cell})
    held = CurrentFigure.objects.get(series=measure.series).approved
    expected = Decimal(100) if unit == "percent" else largest
    assert held.measured().number(b.Unit(unit)) == expected


def test_number_when_of_16_digits_then_postgresql_refuses_it_and_no_form_lets_it_through() -> None:
    with pytest.raises(ValueError, match="11"):
        units.parse_number("123456789012")  # one digit more than the column holds


@pytest.mark.parametrize("kind", ["month", "quarter", "financial_year"])
def test_period_when_stored_twice_then_it_is_one_row_that_reads_back(kind: str) -> None:
    period = {"month": quarters.Month(2011, 12), "quarter": b.Q4, "financial_year": quarters.FinancialYear(2011)}[kind]
    first, second = rows.period_row(period), rows.period_row(period)
    assert first == second
    assert quarters.from_dates(first.kind, first.start_on, first.end_on) == period
    assert quarters.parse(first.slug) == period


def test_text_when_kept_twice_then_it_is_one_row_by_its_hash() -> None:
    first, second = Text.objects.keep("As expected."), Text.objects.keep("As expected.")
    assert first == second
    assert Text.objects.keep("") is None
    assert Text.objects.keep("As expected") != first


def test_user_when_made_for_the_admin_site_then_it_has_no_membership() -> None:
    user = User.objects.create_superuser("Root@Example.org", "a password")
    assert user.email == "root@example.org"
    assert user.is_superuser
    assert not user.memberships.exists()
    assert User.objects.get_by_natural_key("ROOT@example.ORG") == user


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        pytest.param(date(2022, 3, 30), True, id="the day before the last"),
        pytest.param(date(2022, 3, 31), True, id="the last day"),
        pytest.param(date(2022, 4, 1), False, id="the day after"),
        pytest.param(date(2021, 4, 1), True, id="the first day"),
        pytest.param(date(2021, 3, 31), False, id="the day before the first"),
    ],
)
def test_dated_row_when_asked_on_a_day_then_both_ends_are_included(day: date, holds: bool) -> None:
    user = b.a_user("board_member", from_on=date(2021, 4, 1), until_on=date(2022, 3, 31))
    assert Membership.objects.on(day).filter(user=user).exists() is holds


def test_version_when_asked_for_a_period_then_the_latest_that_has_begun_holds() -> None:
    measure = b.an_indicator()
    later = b.a_version(measure, b.Q4, name="Counted anew")
    in_force = partial(versions_in_force, IndicatorVersion)
    key = [measure.indicator.pk]
    assert in_force("indicator", key, b.Q3.start_on)[measure.indicator.pk] == measure.version
    assert in_force("indicator", key, b.Q4.start_on)[measure.indicator.pk] == later
    assert in_force("indicator", key, b.Q4.next().start_on)[measure.indicator.pk] == later
    assert in_force("indicator", key, date(1990, 1, 1)) == {}


def test_target_when_changed_then_old_quarters_keep_the_old_one() -> None:
    measure = b.an_indicator()
    later = b.a_target(measure.line, target=Decimal(90), tolerance=Decimal(85), valid_from=b.Q4)
    again = b.a_target(measure.line, target=Decimal(95), tolerance=Decimal(85), valid_from=b.Q4)
    in_force = partial(versions_in_force, Target)
    assert in_force("line", [measure.line.pk], b.Q3.start_on)[measure.line.pk] == measure.target
    assert in_force("line", [measure.line.pk], b.Q4.start_on)[measure.line.pk] == again
    assert later != again
