"""What a pack for everybody would tell: its figures before an attacker who has read every pack before it, and what
people wrote. Reads only; `operations.protection` has it worked out and keeps what came out."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from indicators import quarters
from indicators.disclosure.cells import Published, Table
from indicators.disclosure.policy import Policy
from indicators.disclosure.primary import Verdict
from indicators.models import Audience, DisclosurePolicy, Partnership, PublishedTable
from indicators.passages import Hit, hits_in
from indicators.protection import Printed, texts_of
from indicators.published_table import canonical_json, digest
from indicators.questions import question
from indicators.restated import Restated
from indicators.selectors.disclosure import (
    approved_at,
    balances_among,
    cuts_of,
    families_of,
    policy_from,
    policy_row,
)
from indicators.selectors.scorecards import Gathered
from indicators.selectors.told import ToldBefore, told_before, told_by
from indicators.told import (
    Family,
    Place,
    Told,
    cells_of,
    hidden_figures,
    published,
    restatements,
    sums,
    tables_of,
    unprinted,
    unroundable,
)
from partnership.models import DisclosureCheck, Pack, PackEvent, PackTable, PassageDecision, SmallNumbers
from partnership.pack_check import Point, PointCode
from partnership.selectors.known_names import Known, known_in
from partnership.selectors.left_out import Carries, everything_gathered, left_out_of, without_left_out
from partnership.selectors.protected_rows import RESTATED, Protection, restated_key
from partnership.selectors.restated import MAY_REPEAT, restated_since

_KINDS = (PublishedTable.Kind.SCORECARD, PublishedTable.Kind.RESTATED)
_LONGEST_QUOTED = 60
# From here on a number that is hidden asks in whatever text of the pack it stands.
_TELLING = 100
# What the code of a pack ends with: the day of the meeting, and a number where there are several.
_DAY_AND_NUMBER = re.compile(r"-\d{4}-\d{2}-\d{2}(?:-\d+)?$")


@dataclass(frozen=True)
class Written:
    """A text that somebody wrote and the pack would publish: where it stands, in words and by key, and which indicator
    it is about ("": none). `can_go`: whether the pack can be published without it."""

    key: str
    label: str
    text: str
    indicator: str = ""
    can_go: bool = True


@dataclass(frozen=True)
class Passage:
    """A passage of a text that could identify somebody. `key` stands for it as long as the text is the same."""

    key: str
    written: Written
    hit: Hit

    @property
    def quoted(self) -> str:
        """The passage itself, in one line."""
        line = " ".join(self.written.text[self.hit.start : self.hit.end].split())
        return line if len(line) <= _LONGEST_QUOTED else f"{line[:_LONGEST_QUOTED]}…"


@dataclass(frozen=True)
class Asked:
    """What is to be worked out of a pack, and all that it rests on."""

    row: DisclosurePolicy | None
    policy: Policy
    told: tuple[Told, ...]
    tables: tuple[Table, ...]
    earlier: tuple[Published, ...]
    texts: tuple[Written, ...]
    restated: tuple[Restated, ...]
    known: Known = field(default_factory=Known)
    is_rounded: bool = False

    @cached_property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The cells that are shown or hidden together: those of one figure."""
        found = {one.stem: cells_of(one, self.policy) for one in self.told}
        return tuple(cells for _, cells in sorted(found.items()) if cells)

    @cached_property
    def fingerprint(self) -> str:
        """A hash of everything that what comes out depends on."""
        told = [
            self.policy.as_json(),
            [repr(table) for table in self.tables],
            [(repr(one.told), sorted(one.hidden), sorted(one.rounded.items())) for one in self.earlier],
            self.is_rounded,
            sorted({one.stem for one in self.told}),
            [(one.key, one.text) for one in self.texts],
        ]
        return digest(canonical_json(told))

    def hidden(self, cells: Iterable[str]) -> dict[str, Any]:
        """The figures of the pack that are hidden, and why, by stem; where the plan hides these cells."""
        return hidden_figures(self.told, cells, self.policy)

    @cached_property
    def unroundable(self) -> dict[str, Verdict]:
        """The figures that stay hidden where counts are rounded, by stem, and why."""
        return unroundable(self.told, self.policy)


def asked_of(pack: Pack, *, today: date, carried: Sequence[Carries] | None = None) -> Asked:
    """Everything of a pack that its protection depends on. For each scorecard as many queries as it takes to gather it,
    none where it is given as `carried`, and one for each table of an earlier pack."""
    partnership = pack.partnership
    row = policy_row(partnership, today)
    policy = policy_from(row, today)
    told: list[Told] = []
    texts: list[Written] = []
    everything = everything_gathered(pack, today=today) if carried is None else carried
    for table, period, gathered in _without_left_out(pack, everything):
        told += told_by(gathered, period, table)
        texts += [one for g in gathered for one in _texts(g, table)]
    since = restated_since(partnership, today=today, audiences=MAY_REPEAT[Audience.PUBLIC])
    restated = without_left_out(pack, since)
    told += [Told(one.row.line, one.row.held, RESTATED) for one in restated if one.row is not None and one.row.held]
    texts += [*_of_pack(pack), *(one for r in restated for one in _of_restated(r))]
    before = packs_before(pack)
    places = {one.place for one in told} | {b.told.place for _, b in before}
    families = _families(partnership, told, [b.told for _, b in before])
    siblings = _siblings(partnership, families, told, [b.told for _, b in before], places)
    tables, earlier = _tables(told, before, siblings, families, policy)
    return Asked(
        row=row, policy=policy, told=tuple(told), tables=tuple(tables),
        earlier=tuple(earlier), texts=tuple(sorted(texts, key=lambda one: one.key)), restated=restated,
        known=known_in(partnership), is_rounded=pack.small_numbers == SmallNumbers.ROUND,
    )  # fmt: skip


def _without_left_out(
    pack: Pack, carried: Iterable[Carries]
) -> list[tuple[str, quarters.Period, tuple[Gathered, ...]]]:  # fmt: skip
    """What each scorecard is called in the pack, its period and its rows, without those that are left out."""
    gone = left_out_of(pack)
    return [
        (one.code, one.view.period, tuple(g for g in one.gathered if g.row.line.key not in gone.get(one.code, ())))
        for one in carried
    ]


def packs_before(pack: Pack) -> list[tuple[str, ToldBefore]]:
    """What packs for everybody have told, earliest first, each figure with the code of its pack: withdrawn ones too,
    because they were read."""
    names = [(f"{one.pack.code}: {one.code}", one) for one in _tables_before(pack.partnership_id, pack.pk)]
    found = told_before([(name, one.table) for name, one in names])
    codes = {name: one.pack.code for name, one in names}
    order = {name: number for number, (name, _) in enumerate(names)}
    return sorted(((codes[b.told.table], b) for b in found), key=lambda pair: order[pair[1].told.table])


@question
def _tables_before(place: int, pack: int) -> QuerySet[PackTable]:
    return (
        PackTable.objects.filter(pack__partnership=place, table__audience=Audience.PUBLIC)
        .filter(pack__events__action=PackEvent.Action.PUBLISHED, table__kind__in=_KINDS)
        .exclude(pack=pack)
        .select_related("pack", "table__period", "table__scorecard")
        .order_by("pack__events__at", "pack", "order")
    )


# Before an attacker


def _families(partnership: Partnership, told: Sequence[Told], before: Sequence[Told]) -> list[Family]:
    everything = [*told, *before]
    codes = {one.line.code for one in everything}
    ends = {one.held.slug: (one.held.start_on, one.held.end_on) for one in everything}
    by_end = {end: slug for slug, (_, end) in sorted(ends.items())}
    day_before = {slug: start for slug, (start, _) in ends.items()}
    last = {
        slug: by_end[end]
        for slug, start in day_before.items()
        for end in by_end
        if (start - end).days == 1 and _same_length(ends[slug], ends[by_end[end]])
    }
    return [*families_of(cuts_of(partnership, codes), ends), *balances_among(codes, last)]


def _same_length(one: tuple[date, date], other: tuple[date, date]) -> bool:
    return abs((one[1] - one[0]).days - (other[1] - other[0]).days) <= 3


def _siblings(
    partnership: Partnership, families: Iterable[Family], told: Sequence[Told], before: Sequence[Told],
    places: set[Place],
) -> list[Told]:  # fmt: skip
    """The figures that stand in no table and make up, or are made of, what does."""
    wanted = {
        place
        for family in families
        if (members := [family.whole, *(place for place, _ in family.parts)]) and places & set(members)
        for place in members
        if place not in places
    }
    lines = {one.line.code: one.line for one in (*before, *told)}
    held = approved_at(partnership, {place for place in wanted if place[0] in lines})
    return [
        Told(replace(lines[code], slice=key, name=f"{lines[code].name} ({key or 'whole'})"), one, "unprinted")
        for (code, key, _), one in sorted(held.items())
    ]


def _tables(
    told: Sequence[Told], before: Sequence[tuple[str, ToldBefore]], siblings: Sequence[Told],
    families: Sequence[Family], policy: Policy,
) -> tuple[list[Table], list[Published]]:  # fmt: skip
    pool: dict[Place, Told] = {one.place: one for one in siblings}
    earlier: list[Published] = []
    seen: dict[str, Told] = {}
    for code in dict.fromkeys(code for code, _ in before):
        own = [b for one, b in before if one == code]
        pool |= {b.told.place: b.told for b in own}
        printed = {b.told.stem: b.printed for b in own if b.printed is not None}
        hidden = [b.told.stem for b in own if not b.is_shown and b.printed is None]
        base = max((b.base for b in own), default=0)
        earlier += published([b.told for b in own], hidden, policy, printed, base)
        earlier.append(Published(sums(families, pool, policy, f"{code}: sums")))
        seen |= {b.told.stem: b.told for b in own if b.is_shown or b.printed is not None}
    pool |= {one.place: one for one in told}
    tables = tables_of(told, policy)
    tables += [unprinted(siblings, policy, "unprinted"), sums(families, pool, policy, "sums")]
    differences = restatements({one.place: one for one in told}, seen, policy)
    return [*tables, *([differences] if differences else [])], earlier


# What people wrote


def _texts(g: Gathered, table: str) -> list[Written]:
    line = g.row.line
    return [
        Written(f"{table}/{line.code}/{line.slice or 'whole'}/{name}", f"{line.name}: {_NAMES[name]}", text, line.code)
        for name, text in texts_of(g.row).items()
    ]


_NAMES = {
    "headline": "headline",
    "commentary": "commentary",
    "confidence_reason": "why the data need caution",
    "validation_task": "what is done about the data",
    "correction": "why it was corrected",
    "correction_reason": "why it was corrected, in words",
    "source_system": "system the data come from",
    "relief_authority": "who agreed relief",
    "queries": "open queries",
    "waits_for": "what it waits for",
}


def _of_pack(pack: Pack) -> list[Written]:
    """What stands over everything: title, note, and the names that addresses, files and captions are made of. The code
    keeps the name that the body had when the pack was begun. One query."""
    given = [
        ("title", "Title of the pack", pack.title),
        ("note", "Note to the meeting", pack.note),
        ("body", "Board or committee", pack.body),
        ("code", "Name of the pack in addresses and files", _as_words(_DAY_AND_NUMBER.sub("", pack.code))),
    ]
    scorecards = pack.choices.order_by("order").values_list("scorecard__code", "scorecard__name")
    for code, name in dict(scorecards).items():
        given.append((f"scorecard/{code}/name", "Name of a scorecard", name))
        given.append((f"scorecard/{code}/code", "Name of a scorecard in addresses and files", _as_words(code)))
    return [Written(f"pack/{name}", label, text, can_go=False) for name, label, text in given if text]


def _as_words(code: str) -> str:
    return code.replace("-", " ").replace("_", " ")


def _of_restated(row: Restated) -> list[Written]:
    label = f"{row.name}, {row.period_label}: why it was restated"
    return [Written(f"{restated_key(row)}/reason", label, row.reason, row.indicator)] if row.reason else []


def passages_of(asked: Asked, hidden: Mapping[str, Any], rounded: Mapping[str, Printed] | None = None) -> list[Passage]:
    """What of the texts could identify somebody, or quotes a number that is hidden, or that is printed `rounded` (by
    stem). A text about one indicator is asked for the numbers of that one, and for those of others where they are so
    large, or so exact, that hardly anything else can be meant. Texts that go with a hidden figure are not looked at,
    because they are not published; nor are the open queries of a rounded one."""
    gone = {_place(one) for one in _first_of_rows(asked) if one.stem in hidden}
    near = rounded or {}
    unasked = {f"{_place(one)}queries" for one in _first_of_rows(asked) if one.stem in near}
    untold = {**hidden, **near}
    numbers, values = _numbers(asked, untold), _values(asked, near)
    every_number = frozenset().union(*numbers.values())
    every_value = frozenset().union(*_values(asked, untold).values())
    telling = frozenset(number for number in every_number if number >= _TELLING)
    found = []
    for written in asked.texts:
        if any(written.key.startswith(place) for place in gone) and not written.key.endswith("relief_authority"):
            continue
        if written.key in unasked:
            continue
        if not written.indicator:
            large = [number for number in every_number if number >= asked.policy.threshold]
            found += passages_in(written, asked.policy, large, close_values=every_value, known=asked.known)
            continue
        own = numbers.get(written.indicator, frozenset()) | telling
        given = values.get(written.indicator, frozenset())
        found += passages_in(
            written, asked.policy, own, values=given, close_values=every_value, known=asked.known
        )  # fmt: skip
    return found


def passages_in(
    written: Written, policy: Policy, numbers: Collection[int], *, values: Collection[Decimal] = (),
    close_values: Collection[Decimal] = (), known: Known,
) -> list[Passage]:  # fmt: skip
    """The passages of one text; what is given is as in `hits_in`."""
    names = known.names_in(written.key)
    hits = hits_in(
        written.text, policy, numbers, values=values, close_values=close_values, known_words=known.words,
        known_names=names,
    )  # fmt: skip
    return [Passage(_passage_key(written, hit), written, hit) for hit in hits]


def _place(told: Told) -> str:
    """How the texts of a row are called, but for their own name."""
    return f"{told.table}/{told.line.code}/{told.line.slice or 'whole'}/"


def _first_of_rows(asked: Asked) -> list[Told]:
    """The figures that a row stands for, not those that it compares with."""
    first: dict[str, Told] = {}
    for one in asked.told:
        first.setdefault(_place(one), one)
    return list(first.values())


def _values(asked: Asked, rounded: Mapping[str, Printed]) -> dict[str, frozenset[Decimal]]:
    """By indicator the exact values of shares and averages that are not told exactly."""
    found: dict[str, set[Decimal]] = {}
    for one in asked.told:
        value = one.held.measured.number(one.line.unit)
        if one.stem in rounded and value is not None:
            found.setdefault(one.line.code, set()).add(value)
    return {code: frozenset(values) for code, values in found.items()}


def _numbers(asked: Asked, hidden: Mapping[str, Any]) -> dict[str, frozenset[int]]:
    """By indicator the whole numbers that are hidden or printed rounded."""
    found: dict[str, set[int]] = {}
    for one in asked.told:
        if one.stem in hidden:
            found.setdefault(one.line.code, set()).update(whole_numbers(one))
    return {code: frozenset(numbers) for code, numbers in found.items()}


def whole_numbers(told: Told) -> set[int]:
    """The whole ones among value, numerator and denominator of a figure, and how many of a group are left."""
    m = told.held.measured
    given = (m.numerator, m.denominator, m.number(told.line.unit), told.figure().complement)
    return {int(n) for n in given if n is not None and n == n.to_integral_value()}


def _passage_key(written: Written, hit: Hit) -> str:
    return digest(f"{written.key}\n{written.text}\n{hit.kind}\n{hit.start}\n{hit.end}".encode())


# Where a pack stands


@dataclass(frozen=True)
class Standing:
    """How far the protection of a pack has come. `check` is the last one made, if nothing has changed since. `seen`
    stands for all that was decided and for the acceptance: who acts says what he has seen of them."""

    check: DisclosureCheck | None
    is_outdated: bool
    undecided: tuple[str, ...]
    accepted: PackEvent | None
    seen: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether something cannot be protected."""
        return self.check is not None and self.check.status == DisclosureCheck.Status.REFUSED


def standing_of(pack: Pack, asked: Asked) -> Standing:
    """How far it has come. Three queries."""
    last = pack.disclosure_checks.order_by("pk").last()
    check = last if last is not None and last.fingerprint == asked.fingerprint else None
    rows = pack.passage_decisions.order_by("passage").values_list("passage", "decision", "reason", "actor")
    decided = {passage: list(what) for passage, *what in rows}
    undecided = tuple(p["key"] for p in check.result["passages"] if p["key"] not in decided) if check else ()
    accepted = check.acceptances.select_related("by").order_by("pk").last() if check else None
    seen = digest(canonical_json([accepted.pk if accepted else None, decided]))
    return Standing(check, last is not None and check is None, undecided, accepted, seen)


def points_of_protection(standing: Standing) -> list[Point]:
    """What of the protection stands against publishing, the next step first."""
    if standing.check is None:
        changed = "Something has changed since the small numbers were checked: check them again."
        words = changed if standing.is_outdated else "It is not yet worked out which small numbers must be hidden."
        return [Point(PointCode.SMALL_NUMBERS, "check", words)]
    found = []
    if standing.is_refused:
        words = "Not every small number can be hidden so that nobody can work it out."
        found.append(Point(PointCode.SMALL_NUMBERS, "refused", words))
    if standing.undecided:
        number = len(standing.undecided)
        words = "1 passage" if number == 1 else f"{number} passages"
        found.append(
            Point(PointCode.PASSAGES, "texts", f"{words} of the texts could identify somebody: decide of each.")
        )
    if not found and standing.accepted is None:
        words = "Nobody has accepted yet how the small numbers are protected; somebody who does not publish the pack."
        found.append(Point(PointCode.ACCEPTANCE, "reviewer", words))
    return found


def protection_of(pack: Pack, asked: Asked, check: DisclosureCheck) -> Protection:
    """What the pack leaves out, as was accepted. One query."""
    left_out = PassageDecision.Decision.LEAVE_OUT
    gone = set(pack.passage_decisions.filter(decision=left_out).values_list("passage", flat=True))
    texts = frozenset(p["text"] for p in check.result["passages"] if p["key"] in gone)
    printed = {stem: Printed(*one["printed"]) for stem, one in check.result.get("rounded", {}).items()}
    return Protection(frozenset(check.result["hidden"]), texts, asked.policy, printed, check.result.get("base", 0))
