"""What is asked of a region's comparison, sent in the page's own address."""

from collections.abc import Iterable
from typing import Any

from django import forms

from indicators.forms import GovForm
from indicators.quarters import Period
from indicators.same_definition import Definition
from partnership.regional import Telling


class RegionFilter(GovForm):
    """Period, which statement of each figure, and where there are several the definition."""

    period = forms.ChoiceField(required=False)
    told = forms.ChoiceField(
        label="Figures",
        required=False,
        choices=[(Telling.LAST.value, "As told last"), (Telling.FIRST.value, "As first reported")],
    )
    definition = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, periods: Iterable[Period], definitions: Iterable[Definition], **kw: Any) -> None:
        super().__init__(*args, **kw)
        self._offer("period", [(period.slug, period.label) for period in periods])
        held = list(definitions)
        self._offer("definition", [("", "The one that most publish"), *((d.short, _named(d)) for d in held)])
        if len(held) < 2:
            del self.fields["definition"]

    def _offer(self, name: str, pairs: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = pairs

    def asked(self, name: str) -> str:
        """What was chosen; empty where nothing was, or what is not offered."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")


def _named(definition: Definition) -> str:
    return f"Version {definition.number} ({definition.short})"
