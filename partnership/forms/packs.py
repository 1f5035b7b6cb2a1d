"""Forms of the pack pages."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from finance.models import ProjectionRun
from finance.selectors.runs import label_of, told_when
from indicators.forms import Checkboxes, GovForm, Radios
from indicators.models import Audience, Period, Scorecard
from indicators.working_days import day_words
from partnership.exclusion import PARAGRAPHS
from partnership.models import Pack, SmallNumbers
from partnership.operations.packs import PackDraft

_NEW = {"audience": Audience.BOARD, "small_numbers": SmallNumbers.HIDE}


class PackForm(GovForm):
    """What a pack is to be: for which meeting, for whom, and which scorecards of which periods."""

    title = forms.CharField(label="Title", max_length=160)
    body = forms.CharField(label="Board or committee", max_length=160)
    meeting_on = forms.DateField(label="Date of the meeting")
    audience = forms.ChoiceField(
        label="Who is it for?",
        choices=Audience.choices,
        widget=Radios,
        help_text="In a pack for everybody small numbers are protected, which a second person accepts.",
    )
    small_numbers = forms.ChoiceField(
        label="How are small numbers protected?",
        choices=SmallNumbers.choices,
        widget=Radios,
        required=False,
        help_text="Only in a pack for everybody; any other is given whole.",
    )
    exempt_paragraphs = forms.MultipleChoiceField(
        label="Paragraphs of Schedule 12A",
        widget=Checkboxes,
        required=False,
        choices=[(str(n), f"Paragraph {n}: {words}") for n, words in PARAGRAPHS.items()],
        help_text="Why it is exempt from publication; only for an exempt pack.",
    )
    tables = forms.MultipleChoiceField(
        label="Scorecards",
        widget=Checkboxes,
        error_messages={"required": "Choose at least one scorecard"},
        help_text="They stand in the pack in this order.",
    )
    results = forms.MultipleChoiceField(
        label="Projections and scenarios",
        widget=Checkboxes,
        required=False,
        help_text="Results that were kept, after the scorecards; not in a pack for everybody.",
    )
    note = forms.CharField(
        label="Note to the meeting", max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    supersedes = forms.ChoiceField(label="Pack that this one replaces", required=False)
    version = forms.IntegerField(
        widget=forms.HiddenInput,
        required=False,
        error_messages={"invalid": "Open the pack again and repeat the change"},
    )

    def __init__(
        self,
        *args: Any,
        offered: Sequence[tuple[Scorecard, Sequence[Period]]],
        replaceable: Sequence[Pack],
        results: Sequence[ProjectionRun] = (),
        pack: Pack | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, initial=_initial(pack) if pack else _NEW, **kwargs)
        self.offered = {f"{s.code}/{p.slug}": (s, p) for s, periods in offered for p in periods}
        self.replaceable = {p.code: p for p in replaceable}
        names = [(key, f"{s.name}, {p.label}") for key, (s, p) in self.offered.items()]
        self.fields["tables"].choices = names  # type: ignore[attr-defined]
        chosen = [c.run for c in pack.run_choices.select_related("run__plan", "run__scenario")] if pack else []
        self.results = {f"{run.plan.code}/{run.code}": run for run in (*results, *chosen)}
        kept = [(key, f"{label_of(run)}, {told_when(run)}") for key, run in self.results.items()]
        self.fields["results"].choices = kept  # type: ignore[attr-defined]
        if not kept:
            del self.fields["results"]
        former = [
            ("", "None"),
            *((code, f"{p.title} ({day_words(p.meeting_on)})") for code, p in self.replaceable.items()),
        ]
        self.fields["supersedes"].choices = former  # type: ignore[attr-defined]
        if not self.replaceable:
            del self.fields["supersedes"]

    def clean(self) -> dict[str, Any]:
        """Says beside the boxes what is wrong with the paragraphs."""
        data = super().clean() or {}
        is_exempt, paragraphs = data.get("audience") == Audience.EXEMPT, data.get("exempt_paragraphs")
        if is_exempt and not paragraphs and "exempt_paragraphs" not in self.errors:
            self.add_error("exempt_paragraphs", "Choose the paragraphs under which the pack is exempt")
        if data.get("audience") and not is_exempt and paragraphs:
            self.add_error("exempt_paragraphs", "Only an exempt pack names paragraphs: take the ticks away")
        return data

    def rest_on(self, version: int) -> None:
        """Makes the form rest on that version, with all that was typed; for one that came too late."""
        data: Any = self.data.copy()
        data["version"] = str(version)
        self.data = data

    def draft(self) -> PackDraft:
        """What was asked for, once the form is valid."""
        data = self.cleaned_data
        return PackDraft(
            title=data["title"],
            body=data["body"],
            meeting_on=data["meeting_on"],
            audience=data["audience"],
            small_numbers=data["small_numbers"] or SmallNumbers.HIDE,
            choices=[pair for key, pair in self.offered.items() if key in data["tables"]],
            note=data["note"],
            supersedes=self.replaceable.get(data.get("supersedes", "")),
            runs=[run for key, run in self.results.items() if key in data.get("results", ())],
            exempt_paragraphs=[int(number) for number in data["exempt_paragraphs"]],
        )


def _initial(pack: Pack) -> dict[str, Any]:
    return {
        "title": pack.title,
        "body": pack.body,
        "meeting_on": pack.meeting_on,
        "audience": pack.audience,
        "small_numbers": pack.small_numbers,
        "note": pack.note,
        "exempt_paragraphs": [str(number) for number in pack.exempt_numbers],
        "version": pack.version,
        "supersedes": pack.supersedes.code if pack.supersedes else "",
        "results": [f"{c.run.plan.code}/{c.run.code}" for c in pack.run_choices.select_related("run__plan")],
        "tables": [f"{c.scorecard.code}/{c.period.slug}" for c in pack.choices.select_related("scorecard", "period")],
    }


_WHY = "why-"


def reasons_of(typed: Mapping[str, str]) -> dict[str, str]:
    """The reasons typed on a check list, by the key of their point. Signs that no database keeps are left out."""
    return {k.removeprefix(_WHY): v.replace("\x00", "") for k, v in typed.items() if k.startswith(_WHY)}


class WithdrawForm(GovForm):
    """Why a published pack is withdrawn, and whether anybody may still read it."""

    reason = forms.CharField(
        label="Why it is withdrawn",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Everybody who opens the pack reads it.",
        error_messages={"required": "Say why the pack is withdrawn"},
    )
    is_breach = forms.BooleanField(
        label="It was a breach: close it, so that nobody can read it any more", required=False
    )  # fmt: skip
    is_held = forms.BooleanField(
        label="Withdraw it now; keep the reason from everybody until a reviewer has decided that it identifies nobody",
        required=False,
    )

    def __init__(self, data: Mapping[str, Any] | None, *, asks_to_hold: bool = False) -> None:
        super().__init__(data)
        if not asks_to_hold and not (data or {}).get("is_held"):
            del self.fields["is_held"]
