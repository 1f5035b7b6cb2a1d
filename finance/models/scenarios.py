"""Plans of placements, what they assume, scenarios tried on them, and the results that were kept.

A plan holds placements as numbers on a rung at a price: no name, number or birthday of a child. A plan, its decision
and a kept result are append-only; a scenario is its owner's and changes by version.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from finance.models.printed import Printed, typed_or_printed
from finance.models.registers import Home
from indicators.models import Category, Partnership, Text

# A rung of the ladder, or rungs that papers count together.
_ON_LADDER = Q(dimension__code__in=["rung", "rung-group"])


def _rung(**more: object) -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="+", limit_choices_to=_ON_LADDER, **more  # type: ignore[arg-type]
    )  # fmt: skip


class PlacementPlan(Printed):
    """Placements as at the start of a day, and what is assumed of the two financial years from then. Append-only.

    One that a person enters counts once another person has accepted it; one that is made from a paper counts at once.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="placement_plans")
    code = models.SlugField(max_length=80)
    name = models.CharField(max_length=160)
    as_at = models.DateField(help_text="Nights before it are past.")
    note = models.CharField(max_length=600, blank=True)
    cost_to_date_pence = models.BigIntegerField(
        null=True, blank=True, help_text="Spent in the year before the day; empty: worked out from the rows."
    )
    cost_to_date_words = models.CharField(max_length=300, blank=True)
    budget_pence = models.BigIntegerField(null=True, blank=True)
    budget_words = models.CharField(max_length=300, blank=True)
    odd_prices_reason = models.CharField(max_length=300, blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="replaced_by", null=True, blank=True
    )  # fmt: skip

    class Meta:
        ordering = ["partnership", "-as_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="placement_plan_code_unique"),
            models.CheckConstraint(
                condition=Q(budget_pence__isnull=True) | Q(budget_pence__gte=0), name="placement_plan_budget_from_0"
            ),
            models.CheckConstraint(
                condition=(Q(budget_pence__isnull=True) | ~Q(budget_words=""))
                & (Q(cost_to_date_pence__isnull=True) | ~Q(cost_to_date_words="")),
                name="placement_plan_says_where_money_is_from",
            ),
            typed_or_printed("placement_plan_typed_or_printed"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class PlanRow(models.Model):
    """So many placements on a rung at a weekly price, from a day to a planned end, with a move that may come.

    `move_to` empty with a day: the child then leaves care. Append-only.
    """

    plan = models.ForeignKey(PlacementPlan, on_delete=models.PROTECT, related_name="rows")
    order = models.PositiveIntegerField()
    rung = _rung()
    number = models.PositiveIntegerField()
    weekly_pence = models.BigIntegerField()
    start_on = models.DateField()
    end_on = models.DateField(null=True, blank=True)
    move_on = models.DateField(null=True, blank=True)
    move_to = _rung(null=True, blank=True)
    move_weekly_pence = models.BigIntegerField(null=True, blank=True)
    move_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    words = models.CharField(max_length=300, blank=True, help_text="Where it is from; no child, no family.")

    class Meta:
        ordering = ["plan", "order"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "order"], name="plan_row_order_unique"),
            models.CheckConstraint(condition=Q(number__gte=1, weekly_pence__gte=0), name="plan_row_counts_and_costs"),
            models.CheckConstraint(
                condition=Q(end_on__isnull=True) | Q(end_on__gte=F("start_on")), name="plan_row_ends_after"
            ),
            models.CheckConstraint(
                condition=Q(move_on__isnull=True, move_percent__isnull=True, move_to__isnull=True)
                | Q(move_on__isnull=False, move_percent__gte=0, move_percent__lte=100),
                name="plan_row_move_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan}: {self.number} on {self.rung}"


class PlanAssumption(models.Model):
    """One thing that a plan assumes, with its source in words. Append-only.

    Starters are `number` in `over` months, those who leave unplanned `number` in `over` nights of care; an uplift and a
    contingency are `number` per cent. Without a rung an uplift is of every rung.
    """

    class Kind(models.TextChoices):
        STARTERS = "starters", "Starters"
        LEAVING = "leaving", "Unplanned leavers"
        UPLIFT = "uplift", "Change of prices"
        CONTINGENCY = "contingency", "Contingency"

    plan = models.ForeignKey(PlacementPlan, on_delete=models.PROTECT, related_name="assumptions")
    order = models.PositiveIntegerField()
    kind = models.CharField(max_length=11, choices=Kind.choices)
    rung = _rung(null=True, blank=True)
    number = models.DecimalField(max_digits=12, decimal_places=4)
    over = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    on = models.DateField(null=True, blank=True)
    prices_pence = models.JSONField(default=list, blank=True, help_text="Of starters: recent prices of a week.")
    words = models.CharField(max_length=300)

    class Meta:
        ordering = ["plan", "order"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "order"], name="plan_assumption_order_unique"),
            models.CheckConstraint(condition=~Q(words=""), name="plan_assumption_has_a_source"),
            models.CheckConstraint(
                condition=Q(kind__in=["starters", "leaving"], rung__isnull=False, over__gt=0)
                | Q(kind__in=["uplift", "contingency"], over__isnull=True),
                name="plan_assumption_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="uplift", on__isnull=False) | (~Q(kind="uplift") & Q(on__isnull=True)),
                name="plan_uplift_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan}: {self.get_kind_display()}"


class PlanDecision(models.Model):
    """That another person accepted a plan, or refused it and why. One for each plan. Append-only."""

    plan = models.OneToOneField(PlacementPlan, on_delete=models.PROTECT, related_name="decision")
    is_accepted = models.BooleanField()
    reason = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_accepted=True) | Q(reason__isnull=False), name="plan_refusal_says_why"
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan}: {'accepted' if self.is_accepted else 'refused'}"


class Scenario(models.Model):
    """Steps under a name that one person tries on a plan. Only the owner changes it; withdrawn, it is kept."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="scenarios")
    plan = models.ForeignKey(PlacementPlan, on_delete=models.PROTECT, related_name="scenarios")
    code = models.SlugField(max_length=80)
    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=600)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    copied_from = models.ForeignKey("self", on_delete=models.PROTECT, related_name="copies", null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["partnership", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="scenario_code_unique"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="scenario_withdrawn_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ScenarioStep(models.Model):
    """One step of a scenario, in the order in which they are tried."""

    class Kind(models.TextChoices):
        MOVE = "move", "Move children from rung to rung"
        PRICE = "price", "Change a price"
        OPEN = "open", "Open a home"
        DELAY = "delay", "Delay a home"

    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="steps")
    order = models.PositiveIntegerField()
    kind = models.CharField(max_length=5, choices=Kind.choices)
    on = models.DateField()
    number = models.PositiveIntegerField(null=True, blank=True, help_text="Children, or beds of a home.")
    from_rung = _rung(null=True, blank=True)
    to_rung = _rung(null=True, blank=True)
    weekly_pence = models.BigIntegerField(null=True, blank=True, help_text="Empty: the price of the plan.")
    percent = models.DecimalField(max_digits=7, decimal_places=3, null=True, blank=True)
    pence = models.BigIntegerField(null=True, blank=True, help_text="Of a change of price: more, or less, a week.")
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    home_name = models.CharField(max_length=120, blank=True)
    a_month = models.PositiveIntegerField(null=True, blank=True)
    standing_pence = models.BigIntegerField(null=True, blank=True)
    words = models.CharField(max_length=300, help_text="Why, and where its numbers are from.")

    class Meta:
        ordering = ["scenario", "order"]
        constraints = [
            models.UniqueConstraint(fields=["scenario", "order"], name="scenario_step_order_unique"),
            models.CheckConstraint(condition=~Q(words=""), name="scenario_step_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.scenario}: step {self.order}"


class ProjectionRun(models.Model):
    """A result that was kept: the projection line by line and the band of the runs, of a plan or of a scenario on it.
    Append-only; what it rests on is the plan, which never changes, and `steps`.

    Amounts are pence. `bands`: P10, P50, P90, mean and standard error of this year, the next, and each month.
    """

    plan = models.ForeignKey(PlacementPlan, on_delete=models.PROTECT, related_name="runs_kept")
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="runs_kept", null=True, blank=True)
    code = models.SlugField(max_length=100)
    name = models.CharField(max_length=160)
    scenario_version = models.PositiveIntegerField(null=True, blank=True)
    inputs_sha256 = models.CharField(max_length=64)
    runs = models.PositiveIntegerField()
    seed = models.PositiveBigIntegerField()
    software_version = models.CharField(max_length=40)
    this_year_pence = models.BigIntegerField()
    next_year_pence = models.BigIntegerField()
    lines = models.JSONField(help_text="Code, name, this year, next year.")
    steps = models.JSONField(default=list, help_text="In words, with what each changes this year and next.")
    assumptions = models.JSONField(default=list, help_text="Sentences.")
    bands = models.JSONField()
    over_budget_percent = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        ordering = ["plan", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="projection_run_code_unique"),
            models.CheckConstraint(
                condition=Q(scenario__isnull=True, scenario_version__isnull=True)
                | Q(scenario__isnull=False, scenario_version__isnull=False),
                name="projection_run_names_its_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, kept {self.at:%Y-%m-%d}"
