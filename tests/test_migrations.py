"""The way from nothing to the newest schema, and what stands at its end."""

import ast
from importlib import import_module
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from indicators import triggers
from indicators.models import Figure
from partnership.operations.quick_migrations import quick_migrations
from tests import builders as b
from tests.partnership.pack_world import a_pack, a_published_pack, withdraw

ROOT = Path(__file__).resolve().parent.parent
APPS = [name for name in ("indicators", "referrals", "finance", "partnership") if (ROOT / name / "migrations").is_dir()]
FILES = [path for app in APPS for path in sorted((ROOT / app / "migrations").glob("[0-9]*.py"))]


@pytest.mark.django_db
def test_models_when_compared_with_the_migrations_then_nothing_is_left_to_migrate() -> None:
    out = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=out)
    assert "No changes detected" in out.getvalue()


def test_migrations_when_looked_at_then_each_can_be_taken_back() -> None:
    graph = MigrationLoader(None).graph
    one_way = [
        str(migration)
        for (app, _), migration in graph.nodes.items()
        if app in APPS and not all(operation.reversible for operation in migration.operations)
    ]
    assert one_way == []


def take_back(to: dict[str, str], *, tables: set[str]) -> None:
    """Takes the apps back to those migrations and forth again: `tables` go, what stays is protected all the time."""
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    before = set(connection.introspection.table_names())
    try:
        for app, migration in to.items():
            call_command("migrate", app, migration, verbosity=0)
        gone = before - set(connection.introspection.table_names())
        assert tables <= gone
        kept = {name for name, table in triggers.trigger_names(connection.vendor).items() if table not in gone}
        assert triggers.installed(connection) == kept
    finally:
        with quick_migrations():
            MigrationExecutor(connection).migrate(newest)
    assert set(connection.introspection.table_names()) == before
    assert triggers.installed(connection) == set(triggers.trigger_names(connection.vendor))
    b.tick(b.an_indicator().line.scorecard)
    assert Figure.objects.count() == 1


@pytest.mark.once
@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_database_when_taken_back_to_the_release_before_and_made_again_then_it_works_and_is_protected() -> None:
    before = {"partnership": "0019_reasons_for_withdrawal_are_looked_through", "indicators": "0016_disclosure_policy"}
    take_back(before, tables={"partnership_region", "indicators_invitation"})


@pytest.mark.once
@pytest.mark.django_db
def test_database_when_a_pack_was_replaced_twice_then_the_way_back_is_refused_and_says_what_to_do() -> None:
    again = import_module("partnership.migrations.0022_packs_are_replaced_again")
    scorecard = b.an_accepted_quarter(2)
    former = a_published_pack(scorecard)
    withdraw(a_published_pack(scorecard, supersedes=former))
    again.refuse(apps, None)
    a_pack(scorecard, supersedes=former)
    with pytest.raises(RuntimeError, match="restore the backup"):
        again.refuse(apps, None)


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_database_when_governance_is_taken_back_and_made_again_then_it_works_and_is_protected() -> None:
    tables = {"partnership_body", "partnership_meeting", "partnership_action"}
    take_back({"partnership": "0003_projections_in_packs"}, tables=tables)


@pytest.mark.parametrize("app", APPS)
def test_migrations_when_counted_then_they_are_one_line_with_one_end(app: str) -> None:
    graph = MigrationLoader(None).graph
    assert len(graph.leaf_nodes(app)) == 1
    numbers = [path.name[:4] for path in FILES if path.parent.parent.name == app]
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_migration_when_named_then_the_name_says_what_it_does(path: Path) -> None:
    assert "_auto_" not in path.stem
    assert not path.stem.endswith("_and_more")


@pytest.mark.parametrize("path", [p for p in FILES if p.parent.parent.name == "indicators"], ids=lambda p: p.stem)
def test_migration_when_it_alters_a_protected_table_then_it_ends_with_reinstalling_the_triggers(path: Path) -> None:
    """SQLite rebuilds a table to alter it, and its triggers are gone without a word."""
    tree = ast.parse(path.read_text())
    operations = next(
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "operations"
    )
    protected = {table.removeprefix("indicators_") for table in triggers.APPEND_ONLY}
    calls = [node for node in ast.walk(operations) if isinstance(node, ast.Call)]
    touched = {
        str(keyword.value.value).lower()
        for call in calls
        for keyword in call.keywords
        if keyword.arg in {"model_name", "name"} and isinstance(keyword.value, ast.Constant)
    }
    if not touched & protected:
        return
    later = [p for p in FILES if p.parent == path.parent and p.stem >= path.stem]
    last = later[:2] if path.stem.startswith("0001") else later[:1]  # the tables were made first, protected next
    assert any("triggers.reinstall" in p.read_text() for p in last)
    if path == last[-1]:
        final = operations.elts[-1]
        assert ast.unparse(final).startswith("migrations.RunPython")


@pytest.mark.django_db(transaction=True)
def test_a_protected_table_when_altered_then_sqlite_loses_its_triggers_until_they_are_reinstalled() -> None:
    """SQLite rebuilds a table to alter it; PostgreSQL alters it in place and keeps them."""
    names = triggers.trigger_names(connection.vendor)
    of_the_table = {name for name, table in names.items() if table == "indicators_figure"}
    if connection.vendor == "sqlite":
        with connection.schema_editor() as editor:
            editor._remake_table(Figure)
    else:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE indicators_figure ADD COLUMN tried integer")
            cursor.execute("ALTER TABLE indicators_figure DROP COLUMN tried")
    gone = set(names) - triggers.installed(connection)
    assert gone == (of_the_table if connection.vendor == "sqlite" else set())
    triggers.reinstall(connection)
    assert set(names) == triggers.installed(connection)
