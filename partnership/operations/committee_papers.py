"""Keeps the form of committee papers; has papers begun, written, signed and issued. What is issued never changes."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from indicators.models import Audience, AuditEvent, Partnership, Text, User
from indicators.operations.audit import record_audit
from indicators.operations.basics import hold, known_on, made_before, note_made, operation, signed, used_before
from indicators.operations.errors import InputRefused, NotAllowed, NothingChanged, OperationError, WrongState
from partnership.documents import Form
from partnership.models import (
    CommitteePaper,
    Pack,
    PaperIssue,
    PaperPassageDecision,
    PaperSection,
    PaperSignature,
    PaperTemplate,
    StoredDocument,
    TemplateSection,
)
from partnership.operations.pack_documents import refuse_if_redacted, store_file
from partnership.paper_form import SectionForm, refuse_unless_sound
from partnership.recorded_packs import line_of_issue
from partnership.selectors.committee_papers import PaperView, form_of, paper_view
from partnership.selectors.packs import status_of

LONGEST_TEXT = 20_000
LONGEST_REASON = 300
_INITIALS = re.compile(r"[^\W\d_]{2,6}")
FORM_CHANGED = (
    "Somebody else has changed the form of committee papers since you opened the page. Nothing was saved; look at it "
    "as it stands now, and send your changes once more if they still hold."
)
SECTION_CHANGED = (
    "Somebody else has changed this section since you opened the page. Nothing was saved; what stands there now is "
    "shown above what you typed."
)
CHANGED_MEANWHILE = (
    "A section was changed or signed while the paper was made, so it was not issued. Look at the paper, and issue it "
    "again."
)


PASSAGES_CHANGED = (
    "Somebody else has changed a text of this paper since you opened the page, so its passages are others now. Nothing "
    "was saved; look at those that are listed, and send your reasons once more."
)
DECIDED_MEANWHILE = (
    "Somebody else has decided of one of these passages since you opened the page. Nothing was saved; send your "
    "reasons for the others once more."
)


class PaperChanged(OperationError):
    """Somebody else changed the form, the section or the paper after the page was opened."""


class PaperNotReady(OperationError):
    """The paper cannot be issued yet; `points` say why."""

    def __init__(self, points: Sequence[str]) -> None:
        number = "1 point stands" if len(points) == 1 else f"{len(points)} points stand"
        super().__init__(f"{number} against issuing this paper.")
        self.points = tuple(points)


# The form


def with_codes(sections: Sequence[SectionForm]) -> list[SectionForm]:
    """The sections, new ones with a code made from their heading."""
    return [replace(one, code=one.code or slugify(one.heading)[:40].strip("-") or "section") for one in sections]


@operation
def keep_form(
    *, partnership: Partnership, sections: Sequence[SectionForm], version: int, by: User, at: datetime, key: str = ""
) -> PaperTemplate | None:
    """Keeps another version of the form; papers begun before keep theirs. `version`: the one that was changed.

    Raises FormNotSound with the place of the section that cannot be, NothingChanged, PaperChanged. The same key again
    does nothing more (None).
    """
    given = with_codes(sections)
    said = hashlib.sha256(repr((partnership.pk, version, given)).encode()).hexdigest()
    if used_before(key=key, operation_name="keep_form", outcome=said, by=by, at=at):
        return None
    refuse_unless_sound(given)
    hold(Partnership, partnership.pk)
    now = form_of(partnership)
    if now.version != version:
        raise PaperChanged(FORM_CHANGED)
    if list(now.sections) == given:
        raise NothingChanged
    return _kept_form(partnership, given, version + 1, by, at)


def _kept_form(
    partnership: Partnership, sections: Sequence[SectionForm], version: int, by: User, at: datetime
) -> PaperTemplate:  # fmt: skip
    try:
        with transaction.atomic():
            template = PaperTemplate.objects.create(partnership=partnership, version=version, **signed(by, at))
    except IntegrityError as error:
        raise PaperChanged(FORM_CHANGED) from error
    for order, one in enumerate(sections, 1):
        TemplateSection.objects.create(
            template=template, order=order, code=one.code, heading=one.heading.strip(), kind=one.kind.value,
            words=Text.objects.keep(one.words.strip()), owner_role=one.owner_role.strip(),
        )  # fmt: skip
    return template


# A paper


@operation
def begin_paper(*, pack: Pack, title: str, by: User, at: datetime, key: str = "") -> CommitteePaper:
    """Begins a paper of a pack in the form in force; the same key again gives the one that it began. Raises
    InputRefused without a title, WrongState for a pack that was withdrawn."""
    asked = [pack.pk, title.strip()]
    if before := made_before(key=key, operation_name="begin_paper", asked=asked, by=by, at=at):
        return CommitteePaper.objects.get(pack=pack, number=int(before))
    if not title.strip():
        raise InputRefused("title", "Say what the paper is called.")
    row = Pack.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=pack.pk)
    if status_of(row).withdrawn is not None:
        raise WrongState("This pack was withdrawn or given up. Begin a paper of another.")
    form = form_of(row.partnership)
    template = form.template or _kept_form(row.partnership, form.sections, 1, by, at)
    number = CommitteePaper.objects.filter(pack=row).count() + 1
    paper = CommitteePaper.objects.create(
        pack=row, number=number, title=title.strip(), template=template, **signed(by, at)
    )  # fmt: skip
    note_made(key=key, code=str(number))
    return paper


def _locked(paper: CommitteePaper) -> CommitteePaper:
    """The paper with its pack, locked until the transaction ends."""
    found = CommitteePaper.objects.select_for_update(of=("self",)).select_related("pack__partnership", "template")
    return found.get(pk=paper.pk)


def _latest(paper: CommitteePaper, section: TemplateSection) -> PaperSection | None:
    return PaperSection.objects.filter(paper=paper, section=section).order_by("revision").last()


@operation
def write_section(
    *, paper: CommitteePaper, section: TemplateSection, text: str, revision: int, by: User, at: datetime, key: str = ""
) -> None:
    """Keeps another wording of a section; nothing typed: the words of the form stand again. A signature of the wording
    before does not hold for it. `revision`: the wording that the page showed, 0 for none.

    Raises InputRefused for a text that is too long, NothingChanged, PaperChanged.
    """
    said = hashlib.sha256(repr((paper.pk, section.pk, revision, text)).encode()).hexdigest()
    if used_before(key=key, operation_name="write_section", outcome=said, by=by, at=at):
        return
    row, given = _locked(paper), text.replace("\r\n", "\n").strip()
    if len(given) > LONGEST_TEXT:
        raise InputRefused("text", f"The text must be {LONGEST_TEXT:,} characters or fewer.")
    before = _latest(row, section)
    if (before.revision if before else 0) != revision:
        raise PaperChanged(SECTION_CHANGED)
    own = before.text.body if before and before.text else ""
    standing = section.words.body if section.words else ""
    if given in ({own} if own else {"", standing}):
        raise NothingChanged
    PaperSection.objects.create(
        paper=row, section=section, revision=revision + 1, text=Text.objects.keep(given), **signed(by, at)
    )  # fmt: skip
    _moved_on(row)


def _moved_on(paper: CommitteePaper) -> None:
    paper.version += 1
    paper.save(update_fields=["version"])


@operation
def sign_section(
    *, paper: CommitteePaper, section: TemplateSection, initials: str, revision: int, by: User, at: datetime,
    key: str = "",
) -> None:  # fmt: skip
    """Signs the wording of implications that the page showed, for their owner. Where the words of the form stand, they
    are kept as a wording first, so that a signature is always of words that stay.

    Raises InputRefused for initials that are none, WrongState for a section that is not signed or has no words,
    PaperChanged.
    """
    said = hashlib.sha256(repr((paper.pk, section.pk, revision, initials)).encode()).hexdigest()
    if used_before(key=key, operation_name="sign_section", outcome=said, by=by, at=at):
        return
    if section.kind != TemplateSection.Kind.IMPLICATIONS:
        raise WrongState("Only implications are signed.")
    typed = initials.replace(".", "").replace(" ", "").upper()
    if not _INITIALS.fullmatch(typed):
        raise InputRefused("initials", "Type initials of 2 to 6 letters, like AB.")
    row = _locked(paper)
    wording = _latest(row, section)
    if (wording.revision if wording else 0) != revision:
        raise PaperChanged(SECTION_CHANGED)
    if wording is None or wording.text is None:
        wording = _with_words_of_the_form(row, section, revision, by, at)
    PaperSignature.objects.create(wording=wording, initials=typed, role=section.owner_role, **signed(by, at))
    _moved_on(row)


def _with_words_of_the_form(
    paper: CommitteePaper, section: TemplateSection, revision: int, by: User, at: datetime
) -> PaperSection:  # fmt: skip
    if section.words is None:
        raise WrongState("Nothing is written here yet. Write what the implications are; then it can be signed.")
    return PaperSection.objects.create(
        paper=paper, section=section, revision=revision + 1, text=section.words, **signed(by, at)
    )  # fmt: skip


# Passages


@operation
def decide_passages_of_paper(
    *, paper: CommitteePaper, reasons: Mapping[str, str], by: User, at: datetime, key: str = ""
) -> None:
    """Keeps that passages of a paper for everybody identify nobody: the reasons by the key of the passage; those
    without a reason stay open. All are kept or none.

    Raises WrongState for a paper that is not for everybody and where no reason is given, InputRefused for one that is
    too long, PaperChanged where a passage stands there no more or somebody has decided of it.
    """
    given = {passage: reason.strip() for passage, reason in reasons.items() if reason.strip()}
    said = hashlib.sha256(repr((paper.pk, sorted(given.items()))).encode()).hexdigest()
    if used_before(key=key, operation_name="decide_passages_of_paper", outcome=said, by=by, at=at):
        return
    row = _locked(paper)
    if row.pack.audience != Audience.PUBLIC:
        raise WrongState("Only a paper of a pack for everybody is looked through. This one needs no decision.")
    if not given:
        raise WrongState("Write of at least one passage why it identifies nobody. Nothing was saved.")
    for passage, reason in given.items():
        if len(reason) > LONGEST_REASON:
            raise InputRefused(passage, f"The reason must be {LONGEST_REASON} characters or fewer.")
    standing = {one.key: one for one in paper_view(row, today=known_on(at)).passages}
    if not given.keys() <= standing.keys():
        raise PaperChanged(PASSAGES_CHANGED)
    if any(standing[passage].decision for passage in given):
        raise PaperChanged(DECIDED_MEANWHILE)
    for passage, reason in given.items():
        kept = Text.objects.keep(reason)
        assert kept is not None  # noqa: S101
        PaperPassageDecision.objects.create(
            paper=row, passage=passage, place=standing[passage].place, reason=kept, **signed(by, at)
        )  # fmt: skip
    _moved_on(row)


# Issuing


def refuse_unless_ready(view: PaperView, by: User) -> None:
    """Raises PaperNotReady with everything that stands against issuing, NotAllowed for who signed a section or
    decided of a passage."""
    if view.points:
        raise PaperNotReady(view.points)
    if why := view.why_another_issues(by.pk):
        raise NotAllowed(why)


def next_number(view: PaperView) -> int:
    """The number of the next issue."""
    return len(view.issues) + 1


@operation
def issue_paper(
    *, paper: CommitteePaper, made: Mapping[Form, bytes], rests_on: Mapping[str, Any], number: int, redactions: int,
    by: User, at: datetime,
) -> PaperIssue:  # fmt: skip
    """Stores a paper as issued, with its number. `rests_on` is that of the paper as the files were made from it;
    `redactions` as in `keep_documents`.

    Raises PaperNotReady, NotAllowed; PaperChanged where a section, a signature or the number of issues has changed
    since; WrongState where something was redacted meanwhile.
    """
    row = _locked(paper)
    view = paper_view(row, today=known_on(at))
    refuse_unless_ready(view, by)
    if view.rests_on != rests_on or next_number(view) != number:
        raise PaperChanged(CHANGED_MEANWHILE)
    published = view.status.published
    stored = {form: _stored(row, form, content, number, by, at) for form, content in made.items()}
    issue = PaperIssue.objects.create(
        paper=row, number=number, word=stored[Form.DOCX], pdf=stored.get(Form.PDF),
        rests_on={"manifest_sha256": published.manifest_sha256 if published else "", "sections": view.rests_on,
                  "passages": view.decided},
        **signed(by, at),
    )  # fmt: skip
    refuse_if_redacted(row.pack.partnership, redactions)
    record_audit(
        partnership=row.pack.partnership, kind=AuditEvent.Kind.GOVERNANCE_RECORDED, by=by,
        what=line_of_issue(row.pack.code, row.number, number, is_exempt=row.pack.audience == Audience.EXEMPT), at=at,
    )  # fmt: skip
    return issue


def _stored(
    paper: CommitteePaper, form: Form, content: bytes, number: int, by: User, at: datetime
) -> StoredDocument:  # fmt: skip
    return store_file(
        partnership=paper.pack.partnership, code=f"paper-{paper.pk}-{form.value}-{number}",
        name=f"{paper.pack.code}_paper-{paper.number}_issue-{number}", form=form, content=content, by=by, at=at,
    )  # fmt: skip
