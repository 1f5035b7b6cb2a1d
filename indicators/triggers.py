"""Named exception to purity: the SQL that makes the database itself refuse to change what was recorded.

Four kinds: append-only tables refuse update, delete and (PostgreSQL) truncate; kept ones delete and truncate; the
figure table also refuses a revision that does not follow the one it supersedes; and what belongs to a pack refuses
every change, additions included, once the pack is published. Each migration that touches a protected table ends with
`reinstall()`, because SQLite rebuilds a table to alter it and drops its triggers on the way.
"""

from collections.abc import Collection

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
    "indicators_relief",
    "indicators_reliefend",
    "indicators_statedsummary",
    "indicators_publishedtable",
    "indicators_publishedrow",
    "indicators_publishedfigure",
    "indicators_auditevent",
    "indicators_redaction",
    "indicators_keptforecast",
    "indicators_keptchance",
    "indicators_disclosurepolicy",
    "partnership_packtable",
    "partnership_packevent",
    "partnership_disclosurecheck",
    "partnership_bodyversion",
    "partnership_bodysuccession",
    "partnership_bodystep",
    "partnership_storeddocument",
    "partnership_meetingstep",
    "partnership_minute",
    "partnership_resolution",
    "partnership_resolutionresponse",
    "partnership_actionstep",
    "partnership_citation",
    "partnership_escalationrule",
    "partnership_exceptionstep",
    "partnership_trajectorypoint",
    "partnership_plandatechange",
    "partnership_planreview",
    "partnership_planreviewline",
    "partnership_riskscore",
    "partnership_packdocument",
    "partnership_papertemplate",
    "partnership_templatesection",
    "partnership_papersection",
    "partnership_papersignature",
    "partnership_paperissue",
    "partnership_paperpassagedecision",
    "partnership_regionstep",
    "referrals_annexaload",
    "referrals_annexameasure",
    "referrals_annexadecision",
    "finance_contractyear",
    "finance_contractentry",
    "finance_contractdecision",
    "finance_fundingprogramme",
    "finance_fundingitem",
    "finance_fundingamount",
    "finance_saving",
    "finance_home",
    "finance_homeplan",
    "finance_businesscase",
    "finance_businesscaseline",
    "finance_claim",
    "finance_milestone",
    "finance_registerstep",
    "finance_registerdraft",
    "finance_registerdecision",
    "finance_placementplan",
    "finance_planrow",
    "finance_planassumption",
    "finance_plandecision",
    "finance_projectionrun",
    "finance_ssda903load",
    "finance_ssda903decision",
)
# What may change but never go.
KEPT = ("partnership_action", "partnership_committeepaper", "partnership_region")
_EVENTS = dict.fromkeys(APPEND_ONLY, ("update", "delete")) | dict.fromkeys(KEPT, ("delete",))

# Tables that were there before they were protected: the table that came with the migration which protects them.
_LATER = dict.fromkeys(
    (
        f"finance_{word}"
        for word in ("fundingprogramme", "fundingitem", "fundingamount", "saving", "home", "businesscase",
                     "businesscaseline", "claim", "milestone")
    ),
    "finance_registerdraft",
)  # fmt: skip

_PUBLISHED = "SELECT 1 FROM partnership_packevent e WHERE e.action = 'published' AND e.pack_id "
_OF_ROW = {"insert": "= NEW.pack_id", "update": "IN (OLD.pack_id, NEW.pack_id)", "delete": "= OLD.pack_id"}
_OF_TABLE = (
    "SELECT 1 FROM partnership_packevent e JOIN partnership_packtable t ON t.pack_id = e.pack_id "
    "WHERE e.action = 'published' AND t.table_id = "
)
# Table, event, and the query that finds the published pack it belongs to.
FROZEN = (
    ("partnership_pack", "update", f"{_PUBLISHED}= OLD.id"),
    ("partnership_pack", "delete", f"{_PUBLISHED}= OLD.id"),
    *((table, event, _PUBLISHED + which)
      for table in ("partnership_packchoice", "partnership_packreason", "partnership_packrun",
                    "partnership_passagedecision", "partnership_rowleftout")
      for event, which in _OF_ROW.items()),
    ("partnership_packtable", "insert", f"{_PUBLISHED}= NEW.pack_id"),
    ("indicators_publishedrow", "insert", f"{_OF_TABLE}NEW.table_id"),
    ("indicators_publishedfigure", "insert", f"{_OF_TABLE}NEW.table_id"),
)  # fmt: skip

_REFUSAL = "is append-only: add a new row instead"
_FROZEN_REFUSAL = "belongs to a published pack: withdraw it or publish another"
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
    for table, refused in _EVENTS.items():
        events = (*refused, "truncate") if vendor == "postgresql" else refused
        names |= {f"protect_{table}_{event}": table for event in events}
    names |= {f"protect_{table}_{event}_frozen": table for table, event, _ in FROZEN}
    names["protect_indicators_figure_chain"] = "indicators_figure"
    return names


def is_due(table: str, there: Collection[str]) -> bool:
    """Whether a table must be protected in a database that has these tables: it is there, and so is what came with its
    protection. A database of an older release has it once it is migrated."""
    return table in there and _LATER.get(table, table) in there


def _statements(vendor: str) -> dict[str, list[str]]:
    """The statements that make the triggers, by table."""
    made: dict[str, list[str]] = {}
    row = "FOR EACH ROW EXECUTE FUNCTION protect_append_only()"
    for table, refused in _EVENTS.items():
        for event in refused:
            body = row if vendor == "postgresql" else f"BEGIN SELECT RAISE(ABORT, '{table} {_REFUSAL}'); END"
            made.setdefault(table, []).append(
                f"CREATE TRIGGER protect_{table}_{event} BEFORE {event.upper()} ON {table} {body}"
            )
        if vendor == "postgresql":
            made[table].append(
                f"CREATE TRIGGER protect_{table}_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION protect_append_only()"
            )
    for table, event, query in FROZEN:
        name = f"protect_{table}_{event}_frozen"
        before = f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {table}"
        if vendor == "sqlite":
            refuse = f"BEGIN SELECT RAISE(ABORT, '{table} {_FROZEN_REFUSAL}'); END"
            made.setdefault(table, []).append(f"{before} WHEN EXISTS ({query}) {refuse}")
            continue
        given = "NEW" if event == "insert" else "OLD"
        made.setdefault(table, []).extend(
            [
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF EXISTS ({query}) THEN RAISE EXCEPTION '{table} {_FROZEN_REFUSAL}' "
                "USING ERRCODE = 'restrict_violation'; END IF; "
                f"RETURN {'NEW' if event == 'update' else given}; END $$",
                f"{before} FOR EACH ROW EXECUTE FUNCTION {name}()",
            ]
        )
    chain = (
        _SQLITE_CHAIN
        if vendor == "sqlite"
        else "CREATE TRIGGER protect_indicators_figure_chain BEFORE INSERT ON indicators_figure "
        "FOR EACH ROW EXECUTE FUNCTION protect_figure_chain()"
    )
    made["indicators_figure"].append(chain)
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
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for name, table in trigger_names(connection.vendor).items():
            if table in there:
                suffix = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{suffix}")


def reinstall(connection: BaseDatabaseWrapper) -> None:
    """Puts every protecting trigger in place, whatever was there before, on the tables that exist so far."""
    remove(connection)
    there = set(connection.introspection.table_names())
    # What asks for a published pack waits for the tables that hold packs.
    has_packs = {"partnership_packevent", "partnership_packtable"} <= there
    frozen = {f"protect_{table}_{event}_frozen" for table, event, _ in FROZEN}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for function in _POSTGRES_FUNCTIONS:
                cursor.execute(function)
        for table, statements in _statements(connection.vendor).items():
            for statement in statements if table in there else ():
                if has_packs or not any(f" {name}" in statement for name in frozen):
                    cursor.execute(statement)


def reinstall_if_missing(connection: BaseDatabaseWrapper) -> None:
    """Puts them back after a way back to an earlier schema, which drops some or all; locks nothing where none is
    missing."""
    there = set(connection.introspection.table_names())
    if {name for name, table in trigger_names(connection.vendor).items() if table in there} - installed(connection):
        reinstall(connection)
