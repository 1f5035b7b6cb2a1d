"""Forms of the return pages, other than the entry grid (which reads its boxes through indicators.entry)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from indicators.forms import GovForm
from indicators.measurement import CORRECTION_WORDS, Correction
from indicators.models import Partnership, Return, Scorecard


class ReturnFilter(GovForm):
    """Which returns are listed; an empty answer lists all."""

    state = forms.ChoiceField(required=False, choices=[("", "All states"), *Return.State.choices])
    scorecard = forms.ModelChoiceField(None, required=False, empty_label="All scorecards", to_field_name="code")
    partner = forms.ModelChoiceField(None, required=False, empty_label="All partners", to_field_name="code")

    def __init__(self, *args: Any, partnership: Partnership, sees_protected: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        readable = partnership.scorecards.all()
        if not sees_protected:
            readable = readable.exclude(audience=Scorecard.Readers.BOARD)
        self.fields["scorecard"].queryset = readable  # type: ignore[attr-defined]
        self.fields["partner"].queryset = partnership.partners.all()  # type: ignore[attr-defined]


class DecisionForm(GovForm):
    """The comment that goes with a decision on a return."""

    comment = forms.CharField(
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The people who enter figures see it. It is needed when you send the return back.",
    )


class CorrectionForm(GovForm):
    """Which figures of an approved return are to be corrected, and why."""

    figures = forms.MultipleChoiceField(
        label="Figures to correct",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one figure to correct"},
    )
    correction = forms.ChoiceField(
        label="Why they are corrected",
        choices=[("", "Choose")] + [(c.value, CORRECTION_WORDS[c]) for c in Correction if c.is_choice],
        error_messages={"required": "Choose why the figures are to be corrected"},
    )
    reason = forms.CharField(
        label="What was wrong, in words",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For example: a case was counted twice. Everybody who sees the corrected figure can read it.",
        error_messages={"required": "Say why the figures are to be corrected"},
    )
    answers = forms.MultipleChoiceField(
        label="Open queries that the correction answers", widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(
        self, *args: Any, lines: Iterable[tuple[str, str]], queries: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["figures"].choices = list(lines)  # type: ignore[attr-defined]
        self.fields["answers"].choices = list(queries)  # type: ignore[attr-defined]
        if not self.fields["answers"].choices:  # type: ignore[attr-defined]
            del self.fields["answers"]


class UploadForm(GovForm):
    """A return as a workbook or a CSV file."""

    file = forms.FileField(
        label="File",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,text/csv"}),
        help_text="An Excel workbook (.xlsx) or a CSV file.",
        error_messages={"required": "Choose the file"},
    )

    def clean_file(self) -> UploadedFile:
        """Refuses a file that is too large before anything of it is read."""
        file: UploadedFile = self.cleaned_data["file"]
        limit = settings.UPLOAD_MAX_BYTES
        if file.size is None or file.size > limit:
            raise forms.ValidationError(f"The file is too large: {limit // 1024 // 1024} MB is the most.")
        return file
