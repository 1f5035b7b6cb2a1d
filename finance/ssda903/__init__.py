"""The SSDA903 return of children looked after: its header and episodes, read and counted. Only sums leave it.

For a bounded child: what it reads is of children, and nothing of it is kept.
"""

from finance.ssda903.counting import Summary, cohort, counted, summarise
from finance.ssda903.findings import Finding
from finance.ssda903.reading import CannotBeRead, Care, read

__all__ = ["CannotBeRead", "Care", "Finding", "Summary", "cohort", "counted", "read", "summarise"]
