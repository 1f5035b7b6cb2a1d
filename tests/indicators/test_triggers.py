"""The database itself refuses to change what was recorded, whoever asks and however."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from finance.models import ProjectionRun
from indicators import triggers
from indicators.checks import protected_tables_have_triggers
from indicators.models import (
    DisclosurePolicy,
    Figure,
    FigureApproval,
    KeptChance,
    KeptForecast,
    PublishedFigure,
    Statement,
    Text,
)
from partnership.models import (
    DisclosureCheck,
    Pack,
    PackChoice,
    PackEvent,
    PackReason,
    PackRun,
    PackTable,
    PaperPassageDecision,
    PassageDecision,
    RowLeftOut,
)
from referrals.models import AnnexADecision
from tests import builders as b
from tests.builders.annex_a import a_load, a_measure
from tests.finance.money_world import everything_protected
from tests.indicators import trust_rows
from tests.partnership import governance_world, region_world
from tests.partnership.paper_world import an_issued_paper
from tests.tries import a_try

pytestmark = pytest.mark.django_db


def model_of(table: str) -> type[models.Model]:
    return next(m for m in apps.get_models() if m._meta.db_table == table)


@pytest.fixture
def filled() -> SimpleNamespace:
    """Every protected table with a row or more; `pack` is being put together, `told` is published."""
    return everything_filled()


@b.kept
def everything_filled() -> SimpleNamespace:
    """At least one row in every protected table; `pack` is being put together, `told` is published."""
    measure = b.an_indicator()
    row = b.tick(measure.line.scorecard)
    scorecard, source, text = measure.line.scorecard, b.a_source(), Text.objects.keep("So.")
    Statement.objects.create(partnership=scorecard.partnership, code="said", text=text, source=source)
    world = SimpleNamespace(
        measure=measure, scorecard=scorecard, partnership=scorecard.partnership, row=row, round=row.round,
        period=row.round.period, empty=b.a_period(b.Q4), figure=Figure.objects.get(), source=source, text=text,
        people=b.the_people(),
    )  # fmt: skip
    trust_rows.prepare(world)
    AnnexADecision.objects.create(
        measure=a_load([a_measure()]).measures.get(), in_return=row, decision="accepted", by=world.people.analyst,
        actor="Trust", at=b.NOW,
    )  # fmt: skip
    everything_protected(world.partnership, world.people)
    region_world.a_region(world.partnership.slug)
    a_kept_forecast(measure)
    governance_world.everything_protected(world.people)
    a_protected_pack(world)
    PaperPassageDecision.objects.create(
        paper=an_issued_paper(world.told), passage="0" * 64, place="title", reason=text, by=world.people.acceptor,
        actor="Council", at=b.NOW,
    )  # fmt: skip
    return world


def a_protected_pack(world: SimpleNamespace) -> None:
    """A policy on small numbers, and a check by it of the pack that is being put together."""
    signed = {"by": world.people.acceptor, "actor": "Council", "at": b.NOW}
    policy = DisclosurePolicy.objects.get()
    DisclosureCheck.objects.create(pack=world.pack, policy=policy, fingerprint="0" * 64, status="sound", result={},
                                   **signed)  # fmt: skip


def a_kept_forecast(measure: b.Measure) -> KeptForecast:
    """A forecast of the next quarter, with its chance."""
    made = KeptForecast.objects.create(
        series=measure.series, made_from=b.a_period(b.Q3), for_period=b.a_period(b.Q4), steps=1, method="no_change",
        periods=8, unit="percent", places=0, point=82, low=77, high=87, inputs_sha256="0" * 64, made_at=b.NOW,
        made_on=b.TODAY,
    )  # fmt: skip
    KeptChance.objects.create(
        forecast=made, line=measure.line, target=measure.target, polarity="higher", chance="likely"
    )
    return made


def refused(sql: str, message: str) -> None:
    """That the database refuses a statement with these words, and the transaction goes on."""
    with pytest.raises(DatabaseError, match=message), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_protected_tables_when_a_row_is_changed_then_each_refuses(filled: SimpleNamespace) -> None:
    for table in triggers.APPEND_ONLY:
        with a_try(table):
            _refuses(table)


def _refuses(table: str) -> None:
    model = model_of(table)
    before = list(model._default_manager.order_by("pk").values())
    assert before
    column = next(f.column for f in model._meta.concrete_fields if not f.primary_key)
    refused(f"UPDATE {table} SET {column} = {column}", "append-only")  # noqa: S608
    refused(f"DELETE FROM {table}", "append-only")  # noqa: S608
    row = model._default_manager.first()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        row.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        model._default_manager.filter(pk=row.pk)._raw_delete(connection.alias)
    if connection.vendor == "postgresql":
        connection.check_constraints()
        refused(f"TRUNCATE {table} CASCADE", "append-only")
    assert list(model._default_manager.order_by("pk").values()) == before


def test_protected_tables_when_compared_with_the_decisions_then_none_is_left_out() -> None:
    words = "figure figureapproval returntransition indicatorversion target statement period text relief reliefend"
    words += " statedsummary publishedtable publishedrow publishedfigure auditevent redaction"
    words += " keptforecast keptchance"
    words += " disclosurepolicy"
    others = {"partnership_packtable", "partnership_packevent", "partnership_disclosurecheck"}
    words_of_papers = (
        "packdocument papertemplate templatesection papersection papersignature paperissue paperpassagedecision"
    )
    others |= {f"partnership_{word}" for word in words_of_papers.split()}
    others |= {"referrals_annexaload", "referrals_annexameasure", "referrals_annexadecision"}
    others |= {"finance_contractyear", "finance_contractentry", "finance_contractdecision"}
    words_of_registers = "fundingprogramme fundingitem fundingamount saving home homeplan businesscase businesscaseline"
    words_of_registers += " claim milestone registerstep registerdraft registerdecision"
    others |= {f"finance_{word}" for word in words_of_registers.split()}
    words_of_plans = ("placementplan", "planrow", "planassumption", "plandecision", "projectionrun")
    others |= {f"finance_{word}" for word in words_of_plans}
    others |= {"finance_ssda903load", "finance_ssda903decision"}
    words_of_governance = "bodyversion bodysuccession bodystep storeddocument meetingstep minute resolution"
    words_of_governance += (
        " resolutionresponse actionstep citation escalationrule exceptionstep trajectorypoint plandatechange"
    )
    words_of_governance += " planreview planreviewline riskscore regionstep"
    others |= {f"partnership_{word}" for word in words_of_governance.split()}
    assert set(triggers.APPEND_ONLY) == {f"indicators_{word}" for word in words.split()} | others
    assert len(triggers.APPEND_ONLY) == len(set(triggers.APPEND_ONLY))


def test_revision_when_it_does_not_follow_its_predecessor_then_refused(filled: SimpleNamespace) -> None:
    first = Figure.objects.get()
    elsewhere = b.a_figure(b.an_indicator("elsewhere"), b.Q4)
    kept = {f.attname: getattr(first, f.attname) for f in Figure._meta.concrete_fields if not f.primary_key}
    for changes in (
        {"revision": 3, "supersedes_id": first.pk},
        {"revision": 2, "supersedes_id": elsewhere.pk},
        {"revision": 2, "supersedes_id": first.pk, "period_id": b.a_period(b.Q4.next()).pk},
    ):
        with pytest.raises(DatabaseError, match="must follow the one it supersedes"), transaction.atomic():
            Figure.objects.create(**kept | changes)
    Figure.objects.create(**kept | {"revision": 2, "supersedes_id": first.pk})
    assert Figure.objects.filter(series=first.series).count() == 2


# What belongs to a published pack


def a_choice(world: SimpleNamespace, pack: Pack) -> PackChoice:
    return PackChoice(pack=pack, scorecard=world.scorecard, period=world.empty, order=9)


def a_reason(world: SimpleNamespace, pack: Pack) -> PackReason:
    return PackReason(pack=pack, point="late", reason="Known", by=world.people.acceptor, actor="Council", at=b.NOW)


def a_run(world: SimpleNamespace, pack: Pack) -> PackRun:
    return PackRun(pack=pack, run=ProjectionRun.objects.get(), order=9)


def a_passage(world: SimpleNamespace, pack: Pack) -> PassageDecision:
    return PassageDecision(pack=pack, passage="1" * 64, decision="publish", reason="It identifies nobody",
                           by=world.people.acceptor, actor="Council", at=b.NOW)  # fmt: skip


def a_row_left_out(world: SimpleNamespace, pack: Pack) -> RowLeftOut:
    return RowLeftOut(pack=pack, table="contract-2021-22-q4", indicator="contract-2", name="One", reason="Small",
                      by=world.people.acceptor, actor="Council", at=b.NOW)  # fmt: skip


def an_entry(world: SimpleNamespace, pack: Pack) -> PackTable:
    """Unsaved: a further table of the pack."""
    table = trust_rows.a_table(world)
    table.save()
    return PackTable(pack=pack, order=9, code="further", table=table)


def a_table_of(world: SimpleNamespace, pack: Pack) -> Any:
    """A table that the pack carries; one that is published was put in before."""
    if pack == world.pack:
        return world.table
    with b.unprotected():
        entry = an_entry(world, pack)
        entry.save()
    return entry.table


ADDED: dict[str, Callable[[SimpleNamespace, Pack], models.Model]] = {
    "partnership_packchoice": a_choice,
    "partnership_packreason": a_reason,
    "partnership_packrun": a_run,
    "partnership_passagedecision": a_passage,
    "partnership_rowleftout": a_row_left_out,
    "partnership_packtable": an_entry,
    "indicators_publishedrow": lambda w, pack: trust_rows.a_row(w, table=a_table_of(w, pack)),
    "indicators_publishedfigure": lambda w, pack: PublishedFigure(
        table=a_table_of(w, pack), figure=b.a_figure(b.an_indicator(), b.Q4)
    ),
}


def test_frozen_tables_when_compared_with_the_decisions_then_none_is_left_out() -> None:
    changed = {(table, event) for table, event, _ in triggers.FROZEN}
    assert changed == {
        ("partnership_pack", "update"), ("partnership_pack", "delete"),
        *((f"partnership_{word}", event) for word in ("packchoice", "packreason", "packrun", "passagedecision",
                                                             "rowleftout")
          for event in ("insert", "update", "delete")),
        ("partnership_packtable", "insert"), ("indicators_publishedrow", "insert"),
        ("indicators_publishedfigure", "insert"),
    }  # fmt: skip


@pytest.mark.parametrize("table", sorted(ADDED))
def test_addition_when_the_pack_is_published_then_refused_and_not_before(table: str, filled: SimpleNamespace) -> None:
    row = ADDED[table](filled, filled.told)
    with pytest.raises(DatabaseError, match=f"{table} belongs to a published pack"), transaction.atomic():
        row.save(force_insert=True)
    assert not model_of(table)._default_manager.filter(pk=row.pk).exists()
    ADDED[table](filled, filled.pack).save(force_insert=True)


@pytest.mark.parametrize("make", [a_choice, a_reason, a_run, a_passage])
def test_row_of_a_pack_when_it_is_published_meanwhile_then_it_can_be_neither_changed_nor_deleted(
    make: Callable[[SimpleNamespace, Pack], models.Model], filled: SimpleNamespace
) -> None:
    row = make(filled, filled.pack)
    row.save()
    row.save()  # being put together it may still be changed
    trust_rows.an_event(filled, action="published", manifest={}).save()
    table = row._meta.db_table
    for sql in (f"UPDATE {table} SET pack_id = pack_id", f"DELETE FROM {table}"):  # noqa: S608
        refused(f"{sql} WHERE id = {row.pk}", f"{table} belongs to a published pack")
    with pytest.raises(DatabaseError, match="belongs to a published pack"), transaction.atomic():
        row.save()
    with pytest.raises(DatabaseError, match="belongs to a published pack"), transaction.atomic():
        row.delete()


@pytest.mark.parametrize("make", [a_choice, a_reason, a_run, a_passage])
def test_row_of_a_draft_when_moved_into_a_published_pack_then_refused(
    make: Callable[[SimpleNamespace, Pack], models.Model], filled: SimpleNamespace
) -> None:
    row = make(filled, filled.pack)
    row.save()
    table = row._meta.db_table
    refused(f"UPDATE {table} SET pack_id = {filled.told.pk} WHERE id = {row.pk}", "belongs to a published pack")  # noqa: S608


def test_pack_when_published_then_only_its_events_go_on(filled: SimpleNamespace) -> None:
    refused(f"UPDATE partnership_pack SET title = 'Another' WHERE id = {filled.told.pk}", "published pack")  # noqa: S608
    refused(f"DELETE FROM partnership_pack WHERE id = {filled.told.pk}", "published pack")  # noqa: S608
    trust_rows.an_event(filled, pack=filled.told, action="withdrawn", reason=filled.text).save()
    filled.told.title = "Another"
    with pytest.raises(DatabaseError, match="belongs to a published pack"), transaction.atomic():
        filled.told.save()  # withdrawn it stays as it was told
    assert Pack.objects.get(pk=filled.told.pk).title == "July"
    assert [e.action for e in PackEvent.objects.filter(pack=filled.told)] == ["published", "withdrawn"]
    filled.pack.title = "Another"
    filled.pack.save()
    empty = trust_rows.a_pack(filled, code="never")
    empty.save()
    empty.delete()


def approve(figure_id: int) -> None:
    FigureApproval.objects.create(figure_id=figure_id, actor="Council", at=b.NOW, known_on=b.TODAY)
    connection.check_constraints()


def test_approval_when_of_a_revision_that_does_not_exist_then_refused(filled: SimpleNamespace) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        approve(10**9)


def test_triggers_when_migrated_then_every_one_is_installed() -> None:
    assert triggers.installed(connection) == set(triggers.trigger_names(connection.vendor))
    each = 3 if connection.vendor == "postgresql" else 2
    number = each * len(triggers.APPEND_ONLY) + (each - 1) * len(triggers.KEPT) + len(triggers.FROZEN) + 1
    assert len(triggers.trigger_names(connection.vendor)) == number
    assert protected_tables_have_triggers(databases=["default"]) == []


@pytest.mark.parametrize("table", triggers.KEPT)
def test_kept_table_when_a_row_is_deleted_then_refused_and_when_changed_then_not(
    table: str, filled: SimpleNamespace
) -> None:
    model = model_of(table)
    assert model._default_manager.exists()
    refused(f"DELETE FROM {table}", "append-only")  # noqa: S608
    model._default_manager.earliest("pk").save()
    if connection.vendor == "postgresql":
        connection.check_constraints()
        refused(f"TRUNCATE {table} CASCADE", "append-only")


def test_check_when_any_one_trigger_is_dropped_then_it_fails_and_names_it() -> None:
    named = triggers.trigger_names(connection.vendor)
    for name, table in named.items():
        suffix = f" ON {table}" if connection.vendor == "postgresql" else ""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER {name}{suffix}")
            (error,) = protected_tables_have_triggers(databases=["default"])
            transaction.set_rollback(True)
        assert name in error.msg
        assert error.id == "indicators.E001"
    assert protected_tables_have_triggers(databases=["default"]) == []


def test_check_when_a_trigger_is_dropped_then_the_command_fails_until_it_is_reinstalled() -> None:
    name, table = next(iter(triggers.trigger_names(connection.vendor).items()))
    suffix = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{suffix}")
    with pytest.raises(SystemCheckError, match=name):
        call_command("check", databases=["default"])
    triggers.reinstall(connection)
    assert protected_tables_have_triggers(databases=["default"]) == []


def test_protection_when_it_came_after_its_table_then_due_once_its_migration_is_there() -> None:
    assert not triggers.is_due("finance_saving", {"finance_saving"})
    assert triggers.is_due("finance_saving", {"finance_saving", "finance_registerdraft"})
    assert triggers.is_due("finance_homeplan", {"finance_homeplan"})
    assert not triggers.is_due("finance_homeplan", {"finance_registerdraft"})


@pytest.mark.postgresql
def test_check_when_a_trigger_is_switched_off_then_it_fails() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE indicators_figure DISABLE TRIGGER protect_indicators_figure_update")
    (error,) = protected_tables_have_triggers(databases=["default"])
    assert "protect_indicators_figure_update" in error.msg


def test_check_when_asked_for_no_database_then_it_says_nothing() -> None:
    assert protected_tables_have_triggers(databases=None) == []


def test_triggers_when_reinstalled_twice_then_each_is_there_once(filled: SimpleNamespace) -> None:
    triggers.reinstall(connection)
    triggers.reinstall(connection)
    assert triggers.installed(connection) == set(triggers.trigger_names(connection.vendor))
    refused("DELETE FROM indicators_figure", "append-only")


def test_triggers_when_lifted_for_cleaning_up_then_back_again_even_after_an_error(filled: SimpleNamespace) -> None:
    def fail() -> None:
        assert triggers.installed(connection) == set()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), b.unprotected():
        fail()
    assert triggers.installed(connection) == set(triggers.trigger_names(connection.vendor))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_committed_rows_when_the_test_ends_then_they_are_gone_and_the_triggers_are_back(turn: int) -> None:
    assert not Figure.objects.exists()
    assert triggers.installed(connection) == set(triggers.trigger_names(connection.vendor))
    b.tick(b.an_indicator().line.scorecard)
    assert Figure.objects.exists()
