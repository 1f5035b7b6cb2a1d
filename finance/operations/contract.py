"""Drafts entries of a contract sum, decides on them, and adds a year: a draft counts once another person accepted it.

Nothing is changed afterwards. What was accepted wrongly is put right by another entry, which two people see as well.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db import IntegrityError, transaction

from finance import contract_sum
from finance.contract_words import kind_words
from finance.input_rules import Given, check_given
from finance.models import ContractDecision, ContractEntry, ContractYear
from indicators import quarters
from indicators.models import AuditEvent, Partnership, SourceDocument, Text, User
from indicators.operations.audit import record_audit, shown_as
from indicators.operations.basics import (
    free_code,
    hold,
    known_on,
    made_before,
    note_made,
    operation,
    signed,
    used_before,
)
from indicators.operations.errors import InputRefused, NotAllowed, WrongState
from indicators.operations.rows import period_row
from indicators.phrases import lowered
from indicators.typed_text import is_blank, problem_of
from indicators.working_days import day_words

Kind = ContractEntry.Kind
DRAFTED = (Kind.VARIATION, Kind.PAYMENT, Kind.SURPLUS_SHARE, Kind.RECEIPT)
ORIGINAL = contract_sum.ORIGINAL
NAME_MAX, REASON_MAX, FUNDING_MAX, AUTHORITY_MAX, NOTE_MAX, PARAGRAPH_MAX = 200, 600, 200, 300, 600, 300

R = TypeVar("R")
_CODE_MAX = 70
# These words name sums of the year, and no entry.
_TAKEN = {*contract_sum.WHOLES, "new"}


@dataclass(frozen=True)
class EntryDetails:
    """What is typed of an entry. `pence` is signed from the provider's view; `part_of` is the code of an entry of the
    year, "original" or empty."""

    kind: str
    pence: int
    name: str
    reason: str
    on: date | None
    funding_source: str = ""
    authority: str = ""
    part_of: str = ""


@dataclass(frozen=True)
class YearDetails:
    """What is typed of a year, with the paper in which the sum stands."""

    year: quarters.Period
    covers_from: date
    covers_until: date
    original_pence: int
    source: SourceDocument
    paragraph: str
    surplus_share_percent: Decimal | None = None
    note: str = ""


# Two people: what is the same wherever one person drafts money and another decides


@dataclass(frozen=True)
class Refusals:
    """What is said where nothing can be decided: on what a paper prints, on one's own, without a reason, twice; and how
    many characters a reason may have."""

    printed: str
    own: str
    unsaid: str
    decided: str
    longest: int = REASON_MAX


def refuse_decision(
    *, drafted_by: int | None, by: User, accept: bool, reason: str, is_decided: bool, words: Refusals
) -> str:
    """The reason without spaces around it, for a decision that can be made. Raises NotAllowed for who drafted it,
    InputRefused for a refusal without a reason or too long a reason, WrongState for what is printed or decided."""
    if drafted_by is None:
        raise WrongState(words.printed)
    if drafted_by == by.pk:
        raise NotAllowed(words.own)
    refuse_text("reason", reason, "" if accept else words.unsaid, words.longest)
    if is_decided:
        raise WrongState(words.decided)
    return reason.strip()


def decided_once(make: Callable[[], R], words: Refusals) -> R:
    """What `make` writes. Raises WrongState where somebody else has decided at the same moment."""
    try:
        with transaction.atomic():
            return make()
    except IntegrityError as error:
        raise WrongState(words.decided) from error


# Entries


_REFUSALS = Refusals(
    printed="This entry is printed in a paper. It counts, and nobody decides on it.",
    own="You drafted this entry, so another person decides on it.",
    unsaid="Say why it is refused: whoever drafted it reads it.",
    decided="Somebody else has decided on this entry already. Nothing was done; look at the year again.",
)


def refuse_entry(year: ContractYear, details: EntryDetails, today: date) -> ContractEntry | None:
    """The entry of which it is a part, None for none. Raises InputRefused for what cannot be; nothing is written."""
    if details.kind not in DRAFTED:
        raise InputRefused("kind", "Choose what it is: a variation, a payment, a share of a surplus or other money.")
    refuse_text("name", details.name, "Give the entry a name.", NAME_MAX)
    refuse_text("reason", details.reason, "Say why: everybody who reads the year sees it.", REASON_MAX)
    refuse_text("funding_source", details.funding_source, "", FUNDING_MAX)
    refuse_text("authority", details.authority, "", AUTHORITY_MAX)
    if not details.pence:
        raise InputRefused("amount", "£0 changes nothing. Type the amount.")
    for finding in check_given(Given(kind=contract_sum.Kind(details.kind), authority=details.authority)):
        raise InputRefused(finding.field, finding.sentence)
    _refuse_day(year, details.on, today)
    return _whole(year, details)


def refuse_text(box: str, text: str, missing: str, most: int) -> None:
    """Raises InputRefused for a text that is too long or cannot be read; `missing` is said where there is none."""
    if missing and is_blank(text):
        raise InputRefused(box, missing)
    if problem := problem_of(text):
        raise InputRefused(box, problem)
    if len(text.strip()) > most:
        raise InputRefused(box, f"Shorten it: {most} characters at most, and this is {len(text.strip())}.")


def _refuse_day(year: ContractYear, on: date | None, today: date) -> None:
    """A day in the financial year, the one before or the one after, and none that is still to come."""
    if on is None:
        raise InputRefused("on", "Give the day on which it was agreed or paid.")
    if on > today:
        raise InputRefused("on", f"{day_words(on)} has not come yet. Enter it once it is agreed or paid.")
    own = quarters.FinancialYear(year.period.start_on.year)
    if not own.previous().start_on <= on <= own.next().end_on:
        raise InputRefused(
            "on", f"{day_words(on)} lies more than a year outside {year.period.label}. Correct the day, or choose the "
            "year that it belongs to.",
        )  # fmt: skip


def _whole(year: ContractYear, details: EntryDetails) -> ContractEntry | None:
    if details.part_of in ("", ORIGINAL):
        if details.part_of and year.original_pence is None:
            raise InputRefused("part_of", "No original sum is stated of this year, so nothing is a part of it.")
        return None
    whole = year.entries.filter(code=details.part_of).select_related("decision").first()
    if whole is None or whole.kind != details.kind or not _counts(whole):
        raise InputRefused("part_of", "A part has the kind of its whole, and its whole counts already.")
    return whole


def _counts(entry: ContractEntry) -> bool:
    """Whether it is printed, or accepted by another person."""
    if entry.recorded_by_id is None:
        return True
    decision = getattr(entry, "decision", None)
    return decision is not None and decision.is_accepted


@operation
def draft_entry(
    *, year: ContractYear, details: EntryDetails, by: User, at: datetime, key: str = "", request_id: str = ""
) -> ContractEntry:
    """Keeps an entry as a draft, which counts once another person accepts it; the same key again gives the one that it
    made. Raises InputRefused for what cannot be, OperationError for a key that was used otherwise."""
    hold(ContractYear, year.pk)
    asked = [year.pk, *vars(details).values()]
    if before := made_before(key=key, operation_name="draft_contract_entry", asked=asked, by=by, at=at):
        return year.entries.get(code=before)
    whole = refuse_entry(year, details, known_on(at))
    code = free_code(year.entries.all(), details.name, taken=_TAKEN, longest=_CODE_MAX)
    note_made(key=key, code=code)
    texts = {name: getattr(details, name).strip() for name in ("name", "reason", "funding_source", "authority")}
    made = ContractEntry.objects.create(
        year=year, code=code, kind=details.kind, amount_pence=details.pence, part_of=whole,
        is_part_of_original=details.part_of == ORIGINAL, on=details.on, recorded_by=by, actor=shown_as(by)[:160],
        recorded_at=at, **texts,
    )  # fmt: skip
    _told(made, AuditEvent.Kind.MONEY_RECORDED, "drafted", by, at, request_id)
    return made


@operation
def decide_entry(
    *, entry: ContractEntry, accept: bool, reason: str = "", by: User, at: datetime, key: str = "",
    request_id: str = "",
) -> ContractDecision:  # fmt: skip
    """Accepts a draft, so that it counts from now on, or refuses it and says why. Sending the same key again does
    nothing. Raises NotAllowed for who drafted it, WrongState for what is decided already, is printed in a paper, or is
    refused without a reason, and OperationError for a key that was used otherwise."""
    hold(ContractEntry, entry.pk)
    outcome = f"contract entry {entry.pk}, {'accepted' if accept else 'refused'}"
    if used_before(key=key, operation_name="decide_contract_entry", outcome=outcome, by=by, at=at):
        return ContractDecision.objects.get(entry=entry)
    said = refuse_decision(
        drafted_by=entry.recorded_by_id, by=by, accept=accept, reason=reason, words=_REFUSALS,
        is_decided=ContractDecision.objects.filter(entry=entry).exists(),
    )  # fmt: skip
    made = decided_once(
        lambda: ContractDecision.objects.create(
            entry=entry, is_accepted=accept, reason=Text.objects.keep(said), **signed(by, at)
        ),
        _REFUSALS,
    )
    _told(entry, AuditEvent.Kind.MONEY_DECIDED, "accepted" if accept else "refused", by, at, request_id)
    return made


def _told(entry: ContractEntry, kind: str, done: str, by: User, at: datetime, request_id: str) -> None:
    year = entry.year
    what = f"contract {year.period.slug}/{entry.code}: {lowered(kind_words(contract_sum.Kind(entry.kind)))} {done}"
    record_audit(partnership=year.partnership, kind=kind, by=by, what=what, at=at, request_id=request_id)


# Years


def refuse_year(partnership: Partnership, details: YearDetails) -> None:
    """Raises InputRefused for what cannot be; nothing is written."""
    year = details.year
    if not isinstance(year, quarters.FinancialYear):
        raise InputRefused("year", "A contract sum is of a financial year, such as 2022/23.")
    if ContractYear.objects.filter(partnership=partnership, period__slug=year.slug).exists():
        raise InputRefused("year", f"{year.label} is there already. A change of its sum is a variation.")
    given = Given(
        starts_on=details.covers_from, ends_on=details.covers_until,
        shares={"surplus_share_percent": details.surplus_share_percent},
    )  # fmt: skip
    for finding in check_given(given):
        raise InputRefused({"ends_on": "covers_until"}.get(finding.field, finding.field), finding.sentence)
    if details.original_pence <= 0:
        raise InputRefused("original", "The original sum is above £0.")
    refuse_text("paragraph", details.paragraph, "Say where in the paper the sum stands.", PARAGRAPH_MAX)
    refuse_text("note", details.note, "", NOTE_MAX)
    try:
        contract_sum.ContractYear(year, None, (), details.covers_from, details.covers_until)
    except contract_sum.ContractError as error:
        raise InputRefused("covers_from", str(error)) from error


@operation
def add_year(
    *, partnership: Partnership, details: YearDetails, by: User, at: datetime, key: str = "", request_id: str = ""
) -> ContractYear:
    """Adds the contract of a financial year with its original sum, as a paper states it; the same key again gives the
    one that it made. Raises InputRefused for what cannot be, OperationError for a key that was used otherwise."""
    values: dict[str, Any] = {
        "covers_from": details.covers_from, "covers_until": details.covers_until,
        "original_pence": details.original_pence, "surplus_share_percent": details.surplus_share_percent,
        "note": details.note.strip(), "paragraph": details.paragraph.strip(),
    }  # fmt: skip
    asked = [partnership.pk, details.year.slug, details.source.pk, *values.values()]
    if before := made_before(key=key, operation_name="add_contract_year", asked=asked, by=by, at=at):
        return ContractYear.objects.get(partnership=partnership, period__slug=before)
    hold(Partnership, partnership.pk)
    refuse_year(partnership, details)
    note_made(key=key, code=details.year.slug)
    made = ContractYear.objects.create(
        partnership=partnership, period=period_row(details.year), source=details.source, **values
    )
    what = f"contract {details.year.slug}: year added"
    record_audit(partnership=partnership, kind=AuditEvent.Kind.MONEY_RECORDED, by=by, what=what, at=at,
                 request_id=request_id)  # fmt: skip
    return made
