"""The filters of who can see what."""

from collections.abc import Iterable

from django import forms

from indicators.forms import GovForm
from indicators.roles import Permission
from partnership.access_table import ANSWER_WORDS, OF_WORDS, AccessRow


class AccessFilter(GovForm):
    """Persons or roles, whose name, which thing, and where it holds."""

    of = forms.ChoiceField(
        label="Of", required=False, choices=[("", "People and roles"), *((k.value, w) for k, w in OF_WORDS.items())]
    )
    who = forms.CharField(label="Name contains", required=False, max_length=80)
    may = forms.ChoiceField(
        label="May", required=False, choices=[("", "Anything"), *((p.name.lower(), p.value) for p in Permission)]
    )
    where = forms.ChoiceField(
        label="Where", required=False, choices=[("", "Any answer"), *((k.value, w) for k, w in ANSWER_WORDS.items())]
    )

    def chosen(self, rows: Iterable[AccessRow]) -> list[AccessRow]:
        """The rows that the filters let through."""
        data = self.cleaned_data
        return [
            row
            for row in rows
            if (not data["of"] or row.of == data["of"])
            and data["who"].casefold() in f"{row.who} {row.email}".casefold()
            and (not data["may"] or row.permission.name.lower() == data["may"])
            and (not data["where"] or row.answer == data["where"])
        ]
