"""The contract sum of a year: what was agreed first, every change of it, what was paid, and who agreed. Append-only."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from indicators.models import Partnership, Period, SourceDocument, Text


class ContractYear(models.Model):
    """A financial year of the contract between the council and the provider.

    The first year may cover part of it only and is never taken for a whole one. Of a year of which the papers state a
    change alone, `original_pence` is empty.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="contract_years")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    covers_from = models.DateField()
    covers_until = models.DateField()
    original_pence = models.BigIntegerField(null=True, blank=True)
    original_quantum_pence = models.BigIntegerField(null=True, blank=True, help_text="As printed; empty: exact.")
    stated_change_pence = models.BigIntegerField(
        null=True, blank=True, help_text="Against the contract before, where only that is stated."
    )
    surplus_share_percent = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, help_text="Of a surplus, what goes back to the council."
    )
    note = models.CharField(max_length=600, blank=True)
    source = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, related_name="+")
    paragraph = models.CharField(max_length=300)

    class Meta:
        ordering = ["partnership", "period__start_on"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "period"], name="contract_year_once"),
            models.CheckConstraint(
                condition=Q(covers_until__gt=models.F("covers_from")), name="contract_year_ends_after"
            ),
            models.CheckConstraint(
                condition=Q(original_pence__isnull=False) | Q(stated_change_pence__isnull=False),
                name="contract_year_says_something",
            ),
            models.CheckConstraint(
                condition=Q(surplus_share_percent__isnull=True)
                | Q(surplus_share_percent__gte=0, surplus_share_percent__lte=100),
                name="contract_share_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return f"Contract sum {self.period}"


class ContractEntry(models.Model):
    """One change of a contract sum, one payment, or one total that a paper prints. Never changed, never deleted.

    Amounts are the provider's: what comes to it is above 0, what goes back below. What a person drafts counts once
    another person has accepted it; what a published paper states counts at once.
    """

    class Kind(models.TextChoices):
        VARIATION = "variation", "Variation"
        PAYMENT = "payment", "Payment"
        SURPLUS_SHARE = "surplus_share", "Share of a surplus or overspend"
        RECEIPT = "receipt", "Other money received"
        STATED_TOTAL = "stated_total", "Total as printed"

    year = models.ForeignKey(ContractYear, on_delete=models.PROTECT, related_name="entries")
    code = models.SlugField(max_length=80)
    kind = models.CharField(max_length=13, choices=Kind.choices)
    amount_pence = models.BigIntegerField()
    quantum_pence = models.BigIntegerField(null=True, blank=True, help_text="As printed; empty: exact.")
    part_of = models.ForeignKey("self", on_delete=models.PROTECT, related_name="parts", null=True, blank=True)
    is_part_of_original = models.BooleanField(default=False)
    name = models.CharField(max_length=200)
    reason = models.CharField(max_length=600, blank=True)
    funding_source = models.CharField(max_length=200, blank=True)
    authority = models.CharField(max_length=300, blank=True)
    on = models.DateField(null=True, blank=True, help_text="Empty where the paper gives no day.")
    source = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    paragraph = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    actor = models.CharField(max_length=160)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["year", "pk"]
        verbose_name_plural = "contract entries"
        constraints = [
            models.UniqueConstraint(fields=["year", "code"], name="contract_entry_code_unique"),
            models.CheckConstraint(condition=~Q(kind="variation") | ~Q(authority=""), name="variation_has_authority"),
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=False) | Q(source__isnull=False), name="contract_entry_typed_or_printed"
            ),
            models.CheckConstraint(
                condition=~Q(kind="stated_total") | Q(source__isnull=False), name="stated_total_is_printed"
            ),
            models.CheckConstraint(
                condition=Q(part_of__isnull=True) | Q(is_part_of_original=False), name="contract_entry_part_of_one"
            ),
            models.CheckConstraint(
                condition=Q(quantum_pence__isnull=True) | Q(quantum_pence__gt=0), name="contract_quantum_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.name}"


class ContractDecision(models.Model):
    """That another person accepted an entry, or refused it and why. One for each entry."""

    entry = models.OneToOneField(ContractEntry, on_delete=models.PROTECT, related_name="decision")
    is_accepted = models.BooleanField()
    reason = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_accepted=True) | Q(reason__isnull=False), name="contract_refusal_says_why"
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry}: {'accepted' if self.is_accepted else 'refused'}"
