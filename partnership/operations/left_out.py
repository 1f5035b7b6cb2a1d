"""Leaves rows out of a pack for everybody, where hiding numbers is not enough."""

from collections.abc import Collection
from datetime import datetime

from indicators.models import Audience, User
from indicators.operations.basics import known_on, operation, signed
from indicators.operations.errors import WrongState
from partnership.models import Pack, RowLeftOut
from partnership.operations.packs import locked_draft
from partnership.selectors.left_out import Row, rows_offered

LONGEST_REASON = 300


@operation
def leave_rows_out(
    *, pack: Pack, rows: Collection[Row], reason: str, version: int, by: User, at: datetime
) -> None:  # fmt: skip
    """Has a pack for everybody published without these rows, and with those that were left out and are not among them
    any more. The reason is of the rows that are new; the others keep theirs.

    Raises WrongState for a pack of another audience, a row that it has not, a table of which nothing would be left, a
    reason that is missing or too long; PackChanged.
    """
    row = locked_draft(pack, version)
    if row.audience != Audience.PUBLIC:
        raise WrongState("Only of a pack for everybody rows are left out. This one is given whole.")
    offered = rows_offered(row, today=known_on(at))
    names = {key: name for table in offered for key, name in table.rows.items()}
    if not set(rows) <= names.keys():
        raise WrongState("Choose among the rows of the pack. Nothing was kept.")
    if empty := next((table for table in offered if table.rows and table.rows.keys() <= set(rows)), None):
        raise WrongState(
            f"Nothing would be left of {empty.title}. Keep a row of it, or take its scorecard out of the pack."
        )
    kept = {(one.table, one.indicator, one.slice): one for one in row.rows_left_out.all()}
    new = sorted(set(rows) - kept.keys())
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
                name=names[table, indicator, part],
                reason=reason.strip(),
                **signed(by, at),
            )
            for table, indicator, part in new
        ]
    )
    row.version += 1
    row.save(update_fields=["version"])
