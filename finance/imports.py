"""The files that money is loaded from, beside those that every figure has: what each column holds."""

from indicators.imports import Column, Layout


def _text(*names: str, required: bool = False, most: int = 300) -> tuple[Column, ...]:
    return tuple(Column(name, required=required, max_length=most) for name in names)


def _of(kind: str, *names: str, required: bool = False) -> tuple[Column, ...]:
    return tuple(Column(name, kind, required=required, max_length=80) for name in names)


def _choice(name: str, *choices: str, required: bool = True) -> tuple[Column, ...]:
    return (Column(name, "choice", required=required, choices=choices),)


_SOURCE = (Column("source", required=True, max_length=40), Column("paragraph", required=True, max_length=300))
_PRECISIONS = ("day", "month", "season", "year")

LAYOUTS: dict[str, Layout] = {
    "heads": Layout(
        (*_text("head", required=True), *_text("parent"), *_of("integer", "order", required=True), *_SOURCE),
        ("head",),
    ),
    "rungs": Layout(
        (
            *_of("slug", "rung", required=True), *_of("slug", "group"), *_of("integer", "order", required=True),
            *_choice("standing", "in_care", "outside_care"), *_text("note"), *_SOURCE,
        ),
        ("rung",),
    ),
    "contract_years": Layout(
        (
            *_of("period", "year", required=True), *_of("date", "covers_from", "covers_until", required=True),
            *_of("decimal", "original", "original_quantum", "surplus_share_percent", "stated_change"),
            *_text("note", most=600), *_SOURCE,
        ),
        ("year",),
    ),
    "contract_entries": Layout(
        (
            *_of("period", "year", required=True), *_of("slug", "code", required=True),
            *_choice("kind", "variation", "payment", "surplus_share", "receipt", "stated_total"),
            *_of("decimal", "amount", required=True), *_of("decimal", "quantum"), *_of("slug", "part_of"),
            *_text("name", required=True, most=200), *_text("reason", most=600), *_text("funding_source", most=200),
            *_text("authority"), *_of("date", "on"), *_SOURCE,
        ),
        ("year", "code"),
    ),
    "funding_programmes": Layout(
        (
            *_of("slug", "code", required=True), *_text("name", required=True, most=200),
            *_text("authority", required=True), *_text("note", most=600), *_SOURCE,
        ),
        ("code",),
    ),
    "funding_items": Layout(
        (
            *_of("slug", "programme", "letter", required=True), *_text("name", required=True, most=200),
            *_text("payee", "duration", most=120), *_text("termination"), *_text("status", most=120), *_SOURCE,
        ),
        ("programme", "letter"),
    ),
    "funding_amounts": Layout(
        (
            *_of("slug", "programme", "item", required=True), *_of("slug", "fund"), *_text("year", required=True),
            *_of("decimal", "amount", required=True), *_of("decimal", "quantum"), *_SOURCE,
        ),
        ("programme", "item", "fund", "year"),
    ),
    "savings": Layout(
        (
            *_of("slug", "code", required=True), *_text("name", required=True, most=200),
            *_of("period", "year", required=True), *_text("owner_role", most=120), *_text("risk"), *_text("head"),
            *_of("slug", "rung"), *_text("note", most=600), *_SOURCE,
        ),
        ("code",),
    ),
    "homes": Layout(
        (
            *_of("slug", "code", required=True), *_text("name", required=True, most=120),
            *_text("kind", required=True, most=200), *_of("integer", "beds_min", "beds_max"),
            *_text("stage", required=True), *_of("date", "expected_on"),
            *_choice("expected_precision", *_PRECISIONS, required=False), *_text("expected_words", most=120),
            *_text("note", most=600), *_SOURCE,
        ),
        ("code",),
    ),
    "business_cases": Layout(
        (
            *_of("slug", "code", required=True), *_text("name", required=True, most=200),
            *_of("period", "year", required=True), *_of("date", "asked_on"), *_text("decided_by", most=200),
            *_of("decimal", "stated", "stated_quantum"), *_text("note", most=600), *_SOURCE,
        ),
        ("code",),
    ),
    "business_case_lines": Layout(
        (
            *_of("slug", "case", "code", required=True), *_text("name", required=True, most=200),
            *_of("decimal", "asked", required=True), *_of("decimal", "quantum"),
            *_choice("outcome", "asked", "approved", "refused", "reclassified"), *_text("note"), *_SOURCE,
        ),
        ("case", "code"),
    ),
    "claims": Layout(
        (
            *_of("slug", "code", required=True), *_text("programme", required=True, most=120),
            *_text("name", required=True, most=200), *_text("payer", required=True, most=120),
            *_of("date", "due_on"), *_text("outcome"), *_text("terms", most=600), *_SOURCE,
        ),
        ("code",),
    ),
    "milestones": Layout(
        (
            *_of("slug", "code", required=True), *_text("name", required=True, most=200), *_of("date", "due_on"),
            *_choice("due_precision", *_PRECISIONS, required=False), *_text("due_words", most=120),
            *_of("date", "done_on"), *_text("body", most=200), *_SOURCE,
        ),
        ("code",),
    ),
    "plans": Layout(
        (
            *_of("slug", "code", required=True), *_text("name", required=True, most=160),
            *_of("date", "as_at", required=True), *_text("note", most=600), *_of("decimal", "cost_to_date"),
            *_text("cost_to_date_words"), *_of("decimal", "budget"), *_text("budget_words"), *_SOURCE,
        ),
        ("code",),
    ),
    "plan_rows": Layout(
        (
            *_of("slug", "plan", required=True), *_of("integer", "order", required=True), *_text("rung", required=True),
            *_of("integer", "number", required=True), *_of("decimal", "price", required=True),
            *_choice("per", "week", "year"), *_of("date", "start_on", required=True), *_of("date", "end_on"),
            *_text("words", required=True), *_SOURCE,
        ),
        ("plan", "order"),
    ),
    "plan_assumptions": Layout(
        (
            *_of("slug", "plan", required=True), *_of("integer", "order", required=True),
            *_choice("kind", "starters", "leaving", "uplift", "contingency"), *_text("rung"),
            *_of("decimal", "number", required=True), *_of("decimal", "over"), *_of("date", "on_day"),
            *_of("decimal", "price"), *_choice("per", "week", "year", required=False), *_text("words", required=True),
            *_SOURCE,
        ),
        ("plan", "order"),
    ),
}  # fmt: skip
