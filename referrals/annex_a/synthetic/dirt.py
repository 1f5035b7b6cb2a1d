"""What real files of Annex A look like: other headings, other texts, numbers and dates in odd clothes.

Each kind was found in published samples (liia-tools, MIT licence).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from referrals.annex_a.spec import LISTS, ColumnSpec, ListSpec, Value
from referrals.annex_a.synthetic.draws import Cells, Draws

Cell = Value | float
NBSP = "\u00a0"
_LONGEST_TITLE = 31
_EXCEL_DAY_0 = date(1899, 12, 30)


@dataclass(frozen=True)
class Sheet:
    """One sheet: its title and all its rows, headings among them. A text that begins with “=” is a formula."""

    title: str
    rows: list[list[Cell]]


@dataclass
class Dirt:
    """Spoils sheets. `much`: 0 leaves everything clean, 1,000 is the most."""

    draws: Draws
    much: int

    def sheet(self, number: int, columns: Sequence[ColumnSpec], rows: list[Cells]) -> Sheet:
        """The list as a sheet, spoilt as much as is wanted."""
        spec = LISTS[number - 1]
        names = [name for name in (spec.name, *spec.aliases) if len(name) <= _LONGEST_TITLE and ":" not in name]
        title = self.draws.one(names) if self._now(500) else f"List {number}"
        found: list[list[Cell]] = self._above(spec, len(columns))
        found.append([self._heading(column) for column in columns])
        for row in rows:
            found.append([self._cell(column, row.get(column.key), row) for column in columns])
            if self._now(10):
                found.append([None] * len(columns))
        return Sheet(title, found)

    def _now(self, in_thousand: int) -> bool:
        """Whether to spoil, at the most in so many of a thousand cases."""
        return self.much > 0 and self.draws.random.randrange(1_000_000) < in_thousand * self.much

    def _above(self, spec: ListSpec, width: int) -> list[list[Cell]]:
        """Rows above the headings: a title, a second row of groups."""
        above: list[list[Cell]] = []
        if self._now(500):
            above.append([f"SYNTHETIC list {spec.number}: {spec.name}", *[None] * (width - 1)])
        if self._now(400):
            above.append(["Child", *[None] * (width - 2), "Worker"])
        return above

    def _heading(self, column: ColumnSpec) -> str:
        header = column.header
        if self._now(600):
            variants: list[str] = [
                f"{header} ", header.upper(), header.replace(" ", NBSP, 1), f" {header}", header.replace(" ", "  ", 1),
                header.replace("'", "’"), *column.aliases,
            ]  # fmt: skip
            header = self.draws.one(variants)
        if "(Y/N)" in header and self._now(700):
            header = header.replace("(Y/N)", "(Y/N))")
        if "'" in header and self._now(700):
            header = header.replace(" '", " ‘").replace("'", "’")
        return header

    def _cell(self, column: ColumnSpec, value: Cell, row: Cells) -> Cell:
        if self.much == 0:
            return value
        if value is None:
            return "" if self._now(300) else "#N/A" if self._now(30) else None
        spoil = _SPOIL.get(column.kind)
        if column.key == "age_of_child_years" and self._now(900):
            return self._exact_age(row, value)
        return spoil(self, value) if spoil and self._now(400) else value

    def _exact_age(self, row: Cells, value: Cell) -> Cell:
        """An age as a formula of Excel gives it: 6.138261464750171."""
        born = row.get("date_of_birth")
        if not isinstance(born, date):
            return value
        return (self.draws.reference - born).days / 365.25

    def _date(self, value: Cell) -> Cell:
        if not isinstance(value, date):
            return value
        serial = (value - _EXCEL_DAY_0).days
        odd: list[Cell] = [
            f"{value:%d/%m/%Y}", f"{value:%Y-%m-%d}", f"{value.day} {value:%B %Y}", f"{value:%d/%m/%Y} 00:00:00",
            serial, f"{value:%d/%m/%Y}{NBSP}",
        ]  # fmt: skip
        if self.draws.chance(40):
            wrong: list[Cell] = ["=A1+5", "not known", "#N/A", "31/02/2022", "", self._future()]
            return self.draws.random.choice(wrong)
        return self.draws.random.choice(odd)

    def _future(self) -> date:
        return self.draws.reference + timedelta(days=self.draws.number(1, 400))

    def _code(self, value: Cell) -> Cell:
        if not isinstance(value, str):
            return value
        _, separator, tail = value.partition(") ")
        bare = tail if separator else value
        odd = [bare, bare.upper(), f" {value}", f"{value} ", value.replace(" ", NBSP, 1), bare.partition(":")[0],
               bare.partition(" - ")[0], value.lower()]  # fmt: skip
        if self.draws.chance(30):
            return self.draws.one(["PSRMEM - Support with memory and cognition", "#N/A", "?", "", "c) Unknown"])
        return self.draws.one(odd)

    def _whole(self, value: Cell) -> Cell:
        return value if self.draws.chance(700) else self.draws.one([f"{value}", f"{value}.0", "n/a", ""])

    def _text(self, value: Cell) -> Cell:
        return self.draws.one(["#N/A", f"{value}{NBSP}", "nope", f"{value}".replace(" ", NBSP)])

    def _id(self, value: Cell) -> Cell:
        return f" {value}" if self.draws.chance(100) else value


_SPOIL: dict[str, Callable[[Dirt, Cell], Cell]] = {
    "date": Dirt._date, "code": Dirt._code, "yes_no": Dirt._code, "whole": Dirt._whole, "text": Dirt._text,
    "id": Dirt._id,
}  # fmt: skip
