"""Registers beside the figures: savings, homes that open, business cases, claims, milestones, and what became of them.

What a register holds is a promise or a request; what was saved or spent are figures.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from finance.models.drafts import OnRegister, RegisterDraft
from finance.models.heads import BudgetHead, Rung
from finance.models.printed import typed_or_printed
from indicators.models import Partnership, Period


class Precision(models.TextChoices):
    """How exactly a day is known."""

    DAY = "day", "Day"
    MONTH = "month", "Month"
    SEASON = "season", "Part of a year"
    YEAR = "year", "Year"


class Saving(OnRegister):
    """A saving or efficiency that was promised for a year; target, delivered and forecast amounts are figures."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="savings")
    code = models.SlugField(max_length=80)
    name = models.CharField(max_length=200)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    owner_role = models.CharField(max_length=120, blank=True)
    risk = models.CharField(max_length=300, blank=True)
    head = models.ForeignKey(BudgetHead, on_delete=models.PROTECT, related_name="savings", null=True, blank=True)
    rung = models.ForeignKey(Rung, on_delete=models.PROTECT, related_name="savings", null=True, blank=True)
    note = models.CharField(max_length=600, blank=True)

    class Meta:
        ordering = ["partnership", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="saving_code_unique"),
            typed_or_printed("saving_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return self.name


class Home(OnRegister):
    """A home that is to open: how many beds it brings. Where it stands is told by its plans, the latest last."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="homes")
    code = models.SlugField(max_length=80)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=200)
    rung = models.ForeignKey(Rung, on_delete=models.PROTECT, related_name="homes", null=True, blank=True)
    beds_min = models.PositiveSmallIntegerField(null=True, blank=True)
    beds_max = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.CharField(max_length=600, blank=True)

    class Meta:
        ordering = ["partnership", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="home_code_unique"),
            models.CheckConstraint(
                condition=Q(beds_max__isnull=True) | Q(beds_min__isnull=False, beds_max__gte=F("beds_min")),
                name="home_beds_in_order",
            ),
            typed_or_printed("home_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return self.name


class HomePlan(OnRegister):
    """What was known of a home on a day: its stage and when it is expected. A later one shows how far it slipped."""

    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="plans")
    stage = models.CharField(max_length=300)
    expected_on = models.DateField(null=True, blank=True)
    expected_precision = models.CharField(max_length=6, choices=Precision.choices, blank=True)
    expected_words = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    known_on = models.DateField()

    class Meta:
        ordering = ["home", "known_on", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expected_on__isnull=True, expected_precision="")
                | (Q(expected_on__isnull=False) & ~Q(expected_precision="")),
                name="home_plan_says_how_exactly",
            ),
            typed_or_printed("home_plan_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return f"{self.home}: {self.stage}"


class BusinessCase(OnRegister):
    """A request for money in lines; each line was approved, refused, or called something else."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="business_cases")
    code = models.SlugField(max_length=80)
    name = models.CharField(max_length=200)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField(null=True, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    stated_pence = models.BigIntegerField(null=True, blank=True, help_text="The sum that the paper prints.")
    stated_quantum_pence = models.BigIntegerField(null=True, blank=True)
    note = models.CharField(max_length=600, blank=True)

    class Meta:
        ordering = ["partnership", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="business_case_code_unique"),
            typed_or_printed("business_case_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return self.name


class BusinessCaseLine(OnRegister):
    """One line of a business case: what was asked, and what became of it."""

    class Outcome(models.TextChoices):
        ASKED = "asked", "Asked"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"
        RECLASSIFIED = "reclassified", "Reclassified"

    case = models.ForeignKey(BusinessCase, on_delete=models.PROTECT, related_name="lines")
    code = models.SlugField(max_length=80)
    name = models.CharField(max_length=200)
    asked_pence = models.BigIntegerField()
    quantum_pence = models.BigIntegerField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["case", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "code"], name="business_case_line_unique"),
            models.CheckConstraint(condition=Q(asked_pence__gte=0), name="business_case_asks_for_money"),
            typed_or_printed("business_case_line_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.name}"


class Claim(OnRegister):
    """A claim of payment by results: when it is due, on what terms. What became of it are its steps."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="claims")
    code = models.SlugField(max_length=80)
    programme = models.CharField(max_length=120)
    name = models.CharField(max_length=200)
    payer = models.CharField(max_length=120)
    due_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=300, blank=True)
    terms = models.CharField(max_length=600, blank=True)

    class Meta:
        ordering = ["partnership", "due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="claim_code_unique"),
            typed_or_printed("claim_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return self.name


class Milestone(OnRegister):
    """A day by which something about the accounts is to be done, and by whom."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="milestones")
    code = models.SlugField(max_length=80)
    name = models.CharField(max_length=200)
    body = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(null=True, blank=True)
    due_precision = models.CharField(max_length=6, choices=Precision.choices, blank=True)
    due_words = models.CharField(max_length=120, blank=True)
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["partnership", "due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="milestone_code_unique"),
            typed_or_printed("milestone_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return self.name


_ON_REGISTERS = ("saving", "case", "line", "claim", "milestone", "item")


def _of_one() -> Q:
    """That exactly one of the registers is meant."""
    found = Q()
    for wanted in _ON_REGISTERS:
        found |= Q(**{f"{name}__isnull": name != wanted for name in _ON_REGISTERS})
    return found


class RegisterStep(models.Model):
    """What happened to something on a register: a claim sent, a saving at risk, a line approved. Append-only."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="register_steps")
    saving = models.ForeignKey(Saving, on_delete=models.PROTECT, related_name="steps", null=True, blank=True)
    case = models.ForeignKey(BusinessCase, on_delete=models.PROTECT, related_name="steps", null=True, blank=True)
    line = models.ForeignKey(
        BusinessCaseLine, on_delete=models.PROTECT, related_name="steps", null=True, blank=True,
        help_text="A step of a line decides on it.",
    )  # fmt: skip
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="steps", null=True, blank=True)
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="steps", null=True, blank=True)
    item = models.ForeignKey(
        "finance.FundingItem", on_delete=models.PROTECT, related_name="steps", null=True, blank=True
    )
    state = models.CharField(max_length=40)
    words = models.CharField(max_length=600, blank=True)
    on = models.DateField(help_text="The day that it happened.")
    draft = models.ForeignKey(RegisterDraft, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        ordering = ["on", "at", "pk"]
        constraints = [models.CheckConstraint(condition=_of_one(), name="register_step_of_one")]

    def __str__(self) -> str:
        return f"{self.state} on {self.on}"
