"""Boxes of money and of shares, as people write them."""

from decimal import Decimal
from typing import Any

from django import forms

from finance.input_rules import parse_money
from finance.money import pence_of
from indicators.forms import NumberText
from indicators.units import NumberTextError, parse_number


class PenceField(forms.CharField):
    """An amount in pounds, "£1,234.50" or in brackets below 0; its value is whole pence, None for an empty box."""

    widget = NumberText

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 40} | kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return pence_of(parse_money(text)) if text else None
        except NumberTextError as error:
            raise forms.ValidationError(str(error)) from error


class PercentField(forms.CharField):
    """A share in per cent, "90" or "90%"; its value is a Decimal, None for an empty box."""

    widget = NumberText

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 40} | kwargs)

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        try:
            return parse_number(text) if text else None
        except NumberTextError as error:
            raise forms.ValidationError(str(error)) from error
