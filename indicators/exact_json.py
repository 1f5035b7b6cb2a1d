"""Writes JSON whose numbers are exact: a Decimal stands as it is written in the CSV, and never goes through a float."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from indicators.table_spec import bare


def exact_json(value: Any) -> str:
    """The value as JSON text without spaces. Takes what JSON knows, and Decimals and dates (as ISO text); raises
    TypeError for anything else, floats included."""
    match value:
        case None | bool() | int() | str():
            return json.dumps(value, ensure_ascii=False)
        case Decimal():
            return bare(value)
        case date():
            return json.dumps(value.isoformat())
        case Mapping():
            return "{" + ",".join(f"{exact_json(str(name))}:{exact_json(held)}" for name, held in value.items()) + "}"
        case Sequence():
            return "[" + ",".join(map(exact_json, value)) + "]"
    raise TypeError(f"{type(value).__name__} has no exact JSON.")
