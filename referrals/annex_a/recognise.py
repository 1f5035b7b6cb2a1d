"""Which sheet is which list of Annex A, in which row its headings stand, and which column is which."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from referrals.annex_a.spec import LISTS, ColumnSpec, ListSpec
from referrals.annex_a.values import tidy

UPPER_ROWS = 30  # the headings are looked for in so many rows
FEWEST = 3  # so many headings make a row of headings
_LONGEST = 300  # letters of a heading that are looked at
_LIKELY = 60  # percent of a list's own columns that makes a sheet this list, whatever its name

Cells = Sequence[str]

# Short and long forms of the same words, applied to small letters without signs.
_PHRASES = (
    ("initial child protection conference", "icpc"), ("child protection", "cp"), ("child in need", "cin"),
    ("section 47", "s47"), ("local authority", "la"), ("independent reviewing officer", "iro"),
    ("emergency protection order", "epo"), ("no of ", "number of "), ("identifier", "id"),
    ("unaccompanied asylum seeking child", "uasc"), ("fostering for adoption placement", "ffa"), ("adviser", "advisor"),
    ("organization", "organisation"), ("authorization", "authorisation"),
)  # fmt: skip
_EMPTY_WORDS = frozenset({"the", "a", "an", "of", "is", "was", "y", "n", "s", "dd", "mm", "yyyy", "yy", "this"})
_SHORT = {"yr": "year", "mth": "month", "mnth": "month", "num": "number", "mo": "month"}
# Words that may stand beside a heading of the common columns without changing what it is.
_COMMON = ("child_unique_id", "gender", "ethnicity", "date_of_birth", "age_of_child_years", "allocated_team",
           "allocated_worker")  # fmt: skip
_TELLING = frozenset({"adopter", "carer", "mother", "father", "parent", "family", "sibling", "number", "previous",
                      "last", "first", "band", "group", "identity", "manager", "email", "role", "type", "old",
                      "former", "disability"})  # fmt: skip


@lru_cache(maxsize=4_096)
def words_of(heading: str) -> tuple[str, ...]:
    """The words of a heading that tell it from others, in a common form."""
    text = " ".join(re.findall(r"[a-z0-9]+", tidy(heading[:_LONGEST]).lower().replace("'", "")))
    for long, short in _PHRASES:
        text = text.replace(long, short)
    words = text.split()
    single = (word[:-1] if len(word) > 2 and word.endswith("s") and not word.endswith("ss") else word for word in words)
    return tuple(_SHORT.get(word, word) for word in single if word not in _EMPTY_WORDS)


@dataclass(frozen=True)
class _Headings:
    """How the headings of one list are recognised."""

    exact: dict[tuple[str, ...], str]
    sorted: dict[tuple[str, ...], str]


@cache
def _headings_of(number: int) -> _Headings:
    exact: dict[tuple[str, ...], str] = {}
    for heading, key in _wordings(LISTS[number - 1].columns):
        exact.setdefault(words_of(heading), key)
    return _Headings(exact, {tuple(sorted(words)): key for words, key in exact.items()})


def _wordings(columns: Sequence[ColumnSpec]) -> list[tuple[str, str]]:
    """Each heading with its column's key, the official ones first."""
    official = [(column.header, column.key) for column in columns]
    return official + [(alias, column.key) for column in columns for alias in column.aliases]


@dataclass(frozen=True)
class Columns:
    """The columns of a sheet. `found`: key -> position; `variants`: keys whose heading is not a known one;
    `twice`: (key, position) of a second column; `unknown`: positions of headings of no column."""

    found: dict[str, int] = field(default_factory=dict)
    variants: frozenset[str] = frozenset()
    twice: tuple[tuple[str, int], ...] = ()
    unknown: tuple[int, ...] = ()


def columns_of(cells: Cells, spec: ListSpec) -> Columns:
    """The columns that a row of headings names. Exact wordings go before the same words in another order, and these
    before words with a slip in them and the common columns with words beside them."""
    headings = _headings_of(spec.number)
    words = {position: words_of(cell) for position, cell in enumerate(cells) if cell and cell.strip()}
    found: dict[str, int] = {}
    twice: list[tuple[str, int]] = []
    for position, heading in words.items():
        key = headings.exact.get(heading) or headings.sorted.get(tuple(sorted(heading)))
        if key and key not in found:
            found[key] = position
        elif key:
            twice.append((key, position))
    taken = {*found.values(), *(position for _, position in twice)}
    variants = set()
    for position, heading in words.items():
        key = "" if position in taken else _nearly(heading, headings) or _with_more(heading)
        if key and key in spec.by_key and key not in found:
            found[key] = position
            variants.add(key)
            taken.add(position)
    return Columns(found, frozenset(variants), tuple(twice), tuple(p for p in words if p not in taken))


def _nearly(heading: tuple[str, ...], headings: _Headings) -> str:
    """The column whose heading has the same words but for slips of the pen; "" for none or several."""
    if not 1 <= len(heading) <= 25:
        return ""
    keys = {key for words, key in headings.exact.items() if len(words) == len(heading) and _same_words(heading, words)}
    return keys.pop() if len(keys) == 1 else ""


def _same_words(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return all(a == b or _is_slip(a, b) for a, b in zip(one, other, strict=True))


@lru_cache(maxsize=4_096)
def _is_slip(one: str, other: str) -> bool:
    """Whether two words of five letters and more differ by one letter, or by two if they are long."""
    shorter = min(len(one), len(other))
    if shorter < 5 or not (one.isalpha() and other.isalpha()) or max(len(one), len(other)) > 40:
        return False
    return _distance(one, other) <= (2 if shorter >= 8 else 1)


def _distance(one: str, other: str) -> int:
    """How many letters must be put in, taken out or changed to make one word of the other."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def _with_more(heading: tuple[str, ...]) -> str:
    """The common column whose words stand in a heading with up to four others beside them."""
    words = set(heading)
    if words & _TELLING:
        return ""
    keys = {
        key
        for column, key in _common_words()
        if column <= words and len(words) - len(column) <= 4 and (len(column) > 1 or len(words) < 6)
    }
    return keys.pop() if len(keys) == 1 else ""


@cache
def _common_words() -> tuple[tuple[frozenset[str], str], ...]:
    columns = {column.key: column for spec in LISTS for column in spec.columns}
    pairs = _wordings([columns[key] for key in _COMMON])
    return tuple((frozenset(words_of(heading)), key) for heading, key in pairs)


# Which list a sheet is


def number_in(title: str) -> int:
    """The number of the list that the name of a sheet or file gives: "List 3", "3. Referrals", "referrals.csv"; 0 for
    none."""
    text = re.sub(r"\.(csv|xlsx|txt)$", "", tidy(title).lower())
    text = re.sub(r"[^a-z0-9]+", " ", text).strip()
    for pattern in (r"\blist ?0?(\d{1,2})\b", r"^(?:annex a )?0?(\d{1,2})\b", r"^l ?0?(\d{1,2})\b"):
        if (match := re.search(pattern, text)) and 1 <= int(match[1]) <= len(LISTS):
            return int(match[1])
    words = " ".join(words_of(text))
    names = [(name, spec.number) for spec in LISTS for name in (spec.name, *spec.aliases)]
    same = {number for name, number in names if " ".join(words_of(name)) == words}
    if not same:
        within = [
            (len(words_of(name)), number) for name, number in names if _stands_in(" ".join(words_of(name)), words)
        ]
        longest = max(within, default=(0, 0))[0]
        same = {number for length, number in within if length == longest}
    return same.pop() if len(same) == 1 else 0


def _stands_in(name: str, words: str) -> bool:
    return f" {name} " in f" {words} "


@dataclass(frozen=True)
class Found:
    """A list found in a sheet. `named`: the number that the sheet's name gives, 0 for none; `last_heading`: the row of
    the (last) headings, counted from 0 among the rows given, -1 where there are none."""

    spec: ListSpec
    named: int
    columns: Columns
    last_heading: int


def found_in(title: str, upper: Sequence[Cells]) -> Found | None:
    """The list that a sheet is, by its name and its upper rows; None for a sheet of no list."""
    named = number_in(title)
    best = _headings_in(upper, LISTS[named - 1], named) if named else None
    if best and _share(best) >= _LIKELY:
        return best
    others = [_headings_in(upper, spec, named) for spec in LISTS if spec.number != named]
    other = max(others, key=lambda found: (_share(found), len(found.columns.found)))
    if _share(other) >= _LIKELY and (best is None or 2 * _share(other) > 3 * _share(best)):
        tied = [found for found in others if _share(found) == _share(other)]
        return other if len(tied) == 1 else best
    return best


def _share(found: Found) -> int:
    """How many percent of a list's own columns were found; those of the newer layout do not count."""
    columns = [column for column in found.spec.columns if not column.is_newer]
    own = [column for column in columns if column.key not in _COMMON]
    return 100 * sum(column.key in found.columns.found for column in own) // len(own)


def _headings_in(upper: Sequence[Cells], spec: ListSpec, named: int) -> Found:
    """The row among the upper ones that names most columns of a list; two rows together where that names more."""
    best, last = Columns(), -1
    rows = list(upper[:UPPER_ROWS])
    for index, cells in enumerate(rows):
        columns = columns_of(cells, spec)
        if len(columns.found) > len(best.found):
            best, last = columns, index
    for index in range(len(rows) - 1):
        columns = columns_of(_joined(rows[index], rows[index + 1], spec), spec)
        if len(columns.found) > len(best.found):
            best, last = columns, index + 1
    few = len(best.found) < FEWEST
    return Found(spec, named, Columns() if few else best, -1 if few else last)


def _joined(upper: Cells, lower: Cells, spec: ListSpec) -> list[str]:
    """Two rows of headings as one: of each column the upper and lower text together, or the one that is a heading."""
    exact = _headings_of(spec.number).exact
    joined = []
    for position in range(max(len(upper), len(lower))):
        above = upper[position] if position < len(upper) else ""
        below = lower[position] if position < len(lower) else ""
        choices = (f"{above} {below}", below, above)
        joined.append(next((text for text in choices if words_of(text) in exact), below))
    return joined


def is_heading_again(cells: Cells, columns: Columns, spec: ListSpec) -> bool:
    """Whether a row among the data repeats the headings."""
    exact = _headings_of(spec.number).exact
    texts = ((key, cells[position]) for key, position in columns.found.items() if position < len(cells))
    return sum(exact.get(words_of(text)) == key for key, text in texts if len(text) > 2) >= FEWEST


def missing_columns(spec: ListSpec, found: Mapping[str, int]) -> tuple[str, ...]:
    """The keys of the columns that a list lacks. The columns of the newer layout are missed only where one is there."""
    is_newer = any(column.is_newer and column.key in found for column in spec.columns)
    return tuple(c.key for c in spec.columns if c.key not in found and (is_newer or not c.is_newer))


_PLAIN_WORDS = frozenset({"list", "annex", "a", "ofsted", "l", "csv", "and", "of", "the"})


def shown_name(title: str, otherwise: str) -> str:
    """The name of a sheet or file where it holds nothing but the words of Annex A; else `otherwise`."""
    names = (name for spec in LISTS for name in (spec.name, *spec.aliases))
    known = _PLAIN_WORDS | {word for name in names for word in re.findall(r"[a-z0-9]+", name.lower())}
    words = re.findall(r"[a-z]+|\d+", tidy(title).lower())
    is_plain = all(word in known or (word.isdigit() and len(word) <= 2) for word in words)
    return tidy(title) if words and is_plain and len(title) <= 80 else otherwise
