"""Loads openpyxl, with XML read by the standard library's parser through defusedxml, and without numpy."""

import os
import sys
from typing import Any


def openpyxl_() -> Any:
    """The library; imported here first, and so in a child process only."""
    os.environ.update(OPENPYXL_LXML="False", OPENPYXL_DEFUSEDXML="True")
    is_without = "numpy" not in sys.modules
    if is_without:  # openpyxl would load it where it is installed, and needs it for nothing here
        sys.modules["numpy"] = None  # type: ignore[assignment]
    try:
        import openpyxl  # type: ignore[import-untyped]
    finally:
        if is_without:
            del sys.modules["numpy"]
    if not openpyxl.DEFUSEDXML:
        raise RuntimeError("defusedxml is missing")
    return openpyxl
