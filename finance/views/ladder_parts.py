"""The tables of the page of the care ladder, drawn from the rows of their files, with links to the figures."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from finance.ladder_drawing import bar_svg, rung_svg
from finance.ladder_lines import Fact, MoveLine, RungLine, ShareKind, ShareLine, Way
from finance.ladder_money_table import (
    COSTS_TABLE,
    FUNDS_TABLE,
    PACKAGES_TABLE,
    PARTS_TABLE,
    SHARES_TABLE,
    STEPS_TABLE,
)
from finance.ladder_rows import RowKind
from finance.ladder_table import FLOWS_TABLE, LADDER_TABLE, MOVES_TABLE
from finance.selectors.ladder import CareLadder
from finance.selectors.ladder_book import IN_CARE, Sources
from finance.selectors.ladder_money import Funds, cost_lines, funds_of, package_lines, share_lines
from finance.selectors.ladder_variance import VarianceShown, short, variance_shown
from finance.views.tables import drawn
from indicators import quarters
from indicators.phrases import lowered
from indicators.quarters import Quarter
from indicators.table_spec import TableSpec
from indicators.views.addresses import indicator_url

# The longest bar of the ladder leaves so much of its rung free.
_ROOM = Decimal("1.04")
_CSS = {
    RowKind.NOT_REPORTED: "is-gap", RowKind.WHOLE: "is-whole", RowKind.OUTSIDE: "is-outside", RowKind.GROUP: "is-group",
}  # fmt: skip

# The tables by the name of their file: what they are called, and how they look.
FILES: dict[str, tuple[str, TableSpec[Any]]] = {
    "rungs": ("Rungs", LADDER_TABLE),
    "movement": ("Movement", FLOWS_TABLE),
    "moves": ("Where from and where to", MOVES_TABLE),
    "costs": ("Nights and costs", COSTS_TABLE),
    "funds": ("Funds", FUNDS_TABLE),
    "packages": ("Packages", PACKAGES_TABLE),
    "independent-share": ("Independent share", SHARES_TABLE),
    "variance": ("Variance", STEPS_TABLE),
    "variance-by-rung": ("Variance by rung", PARTS_TABLE),
}


@dataclass(frozen=True)
class Shown:
    """Everything that the page of a quarter shows, as lines."""

    ladder: CareLadder
    costs: tuple[Any, ...]
    funds: Funds
    packages: tuple[Any, ...]
    shares: tuple[ShareLine, ...]
    variance: VarianceShown | None

    @property
    def rows(self) -> dict[str, Sequence[Any]]:
        """The rows of every table by the name of its file."""
        steps, parts = (self.variance.steps, self.variance.parts) if self.variance else ((), ())
        return {
            "rungs": self.ladder.lines,
            "movement": self.ladder.flows,
            "moves": self.ladder.moves,
            "costs": self.costs,
            "funds": self.funds.lines,
            "packages": self.packages,
            "independent-share": self.shares,
            "variance": steps,
            "variance-by-rung": parts,
        }

    @property
    def facts(self) -> list[Fact]:
        """Every number of the tables that is a figure or rests on one, each figure once."""
        rows = [row for rows in self.rows.values() for row in rows]
        found = [value for row in rows for f in fields(row) if isinstance(value := getattr(row, f.name), Fact)]
        return list({(fact.figure, fact.period): fact for fact in found if fact.figure and fact.period}.values())

    @property
    def has_numbers(self) -> bool:
        """Whether any figure of the quarter itself is shown, besides the number of children in care."""
        return any(fact.figure != IN_CARE and _ends(fact, self.ladder.period) for fact in self.facts)


def _ends(fact: Fact, period: Quarter) -> bool:
    """Whether a figure is of the quarter, or of a longer stretch that ends with it."""
    return quarters.parse(fact.period).end_on == period.end_on


def shown(sources: Sources, ladder: CareLadder) -> Shown:
    """The lines of a quarter. No query."""
    funds = funds_of(sources, ladder)
    return Shown(
        ladder,
        cost_lines(sources, ladder),
        funds,
        package_lines(sources, ladder.period),
        share_lines(sources, ladder),
        variance_shown(sources, ladder, funds),
    )


# Links


def url_of(place: str, fact: Fact) -> str:
    """The page of the figure that a number is, or rests on; empty for none."""
    if not fact.figure or not fact.period:
        return ""
    code, _, key = fact.figure.partition("/")
    return indicator_url(place, code, key, period=fact.period)


def _links(place: str, *names: str) -> Callable[[Any], Mapping[str, str]]:
    """Addresses by column for rows whose columns are called as their facts are."""

    def links(row: Any) -> dict[str, str]:
        found = {name: getattr(row, name) for name in names}
        return {name: url_of(place, fact) for name, fact in found.items() if fact.value is not None}

    return links


def _first(place: str, **columns: tuple[str, ...]) -> Callable[[Any], Mapping[str, str]]:
    """Addresses by column, of the first of its facts that is a number."""

    def links(row: Any) -> dict[str, str]:
        found = {}
        for column, names in columns.items():
            facts = [fact for name in names if (fact := getattr(row, name)).value is not None]
            found[column] = url_of(place, facts[0]) if facts else ""
        return found

    return links


# Tables


def _texts_only(spec: TableSpec[Any]) -> TableSpec[Any]:
    return TableSpec(spec.name, tuple(c for c in spec.columns if c.fields))


def _with_drawings(table: dict[str, Any], rows: Iterable[Any], draw: Callable[[Any], str], head: str) -> dict[str, Any]:
    """The table with a drawing of each row after its head."""
    drawings = iter(rows)
    table["heads"].insert(1, {"text": head, "css": "c-drawn"})
    for group in table["groups"]:
        for row in group["rows"]:
            row["cells"].insert(0, {"html": _safe(draw(next(drawings))), "label": "", "css": "c-drawn"})
    return table


def _safe(svg: str) -> SafeString:
    return mark_safe(svg)  # noqa: S308


def ladder_table(ladder: CareLadder, place: str) -> dict[str, Any]:
    """The rungs, drawn as a ladder; the rungs outside care stand apart."""
    groups = [("Children in care", ladder.inside), ("", ladder.whole)]
    groups += [("Outside care, not in the total", ladder.outside)] if ladder.outside else []
    table = drawn(
        _texts_only(LADDER_TABLE), (), caption=f"The care ladder, {ladder.period.label}",
        numbers=("end", "planned", "price", "variance"), bold=("rung",), css="lad",
        links=_first(
            place, end=("end",), planned=("planned",), price=("price", "lowest"), variance=("variance",)
        ),
        css_of=lambda row: f"{_CSS.get(row.kind, '')}{' is-part' if row.part_of else ''}".strip(), groups=groups,
    )  # fmt: skip
    counted = [n for line in (*ladder.inside, *ladder.outside) for n in (line.end.value, line.planned.value) if n]
    longest = max((*counted, Decimal(1))) * _ROOM
    rows = [row for _, own in groups for row in own]

    def draw(row: RungLine) -> str:
        if row.kind is RowKind.WHOLE:
            return ""
        is_gap = row.kind is RowKind.NOT_REPORTED
        return rung_svg(
            row.end.value, row.planned.value, max(longest, row.end.value or longest) if is_gap else longest,
            is_part=bool(row.part_of), is_gap=is_gap,
        )  # fmt: skip

    return _with_drawings(table, rows, draw, "Drawn against the plan")


def flows_table(ladder: CareLadder, place: str) -> dict[str, Any]:
    """Who was there, came, went and is there."""
    return drawn(
        FLOWS_TABLE, ladder.flows, caption=f"Movement on the rungs, {ladder.period.label}",
        numbers=("start", "began", "ended", "end"), bold=("rung", "holds"), css="flows",
        links=_links(place, "start", "began", "ended", "end"),
    )  # fmt: skip


def moves_table(ladder: CareLadder, place: str) -> dict[str, Any]:
    """Where those who came are from, and where those who went are."""
    groups: dict[str, list[MoveLine]] = {}
    for move in ladder.moves:
        ways = {Way.CAME: "where those who came are from", Way.WENT: "where those who went are now"}
        groups.setdefault(f"{short(move.name)}: {ways[move.way]}", []).append(move)
    table = drawn(
        _texts_only(MOVES_TABLE), (),
        caption=f"Where from and where to, {ladder.period.label}", numbers=("number",), css="moves",
        links=_links(place, "number"), groups=list(groups.items()),
    )  # fmt: skip
    longest = max((move.whole.value or Decimal(1) for move in ladder.moves), default=Decimal(1))

    def draw(move: MoveLine) -> str:
        return bar_svg(move.number.value, longest, is_solid=bool(move.other))

    rows = [move for own in groups.values() for move in own]
    return _with_drawings(table, rows, draw, "Drawn")


def shares_table(view: Shown, place: str) -> dict[str, Any]:
    """The independent share beside what it is held against."""
    rows = view.shares
    table = drawn(
        _texts_only(SHARES_TABLE), rows, caption=f"Independent share of fostering, {view.ladder.period.label}",
        numbers=("share", "points"), bold=("share_name",), css="shares", links=_links(place, "share"),
        css_of=lambda row: "is-now" if row.kind is ShareKind.ACTUAL else "",
    )  # fmt: skip
    longest = max(row.share.value or Decimal(0) for row in rows)

    def draw(row: ShareLine) -> str:
        return bar_svg(row.share.value, longest, mark=rows[0].share.value, is_solid=row.kind is ShareKind.ACTUAL)

    return _with_drawings(table, rows, draw, "Drawn; the line is the actual share")


def costs_table(view: Shown, place: str) -> dict[str, Any]:
    """Nights, prices and what was spent."""
    return drawn(
        COSTS_TABLE, view.costs, caption=f"Nights and costs, {view.ladder.period.label}",
        numbers=("nights", "at_end", "of_year", "planned", "spent"), bold=("rung",), css="costs",
        links=_first(
            place, nights=("nights", "children"), at_end=("at_end",), of_year=("of_year", "budgeted"),
            planned=("planned",), spent=("spent",),
        ),
    )  # fmt: skip


def funds_table(view: Shown, place: str) -> dict[str, Any]:
    """Who pays what."""
    return drawn(
        FUNDS_TABLE, view.funds.lines, caption=f"Who pays, {view.ladder.period.label}",
        numbers=("cost", "budgeted", "given", "left"), bold=("line",), css="funds",
        links=_first(
            place, cost=("cost",), budgeted=("budgeted",), given=("given",), left=("beyond", "left")
        ),
    )  # fmt: skip


def packages_table(view: Shown, place: str) -> dict[str, Any]:
    """Dear packages."""
    return drawn(
        PACKAGES_TABLE, view.packages, caption=f"Expensive packages, {view.ladder.period.label}",
        numbers=("number", "week", "year"), bold=("package",), css="packages",
        links=_first(place, number=("number",), week=("highest", "lowest")),
    )  # fmt: skip


def steps_table(variance: VarianceShown) -> dict[str, Any]:
    """The steps from the plan to what is in place."""
    return drawn(
        STEPS_TABLE, variance.steps, caption=f"{variance.subject}: from the plan to what is in place",
        numbers=("amount",), css="steps-t",
        css_of=lambda row: "is-total" if row.step.is_total or row.is_difference else "",
    )  # fmt: skip


def parts_table(variance: VarianceShown) -> dict[str, Any]:
    """The variance by rung."""
    numbers = ("before", "after", "volume", "mix", "price", "total")
    return drawn(
        PARTS_TABLE, variance.parts, caption=f"{variance.subject}: volume, mix and price of each",
        numbers=numbers, bold=("rung",), css="parts-t", css_of=lambda row: "" if row.code else "is-total",
    )  # fmt: skip


def figures_behind(view: Shown, sources: Sources, place: str) -> list[dict[str, str]]:
    """Every figure of the page by name, with its address."""
    found = []
    for fact in view.facts:
        code, _, key = fact.figure.partition("/")
        version = sources.book.latest_version(code)
        part = sources.book.slices[key].own_name if key in sources.book.slices else ""
        name = version.short_name if version else code
        found.append(
            {"name": f"{name}{f': {lowered(part)}' if part else ''}", "of": fact.label, "url": url_of(place, fact)}
        )
    return sorted(found, key=lambda one: one["name"])
