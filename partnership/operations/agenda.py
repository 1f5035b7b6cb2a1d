"""Keeps the agenda of a meeting: its items in order, what is exempt and why, and the papers under each item."""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import ProtectedError

from indicators.models import Audience, User
from indicators.operations.basics import known_on, operation
from indicators.operations.errors import InputRefused, NothingChanged, WrongState
from partnership.exclusion import PARAGRAPHS
from partnership.meeting_dates import CLEAR_DAYS, is_notice_short
from partnership.models import AgendaItem, ExceptionRequest, Meeting, Pack, Paper, PaperIssue, StoredDocument
from partnership.operations.meeting_basics import (
    PREPARING,
    RECORDING,
    MeetingChanged,
    State,
    Step,
    add_step,
    by_whom,
    changed,
    is_repeated,
    locked,
    refuse_twice,
    told,
)
from partnership.paper_files import PaperFile
from partnership.selectors.closed_packs import is_overtaken
from partnership.selectors.packs import status_of

_ASIDE = 10_000


# What of an item cannot be changed any more once its agenda is published.
ITEM_BOXES = ("title", "kind", "function", "lead_role")


@dataclass(frozen=True)
class ItemDetails:
    """What an item is. `exempt_paragraph`: 1 to 7 of Part 1 of Schedule 12A, None for a public one."""

    title: str
    kind: str = AgendaItem.Kind.REPORT
    function: str = AgendaItem.Function.GENERAL
    lead_role: str = ""
    exempt_paragraph: int | None = None
    exempt_interest: str = ""
    urgency: str = ""

    def refuse_unless_sound(self) -> None:
        """Raises InputRefused when its title, or why it is exempt, is missing."""
        if not self.title.strip():
            raise InputRefused("title", "Say what the item is about.")
        if self.exempt_paragraph is None and self.exempt_interest.strip():
            raise InputRefused("exempt_paragraph", "Choose the paragraph under which the item is exempt.")
        if self.exempt_paragraph is not None:
            if self.exempt_paragraph not in PARAGRAPHS:
                raise InputRefused("exempt_paragraph", "Choose a paragraph from 1 to 7.")
            if not self.exempt_interest.strip():
                raise InputRefused(
                    "exempt_interest",
                    "Say why the public interest in the exemption outweighs that in disclosing the information.",
                )

    @property
    def columns(self) -> dict[str, Any]:
        """Its columns."""
        return {
            "title": self.title.strip(),
            "kind": self.kind,
            "function": self.function,
            "lead_role": self.lead_role.strip(),
            "is_exempt": self.exempt_paragraph is not None,
            "exempt_paragraph": self.exempt_paragraph,
            "exempt_interest": self.exempt_interest.strip(),
        }


def stamp_of(item: AgendaItem) -> int:
    """A number by which a page says which item it showed, and as what: another title, or being made exempt or public,
    makes it another one."""
    return zlib.crc32(f"{item.pk} {item.exempt_paragraph} {item.title}".encode()) % 900_000_000 + 1


def _checked_urgency(meeting: Meeting, urgency: str, today: date) -> str:
    """The chair's reason where something comes after the agenda, and too late for a meeting in public; else nothing.
    Raises InputRefused where it is missing."""
    if meeting.state == State.PLANNED or not is_notice_short(today, meeting.on, in_public=meeting.in_public):
        return ""
    if not urgency.strip():
        raise InputRefused(
            "urgency",
            f"The agenda is published and fewer than {CLEAR_DAYS} clear working days are left. Give the chair’s reason "
            "for urgency.",
        )
    return urgency.strip()


@operation
def add_item(*, meeting: Meeting, details: ItemDetails, by: User, at: datetime, key: str = "") -> None:
    """Puts an item at the end of the agenda; after its publication as a late one. Raises InputRefused, WrongState."""
    if is_repeated(key=key, name="add_item", asked=(meeting.pk, details), by=by, at=at):
        return
    row, today = locked(meeting, states=PREPARING), known_on(at)
    details.refuse_unless_sound()
    refuse_twice(row.items.filter(**details.columns), key=key, by=by, at=at)
    urgency = _checked_urgency(row, details.urgency, today)
    _at_the_end(row, today, urgency=urgency, **details.columns, **by_whom(by, at))
    changed(row)
    if urgency:
        add_step(row, Step.LATE_PAPER, by=by, at=at)


def _at_the_end(meeting: Meeting, today: date, **columns: Any) -> AgendaItem:
    """A new last item, which says that it is late where the agenda is published."""
    order = max(meeting.items.values_list("order", flat=True), default=0) + 1
    added_on = today if meeting.state == State.CALLED else None
    return AgendaItem.objects.create(meeting=meeting, order=order, label=str(order), added_on=added_on, **columns)


@operation
def change_item(
    *, item: AgendaItem, details: ItemDetails, version: int, by: User, at: datetime, key: str = ""
) -> None:  # fmt: skip
    """Changes an item before the agenda is published. Afterwards nothing but its being exempt can be changed, and only
    to be made exempt. Raises InputRefused, NothingChanged, WrongState, MeetingChanged."""
    if is_repeated(key=key, name="change_item", asked=(item.pk, details, version), by=by, at=at):
        return
    row = locked(item.meeting, states=(*PREPARING, *RECORDING), version=version)
    details.refuse_unless_sound()
    columns = details.columns
    if row.state != State.PLANNED:
        now = AgendaItem.objects.get(pk=item.pk)
        other = next((name for name in ITEM_BOXES if columns[name] != getattr(now, name)), None)
        if other is not None or details.exempt_paragraph is None:
            raise InputRefused(
                other or "exempt_paragraph",
                "The agenda is published. An item can still be made exempt, but neither changed nor opened.",
            )
    stands = AgendaItem.objects.get(pk=item.pk)
    if all(getattr(stands, name) == value for name, value in columns.items()):
        raise NothingChanged
    AgendaItem.objects.filter(pk=item.pk).update(**columns, **by_whom(by, at))
    changed(row)
    if row.state != State.PLANNED:
        told(row, "An item was made exempt", by=by, at=at)


@operation
def place_item(*, item: AgendaItem, is_up: bool, version: int, by: User, at: datetime) -> None:
    """Changes an item's place with the one above or below, before the agenda is published; at an end it stays. Raises
    WrongState, MeetingChanged."""
    row = locked(item.meeting, states=(State.PLANNED,), version=version)
    items = list(row.items.order_by("order"))
    place = [one.pk for one in items].index(item.pk)
    other = place + (-1 if is_up else 1)
    if 0 <= other < len(items):
        items[place], items[other] = items[other], items[place]
        _number(items)
        changed(row)


def _number(items: Sequence[AgendaItem]) -> None:
    """Gives items the places 1, 2, 3 … and labels alike; by way of places that nobody has."""
    for n, one in enumerate(items, 1):
        AgendaItem.objects.filter(pk=one.pk).update(order=_ASIDE + n, label=f"~{n}")
    for n, one in enumerate(items, 1):
        AgendaItem.objects.filter(pk=one.pk).update(order=n, label=str(n))


@operation
def remove_item(*, item: AgendaItem, version: int, by: User, at: datetime) -> None:
    """Takes an item off the agenda before it is published; an exception report waits again. Raises WrongState for one
    that has papers or that something else rests on, and once it is published; MeetingChanged."""
    row = locked(item.meeting, states=(State.PLANNED,), version=version)
    if item.papers.exists():
        raise WrongState("There are papers under this item. Withdraw them and leave it, or change what it is about.")
    ExceptionRequest.objects.filter(item=item).update(item=None)
    item.work_items.update(received_at=None)
    try:
        AgendaItem.objects.filter(pk=item.pk).delete()
    except ProtectedError as error:
        raise WrongState(
            "An action, a resolution, a question or something else is recorded under this item. Leave it on the "
            "agenda, or change what it is about."
        ) from error
    _number(list(row.items.order_by("order")))
    changed(row)


# Exception reports


@operation
def put_exception_on_agenda(
    *, request: ExceptionRequest, meeting: Meeting, item: AgendaItem | None = None, urgency: str = "",
    version: int | None, by: User, at: datetime, key: str = "",
) -> None:  # fmt: skip
    """Puts an exception report, asked, answered, accepted or declined, on the agenda of a meeting that was not held
    yet: under that item, else under a new last one. One that is on another agenda to come leaves it.

    Raises InputRefused for an item of another meeting, for a public item where the report is under an exempt one, and
    without the chair's reason where it comes too late; WrongState for a meeting that was held or cancelled, and for a
    report that was before a meeting; MeetingChanged.
    """
    asked = (request.pk, meeting.pk, item.pk if item else 0, urgency)
    if is_repeated(key=key, name="put_exception_on_agenda", asked=asked, by=by, at=at):
        return
    row, report = _locked_with_report(meeting, request, version)
    _put_under(row, report, item, urgency, by, at)


@operation
def carry_exceptions(
    *, meeting: Meeting, requests: Iterable[ExceptionRequest], urgency: str = "", by: User, at: datetime, key: str = ""
) -> None:  # fmt: skip
    """Puts exception reports that wait for a meeting on this agenda, an item for each. One that another agenda has
    taken meanwhile is left out. Raises as `put_exception_on_agenda`."""
    asked = sorted(request.pk for request in requests)
    if is_repeated(key=key, name="carry_exceptions", asked=(meeting.pk, asked, urgency), by=by, at=at):
        return
    row = locked(meeting, states=PREPARING)
    waiting = ExceptionRequest.objects.select_for_update(of=("self",)).filter(pk__in=asked, item__isnull=True)
    for report in waiting.select_related("partner").order_by("number"):
        _put_under(row, report, None, urgency, by, at)


def _locked_with_report(
    meeting: Meeting, request: ExceptionRequest, version: int | None
) -> tuple[Meeting, ExceptionRequest]:  # fmt: skip
    """Meeting and report, with the meeting that the report leaves; always locked in one order."""
    places = {meeting.pk, *Meeting.objects.filter(items__exceptions=request).values_list("pk", flat=True)}
    list(Meeting.objects.select_for_update().filter(pk__in=places).order_by("pk").values_list("pk"))
    row = locked(meeting, states=PREPARING, version=version)
    found = ExceptionRequest.objects.select_for_update(of=("self",)).select_related("partner", "item__meeting")
    return row, found.get(pk=request.pk)


def _put_under(
    row: Meeting, report: ExceptionRequest, item: AgendaItem | None, urgency: str, by: User, at: datetime
) -> None:  # fmt: skip
    before, today = report.item, known_on(at)
    under = row.items.filter(pk=item.pk).first() if item else None
    if item is not None and under is None:
        raise InputRefused("item", "This item is not on the agenda of that meeting. Choose another one.")
    if before is not None and before.meeting.state not in PREPARING:
        raise WrongState(
            "This exception report was before a meeting, whose record stays. Add an item on it to the later meeting."
        )
    if before is not None and before.is_exempt and not (under is not None and under.is_exempt):
        raise InputRefused("item", "This exception report is under an exempt item. Choose one that is exempt too.")
    if under is not None and under == before:
        return
    late = _checked_urgency(row, urgency, today)
    # The partner, never the figure: that may be protected.
    title = f"Exception report {report.number} of {report.partner.name}"[:300]
    if under is None:
        under = _at_the_end(
            row, today, kind=AgendaItem.Kind.EXCEPTION, title=title, urgency=late, **by_whom(by, at)
        )  # fmt: skip
    elif late:
        _hang(under, title=title, available_on=today, urgency=late, **by_whom(by, at))
    report.item = under
    report.save(update_fields=["item"])
    if before is not None and before.meeting_id != row.pk:
        changed(before.meeting)
    changed(row)
    if late:
        add_step(row, Step.LATE_PAPER, by=by, at=at)


# Papers


@dataclass(frozen=True)
class PaperDetails:
    """What a paper is: a pack, a file, a committee paper as it was issued, or one that is only named (`is_named`: to
    follow, or given by word of mouth)."""

    title: str
    pages: str = ""
    pack: Pack | None = None
    file: PaperFile | None = None
    embargo_until: datetime | None = None
    urgency: str = ""
    is_named: bool = False
    issue: PaperIssue | None = None

    @property
    def asked(self) -> tuple[Any, ...]:
        """All that it says."""
        digest = self.file.sha256 if self.file else ""
        pack = self.pack.pk if self.pack else None
        issue = self.issue.pk if self.issue else None
        return (self.title, self.pages, pack, digest, self.embargo_until, self.urgency, self.is_named, issue)

    @property
    def given(self) -> int:
        """How many of pack, file and issued committee paper it is."""
        return sum(one is not None for one in (self.pack, self.file, self.issue))


@operation
def add_paper(
    *, item: AgendaItem, details: PaperDetails, stamp: int, by: User, at: datetime, key: str = ""
) -> None:  # fmt: skip
    """Puts a paper under an item; `stamp` is that of the item as the page showed it (`stamp_of`).

    Raises MeetingChanged where the item is another one by now, or gone; InputRefused without a title, for a pack that
    is not published or is another partnership's, for an exempt committee paper under a public item, for more than one
    of pack, file and committee paper, for none where it is not said to be only named, and for a late one without the
    chair's reason; WrongState.
    """
    if is_repeated(key=key, name="add_paper", asked=(item.pk, details.asked), by=by, at=at):
        return
    row, today = locked(item.meeting, states=(*PREPARING, State.HELD)), known_on(at)
    now = row.items.filter(pk=item.pk).first()
    if now is None or stamp_of(now) != stamp:
        raise MeetingChanged(
            "Somebody else has changed this item, or whether it is exempt, since you opened the page. Nothing was "
            "saved; look at the item as it stands now, and send the paper again if it still belongs here."
        )
    if not details.title.strip():
        raise InputRefused("title", "Say what the paper is called.")
    if details.is_named and details.given:
        raise InputRefused("is_named", "There is a pack or a file, so it is more than its name. Take the tick away.")
    if not details.is_named and not details.given:
        raise InputRefused(
            "file",
            "Choose the file or the pack of this paper. Where there is neither, say below that it is only named.",
        )
    if details.given > 1:
        raise InputRefused("file", "A paper is a pack or a file. Choose one of them, and add the other as a paper.")
    if details.pack is not None and (
        details.pack.partnership_id != row.partnership_id or status_of(details.pack).state != "published"
    ):
        raise InputRefused("pack", "Choose a pack of this partnership that stands published.")
    issued = _issued(details.issue, now) if details.issue else None
    same = item.papers.filter(title=details.title.strip(), pack=details.pack, withdrawn_at__isnull=True)
    same = same.filter(document__sha256=details.file.sha256) if details.file else same.filter(document=issued)
    refuse_twice(same, key=key, by=by, at=at)
    urgency = _checked_urgency(row, details.urgency, today)
    document = _stored(row, details.file, by, at) if details.file else issued
    _hang(
        item, title=details.title.strip(), pages=details.pages.strip(), pack=details.pack, document=document,
        available_on=None if row.state == State.PLANNED else today, urgency=urgency,
        embargo_until=details.embargo_until, **by_whom(by, at),
    )  # fmt: skip
    changed(row)
    if urgency:
        add_step(row, Step.LATE_PAPER, by=by, at=at)


def _issued(issue: PaperIssue, item: AgendaItem) -> StoredDocument:
    """The file of an issued committee paper, the PDF where there is one. Raises InputRefused where its pack does not
    stand, and for an exempt one under a public item."""
    pack = issue.paper.pack
    is_open = issue.word.redaction_id is None and not is_overtaken(issue.word, pack)
    is_ours = pack.partnership_id == item.meeting.partnership_id
    if not is_ours or status_of(pack).state != "published" or not is_open:
        raise InputRefused("issue", "Choose a committee paper of this partnership whose pack stands published.")
    if pack.audience == Audience.EXEMPT and not item.is_exempt:
        raise InputRefused("issue", "This committee paper is exempt. Put it under an item that is exempt too.")
    return issue.pdf or issue.word


def _hang(item: AgendaItem, **columns: Any) -> None:
    """The next paper under an item."""
    order = max(item.papers.values_list("order", flat=True), default=0) + 1
    Paper.objects.create(item=item, order=order, **columns)


def _stored(meeting: Meeting, file: PaperFile, by: User, at: datetime) -> StoredDocument:
    """The file as it was given. Its code tells nothing of it: the codes of exempt ones could be seen."""
    count = StoredDocument.objects.filter(partnership=meeting.partnership_id).count()
    return StoredDocument.objects.create(
        partnership=meeting.partnership, code=f"file-{count + 1}-{file.sha256[:12]}", file_name=file.name,
        content_type=file.content_type, size=len(file.content), sha256=file.sha256, content=file.content,
        by=by, actor=by_whom(by, at)["actor"], at=at,
    )  # fmt: skip


@operation
def withdraw_paper(*, paper: Paper, by: User, at: datetime) -> None:
    """Takes a paper back: nobody reads it any more, and it stays in the record. Raises WrongState once the minutes are
    confirmed; twice does nothing more."""
    row = locked(paper.item.meeting, states=(*PREPARING, *RECORDING))
    if Paper.objects.filter(pk=paper.pk, withdrawn_at__isnull=True).update(withdrawn_at=at):
        changed(row)
        told(row, "A paper was withdrawn", by=by, at=at)
