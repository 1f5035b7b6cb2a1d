"""Leaves rows out of a pack for everybody, where hiding numbers is not enough."""

from collections.abc import Mapping
from datetime import datetime

from indicators.models import Audience, User
from indicators.operations.basics import operation, signed
from indicators.operations.errors import WrongState
from partnership.models import Pack, RowLeftOut
from partnership.operations.packs import locked_draft
from partnership.selectors.left_out import Row

LONGEST_REASON = 300


@operation
def leave_rows_out(
    *, pack: Pack, rows: Mapping[Row, str], offered: Mapping[str, int], reason: str, version: int, by: User,
    at: datetime,
) -> None:  # fmt: skip
    """Has a pack for everybody published without these rows, and with those that were left out and are not among them
    any more. `rows`: what each is called; `offered`: how many rows each table has. The reason is of the rows that are
    new; the others keep theirs.

    Raises WrongState for a pack of another audience, a table of which nothing would be left, a reason that is missing
    or too long; PackChanged.
    """
    row = locked_draft(pack, version)
    if row.audience != Audience.PUBLIC:
        raise WrongState("Only of a pack for everybody rows are left out. This one is given whole.")
    tables = [table for table, _, _ in rows]
    if empty := next((table for table in tables if tables.count(table) >= offered[table]), ""):
        raise WrongState(
            f"Nothing would be left of the table {empty}. Keep a row of it, or take its scorecard out of the pack."
        )
    kept = {(one.table, one.indicator, one.slice): one for one in row.rows_left_out.all()}
    new = {key: name for key, name in rows.items() if key not in kept}
    if new and not reason.strip():
        raise WrongState("Say why these rows are left out. Nothing was kept.")
    if len(reason.strip()) > LONGEST_REASON:
        raise WrongState(f"A reason must be {LONGEST_REASON} characters or fewer. Nothing was kept.")
    RowLeftOut.objects.filter(pk__in=[one.pk for key, one in kept.items() if key not in rows]).delete()
    RowLeftOut.objects.bulk_create(
        [
            RowLeftOut(
                pack=row,
                table=table,
                indicator=indicator,
                slice=part,
                name=name,
                reason=reason.strip(),
                **signed(by, at),
            )
            for (table, indicator, part), name in new.items()
        ]
    )
    row.version += 1
    row.save(update_fields=["version"])
