"""Forms: GOV.UK markup for every field, and error messages that say what to do.

A page shows `{% error_summary form %}` at its top, then, inside `<form method="post" novalidate>`, `{{ form }}` or
single fields by `{{ form.name.as_field_group }}`.
"""

import copy
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.forms.utils import ErrorList, flatatt
from django.forms.widgets import Input
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from indicators import rag
from indicators.typed_text import OTHER_DIGITS, has_other_digits, problem_of, quoted
from indicators.variation import ASSURANCE_FILTERS, VARIATION_FILTERS

DATE_FORMATS = ("%d %B %Y", "%d %b %Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d")
DATE_HINT = "For example, 31 March 2022"
EARLIEST, LATEST = date(1990, 1, 1), date(2099, 12, 31)

CLASS_BY_WIDGET = (
    (forms.Textarea, "govuk-textarea"),
    (forms.Select, "govuk-select"),
    (forms.FileInput, "govuk-file-upload"),
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.PasswordInput, "govuk-input govuk-password-input__input govuk-js-password-input-input"),
    (Input, "govuk-input"),
)
WITH_ERROR = {
    forms.Textarea: "govuk-textarea--error",
    forms.Select: "govuk-select--error",
    forms.FileInput: "govuk-file-upload--error",
    forms.CheckboxInput: "",
}


class NumberText(forms.TextInput):
    """A number as text with a numeric keypad: browsers' own number boxes lose what they cannot read."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, whole: bool = False) -> None:
        mode = "numeric" if whole else "decimal"
        super().__init__({"inputmode": mode, "autocomplete": "off", "spellcheck": "false", **(attrs or {})})


class DateText(forms.DateInput):
    """A date as text, written as 31 March 2022."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "spellcheck": "false", **(attrs or {})}, format="%d %B %Y")

    def format_value(self, value: Any) -> str | None:
        text = super().format_value(value)
        return text if isinstance(value, str) or not text else text.removeprefix("0")


class FindText(forms.TextInput):
    """Words that shorten the list of the box below, with the button that does so."""


class Radios(forms.RadioSelect):
    template_name = "forms/radios.html"
    option_template_name = "forms/option.html"


class Checkboxes(forms.CheckboxSelectMultiple):
    template_name = "forms/checkboxes.html"
    option_template_name = "forms/option.html"


class GovBoundField(BoundField):
    """Gives the widget its GOV.UK classes and, when the field has an error, the marked ones."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        for kind, name in CLASS_BY_WIDGET:
            if isinstance(widget, kind) and not widget.is_hidden:
                classes = [name]
                if self.errors and WITH_ERROR.get(kind, "govuk-input--error"):
                    classes.append(WITH_ERROR.get(kind, "govuk-input--error"))
                if isinstance(widget, NumberText):
                    classes.append("govuk-input--number")
                if isinstance(widget, DateText):
                    classes.append("govuk-input--date")
                own = attrs.get("class") or widget.attrs.get("class")
                attrs["class"] = " ".join([*classes, own] if own else classes)
                if kind is forms.PasswordInput and "autocomplete" not in widget.attrs:
                    attrs["autocomplete"] = "current-password"
                break
        return attrs

    @property
    def first_id(self) -> str:
        """Id of the box that a link to this field leads to: the first option of a choice."""
        if isinstance(self.field.widget, Radios | Checkboxes):
            return f"{self.auto_id}_0"
        return str(self.id_for_label or self.auto_id)

    @property
    def kind(self) -> str:
        """How the field is laid out: choice, checkbox, password, find or box."""
        widget = self.field.widget
        if isinstance(widget, Radios | Checkboxes):
            return "choice"
        if isinstance(widget, forms.CheckboxInput):
            return "checkbox"
        if isinstance(widget, FindText):
            return "find"
        return "password" if isinstance(widget, forms.PasswordInput) else "box"


class GovRenderer(TemplatesSetting):
    """Takes form and field templates from the project and Django's own widget templates from Django."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = GovBoundField
    _own = DjangoTemplates()

    def get_template(self, template_name: str) -> Any:
        if template_name.startswith("django/forms/"):
            return self._own.get_template(template_name)
        return super().get_template(template_name)


class GovErrorList(ErrorList):
    """Errors that belong to the form and not to one field."""

    template_name = "forms/errors.html"


def lower_first(label: str) -> str:
    """The label inside a sentence: "Expected date" becomes "expected date"; abbreviations stay."""
    return label[:1].lower() + label[1:] if label[1:2].islower() or label[1:2] == "-" else label


_NAMED_ALREADY = {"the", "a", "an", "another", "your", "their", "its", "our"}
_SAID_OTHERWISE = {
    "what", "why", "who", "how", "when", "which", "where", "whose", "whom", "it", "is", "does", "has", "will", "and",
    "or", "also", "under", "as", "at", "by", "for", "from", "in", "of", "on", "to", "until", "with", "due",
}  # fmt: skip
_LEFT_OPEN = {"at", "by", "for", "from", "in", "of", "on", "to", "until", "with", "under", "since"}


def asked_for(label: str, kind: str = "an answer") -> str:
    """What a box asks for, inside a sentence: "Reason" gives "the reason", "The answer" gives "the answer"; a label
    that is no name of a thing is quoted: "From which day" gives "a date for “From which day”" with that kind."""
    words = label.lower().replace(",", "").split()
    first, last = words[0], words[-1]
    is_participle = first.endswith("ed") and len(words) > 2
    if label.endswith("?") or first in _SAID_OTHERWISE or last in _LEFT_OPEN or is_participle:
        return f"{kind} for “{label}”"
    inside = lower_first(label) if len(first) > 1 else first + label[1:]
    return inside if first in _NAMED_ALREADY else f"the {inside}"


class GovForm(forms.Form):
    """Base of every form: GOV.UK markup, messages that say what to do, errors ready for the summary."""

    default_renderer = GovRenderer()
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("error_class", GovErrorList)
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            self._prepare(name, field)

    def refuse(self, refusal: Exception) -> None:
        """Puts the sentence of what an operation refused on the box that it is about, else on the form."""
        box = getattr(refusal, "box", "")
        self.add_error(box if box in self.fields else None, str(refusal))

    @staticmethod
    def _replace(field: forms.Field, code: str, message: str) -> None:
        """Replace Django's own message; one that the form's author wrote stays."""
        standard = next(
            (
                c.default_error_messages[code]
                for c in type(field).__mro__
                if code in vars(c).get("default_error_messages", {})
            ),
            None,
        )
        if field.error_messages.get(code) == standard:
            field.error_messages[code] = message

    def _prepare(self, name: str, field: forms.Field) -> None:
        required = field.widget.is_required
        if type(field.widget) is forms.NumberInput:
            whole = not isinstance(field, forms.DecimalField | forms.FloatField)
            attrs = {key: value for key, value in field.widget.attrs.items() if key not in {"min", "max", "step"}}
            field.widget = NumberText(attrs, whole=whole)
        elif type(field.widget) is forms.DateInput:
            field.widget = DateText(field.widget.attrs)
        elif type(field.widget) is forms.RadioSelect:
            field.widget = Radios(field.widget.attrs, field.widget.choices)
        elif type(field.widget) is forms.CheckboxSelectMultiple:
            field.widget = Checkboxes(field.widget.attrs, field.widget.choices)
        field.widget.is_required = required
        label = str(field.label or name.replace("_", " ").capitalize())
        chosen = isinstance(field, forms.ChoiceField | forms.ModelChoiceField | forms.FileField)
        ticked = isinstance(field, forms.BooleanField)
        named = asked_for(label, "a date" if isinstance(field, forms.DateField) else "an answer")
        missing = f"Tick the box: {label}" if ticked else f"{'Choose' if chosen else 'Enter'} {named}"
        self._replace(field, "required", missing)
        if isinstance(field, forms.CharField) and field.max_length is not None:
            field.error_messages.setdefault("max_length", f"{label} must be {field.max_length:,} characters or fewer")
            # A browser would cut what is pasted without a word; here it is refused in a sentence and stays in the box.
            field.widget.attrs.pop("maxlength", None)
            field.error_messages["null_characters_not_allowed"] = f"{label} holds a sign that cannot be kept; retype it"
        if isinstance(field, forms.DateField):
            field.validators += [
                MinValueValidator(EARLIEST, f"{label} must be {EARLIEST.year} or later"),
                MaxValueValidator(LATEST, f"{label} must be {LATEST.year} or earlier"),
            ]
            field.input_formats = DATE_FORMATS
            field.help_text = field.help_text or DATE_HINT
            self._replace(field, "invalid", f"{label} must be a date that exists, like 31 March 2022")
        elif isinstance(field, forms.EmailField):
            self._replace(field, "invalid", f"{label} must look like name@example.org")
        elif isinstance(field, forms.SlugField):
            self._replace(field, "invalid", f"{label} must be letters, numbers and hyphens only")
        elif isinstance(field, forms.IntegerField):
            self._replace(field, "invalid", f"{label} must be a number, like 12")
            self._say_bounds(label, field)
        if isinstance(field, forms.ChoiceField):
            self._replace(field, "invalid_choice", f"Choose {named} from the list")
            self._replace(field, "invalid_list", f"Choose {named} from the list")
        if isinstance(field, forms.FileField):
            self._replace(field, "empty", "The file is empty. Choose another one")
            self._replace(field, "missing", f"Choose {named}")

    @staticmethod
    def _say_bounds(label: str, field: forms.IntegerField) -> None:
        """Names the box where a number is too small, too large or too long."""
        said = field.error_messages
        said.setdefault("min_value", f"{label} must be {field.min_value} or more")
        said.setdefault("max_value", f"{label} must be {field.max_value} or less")
        if isinstance(field, forms.DecimalField):
            said.setdefault("max_digits", f"{label} must have {field.max_digits} digits or fewer")
            said.setdefault("max_whole_digits", f"{label} is too large a number")
            said.setdefault("max_decimal_places", f"{label} must have {field.decimal_places} decimal places or fewer")

    def relabel(self, name: str, label: str) -> None:
        """Gives a box another label and its messages with it."""
        field = copy.deepcopy(self.base_fields[name])  # type: ignore[attr-defined]
        field.label = label
        self.fields[name] = field
        self._prepare(name, field)

    def _clean_fields(self) -> None:
        """Refuses, as typed, what would be read otherwise than people see it: texts that cannot be read, and digits of
        other alphabets where a number or a date is asked for."""
        super()._clean_fields()  # type: ignore[misc]
        for name, field in self.fields.items():
            typed = self[name].data
            if not isinstance(typed, str):
                continue
            if isinstance(field, forms.IntegerField | forms.DateField) and has_other_digits(typed):
                self.errors.pop(name, None)
                self.add_error(name, f"{quoted(typed, 20)} {OTHER_DIGITS}")
            is_read = isinstance(field, forms.CharField) and not isinstance(field.widget, forms.PasswordInput)
            if is_read and name not in self.errors and (problem := problem_of(typed)):
                self.add_error(name, problem)

    @property
    def error_links(self) -> list[dict[str, str]]:
        """What the error summary lists: each error with a link to its field, those of the whole form without one."""
        links = [{"text": str(error), "href": ""} for error in self.non_field_errors()]
        for bound in [self[name] for name in self.fields]:
            links += [{"text": str(error), "href": f"#{bound.first_id}"} for error in bound.errors]
        return links


YEARS_UNASKED = 2


class BeginsForm(GovForm):
    """Base of what begins on a day or with a period, given in the box `starts`: what begins more than two years after
    today is asked back once, by a box that is there only then."""

    starts: ClassVar[str]

    def ask_ahead(self, today: date) -> None:
        """Adds the box where it is needed. To be called once the fields are there."""
        day = self._given()
        if day is None or (day.year - YEARS_UNASKED, day.month, day.day) <= (today.year, today.month, today.day):
            return
        years = day.year - today.year - ((day.month, day.day) < (today.month, today.day))
        asked = f"That is {years} years ahead: tick the box if it is meant"
        field = forms.BooleanField(label=f"It is meant to begin in {day.year}", error_messages={"required": asked})
        self._prepare("meant_ahead", field)
        self.fields["meant_ahead"] = field

    def _given(self) -> date | None:
        box = self.fields[self.starts]
        given = (self.data if self.is_bound else self.initial).get(self.starts, "")
        try:
            value = box.clean(given)
        except forms.ValidationError:
            return None
        day: date | None = getattr(value, "start_on", value)
        return day


class AsAtForm(GovForm):
    """The day as at which approved figures are wanted; today for none."""

    as_at = forms.DateField(label="As at", required=False, widget=DateText)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_as_at(self) -> date | None:
        """A day that has begun; None for today, which needs no looking back."""
        day: date | None = self.cleaned_data["as_at"]
        if day is not None and day > self.today:
            raise forms.ValidationError("Choose a day up to today; nothing is known of later ones yet.")
        return None if day == self.today else day


class LongSelect(forms.Select):
    """A list of choices that may be long: Django draws each by a template of its own."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The list as Django draws it."""
        chosen = {str(one) for one in self.format_value(value)}
        options = (
            (key, mark_safe(" selected") if str(key) in chosen else "", label) for key, label in self.choices
        )  # fmt: skip
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(self.build_attrs(self.attrs, attrs)),
            format_html_join("", '<option value="{}"{}>{}</option>', options),
        )  # fmt: skip


class ScorecardFilter(AsAtForm):
    """What of a scorecard is shown: period, theme, rating, variation and assurance where they are shown, partner, words
    of the name, as at when, and the order."""

    period = forms.ChoiceField(required=False, widget=LongSelect)
    theme = forms.ChoiceField(required=False)
    rating = forms.ChoiceField(required=False)
    variation = forms.ChoiceField(required=False)
    assurance = forms.ChoiceField(required=False)
    partner = forms.ChoiceField(required=False)
    q = forms.CharField(label="Indicator contains", required=False, max_length=80)
    order = forms.ChoiceField(required=False, choices=[("", ""), ("worst", "worst")], widget=forms.HiddenInput)
    parts = forms.ChoiceField(required=False, choices=[("", ""), ("show", "show")], widget=forms.HiddenInput)
    show = forms.ChoiceField(required=False, choices=[("", ""), ("variation", "variation")], widget=forms.HiddenInput)
    field_order = (
        "period", "theme", "rating", "variation", "assurance", "partner", "q", "as_at", "order", "parts", "show",
    )  # fmt: skip

    def __init__(
        self, *args: Any, view: Any, periods: Any, is_rated: bool = True, has_variation: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if has_variation:
            self._offer("variation", [("", "All variation"), *VARIATION_FILTERS])
            self._offer("assurance", [("", "All assurance"), *ASSURANCE_FILTERS])
        else:
            del self.fields["variation"], self.fields["assurance"]
        if not is_rated:
            del self.fields["rating"]
        themes = dict.fromkeys((r.line.theme_code, r.line.theme) for r in view.rows)
        partners = dict.fromkeys((r.line.partner_code, r.line.partner) for r in view.rows if r.line.partner)
        self._offer("period", [(p.slug, p.label) for p in periods])
        self.initial["period"] = view.period.slug
        self._offer("theme", [("", f"All {len(themes)} themes"), *themes])
        ratings = [("", "All ratings"), *((r.value, rag.words(r)) for r in rag.RATING_ORDER[:-1])]
        if is_rated:
            self._offer("rating", [*ratings, (rag.Rating.NOT_JUDGED.value, "No figure")])
        self._offer("partner", [("", "All partners"), *partners])
        if len(partners) < 2:
            del self.fields["partner"]

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = choices
