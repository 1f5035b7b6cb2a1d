"""Forms of committee papers: their form, a section's words, who signs, and what is decided of passages."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from indicators.forms import GovForm
from partnership.operations.committee_papers import LONGEST_REASON, LONGEST_TEXT
from partnership.paper_form import (
    KIND_WORDS,
    LONGEST_HEADING,
    LONGEST_ROLE,
    LONGEST_WORDS,
    FormNotSound,
    SectionForm,
    SectionKind,
)
from partnership.selectors.paper_passages import PaperPassage

_PASSAGE = re.compile("[0-9a-f]{64}")
_BOXES = ("place", "heading", "kind", "words", "owner_role", "out")


class BeginForm(GovForm):
    """What a paper is called."""

    title = forms.CharField(label="Title of the paper", max_length=160)


class WriteForm(GovForm):
    """What stands in a section; `revision`: the wording that it was made from."""

    text = forms.CharField(
        label="Text",
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        max_length=LONGEST_TEXT,
        help_text="An empty line begins another numbered paragraph; lines that begin with a dash make a list. Name no "
        "child and no family.",
    )
    revision = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, error_messages={"required": "Open the section again", "invalid":
        "Open the section again"},
    )  # fmt: skip

    def rest_on(self, revision: int) -> None:
        """Makes the form rest on that wording, with all that was typed; for one that came too late."""
        data: Any = self.data.copy()
        data["revision"] = str(revision)
        self.data = data


class SignForm(GovForm):
    """The initials under implications; `revision`: the wording that is signed."""

    initials = forms.CharField(label="Initials of the owner", max_length=8, help_text="2 to 6 letters, like AB.")
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="sign_%s", **kwargs)


class PassagesForm(GovForm):
    """A box for each open passage of a paper: why it identifies nobody."""

    def __init__(self, *args: Any, passages: Sequence[PaperPassage], **kwargs: Any) -> None:
        super().__init__(*args, auto_id="passage_%s", **kwargs)
        self.passages = [one for one in passages if one.decision is None]
        for one in self.passages:
            label = f"Why “{one.quoted}” under “{one.label}” identifies nobody"
            field = forms.CharField(label=label, required=False, max_length=LONGEST_REASON)
            self.fields[one.key] = field
            self._prepare(one.key, field)

    @property
    def rows(self) -> Iterator[tuple[PaperPassage, BoundField]]:
        """Each open passage with its box."""
        for one in self.passages:
            yield one, self[one.key]

    @property
    def left_over(self) -> dict[str, str]:
        """What was typed for passages that are not open any more, by their key."""
        names = [name for name in self.data if _PASSAGE.fullmatch(name) and name not in self.fields]
        return {name: self.data[name].strip() for name in names if self.data[name].strip()}

    def reasons(self) -> dict[str, str]:
        """The reasons by the key of their passage, once the form is valid."""
        return {one.key: self.cleaned_data[one.key] for one in self.passages} | self.left_over


class FormOfPapers(GovForm):
    """Every section of the form with its boxes, and empty ones for another section."""

    version = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, error_messages={"required": "Open the form again", "invalid":
        "Open the form again"},
    )  # fmt: skip

    def __init__(self, *args: Any, sections: Sequence[SectionForm], **kwargs: Any) -> None:
        self.sections = sections
        super().__init__(*args, **kwargs)
        for number in range(1, len(sections) + 2):
            self._offer(number, sections[number - 1] if number <= len(sections) else None)

    def _offer(self, number: int, section: SectionForm | None) -> None:
        """The boxes of one section, named by its heading so that they can be told apart when heard."""
        name = section.heading if section else "another section"
        boxes: dict[str, forms.Field] = {
            "place": forms.IntegerField(label=f"Place of {name}", min_value=1, max_value=99,
                                        required=section is not None),
            "heading": forms.CharField(label=f"Heading of {name}", max_length=LONGEST_HEADING, required=False),
            "kind": forms.ChoiceField(label=f"What stands under {name}",
                                      choices=[(k.value, words) for k, words in KIND_WORDS.items()]),
            "words": forms.CharField(label=f"Words that stand in every paper under {name}", required=False,
                                     max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 2})),
            "owner_role": forms.CharField(label=f"Role that signs {name}", required=False, max_length=LONGEST_ROLE),
        }  # fmt: skip
        if section is not None:
            boxes["out"] = forms.BooleanField(label=f"Take {name} out", required=False)
        kept = section or SectionForm("", "", SectionKind.TEXT)
        shown = {"place": number if section else None, "heading": kept.heading, "kind": kept.kind.value,
                 "words": kept.words, "owner_role": kept.owner_role}  # fmt: skip
        for box, field in boxes.items():
            field.initial = shown.get(box)
            self.fields[f"{box}_{number}"] = field
            self._prepare(f"{box}_{number}", field)

    @property
    def groups(self) -> Iterator[tuple[str, list[BoundField]]]:
        """The boxes of each section under its heading; the last are for another one."""
        for number in range(1, len(self.sections) + 2):
            title = self.sections[number - 1].heading if number <= len(self.sections) else "Add a section"
            names = [f"{box}_{number}" for box in _BOXES]
            yield title, [self[name] for name in names if name in self.fields]

    def _kept(self) -> list[tuple[int, SectionForm]]:
        """What was asked for in order, each with the number of its boxes."""
        data, found = self.cleaned_data, []
        for number in range(1, len(self.sections) + 2):
            is_new = number > len(self.sections)
            if data.get(f"out_{number}") or (is_new and not data[f"heading_{number}"].strip()):
                continue
            section = SectionForm(
                "" if is_new else self.sections[number - 1].code, data[f"heading_{number}"].strip(),
                SectionKind(data[f"kind_{number}"]), data[f"words_{number}"].replace("\r\n", "\n").strip(),
                data[f"owner_role_{number}"].strip(),
            )  # fmt: skip
            found.append((data[f"place_{number}"] or 99, number, section))
        return [(number, section) for _, number, section in sorted(found, key=lambda one: one[:2])]

    def asked(self) -> list[SectionForm]:
        """The sections that were asked for, once the form is valid."""
        return [section for _, section in self._kept()]

    def refuse_form(self, refusal: FormNotSound) -> None:
        """Puts what is wrong with the form on the boxes of the section that it is about."""
        kept = self._kept()
        number = kept[refusal.place - 1][0] if refusal.place else 0
        self.add_error(f"heading_{number}" if number else None, str(refusal))

    def rest_on(self, version: int) -> None:
        """Makes the form rest on that version, with all that was typed; for one that came too late."""
        data: Any = self.data.copy()
        data["version"] = str(version)
        self.data = data
