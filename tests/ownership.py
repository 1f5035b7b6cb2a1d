"""Whose each row of the database is: the partnerships that its foreign keys lead to, in however many steps."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps
from django.db import models

from indicators.models import Partnership, User

APPS = ("indicators", "referrals", "finance", "partnership")
Row = tuple[type[models.Model], int]


def _models() -> Iterator[type[models.Model]]:
    for app in APPS:
        yield from apps.get_app_config(app).get_models(include_auto_created=True)


def _keys(model: type[models.Model]) -> list[Any]:
    """Its foreign keys; people are left out, because one may work for several partnerships."""
    found = [f for f in model._meta.concrete_fields if f.is_relation and f.related_model in set(_models())]
    return [f for f in found if f.related_model is not User]


class Ownership:
    """Every row as it stands now, and whose it is."""

    def __init__(self) -> None:
        self.rows: dict[Row, Mapping[str, Any]] = {
            (model, row[model._meta.pk.attname]): row
            for model in _models()
            for row in model._base_manager.values(*(f.attname for f in model._meta.concrete_fields))
        }
        self._of: dict[Row, frozenset[int]] = {}

    def of(self, row: Row) -> frozenset[int]:
        """The partnerships that a row leads to; none for what all share."""
        if row not in self._of:
            model, pk = row
            self._of[row] = frozenset({pk}) if model is Partnership else frozenset()
            values = self.rows[row]
            led = [(f.related_model, values[f.attname]) for f in _keys(model) if values[f.attname] is not None]
            self._of[row] |= {one for to in led if to in self.rows for one in self.of(to)}
        return self._of[row]

    def mixed(self) -> list[str]:
        """The rows that lead to more than one partnership."""
        return sorted(f"{model._meta.label} {pk}" for model, pk in self.rows if len(self.of((model, pk))) > 1)

    def owned_by(self, partnership: Partnership) -> list[Row]:
        """The rows of that partnership alone."""
        return [row for row in self.rows if self.of(row) == {partnership.pk}]

    def words_of(self, partnership: Partnership, *, shortest: int = 10) -> set[str]:
        """The texts that only its rows have, such as titles, names and addresses."""
        own = set(self.owned_by(partnership))
        mine = {text for row in own for text in self._texts(row) if len(text) >= shortest}
        return mine - {text for row in self.rows if row not in own for text in self._texts(row)}

    def references_of(self, partnership: Partnership) -> tuple[list[str], list[str]]:
        """Its row numbers, and the codes that name its things in addresses and forms."""
        rows = self.owned_by(partnership)
        numbers = sorted({pk for _, pk in rows})
        names = {"code", "slug", "key", "number"}
        codes = {str(v) for row in rows for name, v in self.rows[row].items() if name in names and isinstance(v, str)}
        return [str(number) for number in numbers], sorted(code for code in codes if code and len(code) <= 80)

    def _texts(self, row: Row) -> Iterator[str]:
        for field in row[0]._meta.concrete_fields:
            value = self.rows[row][field.attname]
            if isinstance(field, models.CharField | models.TextField) and isinstance(value, str) and not field.choices:
                yield value
