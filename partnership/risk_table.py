"""The risk register as a table: one specification for screen and file; and what the rows are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from finance.register_columns import code_field, day_field, lines_of, source_column, text_field
from finance.register_rows import Origin
from indicators.table_spec import Column, Field, Kind, TableSpec, Values
from indicators.working_days import day_words
from partnership.plan_rows import Measure
from partnership.risk_scores import Moved, Score, Scored, moved

NO_OWNER, NOTHING = "no owner stated", "–"


@dataclass(frozen=True)
class Link:
    """Something that a risk is tied to, and its address; without one it is only named."""

    name: str
    url: str = ""


@dataclass(frozen=True)
class RiskRow:
    """A risk of the register with its scores in the order of their days."""

    code: str
    title: str
    cause: str
    effect: str
    body: str
    plan: Link | None
    owner_role: str
    owner: str
    scores: tuple[Scored, ...]
    measures: tuple[Measure, ...]
    actions: tuple[Link, ...]
    paper: Link | None
    closed_on: date | None
    closed_reason: str
    origin: Origin

    @property
    def now(self) -> Scored | None:
        """Its latest scores; None where it has none."""
        return self.scores[-1] if self.scores else None

    @property
    def moved(self) -> Moved:
        """How the score after mitigation moved."""
        return moved(self.scores)


def _whole(name: str, meaning: str, of: Callable[[Any], int | None]) -> Field[Any]:
    return Field(name, Kind.WHOLE, of, meaning)


def _score_fields(when: str, meaning: str, of: Callable[[Any], Score | None]) -> tuple[Field[Any], ...]:
    def part(name: str) -> Callable[[Any], int | None]:
        def read(row: Any) -> int | None:
            score = of(row)
            return None if score is None else int(getattr(score, name))

        return read

    return (
        _whole(f"likelihood_{when}", f"Likelihood {meaning}, 1 to 5", part("likelihood")),
        _whole(f"impact_{when}", f"Impact {meaning}, 1 to 5", part("impact")),
        _whole(f"score_{when}", f"Likelihood × impact {meaning}, 1 to 25", part("value")),
    )


def _score_text(when: str) -> Callable[[Values], tuple[str, ...]]:
    def text(v: Values) -> tuple[str, ...]:
        if v[f"score_{when}"] is None:
            return (NOTHING,)
        return str(v[f"score_{when}"]), f"likelihood {v[f'likelihood_{when}']} × impact {v[f'impact_{when}']}"

    return text


def _before(row: RiskRow) -> Score | None:
    return row.now.before if row.now else None


def _after(row: RiskRow) -> Score | None:
    return row.now.after if row.now else None


def _tied(v: Values) -> tuple[str, ...]:
    found = lines_of(
        *(v["indicators"].split("\n") if v["indicators"] else ()),
        f"Plan: {v['plan']}" if v["plan"] else "",
        *(v["actions"].split("\n") if v["actions"] else ()),
        f"Paper: {v['paper']}" if v["paper"] else "",
    )
    return found or (NOTHING,)


def _movement(v: Values) -> tuple[str, ...]:
    if v["closed_on"]:
        return lines_of(f"Closed on {day_words(v['closed_on'])}", v["closed_reason"])
    return (v["movement_words"],)


RISKS_TABLE: TableSpec[RiskRow] = TableSpec(
    "risks",
    (
        Column(
            "risk",
            "Risk",
            (
                code_field("code", "Code of the risk"),
                text_field("title", "The risk"),
                text_field("cause", "What may bring it about"),
                text_field("effect", "What it would do"),
            ),
            lambda v: lines_of(
                v["title"],
                f"Cause: {v['cause']}" if v["cause"] else "",
                f"Effect: {v['effect']}" if v["effect"] else "",
            ),
        ),
        Column(
            "owner",
            "Owner",
            (
                text_field("body", "Body whose register it is on"),
                text_field("owner", "Partner that answers for it"),
                text_field("owner_role", "Role that answers for it"),
            ),
            lambda v: lines_of(", ".join(lines_of(v["owner"], v["owner_role"])) or NO_OWNER, v["body"]),
        ),
        Column(
            "before",
            "Before",
            _score_fields("before", "before anything is done about it", _before),
            _score_text("before"),
        ),
        Column(
            "after",
            "After",
            (
                *_score_fields("after", "after what is done about it", _after),
                day_field("scored_on", "Day of these scores", lambda r: r.now.on if r.now else None),
                text_field("mitigation", "What is done about it", lambda r: r.now.mitigation if r.now else ""),
            ),
            lambda v: lines_of(
                *_score_text("after")(v),
                f"on {day_words(v['scored_on'])}" if v["scored_on"] else "",
                v["mitigation"],
            ),
        ),
        Column(
            "movement",
            "Movement",
            (
                Field("movement", Kind.CODE, lambda r: r.moved.code, "up, down, same, new or unscored"),
                text_field("movement_words", "The same in words", lambda r: r.moved.words),
                day_field("closed_on", "Day on which it was closed"),
                text_field("closed_reason", "Why it was closed"),
            ),
            _movement,
        ),
        Column(
            "tied",
            "Tied to",
            (
                text_field(
                    "indicators",
                    "Its indicators with their latest figure",
                    lambda r: "\n".join(measure.words for measure in r.measures),
                ),
                text_field("plan", "Improvement plan", lambda r: r.plan.name if r.plan else ""),
                text_field("actions", "Actions from meetings", lambda r: "\n".join(link.name for link in r.actions)),
                text_field("paper", "Paper of a meeting", lambda r: r.paper.name if r.paper else ""),
            ),
            _tied,
        ),
        source_column(),
    ),
)

SCORES_TABLE: TableSpec[Scored] = TableSpec(
    "risk-scores",
    (
        Column("on", "Day", (day_field("on", "Day of the scores"),), lambda v: (day_words(v["on"]),)),
        Column("before", "Before", _score_fields("before", "before", lambda r: r.before), _score_text("before")),
        Column("after", "After", _score_fields("after", "after", lambda r: r.after), _score_text("after")),
        Column(
            "mitigation",
            "What is done about it",
            (
                text_field("mitigation", "What is done about it"),
                text_field("scored_by", "Who scored it", lambda r: r.actor),
            ),
            lambda v: lines_of(v["mitigation"], v["scored_by"]) or (NOTHING,),
        ),
    ),
)
