"""Reads funding programmes: items, totals and funds by financial year, and what was spent on them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch

from finance.models import FundingAmount, FundingItem, FundingProgramme
from finance.money import finest, pence_amount
from finance.programme_sums import ALL, left
from finance.register_rows import NOT_TOLD, ItemRow, ProgrammeRow, Told
from finance.registers import PROGRAMMES, REGISTERS
from finance.selectors.register_steps import ORIGIN, STEPS, figures_until, kind_of, now_of, origin_of
from indicators.balance import Amount
from indicators.models import Partnership
from indicators.selectors.books import Book, book_of
from indicators.units import Unit, total_of


def _spent(book: Book, keys: Iterable[str], today: date) -> Told:
    """What was spent on items: their quarters together, or where none is held their years."""
    for kind in ("quarter", "financial_year"):
        held = [h for key in keys for h in figures_until(book, "programme-spend", key, date.min, today)]
        numbers = [(h, h.measured.number(Unit.POUNDS)) for h in held if kind_of(h) == kind]
        known = [(h, n) for h, n in numbers if n is not None]
        if known:
            latest = max((h for h, _ in known), key=lambda h: h.end_on)
            return Told(total_of(n for _, n in known), period=f"up to {latest.label}")
    return NOT_TOLD


def item_key(programme: str, letter: str) -> str:
    """The slice that figures of an item are of."""
    return f"funding-item={programme}-{letter}"


def _programmes(partnership: Partnership) -> list[FundingProgramme]:
    rows = FundingProgramme.objects.filter(partnership=partnership).select_related(*ORIGIN)
    items = FundingItem.objects.select_related(*ORIGIN).prefetch_related(STEPS).order_by("letter")
    amounts = FundingAmount.objects.select_related("period", "fund", *ORIGIN)
    return list(rows.prefetch_related(Prefetch("amounts", amounts), Prefetch("items", items)))


def programmes_of(partnership: Partnership, *, today: date, sees_protected: bool) -> list[ProgrammeRow]:
    """Every funding programme with what it costs and what was spent."""
    book = book_of(partnership, {"programme-spend"}, sees_protected=sees_protected)
    return [_programme(row, book, today) for row in _programmes(partnership)]


def _programme(row: Any, book: Book, today: date) -> ProgrammeRow:
    amounts = row.amounts.all()
    return ProgrammeRow(
        row.code,
        row.name,
        row.authority,
        row.note,
        len({a.item_id for a in amounts if a.item_id}),
        _cost(amounts),
        _spent(book, [item_key(row.code, item.letter) for item in row.items.all()], today),
        origin_of(row),
    )


def _cost(amounts: Iterable[Any]) -> Amount | None:
    """What a programme costs: the total of all years, else the totals of the years, else its items together."""
    of_all = [a for a in amounts if not (a.item_id or a.fund_id)]
    whole = [a for a in of_all if not a.period_id] or of_all or [a for a in amounts if a.item_id and not a.period_id]
    if not whole:
        return None
    known = [pence_amount(a.pence, a.quantum_pence) for a in whole]
    return Amount(total_of(a.value for a in known), finest(known))


@dataclass(frozen=True)
class ProgrammeView:
    """A programme with its lines and its years (label by slug); `totals` by the slug of the year."""

    row: ProgrammeRow
    items: tuple[ItemRow, ...]
    funds: tuple[ItemRow, ...]
    totals: Mapping[str, Amount]
    years: Mapping[str, str]

    @property
    def lines(self) -> list[ItemRow]:
        """The table of the programme: items, total, what each fund gives, what each payee gets of it."""
        origin = self.row.origin
        whole = [ItemRow("total", "", "Total", self.totals, spent=self.row.spent, origin=origin)] if self.totals else []
        return [*self.items, *whole, *self.funds, *self._payees()]

    def _payees(self) -> list[ItemRow]:
        by_payee: dict[str, list[ItemRow]] = {}
        for item in self.items:
            if item.payee and item.amounts:
                by_payee.setdefault(item.payee, []).append(item)
        return [
            ItemRow("payee", "", payee, _added(those), payee=payee, origin=self.row.origin)
            for payee, those in by_payee.items()
        ]


def _added(items: Sequence[ItemRow]) -> dict[str, Amount]:
    """The amounts of some items together, year by year."""
    slugs = dict.fromkeys(slug for item in items for slug in item.amounts)
    parts = {slug: [item.amounts[slug] for item in items if slug in item.amounts] for slug in slugs}
    return {slug: Amount(total_of(a.value for a in own), finest(own)) for slug, own in parts.items()}


def programme_view(partnership: Partnership, code: str, *, today: date, sees_protected: bool) -> ProgrammeView | None:
    """One programme; None where there is none with that code."""
    own = next((p for p in _programmes(partnership) if p.code == code), None)
    if own is None:
        return None
    book = book_of(partnership, {"programme-spend"}, sees_protected=sees_protected)
    periods = {a.period for a in own.amounts.all() if a.period}
    years = {p.slug: p.label for p in sorted(periods, key=lambda p: p.start_on)}
    by_item: dict[int, dict[str, Amount]] = defaultdict(dict)
    by_fund: dict[str, dict[str, Amount]] = defaultdict(dict)
    totals: dict[str, Amount] = {}
    given_by = {a.fund.name: origin_of(a) for a in own.amounts.all() if a.fund}
    for one in own.amounts.all():
        into = by_item[one.item_id] if one.item_id else by_fund[one.fund.name] if one.fund else totals
        into[one.period.slug if one.period else ALL] = pence_amount(one.pence, one.quantum_pence)
    items = tuple(_item(own, item, by_item.get(item.pk, {}), book, today) for item in own.items.all())
    funds = tuple(ItemRow("fund", "", name, amounts, origin=given_by[name]) for name, amounts in by_fund.items())
    return ProgrammeView(_programme(own, book, today), items, funds, totals, years)


def _item(programme: Any, item: Any, amounts: Mapping[str, Amount], book: Book, today: date) -> ItemRow:
    spent = _spent(book, [item_key(programme.code, item.letter)], today)
    return ItemRow(
        "item" if amounts else "heading",
        item.letter,
        item.name,
        amounts,
        item.payee,
        item.duration,
        item.termination,
        item.status,
        now_of(item, REGISTERS[PROGRAMMES].states),
        spent,
        left(amounts.get(ALL), spent.value),
        origin_of(item),
    )
