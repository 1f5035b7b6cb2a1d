"""A pack as a document: what its frozen tables tell, section by section, and nothing that they do not hold.

The same parts make the figures of a committee paper (`paper_document`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from finance.scenario_table import PARTS
from indicators.acronyms import used
from indicators.committee_table import ACTIVITY_TABLE, DASH, exact_number, figure_text, rating_text
from indicators.phrases import lowered
from indicators.rag import Rating, words
from indicators.table_spec import Column, TableSpec, Values
from indicators.variation import counted
from indicators.working_days import day_words
from partnership.documents import Block, Bullets, Document, Drawing, Facts, Heading, Paragraph, Table, table_block
from partnership.exclusion import paragraph_words

RATED = (Rating.BETTER, Rating.WITHIN, Rating.OUTSIDE)
# So many figures of a course stand side by side under its drawing; more stand in lines.
MOST_ACROSS = 10
NO_COMMENTARY = "The return gave no commentary."
_SIGNS = {
    DASH: "No number is told; the rating says why.",
    "<": "Less than: only a limit is known.",
    ">": "More than: only a limit is known.",
    "↑": "The figure is higher than the one it is compared with.",
    "↓": "The figure is lower than the one it is compared with.",
}
_SHAPES = (
    "In drawings a circle is better than target, a diamond within tolerance, a full square outside tolerance, and an "
    "open square not judged; the dashed line is the target, the band what is still within tolerance, thin lines the "
    "mean and limits of a control chart, and a shape about a figure a special cause. Ratings of earlier periods are no "
    "part of a pack, so their figures are drawn as not judged, and the target from the period of the table on."
)


class Kind(StrEnum):
    """What a table of a pack tells."""

    PERFORMANCE = "performance"
    ACTIVITY = "activity"
    MONEY = "money"
    PROJECTION = "projection"
    RESTATED = "restated"


class Meaning(StrEnum):
    """A part of what a pack tells."""

    SUMMARY = "summary"
    POSITION = "position"
    GLOSSARY = "glossary"


@dataclass(frozen=True)
class Drawn:
    """A course of figures: its name, what it shows in a sentence, the drawing as SVG, and each figure by its period."""

    name: str
    sentence: str
    svg: str
    points: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TableTold:
    """A frozen table: its name and period in words, its columns, its rows by field name, and the drawings of them."""

    kind: Kind
    name: str
    period: str
    spec: TableSpec[Any]
    rows: tuple[Values, ...]
    sha256: str
    drawings: tuple[Drawn, ...] = ()

    @property
    def title(self) -> str:
        """Its name with its period."""
        return f"{self.name}, {self.period}" if self.period else self.name

    @property
    def is_rated(self) -> bool:
        """Whether anything in it is held against a target."""
        return self.kind is Kind.PERFORMANCE or (
            self.kind in {Kind.ACTIVITY, Kind.MONEY} and any(v["target"] is not None for v in self.rows)
        )


@dataclass(frozen=True)
class ActionTold:
    """What rests on a figure of an earlier period, what it says, and that figure then and in this pack, in words."""

    what: str
    words: str
    name: str
    then: str
    here: str


@dataclass(frozen=True)
class Term:
    """A term of the glossary: what is printed, the words it is short for, and what it means."""

    term: str
    context: str
    expansion: str
    meaning: str


@dataclass(frozen=True)
class PackTold:
    """All that a document of a pack is made from. `exempt`: the paragraphs of Schedule 12A; `redacted_on`: the days on
    which something was redacted from what the pack told first; `protection`: what must be said of small numbers, empty
    where every number is told."""

    owner: str
    title: str
    body: str
    meeting_on: date
    published_on: date
    audience: str
    is_exempt: bool
    exempt: tuple[int, ...]
    note: str
    tables: tuple[TableTold, ...]
    actions: tuple[ActionTold, ...]
    manifest_sha256: str
    terms: tuple[Term, ...] = ()
    redacted_on: tuple[date, ...] = ()
    protection: str = ""

    @property
    def exempt_sentence(self) -> str:
        """That it is not for the public, and under which paragraphs; empty for a pack that is not exempt."""
        if not self.is_exempt:
            return ""
        under = f" by virtue of {paragraph_words(self.exempt)}" if self.exempt else ""
        return f"Not for publication: this is exempt information{under}."

    def of(self, *kinds: Kind) -> list[TableTold]:
        """Its tables of these kinds, in order."""
        return [table for table in self.tables if table.kind in kinds]


def pack_document(told: PackTold) -> Document:
    """The whole pack: a title page, its summary, every table with its drawings, what stands out, what was restated,
    notes on the data, signs, terms and fingerprints."""
    blocks: list[Block] = [*title_page(told)]
    blocks += [Heading(1, "Executive summary", starts_page=True), *summary(told)]
    blocks += position(told, level=1)
    rest = tuple(blocks)
    blocks += [Heading(1, "Glossary"), *glossary(told, rest)]
    blocks += [Heading(1, "Fingerprints"), *fingerprints(told)]
    return Document(told.title, told.owner, tuple(blocks), foot=foot_of(told, told.title), is_wide=True)


def foot_of(told: PackTold, title: str) -> str:
    """What stands at the foot of each page."""
    mark = "Exempt from publication. " if told.is_exempt else ""
    return f"{mark}{title}, {day_words(told.meeting_on)}"


def title_page(told: PackTold) -> Iterator[Block]:
    """For which meeting, for whom, and what a reader must know before reading on."""
    if told.is_exempt:
        yield Paragraph(told.exempt_sentence)
    pairs = [("Meeting", told.body), ("Date", day_words(told.meeting_on)), ("For", told.audience)]
    pairs += [("Published", day_words(told.published_on)), ("Holds", "\n".join(t.title for t in told.tables))]
    pairs += [("Redacted", day_words(day)) for day in told.redacted_on]
    yield Facts(tuple(pairs))
    if told.note:
        yield Paragraph(told.note)
    if told.protection:
        yield Paragraph(told.protection)
    yield Paragraph(
        "Every figure, target, rating and comment stands here as it was when the pack was published. Nothing was "
        "worked out anew.",
        is_small=True,
    )


# Summary


def summary(told: PackTold) -> Iterator[Block]:
    """How many indicators could be judged and how, by scorecard; what could not, and why; what chance would mark."""
    rated = [table for table in told.tables if table.is_rated]
    if rated:
        yield from _judged(rated)
        yield from _unjudged(rated)
    for table in told.of(Kind.ACTIVITY, Kind.MONEY):
        if not table.is_rated:
            held = sum(exact_number(v) is not None for v in table.rows)
            said = f"{table.title}: {held} of {_figures(len(table.rows))} held; nothing of it is held against a target."
            yield Paragraph(said, is_numbered=True)
    chance = [(v["variation"], v["by_chance"], v["chart_rules"]) for t in rated for v in t.rows if "variation" in v]
    if said := counted(chance).sentence:
        yield Paragraph(said, is_numbered=True)
    for table in told.of(Kind.RESTATED):
        flips = sum(v["flips"] == "yes" for v in table.rows)
        changes = "no rating changes" if not flips else f"{flips} of them with another rating"
        said = f"{_figures(len(table.rows))} reported to earlier meetings read otherwise now, {changes}."
        yield Paragraph(said, is_numbered=True)


def _figures(number: int) -> str:
    return "1 figure" if number == 1 else f"{number} figures"


def _counts(rows: Iterable[Values]) -> Counter[str]:
    return Counter(v["rating"] for v in rows)


def _judged(tables: Sequence[TableTold]) -> Iterator[Block]:
    rows = [v for table in tables for v in table.rows]
    counts = _counts(rows)
    judged = len(rows) - counts[Rating.NOT_JUDGED]
    parts = ", ".join(f"{counts[rating]} {lowered(words(rating))}" for rating in RATED)
    yield Paragraph(f"Of {len(rows)} indicators {judged} could be judged: {parts}.", is_numbered=True)
    header = ("Scorecard", "Indicators", "Judged", *map(words, RATED), words(Rating.NOT_JUDGED))
    lines = []
    for table in tables:
        own = _counts(table.rows)
        numbers = (len(table.rows), len(table.rows) - own[Rating.NOT_JUDGED], *(own[r] for r in RATED),
                   own[Rating.NOT_JUDGED])  # fmt: skip
        lines.append((table.title, *map(str, numbers)))
    yield Table("Indicators by rating", header, tuple(lines), frozenset(range(1, len(header))), names_rows=True)


def _unjudged(tables: Sequence[TableTold]) -> Iterator[Block]:
    why = Counter(rating_text(v)[0] for t in tables for v in t.rows if v["rating"] == Rating.NOT_JUDGED)
    if not why:
        return
    number = sum(why.values())
    said = f"{_figures(number)} could not be judged. None of {'them' if number > 1 else 'it'} counts as good or bad."
    yield Paragraph(said, is_numbered=True)
    rows = tuple((reason, str(count)) for reason, count in sorted(why.items()))
    yield Table("Why figures could not be judged", ("Reason", "Figures"), rows, frozenset({1}), names_rows=True)


# Tables


def position(told: PackTold, *, level: int) -> list[Block]:
    """Performance, exceptions, demand, money, restatements, actions, notes and signs, under headings of that level."""
    blocks: list[Block] = []
    for name, made in (
        ("Performance", _tables(told.of(Kind.PERFORMANCE), level)),
        ("Exceptions: outside tolerance", _exceptions(told, level)),
        ("Demand and activity", _tables(told.of(Kind.ACTIVITY), level)),
        ("Finance", [*_tables(told.of(Kind.MONEY), level), *_results(told, level)]),
        ("Restated figures", _restated(told)),
        ("Actions that rest on these figures", _actions(told)),
        ("Notes on the data", _notes(told)),
    ):
        if found := list(made):
            blocks += [Heading(level, name), *found]
    return [*blocks, Heading(level, "Symbols"), *_symbols(told, blocks)]


def _columns(table: TableTold) -> list[Column[Any]]:
    """The columns with words; of what is held against no target without target and tolerance."""
    found = [column for column in table.spec.on_screen if column.text is not None]
    if table.is_rated:
        return found
    unrated = {column.key: column for column in ACTIVITY_TABLE.columns if column.text is not None}
    return [unrated.get(column.key, column) for column in found if column.key in {*unrated, "variation"}]


def _tables(tables: Sequence[TableTold], level: int) -> Iterator[Block]:
    """Each scorecard, a table for each of its themes, and then its drawings."""
    for table in tables:
        yield Heading(level + 1, table.title)
        columns = _columns(table)
        themes: dict[str, list[Values]] = {}
        for v in table.rows:
            themes.setdefault(v["theme"], []).append(v)
        for theme, rows in themes.items():
            cells = [[column.text(v) for column in columns if column.text] for v in rows]
            yield table_block(theme, [column.heading for column in columns], cells, names_rows=True)
        for drawn in table.drawings:
            yield from _drawn(drawn)


def _drawn(drawn: Drawn) -> Iterator[Block]:
    yield Paragraph(drawn.sentence, is_numbered=True)
    yield Drawing(drawn.svg, drawn.sentence)
    caption = f"{drawn.name}: figures drawn"
    if len(drawn.points) > MOST_ACROSS:
        yield Table(caption, ("Period", "Figure"), drawn.points, frozenset({1}), names_rows=True)
        return
    periods, figures = zip(*drawn.points, strict=True)
    yield Table(caption, ("Period", *periods), (("Figure", *figures),), names_rows=True)


def _line(lines: tuple[str, ...]) -> str:
    """A figure's lines as one: "83.6% (1,266 of 1,514)"."""
    first, *under = lines
    rate = [one for one in under if one.startswith("per ")]
    rest = [one for one in under if not one.startswith("per ")]
    return " ".join([first, *rate]) + (f" ({', '.join(rest)})" if rest else "")


def _exceptions(told: PackTold, level: int) -> Iterator[Block]:
    """Each figure outside tolerance with what its return said of it."""
    for table in told.tables:
        for v in table.rows if table.is_rated else ():
            if v["rating"] != Rating.OUTSIDE:
                continue
            cells = {c.key: c.text(v) for c in table.spec.columns if c.text is not None}
            yield Heading(level + 1, v["name"])
            figure = "no number given" if exact_number(v) is None else _line(figure_text(v))
            said = f"{table.title}: {figure}; target {_line(cells['target'])}, tolerance {_line(cells['tolerance'])}. "
            said += f"{', '.join(cells['change'])}."
            yield Paragraph(said, is_numbered=True)
            commentary = "\n".join(filter(None, (v["headline"], v["commentary"])))
            yield Paragraph(commentary or NO_COMMENTARY)


def _results(told: PackTold, level: int) -> Iterator[Block]:
    """Kept results of projections and scenarios, a table for each of their parts."""
    for table in told.of(Kind.PROJECTION):
        yield Heading(level + 1, table.title)
        columns = [c for c in table.spec.on_screen if c.text is not None]
        for part, name in PARTS.items():
            rows = [v for v in table.rows if v["part"] == part]
            told_of = columns[:1] if part in {"assumption", "kept"} else columns
            cells = [[c.text(v) for c in told_of if c.text] for v in rows]
            if cells:
                yield table_block(name, [c.heading for c in told_of], cells, names_rows=True)


def _restated(told: PackTold) -> Iterator[Block]:
    for table in told.of(Kind.RESTATED):
        columns = [c for c in table.spec.on_screen if c.text is not None]
        cells = [[c.text(v) for c in columns if c.text] for v in table.rows]
        yield table_block(table.name, [c.heading for c in columns], cells, names_rows=True)


def _actions(told: PackTold) -> Iterator[Block]:
    if told.actions:
        yield Paragraph(
            "What was agreed on figures of earlier periods, and what this pack tells of the same.", is_numbered=True
        )
        rows = tuple((one.what, one.words, one.name, one.then, one.here) for one in told.actions)
        header = ("Agreed", "What it says", "Figure", "Then", "In this pack")
        yield Table("Actions, resolutions and exception reports", header, rows, names_rows=True)


# Notes, signs and terms


def notes_of(v: Values) -> list[str]:
    """What a reader must know of a figure: provisional, corrected, with caution, under query, not to be compared."""
    found = [note for note in rating_text(v)[1:] if note != "Query"]
    if v["confidence_reason"] and v["confidence"] != "high":
        found.append(v["confidence_reason"])
    if v["queries"]:
        found.append(f"Query: {v['queries']}")
    if "break_in_series" in {v["previous_reason"], v["year_reason"]}:
        found.append("Not compared with before: the series breaks")
    return found


def _notes(told: PackTold) -> Iterator[Block]:
    if told.protection:
        yield Paragraph(told.protection, is_numbered=True)
    items = []
    for table in told.of(Kind.PERFORMANCE, Kind.ACTIVITY, Kind.MONEY):
        for v in table.rows:
            if found := notes_of(v):
                said = "; ".join(one.rstrip(".") for one in found)
                items.append(f"{v['name']} ({table.title}): {said}{'' if said.endswith('?') else '.'}")
    if items:
        yield Bullets(tuple(items))


def _symbols(told: PackTold, blocks: Sequence[Block]) -> Iterator[Block]:
    """The signs that stand in the tables, and what the shapes of drawings mean."""
    cells = [cell for block in blocks if isinstance(block, Table) for row in block.rows for cell in row]
    lines = {line for cell in cells for line in cell.split("\n")}
    rows = [
        (sign, meaning)
        for sign, meaning in _SIGNS.items()
        if any(line == DASH if sign == DASH else line.startswith(sign) for line in lines)
    ]
    if rows:
        yield Table("Signs in the tables", ("Sign", "What it means"), tuple(rows), names_rows=True)
    else:
        yield Paragraph("The tables hold no signs.", is_numbered=True)
    if any(table.drawings for table in told.tables):
        yield Paragraph(_SHAPES, is_small=True)


def texts_of(blocks: Iterable[Block]) -> Iterator[str]:
    """Every text of a document but that within drawings."""
    for block in blocks:
        match block:
            case Heading() | Paragraph():
                yield block.text
            case Bullets():
                yield from block.items
            case Facts():
                yield from (text for pair in block.pairs for text in pair)
            case Table():
                yield block.caption
                yield from block.header
                yield from (cell for row in block.rows for cell in row)
            case Drawing():
                pass


def glossary(told: PackTold, blocks: Iterable[Block]) -> Iterator[Block]:
    """The short forms that stand in these blocks, with their words and what they mean."""
    found = used("\n".join(texts_of(blocks)), told.terms)
    rows = tuple(
        (one.term, f"{one.expansion} ({one.context})" if one.context else one.expansion, one.meaning)
        for one in told.terms if one.term in found
    )  # fmt: skip
    if rows:
        header = ("Term", "Short for", "What it means")
        yield Table("Acronyms and abbreviations", header, rows, names_rows=True)
    else:
        yield Paragraph("No short form is used.", is_numbered=True)


def fingerprints(told: PackTold) -> Iterator[Block]:
    """By what each table, and all that the pack rests on, can be told from any other."""
    yield Paragraph(
        "Each table has a fingerprint (SHA-256) of its file; the last one is of the list of every revision, definition "
        "and target that the pack rests on. Who holds a file of the pack can hold it beside these.",
        is_numbered=True,
    )
    pairs = [(table.title, table.sha256) for table in told.tables]
    yield Facts((*pairs, ("The whole pack", told.manifest_sha256)))
