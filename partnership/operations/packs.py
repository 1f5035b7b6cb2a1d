"""Puts packs together, publishes and withdraws them. What is published never changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.text import slugify

from finance.models import ProjectionRun
from finance.scenario_table import RESULT_TABLE, RESULT_VERSION
from finance.selectors.runs import kept, label_of
from indicators.models import (
    Audience,
    AuditEvent,
    Partnership,
    Period,
    PublishedTable,
    Return,
    Scorecard,
    Text,
    User,
)
from indicators.operations.audit import record_audit, shown_as
from indicators.operations.basics import known_on, made_before, note_made, operation, signed
from indicators.operations.errors import OperationError, WrongState
from indicators.operations.publishing import freeze_projection, freeze_restated, freeze_scorecard
from indicators.protection import Hiding
from indicators.published_table import FORMAT_VERSION, canonical_json, digest
from indicators.selectors.published import pins_of, rows_of
from partnership.exclusion import PARAGRAPHS
from partnership.models import Pack, PackChoice, PackEvent, PackReason, PackRun, PackTable, SmallNumbers
from partnership.pack_check import Point
from partnership.selectors.known_names import MOST_OF_A_NAME
from partnership.selectors.left_out import left_out_of, without_left_out
from partnership.selectors.packs import LookedAt, looked_at, points_of, status_of
from partnership.selectors.protected_rows import Protection
from partnership.selectors.protection import Asked, Passage, protection_of, standing_of
from partnership.selectors.restated import MAY_REPEAT, restated_since
from partnership.selectors.withdrawals import passages_of_reason

LONGEST_REASON = 300
Action = PackEvent.Action
Choice = tuple[Scorecard, Period]
JUST_NOW = "Another pack has been begun for the same meeting, or to replace the same pack, just now. Look at the list."


class PackChanged(OperationError):
    """Somebody else changed the pack after the page was opened."""


class PackNotReady(OperationError):
    """The pack cannot be published yet; `points` are what stands against it."""

    def __init__(self, points: Sequence[Point]) -> None:
        number = "1 point is" if len(points) == 1 else f"{len(points)} points are"
        super().__init__(f"{number} open before this pack can be published.")
        self.points = points


@dataclass(frozen=True)
class PackDraft:
    """What a pack is to be: for which meeting, for whom, and which scorecards of which periods in which order."""

    title: str
    body: str
    meeting_on: date
    audience: str
    choices: Sequence[Choice]
    note: str = ""
    supersedes: Pack | None = None
    runs: Sequence[ProjectionRun] = ()
    small_numbers: str = SmallNumbers.HIDE
    exempt_paragraphs: Sequence[int] = ()

    @property
    def exempt_words(self) -> str:
        """The paragraphs as a pack keeps them: "1,3"."""
        return ",".join(str(number) for number in sorted(set(self.exempt_paragraphs)))

    @property
    def asked(self) -> list[Any]:
        """All that it says, rows by their primary keys."""
        chosen = [(scorecard.pk, period.pk) for scorecard, period in self.choices]
        former = self.supersedes.pk if self.supersedes else None
        return [
            self.title.strip(),
            self.body.strip(),
            self.meeting_on,
            self.audience,
            chosen,
            self.note.strip(),
            former,
            self.exempt_words,
            self.small_numbers,
            *(run.pk for run in self.runs),
        ]

    def refuse_unless_sound(self, partnership: Partnership, pack: Pack | None = None) -> None:
        """Raises WrongState with a sentence when something is missing or is another partnership's. `pack` is the one
        that is changed; none: it is to be a new one."""
        if not self.title.strip() or not self.body.strip():
            raise WrongState("Say what the pack is called and which board or committee it is for.")
        if self.audience not in Audience.values:
            raise WrongState("Choose who the pack is for.")
        if self.audience == Audience.EXEMPT and not self.exempt_paragraphs:
            raise WrongState("Choose the paragraphs of Schedule 12A under which the pack is exempt.")
        if self.audience != Audience.EXEMPT and self.exempt_paragraphs:
            raise WrongState("Only an exempt pack names paragraphs of Schedule 12A. Take the ticks away.")
        if any(number not in PARAGRAPHS for number in self.exempt_paragraphs):
            raise WrongState("Choose paragraphs from 1 to 7.")
        if self.small_numbers not in SmallNumbers.values:
            raise WrongState("Choose how small numbers are protected.")
        if self.small_numbers == SmallNumbers.ROUND and self.audience != Audience.PUBLIC:
            raise WrongState("Only a pack for everybody is rounded; any other is given whole. Choose to hide instead.")
        if not self.choices:
            raise WrongState("Choose at least one scorecard.")
        if len(set(self.choices)) != len(self.choices):
            raise WrongState("A scorecard of a period stands in a pack once.")
        if any(scorecard.partnership_id != partnership.pk for scorecard, _ in self.choices):
            raise WrongState("Choose among this partnership’s scorecards.")
        if any(run.plan.partnership_id != partnership.pk for run in self.runs) or len(set(self.runs)) < len(self.runs):
            raise WrongState("Choose among this partnership’s results, each of them once.")
        if self.runs and self.audience == Audience.PUBLIC:
            raise WrongState("A projection or scenario is no published figure. Give the pack to the board.")
        former = self.supersedes
        if former is not None and (former.partnership_id != partnership.pk or status_of(former).state != "published"):
            raise WrongState("Only a pack that stands published can be replaced by another.")
        if former is not None and former.body != self.body.strip():
            raise WrongState("A pack replaces one that the same board or committee was given. Choose one of those.")
        rivals = Pack.objects.filter(supersedes=former) if former else Pack.objects.none()
        for rival in rivals.exclude(pk=pack.pk) if pack else rivals:
            raise WrongState(f"“{rival.title}” is to replace that pack already. Change it or give it up first.")


def _recorded_as(pack: Pack) -> str:
    """How the record of access names a pack. Who reads the record may be somebody to whom an exempt one is not there,
    and its code tells of body and day."""
    return "An exempt pack" if pack.audience == Audience.EXEMPT else f"Pack {pack.code}"


def _event(pack: Pack, action: str, *, by: User, at: datetime, **more: Any) -> PackEvent:
    return PackEvent.objects.create(pack=pack, action=action, **signed(by, at), **more)


def _held(pack: Pack) -> Pack:
    """The pack, locked until the transaction ends. Its partnership is read with it and not locked: every line of the
    partnership's audit would have to wait for it."""
    return Pack.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=pack.pk)


def locked_draft(pack: Pack, version: int) -> Pack:
    """The pack for a change. Raises WrongState once it is published, PackChanged when it is of another version."""
    row = _held(pack)
    if status_of(row).published is not None:
        raise WrongState("This pack is published and can no longer be changed. Withdraw it, or publish another.")
    if row.version != version:
        raise PackChanged(
            "Somebody else has changed this pack since you opened the page. Nothing was saved; look at it again, then "
            "send what you typed once more if it still holds."
        )
    return row


def _choose(pack: Pack, draft: PackDraft) -> None:
    pack.choices.all().delete()
    carried = {f"{s.code}-{p.slug}" for s, p in draft.choices} if draft.audience == Audience.PUBLIC else set()
    pack.rows_left_out.exclude(table__in=carried).delete()
    PackChoice.objects.bulk_create(
        [PackChoice(pack=pack, scorecard=s, period=p, order=n) for n, (s, p) in enumerate(draft.choices, 1)]
    )
    pack.run_choices.all().delete()
    PackRun.objects.bulk_create([PackRun(pack=pack, run=run, order=n) for n, run in enumerate(draft.runs, 1)])


def _code_for(partnership: Partnership, draft: PackDraft) -> str:
    """A code that no pack of the partnership has or had: body and date, then a number."""
    stem = f"{slugify(draft.body)[:MOST_OF_A_NAME].strip('-') or 'pack'}-{draft.meeting_on.isoformat()}"
    taken = set(Pack.objects.filter(partnership=partnership, code__startswith=stem).values_list("code", flat=True))
    return next(code for code in (stem, *(f"{stem}-{n}" for n in range(2, 1000))) if code not in taken)


@operation
def create_pack(
    *, partnership: Partnership, draft: PackDraft, by: User, at: datetime, code: str = "", key: str = ""
) -> Pack:
    """Begins a pack; the same key again gives the one that it began. Raises WrongState when what it is to be is not
    sound, OperationError for a key that was used otherwise."""
    asked = [partnership.pk, *draft.asked]
    if before := made_before(key=key, operation_name="create_pack", asked=asked, by=by, at=at):
        return Pack.objects.get(partnership=partnership, code=before)
    draft.refuse_unless_sound(partnership)
    try:
        with transaction.atomic():
            pack = Pack.objects.create(
                partnership=partnership,
                code=code or _code_for(partnership, draft),
                title=draft.title.strip(),
                body=draft.body.strip(),
                meeting_on=draft.meeting_on,
                audience=draft.audience,
                exempt_paragraphs=draft.exempt_words,
                small_numbers=draft.small_numbers,
                note=draft.note.strip(),
                supersedes=draft.supersedes,
            )
    except IntegrityError as error:
        raise WrongState(JUST_NOW) from error
    note_made(key=key, code=pack.code)
    _choose(pack, draft)
    _event(pack, Action.CREATED, by=by, at=at)
    return pack


@operation
def change_pack(*, pack: Pack, draft: PackDraft, version: int, by: User, at: datetime) -> None:
    """Changes a pack that is not published yet; reasons given for the check list stay."""
    row = locked_draft(pack, version)
    draft.refuse_unless_sound(row.partnership, row)
    row.title, row.body, row.meeting_on = draft.title.strip(), draft.body.strip(), draft.meeting_on
    row.audience, row.note, row.supersedes = draft.audience, draft.note.strip(), draft.supersedes
    row.exempt_paragraphs = draft.exempt_words
    row.small_numbers = draft.small_numbers
    row.version += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise WrongState(JUST_NOW) from error
    _choose(row, draft)


@operation
def give_reasons(*, pack: Pack, reasons: dict[str, str], version: int, by: User, at: datetime) -> None:
    """Says why points of the check list stand. An empty reason takes one back; a point that must be put right, or is
    not on the list any more, takes none. Raises WrongState for a reason that is too long, PackChanged."""
    row = locked_draft(pack, version)
    if any(len(reason.strip()) > LONGEST_REASON for reason in reasons.values()):
        raise WrongState(f"A reason must be {LONGEST_REASON} characters or fewer. No reason was kept.")
    explicable = {p.key for p in points_of(row, today=known_on(at)) if not p.is_blocking}
    for point, reason in reasons.items():
        if reason.strip() and point in explicable:
            PackReason.objects.update_or_create(
                pack=row, point=point, defaults={"reason": reason.strip(), "by": by, "actor": shown_as(by), "at": at}
            )
        else:
            PackReason.objects.filter(pack=row, point=point).delete()
    row.version += 1
    row.save(update_fields=["version"])


@operation
def discard_pack(*, pack: Pack, version: int, by: User, at: datetime) -> None:
    """Gives a pack up before it is published: it is withdrawn unread, and its code is not used again."""
    row = locked_draft(pack, version)
    _event(row, Action.WITHDRAWN, by=by, at=at, reason=Text.objects.keep("Given up before it was published."))
    row.version += 1
    row.supersedes = None  # another pack may replace the former one now
    row.save(update_fields=["version", "supersedes"])


def _one_snapshot() -> None:
    """All that the publication reads is of one moment; only where this is the outermost transaction."""
    if connection.vendor == "postgresql" and not connection.savepoint_ids:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


@operation
def publish_pack(*, pack: Pack, version: int, by: User, at: datetime, key: str = "") -> PackEvent:
    """Freezes the chosen scorecards as they stand approved, and publishes the pack, all in one transaction.

    Raises PackNotReady with every open point, PackChanged, WrongState. The same key again does nothing more.
    """
    _one_snapshot()
    row = _held(pack)
    done = status_of(row).published
    if done is not None:
        if key and done.by_id == by.pk and done.manifest and done.manifest["key"] == digest(key.encode()):
            return done
        raise WrongState("This pack is published already.")
    if row.version != version:
        raise PackChanged("Somebody else has changed this pack since you opened the page. Nothing was published.")
    if status_of(row).withdrawn is not None:
        raise WrongState("This pack was given up. Begin another.")
    # Who waits for this row reads as of a moment before: a changed row makes them begin anew and see the publication.
    row.version += 1
    row.save(update_fields=["version"])
    choices = [(c.scorecard, c.period) for c in row.choices.select_related("scorecard__partnership", "period")]
    _lock_returns(choices)
    today = known_on(at)
    found = looked_at(row, today=today)
    points = found.points
    open_ones = [p for p in points if not p.is_settled]
    if open_ones:
        raise PackNotReady(open_ones)
    accepted = None if found.asked is None else _accepted(row, by, found.asked)
    if accepted is None and row.audience == Audience.PUBLIC:
        raise WrongState("It was not worked out which small numbers must be hidden. Nothing was published.")
    _freeze(row, found, today, accepted.protection if accepted else None)
    manifest = _manifest(row, points, by, at, key)
    if accepted is not None:
        manifest["protection"] = accepted.told
    event = _event(
        row, Action.PUBLISHED, by=by, at=at, manifest=manifest, manifest_sha256=digest(canonical_json(manifest))
    )  # fmt: skip
    if row.supersedes is not None:
        _event(row.supersedes, Action.SUPERSEDED, by=by, at=at)
    record_audit(
        partnership=row.partnership, kind=AuditEvent.Kind.PACK_PUBLISHED, by=by, what=_recorded_as(row), at=at
    )  # fmt: skip
    return event


@dataclass(frozen=True)
class _Accepted:
    """What a pack for everybody leaves out, as a reviewer accepted it, and what its manifest says of that."""

    protection: Protection
    told: dict[str, Any]


def _accepted(pack: Pack, by: User, asked: Asked) -> _Accepted:
    standing = standing_of(pack, asked)
    event, check = standing.accepted, standing.check
    if event is None or check is None:
        raise WrongState("Nobody has accepted how the small numbers are protected. Nothing was published.")
    if event.by_id == by.pk:
        raise WrongState("You have accepted how the small numbers are protected, so somebody else publishes the pack.")
    protection = protection_of(pack, asked, check)
    told = {
        "policy": asked.policy.as_json(),
        "accepted_by": event.actor,
        "accepted_at": event.at.isoformat(),
        "small_numbers": pack.small_numbers,
        "rounded_to": protection.base or None,
        "hidden_figures": len(protection.stems),
        "rounded_figures": len(protection.rounded),
        "texts_left_out": len(protection.texts),
        "rows_left_out": _names_left_out(pack),
        "audit": check.result["audit"]["sentence"],
        "check": check.fingerprint,
    }
    return _Accepted(protection, told)


def _names_left_out(pack: Pack) -> dict[str, list[str]]:
    """The names of the rows that it is published without, by table."""
    found: dict[str, list[str]] = {}
    for table, name in pack.rows_left_out.order_by("table", "indicator", "slice").values_list("table", "name"):
        found.setdefault(table, []).append(name)
    return found


def _lock_returns(choices: Sequence[Choice]) -> None:
    """Nobody submits, accepts or corrects what is being published, until it is."""
    for scorecard, period in choices:
        list(
            Return.objects.select_for_update(of=("self",))
            .filter(round__scorecard=scorecard, round__period=period)
            .order_by("pk")
        )


def _freeze(pack: Pack, found: LookedAt, today: date, protection: Protection | None) -> None:
    order, gone = 0, left_out_of(pack)
    for order, one in enumerate(found.carried, 1):
        hide = partial(protection.hidings, one.code) if protection else None
        table = freeze_scorecard(
            scorecard=one.scorecard, period=one.period, audience=pack.audience, today=today, hide=hide,
            left_out=gone.get(one.code, ()), found=(one.view, one.gathered),
        )  # fmt: skip
        PackTable.objects.create(pack=pack, order=order, code=one.code, table=table)
    results = pack.run_choices.select_related("run__plan", "run__scenario").order_by("order")
    for number, choice in enumerate(results, 1):
        order += 1
        table = _frozen_result(pack, choice.run)
        PackTable.objects.create(pack=pack, order=order, code=f"projection-{number}", table=table)
    if found.asked is not None:
        restated = found.asked.restated
    else:
        since = restated_since(pack.partnership, today=today, audiences=MAY_REPEAT[pack.audience])
        restated = without_left_out(pack, since)
    told = protection.restated(restated) if protection else [(row, Hiding()) for row in restated]
    if told:
        table = freeze_restated(partnership=pack.partnership, rows=told, audience=pack.audience)
        PackTable.objects.create(pack=pack, order=order + 1, code="restated", table=table)


def _frozen_result(pack: Pack, run: ProjectionRun) -> PublishedTable:
    place = f"{pack.partnership.slug}/projection/{run.plan.code}/{run.code}"
    rows = [(f"{place}/{row.part}/{row.code}"[:200], row) for row in kept(run, run.plan.as_at).rows]
    return freeze_projection(
        partnership=pack.partnership, label=label_of(run), spec=RESULT_TABLE, version=RESULT_VERSION, rows=rows,
        audience=pack.audience,
    )  # fmt: skip


def _manifest(pack: Pack, points: Sequence[Point], by: User, at: datetime, key: str) -> dict[str, Any]:
    """What was published, in natural keys: enough to find every revision, definition and target again."""
    tables = []
    for carried in pack.tables.select_related("table__scorecard", "table__period").order_by("order"):
        table = carried.table
        rows, pins = rows_of(table.pk), pins_of(table.pk)
        tables.append(
            {
                "code": carried.code,
                "kind": table.kind,
                "scorecard": table.scorecard.code if table.scorecard else "",
                "period": table.period.slug if table.period else "",
                "audience": table.audience,
                "format_version": table.format_version,
                "rows": len(rows),
                "sha256": table.sha256,
                "keys": [row.key for row in rows],
                "definitions": sorted({f"{r.version.indicator.code}/{r.version.number}" for r in rows if r.version}),
                "targets": sorted(
                    {f"{r.target.line.series.indicator.code}/{r.target.number}" for r in rows if r.target}
                ),
                "revisions": sorted(
                    f"{p.figure.series.indicator.code}/{p.figure.series.slice.key or 'whole'}/"
                    f"{p.figure.period.slug}/{p.figure.revision}"
                    for p in pins
                ),
            }
        )
    return {
        "partnership": pack.partnership.slug,
        "pack": pack.code,
        "title": pack.title,
        "body": pack.body,
        "meeting_on": pack.meeting_on.isoformat(),
        "audience": pack.audience,
        "exempt_paragraphs": list(pack.exempt_numbers),
        "supersedes": pack.supersedes.code if pack.supersedes else "",
        "format_version": FORMAT_VERSION,
        "application_version": settings.VERSION,
        "published_at": at.isoformat(),
        "published_by": shown_as(by),
        "reasons": {p.key: p.reason for p in points},
        "tables": tables,
        "key": digest(key.encode()) if key else "",
    }


class ReasonCouldTell(OperationError):
    """The reason for a withdrawal holds what could identify somebody, and everybody would read it."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        quoted = ", ".join(dict.fromkeys(f"“{one.quoted}”" for one in passages))
        super().__init__(
            f"Everybody would read this, and it could identify somebody: {quoted}. Write it in other words."
        )


@operation
def withdraw_pack(
    *, pack: Pack, reason: str, is_breach: bool, by: User, at: datetime, is_held: bool = False
) -> None:  # fmt: skip
    """Withdraws a published pack. It stays readable with the reason; after a breach nobody reads it any more.

    Everybody is told the reason of a pack for everybody. `is_held`: not before a reviewer has decided of what in it
    could identify somebody. Raises ReasonCouldTell where something does and it is not to be held, WrongState.
    """
    row = _held(pack)
    status = status_of(row)
    if status.published is None:
        raise WrongState("Only a published pack can be withdrawn.")
    if status.is_closed or (status.withdrawn is not None and not is_breach):
        raise WrongState("This pack is withdrawn already.")
    if not reason.strip():
        raise WrongState("Say why the pack is withdrawn; everybody who opens it reads the reason.")
    passages = [] if is_breach else passages_of_reason(row, reason.strip(), today=known_on(at))
    if passages and not is_held:
        raise ReasonCouldTell(passages)
    _event(
        row, Action.WITHDRAWN, by=by, at=at, reason=Text.objects.keep(reason.strip()), is_breach=is_breach,
        is_held=bool(passages),
    )  # fmt: skip
    if row.supersedes is not None and status_of(row.supersedes).superseded is not None:
        _event(row.supersedes, Action.REINSTATED, by=by, at=at)
    record_audit(
        partnership=row.partnership, kind=AuditEvent.Kind.PACK_WITHDRAWN, by=by, what=_recorded_as(row), at=at
    )  # fmt: skip
