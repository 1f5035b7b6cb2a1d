"""Reads what of a committee paper for everybody could identify somebody, and what was decided of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from indicators.models import Audience, PublishedTable
from indicators.passages import HIDDEN_NUMBER
from indicators.selectors.disclosure import policy_from, policy_row
from indicators.selectors.told import told_before
from partnership.models import CommitteePaper, Pack, PackTable, PaperPassageDecision
from partnership.paper_check import PassageState
from partnership.paper_form import SectionForm
from partnership.selectors.known_names import known_in
from partnership.selectors.protection import Passage, Written, passages_in, whole_numbers

TITLE = "title"
# What can be done in place of a decision, by what the passage stands in.
_WORDS, _OF_THE_FORM = "change the section", "change the form of committee papers and begin another paper"
_ANOTHER_TITLE = "begin another paper with another title"


@dataclass(frozen=True)
class PaperPassage:
    """A passage of a paper, and the decision that it identifies nobody; None: it is open."""

    passage: Passage
    decision: PaperPassageDecision | None

    @property
    def key(self) -> str:
        """What stands for it as long as the text that it stands in is the same."""
        return self.passage.key

    @property
    def place(self) -> str:
        """The text that it stands in: code of the section and what of it, or the title."""
        return self.passage.written.key

    @property
    def section(self) -> str:
        """The code of the section whose words it stands in; empty for a title, a heading and a role."""
        code, _, what = self.place.partition("/")
        return code if what == "words" else ""

    @property
    def label(self) -> str:
        """Where it stands, in words."""
        return self.passage.written.label

    @property
    def quoted(self) -> str:
        """The passage itself, in one line."""
        return self.passage.quoted

    @property
    def state(self) -> PassageState:
        """As the check takes it."""
        instead = _WORDS if self.section else _ANOTHER_TITLE if self.place == TITLE else _OF_THE_FORM
        return PassageState(self.label, self.quoted, instead, self.decision.by_id if self.decision else None)


def passages_of_paper(
    paper: CommitteePaper, sections: Sequence[SectionForm], *, today: date
) -> tuple[PaperPassage, ...]:
    """The passages of a paper for everybody in the order of its texts; none of one for members. `sections`: as they
    stand in the paper. Eight queries for a pack that is not published, and one for each table of one that is."""
    pack = paper.pack
    if pack.audience != Audience.PUBLIC:
        return ()
    policy = policy_from(policy_row(pack.partnership, today), today)
    untold, known = untold_of(pack), known_in(pack.partnership)
    decided = {row.passage: row for row in paper.passage_decisions.select_related("reason")}
    found = [
        one
        for written in _texts(paper.title, sections)
        for one in _once(passages_in(written, policy, untold.numbers, close_values=untold.values, known=known))
    ]
    return tuple(PaperPassage(one, decided.get(one.key)) for one in found)


def _texts(title: str, sections: Sequence[SectionForm]) -> list[Written]:
    """Everything of a paper that an officer typed, the words of its form included."""
    found = [Written(TITLE, "Title of the paper", title)]
    for one in sections:
        found.append(Written(f"{one.code}/heading", f"Heading “{one.heading}”", one.heading))
        found.append(Written(f"{one.code}/role", f"{one.heading}: who signs", one.owner_role))
        found.append(Written(f"{one.code}/words", one.heading, one.words))
    return found


def _once(passages: Sequence[Passage]) -> list[Passage]:
    """Without hidden numbers that stand within another passage, of which is decided anyway."""
    others = [(one.hit.start, one.hit.end) for one in passages if one.hit.kind != HIDDEN_NUMBER]
    return [
        one
        for one in passages
        if one.hit.kind != HIDDEN_NUMBER
        or not any(start <= one.hit.start and one.hit.end <= end for start, end in others)
    ]


@dataclass(frozen=True)
class Untold:
    """What the tables of a published pack hide or round: whole numbers, and values of shares and averages."""

    numbers: frozenset[int]
    values: frozenset[Decimal]


def untold_of(pack: Pack) -> Untold:
    """The numbers of the figures that the tables of a published pack do not tell exactly, of whatever indicator: the
    words of a paper are about none of them in particular."""
    carried = PackTable.objects.filter(pack=pack, table__audience=Audience.PUBLIC).select_related(
        "table__period", "table__scorecard"
    )
    kinds = (PublishedTable.Kind.SCORECARD, PublishedTable.Kind.RESTATED)
    told = told_before([(one.code, one.table) for one in carried.filter(table__kind__in=kinds)])
    untold = [one.told for one in told if not one.is_shown]
    values = (one.held.measured.number(one.line.unit) for one in untold)
    return Untold(
        frozenset(number for one in untold for number in whole_numbers(one)),
        frozenset(value for value in values if value is not None),
    )
