"""The authority area, its partners, and the people who live there."""

from django.db import models
from django.db.models import F, Q


class Partnership(models.Model):
    """An authority area whose partners answer for the same children. Everything local belongs to exactly one."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    authority_name = models.CharField(max_length=120)
    gss_code = models.CharField("GSS code", max_length=9, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Partner(models.Model):
    """An organisation of the partnership that returns figures or reads them."""

    class Kind(models.TextChoices):
        COUNCIL = "council", "Council"
        TRUST = "trust", "Children's trust"
        POLICE = "police", "Police"
        HEALTH = "health", "Health"
        OTHER = "other", "Other"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="partners")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    from_on = models.DateField("from", null=True, blank=True)
    until_on = models.DateField("until", null=True, blank=True)

    class Meta:
        ordering = ["partnership", "name"]
        constraints = [models.UniqueConstraint(fields=["partnership", "code"], name="partner_code_unique")]

    def __str__(self) -> str:
        return self.name


class Succession(models.Model):
    """Functions that pass from one partner to another on a day; history and open work follow them."""

    predecessor = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="successions_out")
    successor = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="successions_in")
    effective_on = models.DateField()
    functions = models.CharField(max_length=300)
    authority = models.CharField(max_length=200)

    class Meta:
        ordering = ["effective_on"]
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor", "effective_on"], name="succession_unique"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="succession_between_two"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} to {self.successor}, {self.effective_on}"


class Population(models.Model):
    """People of an age band who live in the area, as an official source counts them; the base of rates."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="populations")
    on = models.DateField(help_text="The day, or the last day of the year, that the source gives.")
    age_from = models.PositiveSmallIntegerField()
    age_to = models.PositiveSmallIntegerField(help_text="The last age included.")
    persons = models.PositiveIntegerField()
    source = models.ForeignKey("indicators.SourceDocument", on_delete=models.PROTECT, related_name="+")
    paragraph = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["partnership", "age_from", "on"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "on", "age_from", "age_to"], name="population_unique"),
            models.CheckConstraint(condition=Q(age_to__gte=F("age_from")), name="population_ages_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.age_from} to {self.age_to}, {self.on}: {self.persons}"
