"""Reads committee papers: their form, what is written and signed, what stands against issuing, what is issued."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache

from django.conf import settings
from django.db.models import Max, Prefetch, Q

from indicators.as_at import london_day
from indicators.models import Audience, FigureApproval, Partnership, PublishedTable
from indicators.permissions import Access
from indicators.roles import Permission
from partnership.models import (
    CommitteePaper,
    Pack,
    PackTable,
    Paper,
    PaperIssue,
    PaperSection,
    PaperSignature,
    PaperTemplate,
    StoredDocument,
    TemplateSection,
)
from partnership.paper_check import SectionState, points_against, why_another_issues
from partnership.paper_document import SectionTold
from partnership.paper_form import SectionForm, SectionKind
from partnership.selectors.closed_packs import closed_by, is_overtaken, overtaken
from partnership.selectors.packs import PackStatus, status_of
from partnership.selectors.paper_passages import PaperPassage, passages_of_paper


def writes_papers(access: Access) -> bool:
    """Whether the person writes, signs and issues committee papers: who prepares meetings, and who publishes packs."""
    return access.can(Permission.MANAGE_MEETINGS) or access.can(Permission.PUBLISH)


# The form


@cache
def standard_form() -> tuple[SectionForm, ...]:
    """The form that is shipped with the code, from the headings of the reports; read once per process."""
    text = (settings.BASE_DIR / "fixtures" / "committee_paper.csv").read_text(encoding="utf-8")
    return tuple(
        SectionForm(row["code"], row["heading"], SectionKind(row["kind"]), row["words"], row["owner_role"])
        for row in csv.DictReader(io.StringIO(text))
    )


@dataclass(frozen=True)
class FormInForce:
    """The form of a partnership's papers: its version (0: as shipped, none was kept), its row, and its sections."""

    version: int
    sections: tuple[SectionForm, ...]
    template: PaperTemplate | None = None


def form_of(partnership: Partnership) -> FormInForce:
    """The form that papers begun now have. Two queries."""
    template = PaperTemplate.objects.filter(partnership=partnership).order_by("version").last()
    if template is None:
        return FormInForce(0, standard_form())
    rows = TemplateSection.objects.filter(template=template).select_related("words").order_by("order")
    return FormInForce(template.version, tuple(map(_section_form, rows)), template)


def _section_form(row: TemplateSection) -> SectionForm:
    return SectionForm(
        row.code, row.heading, SectionKind(row.kind), row.words.body if row.words else "", row.owner_role
    )


# A paper


@dataclass(frozen=True)
class SectionView:
    """A section of a paper: its place in the form, its wordings (the last in force), and the signature of that one."""

    section: TemplateSection
    wordings: tuple[PaperSection, ...]

    @property
    def wording(self) -> PaperSection | None:
        """The wording in force; None where nothing was written."""
        return self.wordings[-1] if self.wordings else None

    @property
    def revision(self) -> int:
        """Its number; 0 where nothing was written."""
        return self.wording.revision if self.wording else 0

    @property
    def standing(self) -> str:
        """The words that the form gives."""
        return self.section.words.body if self.section.words else ""

    @property
    def written(self) -> str:
        """What an officer wrote; empty where nothing was written, or it was taken away."""
        return self.wording.text.body if self.wording and self.wording.text else ""

    @property
    def words(self) -> str:
        """What stands in the paper: what was written, else the words of the form."""
        return self.written or self.standing

    @property
    def is_signed_section(self) -> bool:
        """Whether it is of those that are signed."""
        return self.section.kind == TemplateSection.Kind.IMPLICATIONS

    @property
    def signature(self) -> PaperSignature | None:
        """The latest signature of the wording in force; None: it is not signed."""
        found = list(self.wording.signatures.all()) if self.wording else []
        return found[-1] if found else None

    @property
    def state(self) -> SectionState:
        """As the check takes it."""
        signed = self.signature
        return SectionState(
            self.section.heading, SectionKind(self.section.kind), bool(self.words), self.section.owner_role,
            signed.at if signed else None, signed.by_id if signed else None,
        )  # fmt: skip

    @property
    def as_it_stands(self) -> SectionForm:
        """Heading, role and words as they stand in the paper."""
        return replace(_section_form(self.section), words=self.words)

    @property
    def told(self) -> SectionTold:
        """As the document takes it."""
        signed = self.signature
        common = (self.section.code, self.section.heading, SectionKind(self.section.kind), self.words)
        if signed is None:
            return SectionTold(*common)
        return SectionTold(*common, signed.role, signed.initials, london_day(signed.at))


@dataclass(frozen=True)
class PaperView:
    """A committee paper with its sections, the issues of it, and what stands against issuing it."""

    paper: CommitteePaper
    status: PackStatus
    sections: tuple[SectionView, ...]
    issues: tuple[PaperIssue, ...]
    points: tuple[str, ...]
    passages: tuple[PaperPassage, ...] = ()

    def section(self, code: str) -> SectionView | None:
        """The section of that code."""
        return next((one for one in self.sections if one.section.code == code), None)

    def why_another_issues(self, person: int) -> str:
        """Why this person does not issue the paper: who signed a section as it stands, or decided of a passage, does
        not; empty for anybody else."""
        return why_another_issues(person, [one.state for one in self.sections], [one.state for one in self.passages])

    @property
    def open_passages(self) -> tuple[PaperPassage, ...]:
        """Those of which nobody has decided."""
        return tuple(one for one in self.passages if one.decision is None)

    @property
    def decided(self) -> list[dict[str, str]]:
        """The passages of which was decided, each with who did: as an issue keeps them."""
        return [{"passage": one.key, "by": one.decision.actor} for one in self.passages if one.decision]

    @property
    def rests_on(self) -> dict[str, dict[str, int | None]]:
        """Each section with the numbers of its wording and signature: what an issue is made from."""
        return {
            one.section.code: {"wording": one.wording.pk if one.wording else None,
                               "signature": one.signature.pk if one.signature else None}
            for one in self.sections
        }  # fmt: skip


_SIGNATURES = Prefetch("signatures", PaperSignature.objects.order_by("pk"))


def figures_at(status: PackStatus) -> datetime | None:
    """Since when the figures of a pack are what they are: its publication, or the latest acceptance since of a figure
    that it tells or compares with. None for a pack that is not published. Three queries."""
    if status.published is None:
        return None
    carried = PackTable.objects.filter(pack=status.pack, table__kind=PublishedTable.Kind.SCORECARD)
    told = set(carried.values_list("table__period", "table__rows__line__series"))
    told |= set(carried.values_list("table__pins__figure__period", "table__pins__figure__series"))
    series, periods = {pk for _, pk in told}, {pk for pk, _ in told}
    found = FigureApproval.objects.filter(figure__series__in=series, figure__period__in=periods)
    latest: datetime | None = found.aggregate(latest=Max("at"))["latest"]
    return max(status.published.at, latest) if latest else status.published.at


def paper_view(paper: CommitteePaper, *, today: date) -> PaperView:
    """A paper as it stands; its pack and template must be read with it. Nine queries, and those of its passages."""
    wordings: dict[int, list[PaperSection]] = {}
    rows = PaperSection.objects.filter(paper=paper).select_related("text").prefetch_related(_SIGNATURES)
    for row in rows.order_by("revision"):
        wordings.setdefault(row.section_id, []).append(row)
    sections = tuple(
        SectionView(section, tuple(wordings.get(section.pk, ())))
        for section in TemplateSection.objects.filter(template=paper.template_id).select_related("words")
    )
    status = status_of(paper.pack)
    passages = passages_of_paper(paper, [one.as_it_stands for one in sections], today=today)
    points = points_against(
        [one.state for one in sections], pack_state=status.state, figures_at=figures_at(status),
        passages=[one.state for one in passages],
    )  # fmt: skip
    return PaperView(paper, status, sections, tuple(issues_of([paper])), tuple(points), passages)


def papers_of(pack: Pack) -> list[CommitteePaper]:
    """The papers of a pack, with how often each was issued as `issued`. Two queries."""
    found = CommitteePaper.objects.filter(pack=pack).prefetch_related("issues")
    return list(found.order_by("number"))


# What is issued


def issues_of(papers: Iterable[CommitteePaper]) -> list[PaperIssue]:
    """The issues of papers, without their bytes, each with what closed it. Two queries, three where the partnership has
    a closed pack."""
    rows = PaperIssue.objects.filter(paper__in=[paper.pk for paper in papers])
    related = rows.select_related("paper__pack", "word", "pdf").defer("word__content", "pdf__content")
    found = list(related.order_by("paper__number", "number"))
    gone = overtaken({one.paper.pack for one in found})
    for one in found:
        one.closed_by = closed_by(one.word, gone.get(one.paper.pack_id))
    return found


def readable_issues(access: Access, pack: Pack, now: datetime) -> list[PaperIssue]:
    """The issued papers of a pack that the person, who reads the pack, may read at that moment. Two queries."""
    found = issues_of(CommitteePaper.objects.filter(pack=pack))
    held = issues_held_back(access, found, now)
    return [one for one in found if one.pk not in held]


def issues_held_back(access: Access, issues: Iterable[PaperIssue], now: datetime) -> set[int]:
    """Which of the issues are papers under embargo at that moment, and of no meeting without: nobody reads them but who
    writes papers. One query; none for those, and for no issue."""
    by_document = {pk: one.pk for one in issues for pk in (one.word_id, one.pdf_id) if pk is not None}
    if not by_document or writes_papers(access):
        return set()
    ends: dict[int, bool] = {}
    papers = Paper.objects.filter(document__in=by_document, withdrawn_at__isnull=True)
    for document, until in papers.values_list("document", "embargo_until"):
        issue = by_document[document]
        ends[issue] = ends.get(issue, False) or until is None or until <= now
    return {issue for issue, is_open in ends.items() if not is_open}


def issuable_papers(partnership: Partnership) -> list[PaperIssue]:
    """The latest issue of each paper whose pack stands published and that is not redacted: what can be put on an
    agenda. Three queries."""
    papers = CommitteePaper.objects.filter(pack__partnership=partnership).select_related("pack")
    standing = [paper for paper in papers if status_of(paper.pack).state == "published"]
    latest = {one.paper_id: one for one in issues_of(standing) if not one.closed_by}
    return list(latest.values())


def issue_of(document: StoredDocument) -> PaperIssue | None:
    """The issue that a stored document belongs to; None for another file. One query."""
    of_it = Q(word=document.pk) | Q(pdf=document.pk)
    return PaperIssue.objects.filter(of_it).select_related("paper__pack").first()


def may_read_issued(document: StoredDocument, access: Access) -> bool:
    """Whether the person may read a stored document as far as its pack goes: of an exempt one only who reads exempt
    packs, of one that is closed, or repeats one that is, nobody. Four queries at most."""
    issue = issue_of(document)
    if issue is None:
        return True
    pack = issue.paper.pack
    if status_of(pack).is_closed or (document.redaction_id is None and is_overtaken(document, pack)):
        return False
    return pack.audience != Audience.EXEMPT or access.can(Permission.VIEW_EXEMPT)
