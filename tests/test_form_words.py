"""What forms say of a box that is empty or wrong: every box of every form, in a sentence that can be read aloud."""

import ast
import importlib
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from django import forms
from django.core import validators

from indicators.forms import GovForm, asked_for

ROOT = Path(__file__).resolve().parent.parent
APPS = ("indicators", "referrals", "finance", "partnership")
STUMBLES = re.compile(
    r"\bthe (the|an?|another|for|where|from|by|which|what|who|how|it|to|as|at|in|on|confirmed|back in|due|part of)\b"
    r"|\b(Enter|Choose) (by|the \w+ (on|by|from|until|at)$)"
)
# What no browser sends: a list that is none, a form in another encoding.
FORGED = {"invalid", "contradiction", "max_length", "invalid_pk_value", "incomplete", "null_characters_not_allowed"}


def _modules() -> list[str]:
    found = [path for app in APPS for path in (ROOT / app).rglob("*.py") if "GovForm" in path.read_text()]
    return [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in found]


def _forms() -> list[type[GovForm]]:
    for name in _modules():
        importlib.import_module(name)
    found, left = [], [GovForm]
    while left:
        more = [kind for kind in left.pop().__subclasses__() if kind.__module__.split(".")[0] in APPS]
        found += more
        left += more
    return found


def _stock() -> set[str]:
    """The sentences that Django has ready."""
    kinds = [one for one in vars(forms).values() if isinstance(one, type) and issubclass(one, forms.Field)]
    kinds += [forms.ModelChoiceField, forms.ModelMultipleChoiceField]
    held = {str(text) for kind in kinds for text in getattr(kind, "default_error_messages", {}).values()}
    rules = [one for one in vars(validators).values() if isinstance(one, type) and hasattr(one, "message")]
    rules += [one for one in vars(validators).values() if isinstance(one, validators.RegexValidator)]
    return held | {str(rule.message) for rule in rules}


def _said(field: forms.Field) -> Iterator[tuple[str, str]]:
    """By its code each sentence that a box can answer with."""
    for code, text in field.error_messages.items():
        yield code, str(text)
    for rule in field.validators:
        code = getattr(rule, "code", "")
        if code not in field.error_messages and getattr(rule, "message", ""):
            yield code, str(rule.message)


def _probe(kind: type[GovForm]) -> GovForm:
    """A form with the boxes of that one, whatever else that one needs to be made."""
    return type("Probe", (GovForm,), deepcopy(dict(kind.base_fields)))()


def test_boxes_of_every_form_when_left_empty_or_wrong_answer_in_a_sentence_of_their_own() -> None:
    kinds, stock, wrong = _forms(), _stock(), []
    assert len(kinds) > 100
    for kind in kinds:
        for name, field in _probe(kind).fields.items():
            if field.widget.is_hidden:
                continue
            said = list(_said(field))
            wrong += [f"{kind.__name__}.{name}: {text}" for _, text in said if STUMBLES.search(text)]
            wrong += [
                f"{kind.__name__}.{name} ({code}): {text}"
                for code, text in said
                if text in stock and code not in FORGED - _typed(field)
            ]
    assert wrong == []


def _typed(field: forms.Field) -> set[str]:
    """What people can bring about in a box of that kind by typing."""
    is_text = isinstance(field, forms.IntegerField | forms.DateField | forms.TimeField | forms.EmailField)
    return {"invalid"} if is_text or isinstance(field, forms.SlugField) else set()


def _labels() -> set[str]:
    """Every label that is written in the project, also of boxes that are only made with their form."""
    found = set()
    for path in (path for app in APPS for path in (ROOT / app).rglob("*.py")):
        if "/migrations/" in str(path) or "forms" not in str(path):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            of = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            named = [key.value for key in node.keywords if key.arg == "label"]
            if of in {"words", "_words", "long_text", "_meeting", "_number", "_scale"}:
                named += node.args[:1]
            named += node.args[1:2] if of == "relabel" else []
            found |= {one.value for one in named if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return {label for label in found if label}


def test_labels_when_asked_for_in_a_sentence_can_be_read_aloud() -> None:
    labels = _labels()
    assert len(labels) > 200
    assert [label for label in labels if STUMBLES.search(f"Enter {asked_for(label)}")] == []


def test_labels_when_a_form_changes_one_take_their_messages_with_them() -> None:
    """A label that is only overwritten leaves the old words in the errors."""
    wrong = [
        str(path.relative_to(ROOT))
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if re.search(r"fields\[[^\]]+\]\.label = ", path.read_text())
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("label", "kind", "sentence"),
    [
        pytest.param("Reason", "an answer", "the reason", id="a name"),
        pytest.param("The answer", "an answer", "the answer", id="with its article"),
        pytest.param("Another organisation", "an answer", "another organisation", id="named already"),
        pytest.param("By which day", "a date", "a date for “By which day”", id="a question without its mark"),
        pytest.param("Back in tolerance by", "a date", "a date for “Back in tolerance by”", id="left open"),
        pytest.param("How was it carried?", "an answer", "an answer for “How was it carried?”", id="a question"),
        pytest.param("E-mail address", "an answer", "the e-mail address", id="with a hyphen"),
    ],
)
def test_label_inside_a_sentence(label: str, kind: str, sentence: str) -> None:
    assert asked_for(label, kind) == sentence


class Counts(GovForm):
    """Boxes with bounds, and a long one."""

    rows = forms.IntegerField(min_value=0, max_value=9)
    share = forms.DecimalField(max_digits=5, decimal_places=2)
    text = forms.CharField(max_length=6_000, widget=forms.Textarea)


def test_numbers_out_of_bounds_name_their_box() -> None:
    form = Counts({"rows": "-1", "share": "12345678", "text": "x" * 6_001})
    assert not form.is_valid()
    assert form.errors == {
        "rows": ["Rows must be 0 or more"],
        "share": ["Share must have 5 digits or fewer"],
        "text": ["Text must be 6,000 characters or fewer"],
    }


def test_long_text_is_never_cut_by_the_browser_and_stays_in_the_box() -> None:
    form = Counts({"rows": "1", "share": "1", "text": "x" * 6_001})
    page = form.as_p()
    assert "maxlength" not in page
    assert "x" * 6_001 in page
