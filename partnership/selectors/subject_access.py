"""Reads everything that is held about one person, table by table, for a subject access request."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField

from indicators.models import AuditEvent, Text, User

# What proves who somebody is; it tells nothing about them, and is told to nobody.
SECRETS = frozenset({"password", "secret_sha256", "key", "token", "last_t", "drift"})
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


def held_about(user: User) -> Iterator[Held]:
    """Every table in which the person stands, the account first; one query each."""
    own = _columns(User, "")
    yield Held("indicators_user", "id", tuple(own), list(User.objects.filter(pk=user.pk).values_list(*own)))
    for model in apps.get_models():
        for field in _people_columns(model):
            columns = _columns(model, field.name)
            rows = list(model._base_manager.filter(**{field.name: user}).order_by("pk").values_list(*columns))
            if rows:
                yield Held(model._meta.db_table, field.name, tuple(columns), rows)
    about = AuditEvent.objects.filter(what__contains=user.display_name or user.email).exclude(by=user).order_by("pk")
    rows = list(about.values_list("at", "kind", "what"))
    if rows:
        yield Held("indicators_auditevent", "what", ("at", "kind", "what"), rows)
