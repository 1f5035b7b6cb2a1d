"""Forms of the protection of small numbers: the policy, and what is decided of passages."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django import forms

from indicators.disclosure.policy import Policy
from indicators.forms import Checkboxes, GovForm
from indicators.models import Counts
from partnership.models import PassageDecision
from partnership.operations.left_out import LONGEST_REASON
from partnership.operations.protection import Decided
from partnership.selectors.left_out import Offered, Row

# Of these a policy can say that they are protected.
_PEOPLE = (Counts.CHILDREN, Counts.FAMILIES, Counts.ADULTS, Counts.STAFF)
_DECISION, _REASON, _ALSO = "decision-", "reason-", "also-"


class PolicyForm(GovForm):
    """What is hidden from everybody, from a day on, and by whose decision."""

    valid_from = forms.DateField(label="From", help_text="Today or a later day.")
    threshold = forms.IntegerField(
        label="Smallest count that is shown",
        min_value=3,
        max_value=20,
        help_text="Every count from 1 to one below it is hidden. The usual number is 6.",
    )
    small_group = forms.IntegerField(
        label="Largest group that counts as small",
        min_value=2,
        max_value=100,
        help_text="Where all or none of such a group have something, that tells of each of them.",
    )
    zero_discloses = forms.BooleanField(label="Hide that all or none of a small group have something", required=False)
    shows_value_only = forms.BooleanField(
        label="Show shares and averages of which nobody holds from how many they were worked out", required=False
    )
    rounding_base = forms.IntegerField(
        label="Round to", min_value=2, max_value=100, help_text="Where a table is rounded in place of hiding."
    )
    counts = forms.MultipleChoiceField(
        label="Who is protected",
        widget=Checkboxes,
        choices=[(one.value, one.label) for one in _PEOPLE],
        error_messages={"required": "Choose who is protected"},
    )
    authority = forms.CharField(
        label="Decision",
        max_length=300,
        help_text="Who decided, and when: it stands beside every table.",
        error_messages={"required": "Say who decided this policy, and when"},
    )
    number = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @classmethod
    def initial_of(cls, policy: Policy, number: int, today: Any) -> dict[str, Any]:
        """What is in force, to begin from."""
        return {
            "valid_from": today, "threshold": policy.threshold, "small_group": policy.small_group,
            "zero_discloses": policy.zero_discloses, "shows_value_only": policy.shows_value_only,
            "rounding_base": policy.rounding_base, "counts": sorted(policy.counts), "number": number,
        }  # fmt: skip


class LeftOutForm(GovForm):
    """Which rows of each table a pack for everybody is published without, and why."""

    reason = forms.CharField(
        label="Why the rows that you add are left out",
        max_length=LONGEST_REASON,
        required=False,
        help_text="It stays with the pack and is not published. Rows that were left out before keep their reason.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": "Open the page again"})

    def __init__(
        self, *args: Any, offered: Sequence[Offered], chosen: Collection[Row], version: int, **kwargs: Any
    ) -> None:
        keys = {row: "/".join(row) for table in offered for row in table.rows}
        initial = {"version": version} | {
            table.table: [keys[row] for row in table.rows if row in chosen] for table in offered
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.tables = offered
        self.rows = {key: row for row, key in keys.items()}
        own = {
            table.table: forms.MultipleChoiceField(
                label=f"Left out of {table.title}", widget=Checkboxes, required=False,
                choices=[(keys[row], name) for row, name in table.rows.items()],
            )
            for table in offered
        }  # fmt: skip
        self.fields = own | self.fields

    def left_out(self) -> list[Row]:
        """The chosen rows, once the form is valid."""
        return [self.rows[key] for table in self.tables for key in self.cleaned_data[table.table]]


def decided_in(typed: Mapping[str, str]) -> dict[str, Decided]:
    """The decisions typed on the page, by the key of their passage and of those that stand with it as one; of those
    without a choice nothing."""
    found = {}
    for name, decision in typed.items():
        if name.startswith(_DECISION) and decision:
            key = name.removeprefix(_DECISION)
            one = Decided(decision, typed.get(f"{_REASON}{key}", "").replace("\x00", ""))
            found |= dict.fromkeys([key, *typed.get(f"{_ALSO}{key}", "").split()], one)
    return found


def boxes_of(
    passages: Iterable[Mapping[str, Any]], kept: Mapping[str, Decided], typed: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The passages with what was typed of each, else what was decided. The same passage of a text that stands in
    several tables is one, decided once, unless it was decided of differently."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for passage in passages:
        key = passage["key"]
        before = kept.get(key, Decided("", ""))
        same = (passage["label"], passage["words"], passage["kind"], passage["can_go"], before)
        if same in found:
            found[same]["also"].append(key)
            continue
        found[same] = {
            **passage,
            "also": [],
            "decision": typed.get(f"{_DECISION}{key}", before.decision),
            "reason": typed.get(f"{_REASON}{key}", before.reason),
            "is_decided": key in kept,
            "kept": _kept_words(before) if typed and before.decision else "",
        }
    return list(found.values())


def _kept_words(kept: Decided) -> str:
    what = PassageDecision.Decision(kept.decision).label
    return f"{what} ({kept.reason})" if kept.reason else what


def printed_words(numerator: int | None, denominator: int | None) -> str:
    """The rounded counts of a figure, for a reviewer: "15 of 40", "15", "of 40"."""
    of = "" if denominator is None else f"of {denominator:,}"
    return " ".join(filter(None, ("" if numerator is None else f"{numerator:,}", of)))
