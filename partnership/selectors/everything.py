"""Everything that the database holds, table by table, as open tables: for export_everything and its counterpart."""

import hashlib
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, connections, models, transaction

from partnership.open_tables import Column, Kind, OpenTable, line, written

# What lasts only as long as somebody is signed in, or counts attempts to.
PASSING = {"sessions", "axes"}
# What lets somebody in: given only where that was asked for.
SECRET_APPS = {"otp_totp", "otp_static"}
SECRET_COLUMNS = {"indicators_user": {"password"}}

_KINDS: dict[str, Kind] = {
    "CharField": Kind.TEXT,
    "TextField": Kind.TEXT,
    "SlugField": Kind.TEXT,
    "EmailField": Kind.TEXT,
    "GenericIPAddressField": Kind.TEXT,
    "BooleanField": Kind.BOOLEAN,
    "DateField": Kind.DATE,
    "DateTimeField": Kind.MOMENT,
    "TimeField": Kind.TIME,
    "DecimalField": Kind.DECIMAL,
    "JSONField": Kind.JSON,
    "BinaryField": Kind.BYTES,
    "AutoField": Kind.WHOLE,
    "BigAutoField": Kind.WHOLE,
    "SmallIntegerField": Kind.WHOLE,
    "IntegerField": Kind.WHOLE,
    "BigIntegerField": Kind.WHOLE,
    "PositiveSmallIntegerField": Kind.WHOLE,
    "PositiveIntegerField": Kind.WHOLE,
    "PositiveBigIntegerField": Kind.WHOLE,
}
Model = type[models.Model]


def tables_of_everything(*, secrets: bool) -> list[tuple[Model, OpenTable]]:
    """Every table but those that pass, by name; with what lets somebody in only where that is asked for."""
    left_out = PASSING if secrets else PASSING | SECRET_APPS
    found = [m for m in apps.get_models(include_auto_created=True) if m._meta.app_label not in left_out]
    return sorted(((m, open_table(m, secrets=secrets)) for m in found), key=lambda pair: pair[1].name)


def open_table(model: Model, *, secrets: bool) -> OpenTable:
    """A model as an open table. Raises KeyError for a kind of field that none of ours has."""
    meta = model._meta
    hidden = set() if secrets else SECRET_COLUMNS.get(meta.db_table, set())
    columns = tuple(_column(field) for field in meta.local_concrete_fields if field.column not in hidden)
    key = str(meta.pk.column) if meta.pk else ""
    doc = "" if meta.auto_created else (inspect.getdoc(model) or "").partition("\n\n")[0].replace("\n", " ")
    return OpenTable(meta.db_table, doc, columns, key)


def _column(field: Any) -> Column:
    target = field
    while target.remote_field:
        target = target.target_field
    points_to = None
    if field.remote_field:
        points_to = (field.remote_field.model._meta.db_table, field.target_field.column)
    return Column(
        field.column, _KINDS[target.get_internal_type()], field.null, str(field.help_text), points_to
    )  # fmt: skip


@contextmanager
def one_moment() -> Iterator[None]:
    """Reads the database as it is now, however long that takes, without keeping anybody from writing."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
        return
    own: Any = connections[connection.alias]
    own.ensure_connection()
    usual = own.transaction_mode
    own.transaction_mode = None  # a transaction that only reads takes no lock from who writes
    try:
        with transaction.atomic():
            yield
    finally:
        own.transaction_mode = usual


def lines_of(model: Model, table: OpenTable) -> Iterator[bytes]:
    """The file of a table, line by line, header first, rows by their key."""
    yield line([column.name for column in table.columns])
    names = {field.column: field.attname for field in model._meta.local_concrete_fields}
    rows = model._base_manager.order_by("pk").values_list(*(names[c.name] for c in table.columns))
    for row in rows.iterator(chunk_size=2_000):
        yield line([written(value, column) for value, column in zip(row, table.columns, strict=True)])


def fingerprint(model: Model, table: OpenTable, write: Callable[[bytes], Any] | None = None) -> tuple[str, int]:
    """SHA-256 of a table's file and how many rows it has; each line is written on the way where that is asked for."""
    sha, count = hashlib.sha256(), -1
    for one in lines_of(model, table):
        sha.update(one)
        count += 1
        if write:
            write(one)
    return sha.hexdigest(), count
