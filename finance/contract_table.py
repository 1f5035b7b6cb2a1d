"""The contract sum as tables: all years, the steps of a year, its entries, and the totals that the paper prints.

Each row holds facts; what a cell says is a function of the fields of the file, so the page and the file are one table.
Which way an amount goes is always said in words.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from finance.contract_rows import EntryRow, StepRow, TotalRow, YearRow
from finance.contract_sum import ORIGINAL, Kind, coverage_words, written_to
from finance.contract_words import SIDES, counted, sided
from finance.money import money_words
from indicators.balance import Amount
from indicators.table_spec import Column, Field, TableSpec, Values
from indicators.table_spec import Kind as Is
from indicators.working_days import day_words

NONE, NOT_STATED, NO_DAY = "none", "not stated", "no day given"


# All years


def _amount_fields(name: str, of: Callable[[Any], Amount | None], words: str) -> tuple[Field[Any], ...]:
    def value(row: Any) -> Decimal | None:
        amount = of(row)
        return amount.value if amount else None

    def quantum(row: Any) -> Decimal | None:
        amount = of(row)
        return amount.quantum if amount else None

    return (
        Field(name, Is.NUMBER, value, f"{words}, in pounds"),
        Field(f"{name}_rounding", Is.NUMBER, quantum, "Pounds to which it is rounded, parts together; empty: exact"),
    )


def _kind_fields(
    name: str, kind: Kind, of: Callable[[YearRow], Amount | None], words: str
) -> tuple[Field[YearRow], ...]:
    """Sum, number and precision of the entries of a kind."""

    def precision(row: YearRow) -> Decimal | None:
        return written_to(entry.money.amount for entry in row.year.counted(kind))

    return (
        *_amount_fields(name, of, words),
        Field(f"{name}_number", Is.WHOLE, lambda r: len(r.year.counted(kind)), "How many entries make it"),
        Field(f"{name}_written_to", Is.NUMBER, precision, "Pounds to which it is written; empty: the penny"),
    )


def _original_text(v: Values) -> tuple[str, ...]:
    if v["original"] is not None:
        return (money_words(v["original"], v["original_rounding"]),)
    if v["stated_change"] is None:
        return (NOT_STATED,)
    change = sided(v["stated_change"], v["stated_change_rounding"], SIDES[Kind.VARIATION])
    return (NOT_STATED, f"stated as a change only: {change} than before")


def _sum_text(name: str) -> Callable[[Values], tuple[str, ...]]:
    return lambda v: (NOT_STATED,) if v[name] is None else (money_words(v[name], v["written_to"]),)


def _kind_text(name: str, noun: str, kind: Kind) -> Callable[[Values], tuple[str, ...]]:
    def text(v: Values) -> tuple[str, ...]:
        number = v[f"{name}_number"]
        if not number:
            return (NONE,)
        return (sided(v[name], v[f"{name}_written_to"], SIDES[kind]), counted(number, noun))

    return text


def _held_text(v: Values) -> tuple[str, ...]:
    if not v["totals_printed"]:
        return ("no total is printed",)
    return (f"{v['totals_agreeing']} of {v['totals_printed']} agree",)


YEARS_TABLE: TableSpec[YearRow] = TableSpec(
    "contract-sums",
    (
        Column(
            "year",
            "Year",
            (
                Field("year", Is.CODE, lambda r: r.slug, "Financial year, such as 2021-22"),
                Field("name", Is.TEXT, lambda r: r.year.year.label, "Financial year as it is written"),
                Field("covers_from", Is.DATE, lambda r: r.year.from_on, "First day that the sum covers"),
                Field("covers_until", Is.DATE, lambda r: r.year.until_on, "Last day that the sum covers"),
                Field("covers", Is.TEXT, lambda r: coverage_words(r.year), "What a sum of part of a year covers"),
            ),
            lambda v: (v["name"], *((v["covers"],) if v["covers"] else ())),
        ),
        Column(
            "original",
            "Original sum",
            (
                *_amount_fields("original", lambda r: r.year.original and r.year.original.amount, "Original sum"),
                *_amount_fields(
                    "stated_change",
                    lambda r: r.year.stated_change and r.year.stated_change.amount,
                    "Change against the contract before, where only that is stated",
                ),
            ),
            _original_text,
        ),
        Column(
            "variations",
            "Variations",
            _kind_fields("variations", Kind.VARIATION, lambda r: r.sums.variations, "Sum of the variations"),
            _kind_text("variations", "variation", Kind.VARIATION),
        ),
        Column(
            "revised",
            "Revised sum",
            (
                *_amount_fields("revised", lambda r: r.sums.revised, "Original sum with its variations"),
                Field("written_to", Is.NUMBER, lambda r: r.precision, "Pounds to which revised and final are written"),
            ),
            _sum_text("revised"),
        ),
        Column(
            "shared",
            "Shared surplus",
            _kind_fields(
                "shared", Kind.SURPLUS_SHARE, lambda r: r.sums.returned,
                "Share of a surplus or overspend; below 0: back to the council",
            ),
            _kind_text("shared", "entry", Kind.SURPLUS_SHARE),
        ),
        Column(
            "final",
            "Final sum",
            _amount_fields("final", lambda r: r.sums.final, "Revised sum with what was shared"),
            _sum_text("final"),
        ),
        Column(
            "payments",
            "Payments",
            _kind_fields("payments", Kind.PAYMENT, lambda r: r.sums.payments, "Payments that are recorded"),
            _kind_text("payments", "payment", Kind.PAYMENT),
        ),
        Column(
            "receipts",
            "Other money",
            _kind_fields("receipts", Kind.RECEIPT, lambda r: r.sums.receipts, "Other money received, beside the sum"),
            _kind_text("receipts", "entry", Kind.RECEIPT),
        ),
        Column(
            "held",
            "Printed totals",
            (
                Field("totals_printed", Is.WHOLE, lambda r: len(r.totals), "Totals that the paper prints"),
                Field(
                    "totals_agreeing",
                    Is.WHOLE,
                    lambda r: sum(t.compared is not None and t.compared.agrees for t in r.totals),
                    "Of them, those that the entries make as rounding allows",
                ),
            ),
            _held_text,
        ),
        Column("source", "Source", (Field("source", Is.TEXT, lambda r: r.cited, "Paper and paragraph of the year"),)),
    ),
)  # fmt: skip


# The steps of a year


def _step_text(v: Values) -> tuple[str, ...]:
    if v["kind"] == _TOTAL:
        return ("–",)
    return (sided(v["amount"], v["written_to"], SIDES[Kind(v["kind"])]),)


_TOTAL = "total"

BRIDGE_TABLE: TableSpec[StepRow] = TableSpec(
    "contract-bridge",
    (
        Column(
            "step",
            "Step",
            (
                Field("year", Is.CODE, lambda r: r.year, "Financial year"),
                Field("code", Is.CODE, lambda r: r.step.code, "Code of the sum or of the entry"),
                Field("name", Is.TEXT, lambda r: r.step.name, "Name of the sum or of the entry"),
            ),
            lambda v: (v["name"],),
        ),
        Column(
            "amount",
            "Change",
            (
                Field("kind", Is.CODE, lambda r: r.kind.value if r.kind else _TOTAL, "total, or what the entry is"),
                Field("amount", Is.NUMBER, lambda r: r.step.amount if r.kind else None, "By how much, in pounds"),
                Field(
                    "written_to", Is.NUMBER, lambda r: r.precision, "Pounds to which it is written; empty: the penny"
                ),
            ),
            _step_text,
        ),
        Column(
            "running",
            "Sum so far",
            (
                Field("running", Is.NUMBER, lambda r: r.step.running, "The sum after the step, in pounds"),
                Field("running_written_to", Is.NUMBER, lambda r: r.running_to, "Pounds to which that sum is written"),
            ),
            lambda v: (money_words(v["running"], v["running_written_to"]),),
        ),
    ),
)


# Entries


def _words_of(v: Values) -> str:
    sides = SIDES[Kind(v["kind"])]
    return sided(v["amount"], v["rounding"], ("", sides[1]) if v["part_of"] else sides)


def _entry_text(v: Values) -> tuple[str, ...]:
    if not v["part_of"]:
        return (v["name"],)
    whole = "the original sum" if v["part_of"] == ORIGINAL else f"“{v['part_of_name']}”"
    return (v["name"], f"part of {whole}")


def _authority_text(v: Values) -> tuple[str, ...]:
    return (v["authority"] or NOT_STATED, day_words(v["on"]) if v["on"] else NO_DAY)


def _origin_text(v: Values) -> tuple[str, ...]:
    if v["source"]:
        return (v["source"],)
    lines = [f"drafted by {v['drafted_by']} on {day_words(v['drafted_on'])}"]
    if v["accepted_on"]:
        lines.append(f"accepted by {v['accepted_by']} on {day_words(v['accepted_on'])}")
    return tuple(lines)


ENTRIES_TABLE: TableSpec[EntryRow] = TableSpec(
    "contract-entries",
    (
        Column(
            "entry",
            "Entry",
            (
                Field("year", Is.CODE, lambda r: r.year, "Financial year"),
                Field("code", Is.CODE, lambda r: r.entry.code, "Code of the entry in its year"),
                Field("kind", Is.CODE, lambda r: r.entry.kind.value, "variation, surplus_share, receipt or payment"),
                Field("part_of", Is.CODE, lambda r: r.entry.part_of, "Code of what it is a part of, or original"),
                Field("part_of_name", Is.TEXT, lambda r: "" if r.whole == ORIGINAL else r.whole, "Its name"),
                Field("name", Is.TEXT, lambda r: r.entry.name, "What the entry is called"),
            ),
            _entry_text,
        ),
        Column(
            "amount",
            "Amount",
            (
                Field(
                    "amount", Is.NUMBER, lambda r: r.entry.money.amount.value,
                    "Pounds; above 0 to the provider, below 0 back from it. A part is in its whole already",
                ),
                Field("rounding", Is.NUMBER, lambda r: r.entry.money.amount.quantum, "Pounds to which it is printed"),
            ),
            lambda v: (_words_of(v),),
        ),
        Column(
            "reason", "Reason", (Field("reason", Is.TEXT, lambda r: r.entry.reason, "Why"),),
            lambda v: (v["reason"] or NOT_STATED,),
        ),
        Column(
            "funding", "Funded by",
            (Field("funding_source", Is.TEXT, lambda r: r.entry.funding_source, "Where the money comes from"),),
            lambda v: (v["funding_source"] or NOT_STATED,),
        ),
        Column(
            "authority",
            "Authority and day",
            (
                Field("authority", Is.TEXT, lambda r: r.entry.authority, "Who agreed it, and where"),
                Field("on", Is.DATE, lambda r: r.entry.on, "The day; empty where the paper gives none"),
            ),
            _authority_text,
        ),
        Column(
            "origin",
            "Source",
            (
                Field("source", Is.TEXT, lambda r: r.cited, "Paper and paragraph; empty for what was entered here"),
                Field("drafted_by", Is.TEXT, lambda r: r.drafted_by, "Who entered it"),
                Field("drafted_on", Is.DATE, lambda r: r.drafted_on, "When"),
                Field("accepted_by", Is.TEXT, lambda r: r.decided_by, "Who accepted it"),
                Field("accepted_on", Is.DATE, lambda r: r.decided_on, "When"),
            ),
            _origin_text,
        ),
    ),
)  # fmt: skip


# Totals as printed


def _verdict_text(v: Values) -> tuple[str, ...]:
    words = {"yes": "Agrees", "no": "Does not agree", "": "Not held against anything"}[v["agrees"]]
    if v["agrees"] == "yes" and v["difference"]:
        words = "Agrees as rounding allows"
    return (words, v["sentence"])


TOTALS_TABLE: TableSpec[TotalRow] = TableSpec(
    "contract-totals",
    (
        Column(
            "total",
            "Total",
            (
                Field("year", Is.CODE, lambda r: r.year, "Financial year"),
                Field("code", Is.CODE, lambda r: r.entry.code, "Code of the printed total"),
                Field("name", Is.TEXT, lambda r: r.entry.name, "What the paper calls it"),
            ),
            lambda v: (v["name"],),
        ),
        Column(
            "printed",
            "As printed",
            (
                Field("printed", Is.NUMBER, lambda r: r.entry.money.amount.value, "Pounds, as the paper prints them"),
                Field("rounding", Is.NUMBER, lambda r: r.entry.money.amount.quantum, "Pounds to which it is printed"),
            ),
            lambda v: (money_words(v["printed"], v["rounding"]),),
        ),
        Column(
            "made",
            "What the entries make",
            (
                Field("made", Is.NUMBER, lambda r: r.compared.made if r.compared else None, "The sum, in pounds"),
                Field("written_to", Is.NUMBER, lambda r: r.precision, "Pounds to which the sum is written"),
                Field("made_of", Is.TEXT, lambda r: r.made_of, "How the sum comes about"),
            ),
            lambda v: (NONE,) if v["made"] is None else
            (money_words(v["made"], v["written_to"]), *((v["made_of"],) if v["made_of"] else ())),
        ),
        Column(
            "verdict",
            "Held against each other",
            (
                Field("difference", Is.NUMBER, lambda r: r.compared.difference if r.compared else None,
                      "The sum less what is printed, in pounds"),
                Field("room", Is.NUMBER, lambda r: r.compared.room if r.compared else None,
                      "How much of it rounding explains at most"),
                Field("agrees", Is.CODE,
                      lambda r: "" if r.compared is None else "yes" if r.compared.agrees else "no", "yes or no"),
                Field("sentence", Is.TEXT, lambda r: r.sentence, "The same in words"),
            ),
            _verdict_text,
        ),
        Column("source", "Source", (Field("source", Is.TEXT, lambda r: r.cited, "Paper and paragraph"),),
               lambda v: (v["source"],)),
    ),
)  # fmt: skip
