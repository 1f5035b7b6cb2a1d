"""Forms of the work programme."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms

from indicators.forms import GovForm, Radios
from indicators.models import Partner, Partnership, User
from indicators.permissions import Access
from indicators.working_days import day_words
from partnership.forms.meetings import PUBLIC_HINT, ROLE_HINT, offer, words
from partnership.models import BodyVersion, WorkItem
from partnership.operations import work_programme
from partnership.operations.work_programme import Expected
from partnership.selectors import visible

Programme = WorkItem.Programme
_MOST_ITEMS = 200


class WorkForm(GovForm):
    """Something that a body expects."""

    programme = forms.ChoiceField(label="Which programme?", choices=Programme.choices, widget=Radios)
    body = forms.ChoiceField(label="For which body")
    title = words("What is expected", most=300)
    owner_role = words("Role that brings it", most=160, required=False, hint=ROLE_HINT)
    owner_partner = forms.ChoiceField(label="Partner that brings it", required=False)
    expected_from = forms.DateField(label="First day", required=False)
    expected_by = forms.DateField(label="Last day on which it is in time", required=False)
    expected_words = words("When, in words", most=160, required=False, hint="As the resolution or paper says it")
    notice_on = forms.DateField(
        label="Notice given on", required=False,
        help_text="Key decisions of the forward plan only: 28 clear days before",
    )  # fmt: skip

    def __init__(
        self, *args: Any, partnership: Partnership, bodies: Iterable[BodyVersion], **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.partnership = partnership
        self.bodies = {v.body.code: v for v in bodies}
        self.partners = {p.code: p for p in Partner.objects.filter(partnership=partnership).order_by("name")}
        offer(self, "body", [("", "Choose a body"), *((code, v.name) for code, v in self.bodies.items())])
        offer(self, "owner_partner", [("", "None"), *((code, p.name) for code, p in self.partners.items())])

    def carry_out(self, *, by: User, at: datetime, key: str, version: int) -> None:
        """Puts it on the programme."""
        data = self.cleaned_data
        expected = Expected(
            **{
                **data,
                "body": self.bodies[data["body"]].body,
                "owner_partner": self.partners.get(data["owner_partner"]),
            }
        )
        work_programme.expect(partnership=self.partnership, expected=expected, by=by, at=at, key=key)


class ReceiveForm(GovForm):
    """Under which item it came."""

    under = forms.ChoiceField(label="It came under the item")

    def __init__(self, *args: Any, item: WorkItem, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        found = visible.items_for(access, item.partnership).filter(meeting__body=item.body_id)
        found = found.filter(meeting__state__in=visible.AGENDA_OPEN).select_related("meeting")
        self.items = {
            f"{i.meeting.code}/{i.order}": i for i in found.order_by("-meeting__on", "order")[:_MOST_ITEMS]
        }  # fmt: skip
        named = [(key, f"{day_words(i.meeting.on)}, {i.label}. {i.title}") for key, i in self.items.items()]
        offer(self, "under", [("", "Choose an item"), *named])

    def carry_out(self, *, by: User, at: datetime, key: str, version: int) -> None:
        """Keeps that it came."""
        work_programme.receive(item=self.item, under=self.items[self.cleaned_data["under"]], by=by, at=at, key=key)


class WithdrawForm(GovForm):
    """Why it is not expected any more."""

    reason = words("Why it is not expected any more", most=300, rows=3, hint=PUBLIC_HINT)

    def __init__(self, *args: Any, item: WorkItem, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item

    def carry_out(self, *, by: User, at: datetime, key: str, version: int) -> None:
        """Takes it off."""
        work_programme.withdraw(item=self.item, reason=self.cleaned_data["reason"], by=by, at=at, key=key)
