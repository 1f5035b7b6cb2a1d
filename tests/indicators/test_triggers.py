"""The database itself refuses to change what was recorded, whoever asks and however."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from indicators import triggers
from indicators.checks import protected_tables_have_triggers
from indicators.models import Figure, FigureApproval, Statement, Text
from tests import builders as b

pytestmark = pytest.mark.django_db


def model_of(table: str) -> type[models.Model]:
    return next(m for m in apps.get_app_config("indicators").get_models() if m._meta.db_table == table)


@pytest.fixture
def filled() -> None:
    """At least one row in every protected table."""
    measure = b.an_indicator()
    b.tick(measure.line.scorecard)
    Statement.objects.create(
        partnership=measure.line.scorecard.partnership, code="said", text=Text.objects.keep("So."), source=b.a_source()
    )


def refused(sql: str, message: str) -> None:
    """That the database refuses a statement with these words, and the transaction goes on."""
    with pytest.raises(DatabaseError, match=message), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("table", triggers.APPEND_ONLY)
def test_protected_table_when_a_row_is_changed_then_refused(table: str, filled: None) -> None:
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
    words = "figure figureapproval returntransition indicatorversion target statement period text"
    assert set(triggers.APPEND_ONLY) == {f"indicators_{word}" for word in words.split()}


def test_revision_when_it_does_not_follow_its_predecessor_then_refused(filled: None) -> None:
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


def approve(figure_id: int) -> None:
    FigureApproval.objects.create(figure_id=figure_id, actor="Council", at=b.NOW, known_on=b.TODAY)
    connection.check_constraints()


def test_approval_when_of_a_revision_that_does_not_exist_then_refused(filled: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        approve(10**9)


def test_triggers_when_migrated_then_every_one_is_installed() -> None:
    assert triggers.installed(connection) == set(triggers.trigger_names(connection.vendor))
    each = 3 if connection.vendor == "postgresql" else 2
    assert len(triggers.trigger_names(connection.vendor)) == each * len(triggers.APPEND_ONLY) + 1
    assert protected_tables_have_triggers(databases=["default"]) == []


@pytest.mark.parametrize("number", range(2 * len(triggers.APPEND_ONLY) + 1))
def test_check_when_any_one_trigger_is_dropped_then_it_fails_and_names_it(number: int) -> None:
    named = triggers.trigger_names(connection.vendor)
    name = sorted(named)[number]
    suffix = f" ON {named[name]}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{suffix}")
    (error,) = protected_tables_have_triggers(databases=["default"])
    assert name in error.msg
    assert error.id == "indicators.E001"
    with pytest.raises(SystemCheckError, match=name):
        call_command("check", databases=["default"])
    triggers.reinstall(connection)
    assert protected_tables_have_triggers(databases=["default"]) == []


@pytest.mark.postgresql
def test_check_when_a_trigger_is_switched_off_then_it_fails() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE indicators_figure DISABLE TRIGGER protect_indicators_figure_update")
    (error,) = protected_tables_have_triggers(databases=["default"])
    assert "protect_indicators_figure_update" in error.msg


def test_check_when_asked_for_no_database_then_it_says_nothing() -> None:
    assert protected_tables_have_triggers(databases=None) == []


def test_triggers_when_reinstalled_twice_then_each_is_there_once(filled: None) -> None:
    triggers.reinstall(connection)
    triggers.reinstall(connection)
    assert triggers.installed(connection) == set(triggers.trigger_names(connection.vendor))
    refused("DELETE FROM indicators_figure", "append-only")


def test_triggers_when_lifted_for_cleaning_up_then_back_again_even_after_an_error(filled: None) -> None:
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
