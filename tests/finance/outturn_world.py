"""Outturns for tests: the real figures of 2021/22 Q4 as the fixtures hold them, and some that somebody typed."""

import csv
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from finance.outturn import Head
from finance.outturn_table import Reason
from finance.selectors.outturn import Fact, Names
from indicators.balance import Amount
from tests import builders as b
from tests.conftest import FIXTURES

MONEY = FIXTURES / "doncaster" / "money"
Q4 = "2021-22-q4"
REASONS = (Reason("covid", "Covid"), Reason("operating", "Operating costs"))
COVID_FUNDS = (
    Reason("original-contract", "Original contract value"), Reason("additional-contract", "Additional funding"),
    Reason("cabinet-2021-09", "Cabinet, September 2021"),
)  # fmt: skip
FUNDS = {"high-needs-block": "High Needs Block", "covid": "Covid funding of the council", "home-office": "Home Office"}


def rows(name: str) -> list[dict[str, str]]:
    with (MONEY / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def the_heads() -> tuple[Head, ...]:
    """The tree of the fixtures with the names of its categories."""
    names = {(row["dimension"], row["code"]): row["name"] for row in rows("categories")}
    found = []
    for row in rows("heads"):
        head, _, line = row["head"].partition("/")
        found.append(Head(line or head, names["line" if line else "head", line or head], head if line else ""))
    return tuple(found)


def the_facts(period: str = Q4) -> dict[str, Fact]:
    """Every figure of money that the fixtures hold of a period, by key."""
    return {
        f"{r['indicator']}/{r['slice']}" if r["slice"] else r["indicator"]: Fact(
            Amount(Decimal(r["value"]), Decimal(r["quantum"]) if r["quantum"] else None, r["qualifier"]),
            commentary=r["commentary"], source=f"report {r['source']}", paragraph=r["paragraph"], is_as_printed=True,
        )
        for r in rows("figures")
        if r["period"] == period and r["value"]
    }  # fmt: skip


def names(heads: tuple[Head, ...] | None = None, reasons: tuple[Reason, ...] = REASONS) -> Names:
    return Names(the_heads() if heads is None else heads, reasons, COVID_FUNDS, FUNDS, {})


def typed(values: Mapping[str, Any]) -> dict[str, Fact]:
    """Facts as somebody typed them: exact, without commentary and paper."""
    return {key: Fact(Amount(Decimal(value))) for key, value in values.items()}


def a_line(key: str, **more: Any) -> b.Measure:
    """The line of the scorecard "outturn" that a figure's key names."""
    code, _, slice_ = key.partition("/")
    scorecard = more.pop("scorecard", None) or b.a_scorecard(code="outturn")
    return b.an_indicator(
        code, slice_key=slice_, unit=b.Unit.POUNDS, polarity=b.Polarity.NONE, target=None, scorecard=scorecard, **more
    )
