"""The workbook (XLSX) of a return, read and written. Only a child process of `indicators.bounded` imports this package.

What comes in is anybody's bytes: it is measured before it is opened, and opened without entities, links or macros.
"""

from indicators.workbooks.reading import read_return
from indicators.workbooks.writing import write_template

__all__ = ["read_return", "write_template"]
