"""Filters of the catalogue of published tables, sent in the page's own address."""

from collections.abc import Iterable
from typing import Any

from django import forms

from indicators.forms import GovForm
from partnership.selectors.public_data import PublicTable


class CatalogueFilter(GovForm):
    """Which tables are listed: words of the title, partnership, scorecard, period, and whether they still stand."""

    q = forms.CharField(label="Title or meeting contains", required=False, max_length=80)
    partnership = forms.ChoiceField(required=False)
    scorecard = forms.ChoiceField(required=False)
    period = forms.ChoiceField(required=False)
    state = forms.ChoiceField(
        required=False,
        choices=[("", "All"), ("standing", "Not replaced"), ("replaced", "Replaced by a later pack")],
    )

    def __init__(self, *args: Any, tables: Iterable[PublicTable], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = list(tables)
        cards = [one.table.scorecard for one in held if one.table.scorecard]
        periods = sorted({one.table.period for one in held if one.table.period}, key=lambda p: p.end_on, reverse=True)
        places = {(one.partnership.slug, one.partnership.name) for one in held}
        self._offer("partnership", "All partnerships", sorted(places))
        self._offer("scorecard", "All scorecards", sorted({(card.code, card.name) for card in cards}))
        self._offer("period", "All periods", [(period.slug, period.label) for period in periods])
        if len(places) < 2:
            del self.fields["partnership"]

    def _offer(self, name: str, all_words: str, pairs: Iterable[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", all_words), *pairs]

    def chosen(self, tables: Iterable[PublicTable]) -> list[PublicTable]:
        """The tables that pass; all of them where what was sent cannot be read."""
        asked = self.cleaned_data if self.is_valid() else {}
        found = list(tables)
        for word in asked.get("q", "").casefold().split():
            found = [one for one in found if word in one.words]
        if asked.get("partnership"):
            found = [one for one in found if one.partnership.slug == asked["partnership"]]
        if asked.get("scorecard"):
            found = [one for one in found if one.table.scorecard and one.table.scorecard.code == asked["scorecard"]]
        if asked.get("period"):
            found = [one for one in found if one.table.period and one.table.period.slug == asked["period"]]
        if asked.get("state"):
            found = [one for one in found if (one.of.later is None) == (asked["state"] == "standing")]
        return found
