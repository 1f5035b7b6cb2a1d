"""The drafts of a register on its pages, for those who may see drafts."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from finance.forms.contract import DecisionForm
from finance.models import RegisterDraft
from finance.register_drafts import DraftRow
from finance.registers import Register
from finance.selectors.register_drafts import drafts_of, ended, row_of, waiting
from finance.views.drafts import drafts_shown, sees_drafts
from indicators.models import Partnership
from indicators.roles import Permission
from indicators.views.return_entry import new_key

Sent = tuple[RegisterDraft, DecisionForm]


def form_of(draft: DraftRow | RegisterDraft, typed: Mapping[str, Any] | None = None) -> DecisionForm:
    """The form that decides on a draft; each draft of a page has boxes of its own."""
    return DecisionForm(typed, prefix=f"draft-{draft.number}")


def register_drafts(
    request: HttpRequest, partnership: Partnership, register: Register, *, entry: str = "", item: str = "",
    sent: Sent | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What a page shows of the drafts of a register, or of one entry or item; nothing for those who may not see them.

    `sent` is a draft with its form, where what was asked of it could not be done.
    """
    if not sees_drafts(request, partnership):
        return {}
    rows = drafts_of(partnership, register, entry=entry, item=item)
    waits, draft, form = waiting(rows), *(sent or (None, None))

    def shown(one: RegisterDraft) -> dict[str, Any]:
        own = form if draft is not None and form is not None and one.pk == draft.pk else None
        return _shown(request, partnership, row_of(one), own, on_entry=bool(entry))

    return {
        "sees_drafts": True,
        "drafts": drafts_shown(
            request, waits, ended(rows), shown=shown, told=_told,
            at=waits.filter(number__lt=draft.number).count() if draft is not None else None,
        ),
        "ended_words": "Refused or withdrawn",
        "form": form,
    }  # fmt: skip


def about(partnership: Partnership, draft: DraftRow | RegisterDraft) -> str:
    """The page of what a draft is added to; empty for a new entry."""
    if draft.item:
        return reverse("programme_item", args=[partnership.slug, draft.entry, draft.item])
    return reverse("register_entry", args=[partnership.slug, draft.register, draft.entry]) if draft.entry else ""


def _shown(
    request: HttpRequest, partnership: Partnership, row: DraftRow, sent: DecisionForm | None, *, on_entry: bool
) -> dict[str, Any]:  # fmt: skip
    is_own = row.drafter == request.user.pk
    decides = request.access.can(Permission.ACCEPT) and not is_own  # type: ignore[attr-defined]
    here = [partnership.slug, row.register, row.number]
    return {
        "name": row.name,
        "anchor": f"draft-{row.number}",
        "facts": [{"key": key, "value": value} for key, value in row.facts],
        "said": row.drafted_words,
        "about": "" if on_entry else about(partnership, row),
        "on_entry": on_entry,
        "is_own": is_own,
        "form": (sent or form_of(row)) if decides else None,
        "url": reverse("register_draft_decide", args=here),
        "withdraw_url": reverse("register_draft_withdraw", args=here) if is_own else "",
        "key": new_key(),
    }


def _told(draft: RegisterDraft) -> dict[str, str]:
    row = row_of(draft)
    return {"name": row.name, "words": row.ended_words}
