"""The workbook (XLSX) of a return, read and written, and a published table as XLSX and ODS. Only a child process of
`indicators.bounded` imports this package.

What comes in is anybody's bytes: it is measured before it is opened, and opened without entities, links or macros.
"""

from indicators.workbooks.reading import read_return
from indicators.workbooks.spreadsheets import write_ods, write_xlsx
from indicators.workbooks.writing import write_template

__all__ = ["read_return", "write_ods", "write_template", "write_xlsx"]
