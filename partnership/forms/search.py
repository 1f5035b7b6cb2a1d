"""The search box."""

from django import forms

from indicators.forms import GovForm
from partnership.models import SearchEntry
from partnership.search_words import LONGEST_QUERY


class SearchForm(GovForm):
    """What is looked for, and in what."""

    q = forms.CharField(label="Search for", required=False, max_length=LONGEST_QUERY)
    kind = forms.ChoiceField(label="In", required=False, choices=[("", "Everything"), *SearchEntry.Kind.choices])
