"""What an Annex A file may be at most, measured while it is read."""

from indicators.workbooks.measuring import Bounds

MAX_ROWS = 60_000  # with something in them, in all sheets together
MAX_COLUMNS = 100
MAX_CELLS = 1_500_000
MAX_ROW_ELEMENTS = 150_000  # rows that a file speaks of, empty ones too
MAX_ELEMENTS = 4_000_000
MAX_LETTERS = 32_767  # in a cell; Excel's own limit
MAX_SHEETS = 40
MAX_FILES = 11

ANNEX_A = Bounds(
    unpacked=120 * 1024 * 1024,
    has_macros=False,
    anew="Send the Annex A workbook as “Excel Workbook (.xlsx)”, or its lists as CSV files.",
    copied="Copy the lists into a new workbook and send that.",
)

TOO_MANY_ROWS = f"it has more than {MAX_ROWS:,} rows. Send the lists of one authority, of six months, alone."
TOO_MANY_EMPTY_ROWS = (
    f"its sheets have more than {MAX_ROW_ELEMENTS:,} rows, most of them empty. Delete the rows below the data."
)
TOO_WIDE = f"a sheet is more than {MAX_COLUMNS} columns wide. Delete the columns that are no part of the list."
TOO_MANY_CELLS = f"it has more than {MAX_CELLS:,} cells. Delete what is no part of the lists."
TOO_LONG = f"a cell holds more than {MAX_LETTERS:,} characters. Delete what is no part of the lists."
TOO_MUCH = "it holds far more than eleven lists need. Copy the lists into a new workbook and send that."
