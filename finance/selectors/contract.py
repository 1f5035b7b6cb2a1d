"""The contract years of a partnership with their entries, as facts for the tables; what waits and what was refused."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from finance import contract_sum
from finance.contract_rows import EntryRow, YearRow, in_order
from finance.contract_sum import ORIGINAL, Entry, Kind, Money, ShareHeld, hold_share
from finance.models import ContractEntry, ContractYear
from finance.money import pence_of
from indicators import quarters
from indicators.models import CurrentFigure, FigureQuery, Partner, Partnership
from indicators.operations.basics import known_on
from indicators.permissions import Access
from indicators.phrases import cited
from indicators.roles import Permission
from indicators.units import Unit

# The figure of what the provider keeps of a surplus, and the slice of figures that the contract value stands in.
SURPLUS_KEPT = "trust-surplus"
CONTRACT_SLICE = "head=contract-value"
PARTIES = (Partner.Kind.COUNCIL, Partner.Kind.TRUST)


@dataclass(frozen=True)
class Question:
    """An open query about figures of the contract."""

    indicator: str
    slice_key: str
    period: str
    question: str


@dataclass(frozen=True)
class HeldYear:
    """A contract year: its sums, the entries that count in the order of the table, and what does not count."""

    stored: ContractYear
    row: YearRow
    entries: tuple[EntryRow, ...]
    waiting: tuple[EntryRow, ...] = ()
    refused: tuple[EntryRow, ...] = ()
    drafters: dict[str, int] = field(default_factory=dict)

    @property
    def year(self) -> contract_sum.ContractYear:
        """The year as the field modules take it, with what waits as its drafts."""
        return self.row.year


def parties(partnership: Partnership) -> list[Partner]:
    """Between whom the contract is: the council and the trust. One query."""
    return [partner for partner in partnership.partners.all() if partner.kind in PARTIES]


def may(access: Access, permission: Permission, of: Iterable[Partner]) -> bool:
    """Whether a person may do this with the contract: for a partner that is a party to it."""
    return any(access.can(permission, partner) for partner in of)


def contract_years(partnership: Partnership) -> list[HeldYear]:
    """Every contract year, the latest first. Two queries."""
    return [_held(year) for year in _stored(partnership).order_by("-period__start_on")]


def contract_year(partnership: Partnership, slug: str) -> HeldYear | None:
    """One contract year by the slug of its financial year. Two queries."""
    found = _stored(partnership).filter(period__slug=slug).first()
    return _held(found) if found else None


def _stored(partnership: Partnership) -> Any:
    entries = "entries__source", "entries__decision__reason"
    years = ContractYear.objects.filter(partnership=partnership).select_related("partnership", "period", "source")
    return years.prefetch_related(*entries)


def _held(stored: ContractYear) -> HeldYear:
    rows = list(stored.entries.all())
    codes = {row.pk: (row.code, row.name) for row in rows}
    by_code = {row.code: _entry(row, codes) for row in rows}
    sorted_out: dict[str, list[EntryRow]] = {"counts": [], "waits": [], "refused": []}
    for row in rows:
        sorted_out[_state(row)].append(_row(row, by_code[row.code], codes, stored))
    counted = [one.entry for one in (*sorted_out["counts"], *sorted_out["waits"])]
    money = None if stored.original_pence is None else Money(stored.original_pence, stored.original_quantum_pence)
    change = None
    if money is None and stored.stated_change_pence is not None:
        change = Money(stored.stated_change_pence, stored.original_quantum_pence)
    year = contract_sum.ContractYear(
        year=quarters.FinancialYear(stored.period.start_on.year), original=money, entries=tuple(counted),
        covers_from=stored.covers_from, covers_until=stored.covers_until,
        surplus_share_percent=stored.surplus_share_percent, stated_change=change,
    )  # fmt: skip
    papers = {row.code: _paper(row) for row in rows}
    row_of_year = YearRow(stored.period.slug, year, cited(str(stored.source), stored.paragraph), stored.note, papers)
    return HeldYear(
        stored, row_of_year, tuple(in_order(sorted_out["counts"])), tuple(sorted_out["waits"]),
        tuple(sorted_out["refused"]), {row.code: row.recorded_by_id for row in rows if row.recorded_by_id},
    )  # fmt: skip


def _state(row: ContractEntry) -> str:
    decision = getattr(row, "decision", None)
    if row.recorded_by_id is None or (decision is not None and decision.is_accepted):
        return "counts"
    return "waits" if decision is None else "refused"


def _entry(row: ContractEntry, codes: dict[int, tuple[str, str]]) -> Entry:
    part_of = ORIGINAL if row.is_part_of_original else codes[row.part_of_id][0] if row.part_of_id else ""
    return Entry(
        code=row.code, kind=Kind(row.kind), name=row.name, money=Money(row.amount_pence, row.quantum_pence),
        part_of=part_of, reason=row.reason, funding_source=row.funding_source, authority=row.authority, on=row.on,
        is_approved=_state(row) == "counts",
    )  # fmt: skip


def _paper(row: ContractEntry) -> str:
    return cited(str(row.source), row.paragraph) if row.source else ""


def _row(row: ContractEntry, entry: Entry, codes: dict[int, tuple[str, str]], year: ContractYear) -> EntryRow:
    decision = getattr(row, "decision", None)
    typed = row.recorded_by_id is not None
    return EntryRow(
        year=year.period.slug, entry=entry,
        whole=ORIGINAL if row.is_part_of_original else codes[row.part_of_id][1] if row.part_of_id else "",
        cited=_paper(row), drafted_by=row.actor if typed else "",
        drafted_on=known_on(row.recorded_at) if typed else None,
        decided_by=decision.actor if decision else "", decided_on=known_on(decision.at) if decision else None,
        refusal=decision.reason.body if decision and decision.reason else "",
    )  # fmt: skip


def share_of(held: HeldYear) -> ShareHeld | None:
    """What went back of a surplus, held against the rule of the year, with what the provider kept as its approved
    figure says; None where one of the three is not known. One query."""
    back = [entry.money for entry in held.year.counted(Kind.SURPLUS_SHARE)]
    percent = held.year.surplus_share_percent
    if percent is None or len(back) != 1 or back[0].pence >= 0:
        return None
    found = CurrentFigure.objects.filter(
        series__partnership=held.stored.partnership, series__indicator__code=SURPLUS_KEPT, series__slice__key="",
        period__start_on=held.stored.covers_from, period__end_on=held.stored.covers_until, approved__isnull=False,
    ).select_related("approved").first()  # fmt: skip
    measured = found.approved.measured() if found and found.approved else None
    kept = measured.number(Unit.POUNDS) if measured else None
    if measured is None or kept is None or kept < 0:
        return None
    quantum = None if measured.quantum is None else pence_of(measured.quantum)
    return hold_share(Money(-back[0].pence, back[0].quantum_pence), Money(pence_of(kept), quantum), percent)


def questions_of(held: HeldYear) -> list[Question]:
    """The open queries about figures of the contract in a year. One query."""
    about = Q(series__indicator__code=SURPLUS_KEPT) | Q(series__slice__key__contains=CONTRACT_SLICE)
    rows = FigureQuery.objects.filter(
        about, partnership=held.stored.partnership, closed_by_figure=None,
        period__start_on__gte=held.stored.covers_from, period__end_on__lte=held.stored.covers_until,
    ).select_related("series__indicator", "series__slice", "period")  # fmt: skip
    return [Question(r.series.indicator.code, r.series.slice.key, r.period.slug, r.question) for r in rows]
