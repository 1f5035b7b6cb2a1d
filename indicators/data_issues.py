"""Statutory returns and data quality issues as pages and files take them: what is wrong, who clears it, and by when.

What a paper does not say stays empty here and is shown as not given; a day that is expected is in time on the day
itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from indicators.phrases import has_words
from indicators.rag import MissingReason
from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from indicators.working_days import day_words

# Somebody has to make these reportable; the other reasons for no number are not put right by anybody.
WAITING = frozenset({MissingReason.NOT_REPORTABLE, MissingReason.NOT_AVAILABLE})
NO_DATE = "no date given"
NOT_STATED = "not stated"
_BETWEEN = " | "


def dated(day: date | None) -> str:
    """ "31 March 2022", or that no date is given."""
    return day_words(day) if day else NO_DATE


def is_overdue(expected_on: date | None, today: date) -> bool:
    """Whether the day has passed; what gives no date is never overdue."""
    return expected_on is not None and expected_on < today


@dataclass(frozen=True)
class OpenIssue:
    """An issue that is not cleared, as it is named beside a figure that waits for it."""

    code: str
    title: str
    expected_on: date | None = None
    owner: str = ""

    @property
    def words(self) -> str:
        """ "Start dates being validated (expected 31 July 2022)"."""
        when = f"expected {dated(self.expected_on)}" if self.expected_on else NO_DATE
        return f"{self.title} ({when})"

    def facts(self) -> dict[str, Any]:
        """What a published row keeps of it, for JSON; `from_facts` reads it back."""
        return {
            "code": self.code,
            "title": self.title,
            "expected_on": self.expected_on.isoformat() if self.expected_on else None,
        }


def from_facts(stored: Iterable[Mapping[str, Any]]) -> tuple[OpenIssue, ...]:
    """What `OpenIssue.facts` wrote of several, read back."""
    return tuple(
        OpenIssue(s["code"], s["title"], date.fromisoformat(s["expected_on"]) if s["expected_on"] else None)
        for s in stored
    )


def cleared_by(issues: Sequence[OpenIssue]) -> date | None:
    """The day by which the last of the issues should be cleared; None when one of them gives no date, or there is
    none."""
    days = [issue.expected_on for issue in issues]
    return None if not days or None in days else max(day for day in days if day)


def proposed_words(issues: Sequence[OpenIssue]) -> str:
    """The expected date that a return proposes for a figure that waits for these issues; nothing without one."""
    if not issues:
        return ""
    day, titles = cleared_by(issues), "; ".join(issue.title for issue in issues)
    if day is None:
        return f"Open issue without a date: {titles}"
    return f"Proposed: {day.day}/{day.month}/{day.year}, when this should be cleared: {titles}"


# The register


@dataclass(frozen=True)
class RegisteredReturn:
    """A statutory return: its window, where it stands, how many issues were found in it and cleared, and the indicators
    (code and name) that hang on those still open."""

    code: str
    name: str
    asked_by: str
    covers: str
    opens_on: date | None
    closes_on: date | None
    state: str
    state_words: str
    owner_role: str
    note: str
    open_issues: int
    cleared_issues: int
    indicators: tuple[tuple[str, str], ...]
    source: str
    paragraph: str


@dataclass(frozen=True)
class RegisteredIssue:
    """A data quality issue with what hangs on it; `indicators` are pairs of code and name."""

    code: str
    title: str
    description: str
    return_code: str
    return_name: str
    found_on: date | None
    expected_on: date | None
    cleared_on: date | None
    how_cleared: str
    partner: str
    owner_role: str
    indicators: tuple[tuple[str, str], ...]
    source: str
    paragraph: str
    is_overdue: bool
    partner_code: str = ""

    @property
    def state(self) -> str:
        """ "cleared", "overdue" or "open"."""
        return "cleared" if self.cleared_on else "overdue" if self.is_overdue else "open"


ISSUE_STATES = {"open": "Open", "overdue": "Overdue", "cleared": "Cleared"}


def matching(
    issues: Iterable[RegisteredIssue],
    *,
    state: str = "",
    statutory_return: str = "",
    partner: str = "",
    indicator: str = "",
    text: str = "",
) -> list[RegisteredIssue]:
    """The issues that pass every filter given, in the order given. `state` is a key of ISSUE_STATES, where open ones
    include those overdue; the others are codes; `text` is looked for in title and description."""
    states = {"open": {"open", "overdue"}}.get(state, {state})
    return [
        issue
        for issue in issues
        if (not state or issue.state in states)
        and (not statutory_return or issue.return_code == statutory_return)
        and (not partner or issue.partner_code == partner)
        and (not indicator or indicator in {code for code, _ in issue.indicators})
        and has_words(f"{issue.title} {issue.description}", text)
    ]


def window_words(opens_on: date | None, closes_on: date | None) -> str:
    """ "1 April 2022 to 31 July 2022"; what is not given is said."""
    if opens_on and closes_on:
        return f"{dated(opens_on)} to {dated(closes_on)}"
    if opens_on or closes_on:
        return f"opens {dated(opens_on)}, closes {dated(closes_on)}"
    return NO_DATE


def _cited(v: Values) -> tuple[str, ...]:
    if not v["source"]:
        return ("Entered here",)
    return (f"{v['source']} §{v['paragraph']}" if v["paragraph"] else v["source"],)


def _listed(text: str, none: str) -> tuple[str, ...]:
    return tuple(text.split(_BETWEEN)) if text else (none,)


def _owners(v: Values) -> tuple[str, ...]:
    return tuple(filter(None, (v.get("partner", ""), v["owner_role"]))) or (NOT_STATED,)


def _issue_state(v: Values) -> tuple[str, ...]:
    if v["state"] == "cleared":
        return (f"Cleared on {dated(v['cleared_on'])}", v["how_cleared"])
    return (ISSUE_STATES[v["state"]],)


_INDICATORS: Column[Any] = Column(
    "indicators",
    "What hangs on it",
    (
        Field("indicators", Kind.CODE, lambda r: " ".join(c for c, _ in r.indicators), "Codes of the indicators"),
        Field(
            "indicator_names",
            Kind.TEXT,
            lambda r: _BETWEEN.join(n for _, n in r.indicators),
            "Their names, separated by a bar",
        ),
    ),
    lambda v: _listed(v["indicator_names"], "no indicator named"),
)

RETURNS_TABLE: TableSpec[RegisteredReturn] = TableSpec(
    "statutory-returns",
    (
        Column(
            "name",
            "Return",
            (
                Field("return", Kind.CODE, lambda r: r.code, "Code of the return"),
                Field("name", Kind.TEXT, lambda r: r.name, "Name of the return"),
                Field("asked_by", Kind.TEXT, lambda r: r.asked_by, "Who asks for it"),
                Field("covers", Kind.TEXT, lambda r: r.covers, "What it covers"),
            ),
            lambda v: (
                v["name"],
                *filter(None, (v["covers"], f"Asked for by: {v['asked_by']}" if v["asked_by"] else "")),
            ),
        ),
        Column(
            "window",
            "Window",
            (
                Field("opens_on", Kind.DATE, lambda r: r.opens_on, "First day on which it may be sent"),
                Field("closes_on", Kind.DATE, lambda r: r.closes_on, "Last day on which it may be sent"),
            ),
            lambda v: (window_words(v["opens_on"], v["closes_on"]),),
        ),
        Column(
            "state",
            "State",
            (
                Field("state", Kind.CODE, lambda r: r.state, "planned, open, submitted, closed or not_stated"),
                Field("state_words", Kind.TEXT, lambda r: r.state_words, "The same in words"),
                Field("note", Kind.TEXT, lambda r: r.note, "What is known of it"),
            ),
            lambda v: (v["state_words"], *filter(None, (v["note"],))),
        ),
        Column(
            "counts",
            "Issues",
            (
                Field("issues_open", Kind.WHOLE, lambda r: r.open_issues, "Issues that are not cleared"),
                Field("issues_cleared", Kind.WHOLE, lambda r: r.cleared_issues, "Issues that are cleared"),
            ),
            lambda v: (f"{v['issues_open']} open, {v['issues_cleared']} cleared",),
        ),
        Column(
            "owner",
            "Owner",
            (Field("owner_role", Kind.TEXT, lambda r: r.owner_role, "Role or team that answers for it"),),
            _owners,
        ),
        _INDICATORS,
        Column(
            "source",
            "Source",
            (
                Field("source", Kind.TEXT, lambda r: r.source, "Published paper it is taken from"),
                Field("paragraph", Kind.TEXT, lambda r: r.paragraph, "Paragraph of that paper"),
            ),
            _cited,
        ),
    ),
)

ISSUES_TABLE: TableSpec[RegisteredIssue] = TableSpec(
    "data-issues",
    (
        Column(
            "title",
            "Issue",
            (
                Field("issue", Kind.CODE, lambda r: r.code, "Code of the issue"),
                Field("title", Kind.TEXT, lambda r: r.title, "What is wrong"),
                Field("description", Kind.TEXT, lambda r: r.description, "More of it"),
            ),
            lambda v: (v["title"], *filter(None, (v["description"],))),
        ),
        Column(
            "return",
            "Return",
            (
                Field("return", Kind.CODE, lambda r: r.return_code, "Code of the statutory return it was found in"),
                Field("return_name", Kind.TEXT, lambda r: r.return_name, "Name of that return"),
            ),
            lambda v: (v["return_name"] or "none",),
        ),
        Column(
            "state",
            "State",
            (
                Field("state", Kind.CODE, lambda r: r.state, "open, overdue or cleared, on the day of the file"),
                Field("cleared_on", Kind.DATE, lambda r: r.cleared_on, "Day on which it was cleared"),
                Field("how_cleared", Kind.TEXT, lambda r: r.how_cleared, "How it was cleared"),
            ),
            _issue_state,
        ),
        Column(
            "found",
            "Found",
            (Field("found_on", Kind.DATE, lambda r: r.found_on, "Day on which it was found"),),
            lambda v: (dated(v["found_on"]),),
        ),
        Column(
            "expected",
            "To be cleared by",
            (Field("expected_on", Kind.DATE, lambda r: r.expected_on, "Day by which it should be cleared"),),
            lambda v: (dated(v["expected_on"]),),
        ),
        Column(
            "owner",
            "Owner",
            (
                Field("partner", Kind.TEXT, lambda r: r.partner, "Partner that clears it"),
                Field("owner_role", Kind.TEXT, lambda r: r.owner_role, "Role or team that clears it"),
            ),
            _owners,
        ),
        _INDICATORS,
        Column(
            "source",
            "Source",
            (
                Field("source", Kind.TEXT, lambda r: r.source, "Published paper it is taken from"),
                Field("paragraph", Kind.TEXT, lambda r: r.paragraph, "Paragraph of that paper"),
            ),
            _cited,
        ),
    ),
)
