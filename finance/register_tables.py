"""The registers as tables: one specification each for screen and file."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from finance.capacity import Expected, range_words
from finance.money import money_words
from finance.register_columns import (
    DASH,
    NOT_STATED,
    accepted_words,
    amount_column,
    code_field,
    dated,
    day_field,
    lines_of,
    now_column,
    source_column,
    standing_column,
    text_field,
    told_column,
)
from finance.register_rows import (
    CaseLineRow,
    ClaimRow,
    HomeRow,
    ItemRow,
    MilestoneRow,
    PlanRow,
    ProgrammeRow,
    SavingRow,
    StepRow,
)
from finance.registers import NO_STEP
from indicators.balance import Amount
from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from indicators.working_days import day_words

# Funding programmes

PROGRAMMES_TABLE: TableSpec[ProgrammeRow] = TableSpec(
    "funding-programmes",
    (
        Column(
            "name",
            "Programme",
            (
                Field("programme", Kind.CODE, lambda r: r.code, "Code of the programme"),
                text_field("name", "Name of the programme"),
                text_field("note", "What is known of it"),
                Field("items", Kind.WHOLE, lambda r: r.items, "Items that cost something"),
            ),
            lambda v: lines_of(v["name"], v["note"]),
        ),
        Column(
            "authority",
            "Authority",
            (text_field("authority", "Who approved it, and when"),),
            lambda v: (v["authority"],),
        ),
        amount_column("cost", "Funding", lambda r: r.cost, "What it costs, or is granted, in all years"),
        told_column("spent", "Spent", lambda r: r.spent, "What was spent on its items"),
        source_column(is_accepted=True),
    ),
)


def items_table(years: Mapping[str, str]) -> TableSpec[ItemRow]:
    """The table of a programme with a column for each of its years (label by slug) and one for all of them."""

    def of_year(slug: str) -> Callable[[Any], Amount | None]:
        return lambda row: row.amounts.get(slug)

    by_year = [
        amount_column(f"cost_{slug.replace('-', '_')}", label, of_year(slug), f"Amount of {label}")
        for slug, label in years.items()
    ]
    return TableSpec(
        "funding-items",
        (
            Column(
                "name",
                "Item",
                (
                    code_field("kind", "heading, item, total, fund or payee"),
                    code_field("letter", "Letter of the item"),
                    text_field("name", "Item, fund or payee"),
                    text_field("duration", "For how long"),
                ),
                lambda v: lines_of(_item_name(v), v["duration"]),
            ),
            amount_column("cost", "All years", of_year(""), "Amount of all years"),
            *by_year,
            Column("payee", "Paid to", (text_field("payee", "Who is paid"),), lambda v: (v["payee"] or DASH,)),
            Column(
                "termination",
                "Ended early",
                (text_field("termination", "How it can be ended early"),),
                lambda v: (v["termination"] or DASH,),
            ),
            Column(
                "state",
                "Status",
                (
                    text_field("status", "Status as the paper gives it"),
                    Field("state", Kind.CODE, lambda r: r.now.state, "Code of the latest step"),
                    text_field("state_words", "The same in words", lambda r: r.now.state_words),
                    day_field("state_on", "Day of that step", lambda r: r.now.on),
                    text_field("state_said", "What was said of it", lambda r: r.now.said),
                ),
                _status,
            ),
            told_column("spent", "Spent", lambda r: r.spent, "What was spent on it", DASH),
            Column(
                "left",
                "Left",
                (
                    Field(
                        "left",
                        Kind.NUMBER,
                        lambda r: r.left,
                        "Cost less what was spent, in pounds; below 0 is more spent",
                    ),
                ),
                lambda v: (_left(v["left"]),),
            ),
            replace(source_column(is_accepted=True), text=None),
        ),
    )


_NAMED = {"fund": "Paid from", "payee": "Of it paid to"}


def _item_name(v: Values) -> str:
    if v["letter"]:
        return f"{v['letter']}. {v['name']}"
    return f"{_NAMED[v['kind']]} {v['name']}" if v["kind"] in _NAMED else str(v["name"])


def _status(v: Values) -> tuple[str, ...]:
    if v["state"]:
        return lines_of(v["state_words"], f"since {day_words(v['state_on'])}", v["state_said"])
    if v["kind"] != "item":
        return (DASH,)
    return (v["status"] or NO_STEP,)


def _left(amount: Any) -> str:
    if amount is None:
        return DASH
    return f"{money_words(amount.copy_abs())} overspent" if amount < 0 else money_words(amount)


# Savings

SAVINGS_TABLE: TableSpec[SavingRow] = TableSpec(
    "savings",
    (
        Column(
            "name",
            "Saving",
            (
                Field("saving", Kind.CODE, lambda r: r.code, "Code of the saving"),
                text_field("name", "Name of the saving"),
                text_field("note", "What is known of it"),
                code_field("year", "Code of the financial year"),
                text_field("year_label", "Financial year"),
            ),
            lambda v: lines_of(v["name"], v["year_label"], v["note"]),
        ),
        told_column("target", "Target", lambda r: r.target, "What it is to bring in the year"),
        told_column("delivered", "Delivered", lambda r: r.delivered, "What it has brought in the year"),
        told_column("forecast", "Forecast", lambda r: r.forecast, "What it is forecast to bring in the year"),
        Column(
            "changes",
            "What it changes",
            (
                text_field("head", "Budget head that it changes"),
                text_field("rung", "Rung of the care ladder that it changes"),
            ),
            lambda v: (
                lines_of(f"Budget head: {v['head']}" if v["head"] else "", f"Rung: {v['rung']}" if v["rung"] else "")
                or (NOT_STATED,)
            ),
        ),
        Column(
            "owner",
            "Owner and risk",
            (text_field("owner_role", "Role that answers for it"), text_field("risk", "What stands in its way")),
            lambda v: lines_of(v["owner_role"] or "no owner stated", f"Risk: {v['risk']}" if v["risk"] else ""),
        ),
        now_column(),
        source_column(is_accepted=True),
    ),
)


# Homes


def _expected(v: Values) -> str:
    precision, on = v["expected_precision"], v["expected_on"]
    return Expected(v["known_on"], on, precision, v["expected_words"]).words


def _expected_fields(of: Callable[[Any], PlanRow]) -> tuple[Field[Any], ...]:
    return (
        day_field(
            "expected_on", "Day it is expected, the first of what is known less exactly", lambda r: of(r).expected.on
        ),
        Field("expected_precision", Kind.CODE, lambda r: of(r).expected.precision, "day, month, season or year"),
        text_field("expected_words", "As it was said", lambda r: of(r).expected.said),
    )


def _moved(v: Values) -> tuple[str, ...]:
    return lines_of(v["moved"] or ("said once so far" if v["plans"] == 1 else "not told"), v["reason"])


HOMES_TABLE: TableSpec[HomeRow] = TableSpec(
    "placement-capacity",
    (
        Column(
            "name",
            "Home",
            (
                Field("home", Kind.CODE, lambda r: r.code, "Code of the home"),
                text_field("name", "Name of the home"),
                text_field("kind", "What it is"),
                text_field("note", "What is known of it"),
            ),
            lambda v: lines_of(v["name"], v["kind"], v["note"]),
        ),
        Column(
            "beds",
            "Beds",
            (
                Field("beds_min", Kind.WHOLE, lambda r: r.beds_min, "Beds at least; empty: no number stated"),
                Field("beds_max", Kind.WHOLE, lambda r: r.beds_max, "Beds at most"),
            ),
            lambda v: (range_words(v["beds_min"], v["beds_max"]),),
        ),
        Column(
            "stage",
            "Stage",
            (
                text_field("stage", "Where it stands", lambda r: r.now.stage),
                day_field("known_on", "Day on which that was known", lambda r: r.now.known_on),
            ),
            lambda v: (v["stage"], f"as known on {day_words(v['known_on'])}"),
        ),
        Column(
            "expected",
            "Expected",
            (
                *_expected_fields(lambda r: r.now),
                Field("overdue", Kind.CODE, lambda r: "yes" if r.is_overdue else "no", "Whether that day has passed"),
            ),
            lambda v: lines_of(_expected(v), "passed, and not recorded as open" if v["overdue"] == "yes" else ""),
        ),
        Column(
            "moved",
            "Slippage",
            (
                Field("plans", Kind.WHOLE, lambda r: len(r.plans), "How often something was said of it"),
                text_field("moved", "How far the day has moved since it was first said"),
                text_field("reason", "Why it moved", lambda r: r.now.reason),
            ),
            _moved,
        ),
        source_column(lambda r: r.now.origin, is_accepted=True),
    ),
)

PLANS_TABLE: TableSpec[PlanRow] = TableSpec(
    "home-plans",
    (
        Column(
            "known_on",
            "Known on",
            (day_field("known_on", "Day on which it was known"),),
            lambda v: (day_words(v["known_on"]),),
        ),
        Column("stage", "Stage", (text_field("stage", "Where the home stood"),), lambda v: (v["stage"],)),
        Column("expected", "Expected", _expected_fields(lambda r: r), lambda v: (_expected(v),)),
        Column("reason", "Reason", (text_field("reason", "Why the day moved"),), lambda v: (v["reason"] or DASH,)),
        source_column(is_accepted=True),
    ),
)


# Business cases


def _outcome(v: Values) -> tuple[str, ...]:
    if not v["line"]:
        return (DASH,)
    return lines_of(
        v["outcome_words"], f"on {day_words(v['decided_on'])}" if v["decided_on"] else "", v["decided_said"]
    )


def _case(v: Values) -> tuple[str, ...]:
    asked = f"asked on {day_words(v['asked_on'])}" if v["asked_on"] else ""
    return lines_of(v["line_name"] or "no line yet", f"{v['case_name']}, {v['year_label']}", asked)


CASE_LINES_TABLE: TableSpec[CaseLineRow] = TableSpec(
    "business-cases",
    (
        Column(
            "line",
            "Line",
            (
                code_field("case", "Code of the business case"),
                text_field("case_name", "Name of the business case"),
                code_field("year", "Code of the financial year"),
                text_field("year_label", "Financial year"),
                day_field("asked_on", "Day on which it was asked"),
                text_field("decided_by", "Who decides on it"),
                code_field("line", "Code of the line"),
                text_field("line_name", "What the money is for", lambda r: r.name),
            ),
            _case,
        ),
        amount_column("asked", "Asked", lambda r: r.asked, "What was asked"),
        Column(
            "outcome",
            "Outcome",
            (
                code_field("outcome", "asked, approved, refused or reclassified"),
                text_field("outcome_words", "The same in words"),
                day_field("decided_on", "Day of the decision", lambda r: r.decided.on),
                text_field("decided_said", "What was said of it", lambda r: r.decided.said),
            ),
            _outcome,
        ),
        Column(
            "note", "What to know", (text_field("note", "What is known of the line"),), lambda v: (v["note"] or DASH,)
        ),
        source_column(is_accepted=True),
    ),
)

# Claims and milestones

CLAIMS_TABLE: TableSpec[ClaimRow] = TableSpec(
    "claims",
    (
        Column(
            "name",
            "Claim",
            (
                Field("claim", Kind.CODE, lambda r: r.code, "Code of the claim"),
                text_field("name", "Name of the claim"),
                text_field("programme", "Programme that it is for"),
                text_field("payer", "Who pays"),
            ),
            lambda v: lines_of(v["name"], v["programme"], f"paid by {v['payer']}"),
        ),
        Column("due", "Due", (day_field("due_on", "Day on which it is due"),), lambda v: (dated(v["due_on"]),)),
        Column(
            "measures",
            "Measures",
            (
                text_field("measures", "Measures met, or explained"),
                text_field("measures_said", "The explanation"),
                text_field("outcome", "What the paper says came of it"),
            ),
            lambda v: lines_of(v["measures"] or v["outcome"] or "not recorded", v["measures_said"]),
        ),
        Column(
            "standing",
            "Where it stands",
            (
                day_field("sent_on", "Day on which it was sent"),
                day_field("paid_on", "Day on which it was paid"),
                Field("days_to_pay", Kind.WHOLE, lambda r: r.days_to_pay, "Days from sent to paid"),
                Field("standing", Kind.CODE, lambda r: r.standing.code, "waiting, late, done or ended, on that day"),
                text_field("standing_words", "The same in words", lambda r: r.standing.words),
            ),
            lambda v: (v["standing_words"],),
        ),
        Column(
            "terms", "Terms", (text_field("terms", "On what terms it is paid"),), lambda v: (v["terms"] or NOT_STATED,)
        ),
        source_column(is_accepted=True),
    ),
)

MILESTONES_TABLE: TableSpec[MilestoneRow] = TableSpec(
    "milestones",
    (
        Column(
            "name",
            "Milestone",
            (
                Field("milestone", Kind.CODE, lambda r: r.code, "Code of the milestone"),
                text_field("name", "What is to be done"),
                text_field("body", "By whom, or for whom"),
            ),
            lambda v: lines_of(v["name"], v["body"]),
        ),
        Column(
            "due",
            "Due",
            (
                day_field("due_on", "Day by which it is due", lambda r: r.due.on),
                Field("due_precision", Kind.CODE, lambda r: r.due.precision, "day, month, season or year"),
                text_field("due_words", "As it was said", lambda r: r.due.said),
            ),
            lambda v: (v["due_words"] or dated(v["due_on"]),),
        ),
        Column(
            "done",
            "Done",
            (day_field("done_on", "Day on which it was done"),),
            lambda v: (day_words(v["done_on"]) if v["done_on"] else "not recorded",),
        ),
        standing_column(),
        source_column(is_accepted=True),
    ),
)

# History

STEPS_TABLE: TableSpec[StepRow] = TableSpec(
    "register-steps",
    (
        Column("on", "Day", (day_field("on", "Day on which it happened"),), lambda v: (dated(v["on"]),)),
        Column(
            "state",
            "What happened",
            (
                text_field("what", "What it happened to, where not to the whole"),
                code_field("state", "Code of the step"),
                text_field("state_words", "The same in words"),
                text_field("said", "What was said of it"),
            ),
            lambda v: lines_of(f"{v['what']}: {v['state_words']}" if v["what"] else v["state_words"], v["said"]),
        ),
        Column(
            "actor",
            "Recorded by",
            (
                text_field("actor", "Who recorded it"),
                day_field("recorded_on", "Day on which it was recorded"),
                text_field("accepted_by", "Who accepted it"),
                day_field("accepted_on", "Day on which it was accepted"),
            ),
            lambda v: lines_of(v["actor"], day_words(v["recorded_on"]) if v["recorded_on"] else "", accepted_words(v)),
        ),
    ),
)
