"""The action log as a document for a meeting: the rows that its reader may read, as on the page."""

from collections.abc import Sequence
from datetime import date

from indicators.working_days import day_words
from partnership.action_log import summary
from partnership.actions_table import ACTIONS_TABLE, ActionRow, finding
from partnership.documents import Block, Document, Paragraph, table_block

# What stands on the page alone, because paper has no room for it.
_LEFT_OUT = frozenset({"source"})


def actions_document(rows: Sequence[ActionRow], *, today: date, author: str) -> Document:
    """The log with its finding and every row, on A4 landscape."""
    columns = [c for c in ACTIONS_TABLE.on_screen if c.key not in _LEFT_OUT]
    cells = [ACTIONS_TABLE.cells(row) for row in rows]
    said = " ".join(filter(None, (summary([row.log for row in rows], today), finding(list(rows)))))
    blocks: list[Block] = [Paragraph(said)]
    if rows:
        heads = [c.heading for c in columns]
        blocks.append(table_block("Actions, overdue first", heads, [[row[c.key] for c in columns] for row in cells]))
    title = f"Actions as they stand on {day_words(today)}"
    return Document(title, author, tuple(blocks), foot=title, is_wide=True)
