"""What the API answers, declared once: its addresses, what may be asked of each, and what each answer holds.

The views read and write by this declaration, and the OpenAPI document is made from it, so that neither can say what the
other does not do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from indicators import quarters
from indicators.rag import Rating
from indicators.typed_text import quoted
from indicators.units import Unit

STEM = "/api/v1/"
DEFAULT_SIZE, MOST_ON_A_PAGE, MOST_PAGES = 100, 1_000, 100_000
PROBLEM = "application/problem+json"


class Type(StrEnum):
    """What a value of an answer is."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole"
    DATE = "date"
    MOMENT = "moment"
    ADDRESS = "address"
    ADDRESSES = "addresses"


_SCHEMAS: Mapping[Type, dict[str, Any]] = {
    Type.TEXT: {"type": "string"},
    Type.NUMBER: {"type": "number"},
    Type.WHOLE: {"type": "integer"},
    Type.DATE: {"type": "string", "format": "date"},
    Type.MOMENT: {"type": "string", "format": "date-time"},
    Type.ADDRESS: {"type": "string", "format": "uri"},
    Type.ADDRESSES: {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}},
}


@dataclass(frozen=True)
class Member:
    """One value of an answer: its name, what it is, what it means, and whether it can be null."""

    name: str
    type: Type
    meaning: str
    is_nullable: bool = False
    choices: tuple[str, ...] = ()

    @property
    def schema(self) -> dict[str, Any]:
        """As JSON Schema."""
        found = dict(_SCHEMAS[self.type])
        if self.choices:
            found["enum"] = [*self.choices, *([None] if self.is_nullable else [])]
        if self.is_nullable:
            found["type"] = [found["type"], "null"]
        return found | {"description": self.meaning}


class Asks(StrEnum):
    """What may be typed for a parameter."""

    CODE = "code"
    BREAKDOWN = "breakdown"
    PERIOD = "period"
    WHOLE = "whole"


_PATTERNS = {Asks.CODE: r"^[-a-zA-Z0-9_]{1,90}$", Asks.BREAKDOWN: r"^[-a-zA-Z0-9_=|]{0,300}$"}


@dataclass(frozen=True)
class Parameter:
    """What may be asked: its name, what may be typed, and what it does."""

    name: str
    asks: Asks
    meaning: str
    example: str
    most: int = 0

    @property
    def schema(self) -> dict[str, Any]:
        """As JSON Schema."""
        if self.asks is Asks.WHOLE:
            return {"type": "integer", "minimum": 1, "maximum": self.most}
        return {"type": "string"} | ({"pattern": _PATTERNS[self.asks]} if self.asks in _PATTERNS else {})

    def read(self, text: str) -> Any:
        """What was typed, as a value. Raises ValueError with a sentence."""
        match self.asks:
            case Asks.WHOLE:
                if not (text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= self.most):
                    raise ValueError(f"{quoted(text)} is not a whole number from 1 to {self.most:,}.")
                return int(text)
            case Asks.PERIOD:
                return quarters.parse(text)
        allowed = "-_=|" if self.asks is Asks.BREAKDOWN else "-_"
        longest = 300 if self.asks is Asks.BREAKDOWN else 90
        plain = text.translate({ord(sign): None for sign in allowed})
        is_sound = len(text) <= longest and (text == "" or plain == "" or (plain.isascii() and plain.isalnum()))
        if not is_sound or (text == "" and self.asks is Asks.CODE):
            raise ValueError(f"{quoted(text)} is not a code. Write one as the lists give them, such as {self.example}.")
        return text


@dataclass(frozen=True)
class Resource:
    """One list that can be asked for."""

    name: str
    title: str
    meaning: str
    members: tuple[Member, ...]
    parameters: tuple[Parameter, ...] = ()
    may_be_gone: bool = False

    @property
    def path(self) -> str:
        """Its address on this host."""
        return f"{STEM}{self.name}"

    @property
    def asked(self) -> tuple[Parameter, ...]:
        """All its parameters, those of the pages included."""
        return (*self.parameters, *_PAGES)


class BadParameters(ValueError):
    """What was asked cannot be answered; `problems` are pairs of a parameter's name and a sentence."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__(" ".join(sentence for _, sentence in problems))
        self.problems = tuple(problems)


def read_asked(resource: Resource, pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """What was asked of a list, by name of the parameter. Raises BadParameters for one that is not known, is given
    twice or cannot be read."""
    known = {one.name: one for one in resource.asked}
    found: dict[str, Any] = {}
    problems = []
    for name, text in pairs:
        if name not in known:
            names = ", ".join(known)
            problems.append((name, f"{quoted(name)} cannot be asked here. What can be asked: {names}."))
        elif name in found:
            problems.append((name, f"“{name}” is given twice. Give it once."))
        else:
            try:
                found[name] = known[name].read(text)
            except ValueError as error:
                found[name] = None
                problems.append((name, f"{name}: {error}"))
    if problems:
        raise BadParameters(problems)
    return {"page": 1, "page_size": DEFAULT_SIZE} | found


_PAGES = (
    Parameter("page", Asks.WHOLE, "Number of the page, from 1. Follow `next` instead of counting.", "1", MOST_PAGES),
    Parameter("page_size", Asks.WHOLE, "How many results a page has.", str(DEFAULT_SIZE), MOST_ON_A_PAGE),
)
_PARTNERSHIP = Parameter("partnership", Asks.CODE, "Only of this partnership.", "doncaster")
_SCORECARD = Parameter("scorecard", Asks.CODE, "Only of this scorecard.", "contract")
_INDICATOR = Parameter("indicator", Asks.CODE, "Only of this indicator.", "staff-turnover")
_PERIODS = (
    Parameter("period_from", Asks.PERIOD, "Only periods that begin with this one or later.", "2021-22-q1"),
    Parameter("period_to", Asks.PERIOD, "Only periods that end with this one or earlier.", "2021-22-q4"),
)
_PACK_CODE = "public-2022-07-07"
_PACK = Parameter("pack", Asks.CODE, "Only what this pack carries.", _PACK_CODE)

_OF_PARTNERSHIP = Member("partnership", Type.TEXT, "Code of the partnership")
_PUBLISHED_AT = Member("published_at", Type.MOMENT, "When the pack was published")
_PAGE = Member("page", Type.ADDRESS, "The page for readers")

PARTNERSHIPS = Resource(
    "partnerships",
    "Partnerships",
    "The partnerships that have published anything.",
    (
        Member("code", Type.TEXT, "Code, as other lists ask for it"),
        Member("name", Type.TEXT, "Name of the partnership"),
        Member("authority", Type.TEXT, "Name of the local authority"),
        Member("area_code", Type.TEXT, "GSS code of the area"),
        Member("packs", Type.WHOLE, "Number of packs that stand or were replaced"),
        _PAGE,
    ),
)
PACKS = Resource(
    "packs",
    "Packs",
    "What meetings were given and everybody may read, the one published last first. Withdrawn ones are left out.",
    (
        _OF_PARTNERSHIP,
        Member("code", Type.TEXT, "Permanent code of the pack"),
        Member("title", Type.TEXT, "Title"),
        Member("body", Type.TEXT, "The board or committee that was given it"),
        Member("meeting_on", Type.DATE, "Day of the meeting"),
        _PUBLISHED_AT,
        Member("replaces", Type.TEXT, "Code of the pack that it replaces", is_nullable=True),
        Member("replaced_by", Type.TEXT, "Code of the pack that has replaced it", is_nullable=True),
        Member("tables", Type.WHOLE, "Number of its tables"),
        Member("archive", Type.ADDRESS, "All its tables with metadata and checksums, as a zip"),
        _PAGE,
    ),
    (_PARTNERSHIP,),
)
TABLES = Resource(
    "tables",
    "Tables",
    "The published tables with the addresses of their files.",
    (
        _OF_PARTNERSHIP,
        Member("pack", Type.TEXT, "Code of the pack"),
        Member("code", Type.TEXT, "Permanent code of the table within the pack"),
        Member("title", Type.TEXT, "Title"),
        Member(
            "kind", Type.TEXT, "A scorecard, or a list of figures restated since", choices=("scorecard", "restated")
        ),
        Member("scorecard", Type.TEXT, "Code of the scorecard", is_nullable=True),
        Member("period", Type.TEXT, "Period of its figures", is_nullable=True),
        _PUBLISHED_AT,
        Member("sha256", Type.TEXT, "Fingerprint of the CSV file, in hexadecimal digits"),
        Member("revised", Type.WHOLE, "Number of its figures that a later pack tells otherwise"),
        Member("next_release", Type.DATE, "When the next figures are expected, if it is known", is_nullable=True),
        Member("files", Type.ADDRESSES, "Addresses of its files by form"),
        _PAGE,
    ),
    (_PARTNERSHIP, _PACK, _SCORECARD, *_PERIODS),
)
INDICATORS = Resource(
    "indicators",
    "Indicators",
    "What is measured: the definitions that published figures rest on, each version once.",
    (
        Member("code", Type.TEXT, "Permanent code"),
        Member("version", Type.WHOLE, "Number of the definition"),
        Member("valid_from", Type.TEXT, "First period that the definition is for"),
        Member("name", Type.TEXT, "Full name"),
        Member("short_name", Type.TEXT, "Short name, as in the tables"),
        Member("numerator", Type.TEXT, "What is counted"),
        Member("denominator", Type.TEXT, "Out of what"),
        Member("unit", Type.TEXT, "Unit of the value", choices=tuple(unit.value for unit in Unit)),
        Member("polarity", Type.TEXT, "Whether higher or lower is better"),
        Member("window", Type.TEXT, "What stretch of time a figure is of"),
        Member("counts", Type.TEXT, "What one unit of the numerator is"),
        Member("why_it_matters", Type.TEXT, "Why it is measured"),
    ),
    (_PARTNERSHIP, _INDICATOR, _SCORECARD),
)
FIGURES = Resource(
    "figures",
    "Figures",
    "Figures as the last public pack tells each of them; with `as_reported` as that pack told them.",
    (
        _OF_PARTNERSHIP,
        Member("scorecard", Type.TEXT, "Code of the scorecard"),
        Member("indicator", Type.TEXT, "Permanent code of the indicator"),
        Member("breakdown", Type.TEXT, "Part of the indicator, such as source=police; empty: the whole"),
        Member("name", Type.TEXT, "Name of the line"),
        Member("period", Type.TEXT, "Period of the figure"),
        Member("period_start", Type.DATE, "First day of the period"),
        Member("period_end", Type.DATE, "Last day of the period"),
        Member("unit", Type.TEXT, "Unit of value, target and tolerance", choices=tuple(unit.value for unit in Unit)),
        Member("polarity", Type.TEXT, "Whether higher or lower is better"),
        Member("numerator", Type.NUMBER, "What was counted", is_nullable=True),
        Member("denominator", Type.NUMBER, "Out of how many", is_nullable=True),
        Member("value", Type.NUMBER, "The value in the unit; a share of 79% is 79", is_nullable=True),
        Member("qualifier", Type.TEXT, "< > or ~ (approximate); empty for a plain number"),
        Member("decimals", Type.WHOLE, "Digits after the point as shown", is_nullable=True),
        Member("symbol", Type.TEXT, "Why there is no number; empty where there is one"),
        Member("symbol_means", Type.TEXT, "The same in words"),
        Member("target", Type.NUMBER, "Target in force in the period", is_nullable=True),
        Member("tolerance_kind", Type.TEXT, "absolute (a threshold), relative (% of target), points, or none"),
        Member("tolerance", Type.NUMBER, "Tolerance in force in the period", is_nullable=True),
        Member("rating", Type.TEXT, "How it stands to the target", choices=tuple(r.value for r in Rating)),
        Member("rating_reason", Type.TEXT, "Why it is not judged; empty where it is"),
        Member("flags", Type.TEXT, "p provisional, r revised, b break, u unreliable, e approximate"),
        Member("pack", Type.TEXT, "Code of the pack that tells it"),
        Member("table", Type.TEXT, "Code of the table within that pack"),
        _PUBLISHED_AT,
        _PAGE,
    ),
    (
        _PARTNERSHIP,
        _INDICATOR,
        Parameter("breakdown", Asks.BREAKDOWN, "Only this part; empty: only the whole.", "source=police"),
        _SCORECARD,
        *_PERIODS,
        Parameter("pack", Asks.CODE, "Only figures that this pack carries, as they are told last.", _PACK_CODE),
        Parameter("as_reported", Asks.CODE, "The figures as this pack told them, restated since or not.", _PACK_CODE),
    ),
    may_be_gone=True,
)
RESOURCES = (PARTNERSHIPS, PACKS, TABLES, INDICATORS, FIGURES)


@dataclass(frozen=True)
class Service:
    """What the document says of the service itself."""

    version: str
    address: str
    licence: str
    licence_url: str
    per_minute: int


def openapi(service: Service) -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    limit = f" A client may ask {service.per_minute} times a minute." if service.per_minute else ""
    schemas: dict[str, Any] = {"Problem": _problem_schema()}
    for resource in RESOURCES:
        schemas[_schema_name(resource)] = _object({one.name: one.schema for one in resource.members})
        schemas[f"{_schema_name(resource)}Page"] = _page_schema(resource)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Published performance figures",
            "version": service.version,
            "description": "Read-only. What is published, and nothing else; nobody needs to sign in." + limit,
            "license": {"name": service.licence, "url": service.licence_url},
        },
        "servers": [{"url": service.address}],
        "paths": {resource.path: {"get": _operation(resource)} for resource in RESOURCES},
        "components": {"schemas": schemas},
    }


def _schema_name(resource: Resource) -> str:
    return resource.name.removesuffix("s").capitalize()


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _page_schema(resource: Resource) -> dict[str, Any]:
    address = {"type": ["string", "null"], "format": "uri"}
    return _object(
        {
            "count": {"type": "integer", "description": "Number of results on all pages"},
            "page": {"type": "integer", "description": "Number of this page"},
            "pages": {"type": "integer", "description": "Number of pages, at least 1"},
            "next": address | {"description": "Address of the next page; null on the last"},
            "previous": address | {"description": "Address of the page before; null on the first"},
            "licence": {"type": "string", "format": "uri", "description": "Licence that all of it is given under"},
            "results": {"type": "array", "items": {"$ref": f"#/components/schemas/{_schema_name(resource)}"}},
        }
    )


def _problem_schema() -> dict[str, Any]:
    of_one = _object({"name": {"type": "string"}, "detail": {"type": "string"}})
    return _object(
        {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string", "description": "What is wrong and what to do, in a sentence"},
            "parameters": {"type": "array", "items": of_one, "description": "What is wrong, parameter by parameter"},
        }
    )


def _operation(resource: Resource) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{_schema_name(resource)}Page"}
    problem = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    answers = {
        "200": {"description": "One page of the list", "content": {"application/json": {"schema": schema}}},
        "304": {"description": "As the client has it (If-None-Match)"},
        "400": {"description": "Something was asked that cannot be", "content": problem},
        "429": {"description": "Asked too often; Retry-After says how many seconds to wait", "content": problem},
    }
    if resource.may_be_gone:
        answers["404"] = {"description": "There is no such pack that everybody may read", "content": problem}
        answers["410"] = {"description": "The pack was withdrawn", "content": problem}
    return {
        "operationId": resource.name,
        "summary": resource.title,
        "description": resource.meaning,
        "parameters": [
            {
                "name": one.name,
                "in": "query",
                "required": False,
                "description": one.meaning,
                "schema": one.schema,
                "example": int(one.example) if one.asks is Asks.WHOLE else one.example,
            }
            for one in resource.asked
        ],
        "responses": answers,
    }
