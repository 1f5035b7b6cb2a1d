"""Figures that are not reportable or not available: since when, why, who makes them reportable, and by when.

A figure is overdue once the day on which it was expected has passed; on the day itself it is in time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from indicators import quarters
from indicators.data_issues import NOT_STATED, OpenIssue, cleared_by, dated, is_overdue
from indicators.measurement import NOT_REPORTABLE_WORDS, NotReportableCode
from indicators.rag import MissingReason, missing_words
from indicators.table_spec import Column, Field, Kind, TableSpec, Values


@dataclass(frozen=True)
class Told:
    """One approved revision: whether it was without a number for such a reason, and since which day it is known."""

    revision: int
    is_waiting: bool
    known_on: date


@dataclass(frozen=True)
class Run:
    """The unbroken run of periods up to the latest in which the figure was not reportable."""

    first: quarters.Period
    number: int
    known_on: date


def run_up_to(latest: quarters.Period, told: Mapping[str, Sequence[Told]]) -> Run | None:
    """The run that ends with a period, from the approved revisions by period slug. None where it is reportable now.

    A period counts by its latest revision; one for which nothing is held breaks the run. It is known since the day of
    the first revision that said so without another one in between.
    """
    if not _is_waiting(told.get(latest.slug, ())):
        return None
    first, number = latest, 1
    while _is_waiting(told.get(first.previous().slug, ())):
        first, number = first.previous(), number + 1
    backwards = sorted(told[first.slug], key=lambda t: -t.revision)
    return Run(first, number, [one.known_on for one in takewhile(lambda t: t.is_waiting, backwards)][-1])


def _is_waiting(told: Sequence[Told]) -> bool:
    return bool(told) and max(told, key=lambda t: t.revision).is_waiting


@dataclass(frozen=True)
class NotReportable:
    """A line without a number that somebody has to make reportable. `expected_on` is the figure's own day, else the day
    by which its issues should be cleared; `from_issue` says which."""

    scorecard: str
    scorecard_code: str
    theme: str
    code: str
    name: str
    period: str
    period_label: str
    reason: MissingReason
    reason_code: str
    headline: str
    since: str
    since_label: str
    periods: int
    known_on: date
    partner: str
    partner_code: str
    responsible_role: str
    expected_on: date | None
    from_issue: bool
    is_overdue: bool
    issues: tuple[OpenIssue, ...] = ()
    slice: str = ""


def expected(own: date | None, issues: Sequence[OpenIssue], today: date) -> tuple[date | None, bool, bool]:
    """The day a figure is expected on, whether it is that of its issues, and whether it has passed."""
    day = own or cleared_by(issues)
    return day, own is None and day is not None, is_overdue(day, today)


@dataclass(frozen=True)
class Counted:
    """How many figures of a list are not reportable and not available, overdue, without a date; and since when, in a
    sentence."""

    not_reportable: int
    not_available: int
    overdue: int
    without_date: int
    since_words: str

    @property
    def total(self) -> int:
        """All of them."""
        return self.not_reportable + self.not_available

    @property
    def words(self) -> str:
        """ "4 figures are not reportable and 2 not available; 1 is overdue, 5 have no expected date."."""
        if not self.total:
            return "Every figure is reportable."
        counted = [(self.not_reportable, "not reportable"), (self.not_available, "not available")]
        parts = [f"{number} {words}" for number, words in counted if number]
        first, *rest = parts
        number, _, words = first.partition(" ")
        verb = "figure is" if number == "1" else "figures are"
        said = " and ".join([f"{number} {verb} {words}", *rest])
        late = "none is overdue" if not self.overdue else f"{self.overdue} {_be(self.overdue)} overdue"
        if self.without_date == self.total:
            without = "none has an expected date" if self.total > 1 else "it has no expected date"
        elif self.without_date:
            without = f"{self.without_date} {'has' if self.without_date == 1 else 'have'} no expected date"
        else:
            without = "each has an expected date" if self.total > 1 else "it has an expected date"
        return f"{said}; {late}, {without}."


def _be(number: int) -> str:
    return "is" if number == 1 else "are"


def counted(rows: Iterable[NotReportable]) -> Counted:
    """The counts of a list; every row is counted once."""
    held = list(rows)
    return Counted(
        not_reportable=sum(r.reason is MissingReason.NOT_REPORTABLE for r in held),
        not_available=sum(r.reason is MissingReason.NOT_AVAILABLE for r in held),
        overdue=sum(r.is_overdue for r in held),
        without_date=sum(r.expected_on is None for r in held),
        since_words=_since_words(held),
    )


def _since_words(rows: Sequence[NotReportable]) -> str:
    """Since when: the one period for all of them, or the longest run; nothing for an empty list."""
    if not rows:
        return ""
    longest = max(rows, key=lambda r: (r.periods, -r.known_on.toordinal()))
    if len({(r.since, r.periods) for r in rows}) == 1:
        which = "Both have" if len(rows) == 2 else "All have" if len(rows) > 2 else "It has"
        return f"{which} been so since {longest.since_label}{_running(longest.periods)}."
    return f"The longest has been so since {longest.since_label}{_running(longest.periods)}: {longest.name}."


def _running(periods: int) -> str:
    return f", for {periods} periods" if periods > 1 else ""


def reason_words(reason: str, code: str) -> str:
    """The reason in words: "Not reportable: the case system changed"."""
    words = missing_words(MissingReason(reason))
    if not code:
        return words
    detail = NOT_REPORTABLE_WORDS[NotReportableCode(code)]
    return f"{words}: {detail[0].lower()}{detail[1:]}"


def _since(v: Values) -> tuple[str, ...]:
    periods = f", {v['periods']} periods" if v["periods"] > 1 else ""
    return (f"{v['since_label']}{periods}", f"known since {dated(v['known_on'])}")


def _expected(v: Values) -> tuple[str, ...]:
    lines = [dated(v["expected_on"])]
    if v["expected_from"] == "issue":
        lines.append("when its issues should be cleared")
    if v["overdue"]:
        lines.append("overdue")
    return tuple(lines)


def _who(v: Values) -> tuple[str, ...]:
    return tuple(filter(None, (v["partner"], v["responsible_role"] or "role not stated")))


NOT_REPORTABLE_TABLE: TableSpec[NotReportable] = TableSpec(
    "not-reportable",
    (
        Column(
            "name",
            "Indicator",
            (
                Field("indicator", Kind.CODE, lambda r: r.code, "Permanent code of the indicator"),
                Field("name", Kind.TEXT, lambda r: r.name, "Name of the indicator"),
                Field("theme", Kind.TEXT, lambda r: r.theme, "Heading it stands under"),
            ),
            lambda v: (v["name"],),
        ),
        Column(
            "scorecard",
            "Scorecard",
            (
                Field("scorecard", Kind.CODE, lambda r: r.scorecard_code, "Code of the scorecard"),
                Field("scorecard_name", Kind.TEXT, lambda r: r.scorecard, "Name of the scorecard"),
                Field("period", Kind.CODE, lambda r: r.period, "Latest period with an approved figure"),
                Field("period_label", Kind.TEXT, lambda r: r.period_label, "Name of that period"),
            ),
            lambda v: (v["scorecard_name"], v["period_label"]),
        ),
        Column(
            "reason",
            "Why",
            (
                Field("reason", Kind.CODE, lambda r: r.reason.value, "not_reportable, or x: not available"),
                Field("reason_code", Kind.CODE, lambda r: r.reason_code, "Coded reason of what is not reportable"),
                Field("headline", Kind.TEXT, lambda r: r.headline, "What to know of it"),
            ),
            lambda v: (reason_words(v["reason"], v["reason_code"]), *filter(None, (v["headline"],))),
        ),
        Column(
            "since",
            "Since",
            (
                Field("since", Kind.CODE, lambda r: r.since, "First period of the unbroken run"),
                Field("since_label", Kind.TEXT, lambda r: r.since_label, "Name of that period"),
                Field("periods", Kind.WHOLE, lambda r: r.periods, "Periods in the run"),
                Field("known_on", Kind.DATE, lambda r: r.known_on, "Day since which it is known"),
            ),
            _since,
        ),
        Column(
            "who",
            "Who makes it reportable",
            (
                Field("partner", Kind.TEXT, lambda r: r.partner, "Partner that returns it"),
                Field("responsible_role", Kind.TEXT, lambda r: r.responsible_role, "Role that makes it reportable"),
            ),
            _who,
        ),
        Column(
            "expected",
            "Expected by",
            (
                Field("expected_on", Kind.DATE, lambda r: r.expected_on, "Day on which it is expected"),
                Field(
                    "expected_from",
                    Kind.CODE,
                    lambda r: "" if r.expected_on is None else "issue" if r.from_issue else "figure",
                    "figure: said with it; issue: the day by which its issues should be cleared",
                ),
                Field("overdue", Kind.CODE, lambda r: "yes" if r.is_overdue else "", "yes: that day has passed"),
            ),
            _expected,
        ),
        Column(
            "issues",
            "What it waits for",
            (
                Field("issues", Kind.CODE, lambda r: " ".join(i.code for i in r.issues), "Codes of its open issues"),
                Field("issue_words", Kind.TEXT, lambda r: " | ".join(i.words for i in r.issues), "The issues in words"),
            ),
            lambda v: tuple(v["issue_words"].split(" | ")) if v["issue_words"] else (NOT_STATED,),
        ),
    ),
)
