"""Reads everything that is held about one person, table by table, for a subject access request."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from axes.models import AccessAttempt
from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField

from indicators.models import AuditEvent, Text, User
from partnership.operations.lock_outs import account_key

# What proves who somebody is; it tells nothing about them, and is told to nobody.
SECRETS = frozenset({"password", "secret_sha256", "key", "token", "last_t", "drift"})
ANOTHER = "another person"
OTHERS_NAMES = ("actor", "withdrawn_actor")
_OWN = {"actor": ("by", "recorded_by", "owner"), "withdrawn_actor": ("withdrawn_by",)}


@dataclass(frozen=True)
class Held:
    """The rows of one table that tell of a person: as what they stand there (the column), its header and its rows."""

    table: str
    column: str
    header: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def _columns(model: Any, person_column: str) -> list[str]:
    """The columns that are given out: without secrets, without names of others, texts in full."""
    found = []
    for field in model._meta.concrete_fields:
        is_others = field.name in OTHERS_NAMES and person_column not in _OWN[field.name]
        if field.name in SECRETS or is_others:
            continue
        if isinstance(field, ForeignKey) and field.related_model is User and field.name != person_column:
            continue
        is_text = isinstance(field, ForeignKey) and field.related_model is Text
        found.append(f"{field.name}__body" if is_text else field.attname)
    return found


def _people_columns(model: Any) -> Iterator[Any]:
    for field in model._meta.get_fields():
        if isinstance(field, ForeignKey | ManyToManyField) and field.related_model is User:
            yield field


def _without_others(user: User) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """Takes the names and addresses of other people out of the texts of a row: what somebody did with the access of
    another is told to them, the other is not. One query."""
    own = {user.email, user.display_name}
    others = {name for pair in User.objects.exclude(pk=user.pk).values_list("email", "display_name") for name in pair}
    longest_first = sorted(filter(None, others - own), key=len, reverse=True)
    if not longest_first:
        return lambda row: row
    named = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in longest_first))
    return lambda row: tuple(named.sub(ANOTHER, cell) if isinstance(cell, str) else cell for cell in row)


def held_about(user: User) -> Iterator[Held]:
    """Every table in which the person stands, the account first; one query each, and one for the names of others."""
    without_others = _without_others(user)
    own = _columns(User, "")
    yield Held("indicators_user", "id", tuple(own), list(User.objects.filter(pk=user.pk).values_list(*own)))
    for model in apps.get_models():
        for field in _people_columns(model):
            columns = _columns(model, field.name)
            rows = list(model._base_manager.filter(**{field.name: user}).order_by("pk").values_list(*columns))
            if model is AuditEvent:
                rows = [without_others(row) for row in rows]
            if rows:
                yield Held(model._meta.db_table, field.name, tuple(columns), rows)
    failed = AccessAttempt.objects.filter(username=account_key(user.email)).order_by("pk")
    columns = ["attempt_time", "ip_address", "user_agent", "failures_since_start"]
    rows = list(failed.values_list(*columns))
    if rows:
        yield Held(AccessAttempt._meta.db_table, "username", tuple(columns), rows)
    about = AuditEvent.objects.filter(what__contains=user.display_name or user.email).exclude(by=user).order_by("pk")
    rows = [without_others(row) for row in about.values_list("at", "kind", "what")]
    if rows:
        yield Held("indicators_auditevent", "what", ("at", "kind", "what"), rows)
