"""Funding programmes: costed items by financial year, where the money comes from, and to whom it goes."""

from django.db import models
from django.db.models import Q

from finance.models.drafts import OnRegister
from finance.models.printed import typed_or_printed
from indicators.models import Category, Partnership, Period


class FundingProgramme(OnRegister):
    """A programme of costed items that a body approved. What is spent on it each quarter are figures."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="funding_programmes")
    code = models.SlugField(max_length=80)
    name = models.CharField(max_length=200)
    authority = models.CharField(max_length=300, help_text="Who approved it, and when.")
    note = models.CharField(max_length=600, blank=True)

    class Meta:
        ordering = ["partnership", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="funding_programme_code_unique"),
            typed_or_printed("funding_programme_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return self.name


class FundingItem(OnRegister):
    """One costed item of a programme, by the letter that the paper gives it; a heading has no amounts."""

    programme = models.ForeignKey(FundingProgramme, on_delete=models.PROTECT, related_name="items")
    letter = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    payee = models.CharField(max_length=120, blank=True)
    duration = models.CharField(max_length=120, blank=True)
    termination = models.CharField(max_length=300, blank=True, help_text="How it can be ended early.")
    status = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["programme", "letter"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "letter"], name="funding_item_letter_unique"),
            typed_or_printed("funding_item_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return f"{self.letter}. {self.name}"


def _once() -> list[models.UniqueConstraint]:
    """One amount of an item, of a fund and of the whole, for each year and for all years."""
    whose = {
        "item": (["item"], Q(item__isnull=False)),
        "fund": (["programme", "fund"], Q(fund__isnull=False)),
        "whole": (["programme"], Q(item__isnull=True, fund__isnull=True)),
    }
    return [
        models.UniqueConstraint(
            fields=[*fields, "period"] if of_year else fields,
            condition=which & Q(period__isnull=not of_year),
            name=f"funding_{name}_once_{'a_year' if of_year else 'in_all'}",
        )
        for name, (fields, which) in whose.items()
        for of_year in (True, False)
    ]


class FundingAmount(OnRegister):
    """An amount as the paper prints it: what an item or the whole costs, or what a fund gives, in a year or in all."""

    programme = models.ForeignKey(FundingProgramme, on_delete=models.PROTECT, related_name="amounts")
    item = models.ForeignKey(
        FundingItem, on_delete=models.PROTECT, related_name="amounts", null=True, blank=True, help_text="Empty: all."
    )
    fund = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="+", null=True, blank=True, help_text="Empty: a cost."
    )
    period = models.ForeignKey(
        Period, on_delete=models.PROTECT, related_name="+", null=True, blank=True, help_text="Empty: all years."
    )
    pence = models.BigIntegerField()
    quantum_pence = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["programme", "item__letter", "period__start_on"]
        constraints = [
            *_once(),
            models.CheckConstraint(condition=Q(item__isnull=True) | Q(fund__isnull=True), name="fund_pays_the_whole"),
            typed_or_printed("funding_amount_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return f"{self.programme}: {self.item or self.fund or 'total'}, {self.period or 'all years'}"
