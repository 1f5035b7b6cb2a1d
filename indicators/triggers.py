"""Named exception to purity: the SQL that makes the database itself refuse to change what was recorded.

Two kinds: append-only tables refuse update, delete and (PostgreSQL) truncate; the figure table also refuses a
revision that does not follow the one it supersedes. Each migration that touches a protected table ends with
`reinstall()`, because SQLite rebuilds a table to alter it and drops its triggers on the way.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

APPEND_ONLY = (
    "indicators_figure",
    "indicators_figureapproval",
    "indicators_returntransition",
    "indicators_indicatorversion",
    "indicators_target",
    "indicators_statement",
    "indicators_period",
    "indicators_text",
)

_REFUSAL = "is append-only: add a new row instead"
_CHAIN_REFUSAL = "indicators_figure: a revision must follow the one it supersedes"

_SQLITE_CHAIN = f"""
CREATE TRIGGER protect_indicators_figure_chain BEFORE INSERT ON indicators_figure
WHEN NEW.supersedes_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM indicators_figure f WHERE f.id = NEW.supersedes_id AND f.series_id = NEW.series_id
  AND f.period_id = NEW.period_id AND f.revision = NEW.revision - 1)
BEGIN SELECT RAISE(ABORT, '{_CHAIN_REFUSAL}'); END
"""

_POSTGRES_FUNCTIONS = (
    f"""
CREATE OR REPLACE FUNCTION protect_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% {_REFUSAL}', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
""",
    f"""
CREATE OR REPLACE FUNCTION protect_figure_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.supersedes_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM indicators_figure f WHERE f.id = NEW.supersedes_id AND f.series_id = NEW.series_id
    AND f.period_id = NEW.period_id AND f.revision = NEW.revision - 1)
  THEN RAISE EXCEPTION '{_CHAIN_REFUSAL}' USING ERRCODE = 'restrict_violation'; END IF;
  RETURN NEW;
END $$
""",
)


def trigger_names(vendor: str) -> dict[str, str]:
    """Every trigger that must exist, with its table."""
    names = {}
    for table in APPEND_ONLY:
        events = ("update", "delete", "truncate") if vendor == "postgresql" else ("update", "delete")
        names |= {f"protect_{table}_{event}": table for event in events}
    names["protect_indicators_figure_chain"] = "indicators_figure"
    return names


def _statements(vendor: str) -> list[str]:
    if vendor == "sqlite":
        made = [
            f"CREATE TRIGGER protect_{table}_{event} BEFORE {event.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} {_REFUSAL}'); END"
            for table in APPEND_ONLY
            for event in ("update", "delete")
        ]
        return [*made, _SQLITE_CHAIN]
    made = list(_POSTGRES_FUNCTIONS)
    for table in APPEND_ONLY:
        for event in ("update", "delete"):
            made.append(
                f"CREATE TRIGGER protect_{table}_{event} BEFORE {event.upper()} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION protect_append_only()"
            )
        made.append(
            f"CREATE TRIGGER protect_{table}_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION protect_append_only()"
        )
    made.append(
        "CREATE TRIGGER protect_indicators_figure_chain BEFORE INSERT ON indicators_figure "
        "FOR EACH ROW EXECUTE FUNCTION protect_figure_chain()"
    )
    return made


def installed(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of the protecting triggers that the database has now and that are switched on."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'protect_%'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D' AND tgname LIKE 'protect_%'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {row[0] for row in cursor.fetchall()}


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drops every protecting trigger; only for reinstalling them and for cleaning up after tests."""
    with connection.cursor() as cursor:
        for name, table in trigger_names(connection.vendor).items():
            suffix = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{suffix}")


def reinstall(connection: BaseDatabaseWrapper) -> None:
    """Puts every protecting trigger in place, whatever was there before."""
    remove(connection)
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor):
            cursor.execute(statement)
