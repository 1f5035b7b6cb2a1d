"""The filters of alerts, and what of each scorecard somebody wants to be told of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from indicators.forms import GovForm
from indicators.models import Scorecard
from partnership.alerts import DIGEST_WORDS, KIND_WORDS, KINDS, Digest, Following, Kind
from partnership.selectors.alerts import Followed, kinds_offered


class AlertFilter(GovForm):
    """Which alerts are listed: of a kind, of a scorecard (code and name), and whether those that are read as well."""

    kind = forms.ChoiceField(label="About", required=False, choices=[("", "Everything"), *kinds_offered()])
    scorecard = forms.ChoiceField(required=False)
    show = forms.ChoiceField(required=False, choices=[("", "Read and unread"), ("unread", "Unread alone")])

    def __init__(self, *args: Any, scorecards: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scorecard"].choices = [("", "All scorecards"), *scorecards]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Box:
    """A box to tick, with the words of its column; `is_way`: whether it says how somebody is told, not of what."""

    field: BoundField
    words: str
    is_way: bool = False


@dataclass(frozen=True)
class Row:
    """The boxes of one scorecard: one for each kind and one for the app; and how often by e-mail."""

    followed: Followed
    boxes: Sequence[Box]
    digest: BoundField


class FollowingForm(GovForm):
    """What somebody wants to be told of each scorecard that they may read."""

    def __init__(self, *args: Any, followed: Sequence[Followed], **kwargs: Any) -> None:
        self.followed = followed
        super().__init__(*args, **kwargs)
        for one in followed:
            card, now = one.scorecard, one.following
            own: dict[str, forms.Field] = {
                kind.value: forms.BooleanField(
                    label=f"{KIND_WORDS[kind]}: {card.name}", required=False, initial=kind in now.kinds
                )
                for kind in KINDS
            }
            own["in_app"] = forms.BooleanField(label=f"In the app: {card.name}", required=False, initial=now.in_app)
            own["digest"] = forms.ChoiceField(
                label=f"By e-mail: {card.name}", choices=[(d.value, DIGEST_WORDS[d]) for d in Digest],
                initial=now.digest.value,
            )  # fmt: skip
            for name, field in own.items():
                self.fields[_box(card, name)] = field
                self._prepare(_box(card, name), field)

    @property
    def rows(self) -> list[Row]:
        """The boxes by scorecard, in the order of the scorecards."""
        return [Row(one, self._boxes(one.scorecard), self[_box(one.scorecard, "digest")]) for one in self.followed]

    def _boxes(self, card: Scorecard) -> list[Box]:
        kinds = [Box(self[_box(card, kind.value)], KIND_WORDS[kind]) for kind in KINDS]
        return [*kinds, Box(self[_box(card, "in_app")], "In the app", is_way=True)]

    @property
    def chosen(self) -> dict[Scorecard, Following]:
        """What was chosen, by scorecard."""
        return {one.scorecard: self._following(one.scorecard) for one in self.followed}

    def _following(self, card: Scorecard) -> Following:
        data = self.cleaned_data
        kinds = frozenset(kind for kind in Kind if data[_box(card, kind.value)])
        return Following(kinds, data[_box(card, "in_app")], Digest(data[_box(card, "digest")]))


def _box(card: Scorecard, name: str) -> str:
    return f"{card.code}-{name}"
