"""Questions that several models are asked in the same words."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models
from django.db.models import Q

from indicators.questions import question
from indicators.roles import Role


class DatedQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Rows that hold from `from_on` to `until_on`, both days included."""

    def on(self, day: date) -> Self:
        """The rows that hold on that day."""
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=day), from_on__lte=day)

    def after(self, day: date) -> Self:
        """The rows that begin later than that day, the next one first."""
        return self.filter(from_on__gt=day).order_by("from_on", "pk")


class MembershipQuerySet(DatedQuerySet):
    """Roles of people."""

    def administrators(self) -> "MembershipQuerySet":
        """Those of administrators who can sign in: by a password, or with their organisation's account."""
        can = ~Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX) | Q(user__single_sign_on__isnull=False)
        return self.filter(can, role=Role.ADMINISTRATOR, partner=None, user__is_active=True)


class InForceQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Versions of something that each hold from a period on, until the next one."""

    def known(self, as_at: date | None) -> "InForceQuerySet":
        """What was known by the end of that day; all of it for None."""
        return self if as_at is None else self.filter(known_on__lte=as_at)


def versions_in_force(
    model: type[models.Model], owner: str, owners: Iterable[int], start_on: date, *, as_at: date | None = None
) -> dict[int, Any]:
    """The version in force for a period that begins on `start_on`, as known on a day, by the id of its owner. One
    query.

    `owner` names the foreign key. Of two versions from the same period the higher number holds.
    """
    rows = _in_force(list(owners), start_on, as_at, model=model, owner=owner)
    return {getattr(row, f"{owner}_id"): row for row in rows}


@question
def _in_force(
    owners: list[int], start_on: date, as_at: date | None, *, model: Any, owner: str
) -> models.QuerySet[Any, Any]:
    rows: models.QuerySet[Any, Any] = model.objects.known(as_at)
    rows = rows.filter(**{f"{owner}__in": owners}, valid_from__start_on__lte=start_on)
    return rows.order_by("valid_from__start_on", "number")
