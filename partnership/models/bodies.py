"""Who answers to whom: boards, committees and groups, the lines between them, and who sits on them.

Bodies, lines and seats hold from a day on; what a body is called and how it works is told by its dated versions, so
that the whole can be seen as it stood on any day.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from finance.models.printed import Printed, typed_or_printed
from indicators.models import Partner, Partnership
from indicators.querysets import DatedQuerySet
from partnership.reporting_lines import DatedBody, DatedLine, Kind, Name


class DayBasis(models.TextChoices):
    """What the day that a thing began or ended on rests on."""

    STATED = "stated", "as stated"
    FIRST_NAMED = "first_named", "first named then"
    LAST_NAMED = "last_named", "last named then"


class Body(Printed):
    """A board, committee, group or other place where partners meet and answer to each other."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="bodies")
    code = models.SlugField(max_length=60)
    from_on = models.DateField("from")
    from_basis = models.CharField(max_length=11, choices=DayBasis.choices, default=DayBasis.STATED)
    until_on = models.DateField("until", null=True, blank=True, help_text="The last day; empty: it goes on.")
    until_basis = models.CharField(max_length=11, choices=DayBasis.choices, default=DayBasis.STATED)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "bodies"
        ordering = ["partnership", "code"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="body_code_unique"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="body_ends_after_start"
            ),
            typed_or_printed("body_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return self.code

    def dated(self) -> DatedBody:
        """The body as the rules of reporting lines know it; its versions are best read with it."""
        names = tuple(Name(v.from_on, v.number, v.name, v.short_name) for v in self.versions.all())
        return DatedBody(self.code, self.from_on, self.until_on, names)


class BodyVersion(Printed):
    """What a body is called and how it works, from a day until its next version. Append-only."""

    class Kind(models.TextChoices):
        COUNCIL = "council", "Council"
        EXECUTIVE = "executive", "Executive"
        SCRUTINY = "scrutiny", "Scrutiny committee or panel"
        BOARD = "board", "Board"
        PARTNERSHIP = "partnership", "Partnership"
        GROUP = "group", "Group"
        SUB_GROUP = "sub_group", "Sub-group"
        TASK_GROUP = "task_group", "Task and finish group"
        PANEL = "panel", "Panel"
        FORUM = "forum", "Forum"
        MEETING = "meeting", "Regular meeting"
        UNIT = "unit", "Supporting unit"
        AGENCY = "agency", "Agency"

    class Chair(models.TextChoices):
        NOT_STATED = "", "not stated"
        INDEPENDENT = "independent", "independent chair"
        ROTATING = "rotating", "chaired by one of the partners in turn"
        ELECTED_MEMBER = "elected_member", "chaired by an elected member"
        OFFICER = "officer", "chaired by an officer"

    class Frequency(models.TextChoices):
        NOT_STATED = "", "not stated"
        WEEKLY = "weekly", "every week"
        FOUR_WEEKLY = "four_weekly", "every four weeks"
        MONTHLY = "monthly", "every month"
        QUARTERLY = "quarterly", "every quarter"
        HALF_YEARLY = "half_yearly", "every six months"
        ANNUAL = "annual", "every year"
        AS_REQUIRED = "as_required", "as required"

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    from_on = models.DateField("from")
    name = models.CharField(max_length=160)
    short_name = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=11, choices=Kind.choices)
    organisation = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="bodies", null=True, blank=True,
        help_text="Whose body it is; empty: of several partners, or of none.",
    )  # fmt: skip
    organisation_words = models.CharField(max_length=160, blank=True, help_text="Where it is no partner's.")
    is_multi_agency = models.BooleanField(default=False)
    purpose = models.CharField(max_length=600, blank=True)
    chair = models.CharField("chair rule", max_length=14, choices=Chair.choices, blank=True)
    frequency = models.CharField(max_length=11, choices=Frequency.choices, blank=True)
    quorum_number = models.PositiveSmallIntegerField(null=True, blank=True, help_text="At least so many members.")
    quorum_one_in = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="At least one in so many of its voting seats: 4 is a quarter."
    )
    quorum_counts_vacancies = models.BooleanField(
        default=True, help_text="Whether the share is of all seats, vacant ones included."
    )
    meets_in_public = models.BooleanField(null=True, blank=True, help_text="Empty: not stated.")

    class Meta:
        ordering = ["body", "number"]
        constraints = [
            models.UniqueConstraint(fields=["body", "number"], name="body_version_number_unique"),
            models.CheckConstraint(
                condition=Q(quorum_one_in__isnull=True) | Q(quorum_one_in__gte=1), name="body_version_quorum_share"
            ),
            typed_or_printed("body_version_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return self.name


class BodySuccession(Printed):
    """That one body took the place of another, or part of its work. Append-only."""

    predecessor = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="successions_out")
    successor = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="successions_in")
    on = models.DateField(null=True, blank=True, help_text="Empty: no day is stated.")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["predecessor", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="body_succession_unique"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="body_succession_between_two"),
            typed_or_printed("body_succession_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} to {self.successor}"


class ReportingLine(Printed):
    """That one body reports to another, or supports it, from a day until a day."""

    class Kind(models.TextChoices):
        FORMAL = "formal", "reports formally to"
        AS_REQUIRED = "as_required", "reports as required to"
        OVERSIGHT = "oversight", "is overseen by"
        SUPPORT = "support", "supports"

    lower = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="lines_up")
    upper = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="lines_down")
    kind = models.CharField(max_length=11, choices=Kind.choices)
    from_on = models.DateField("from")
    from_basis = models.CharField(max_length=11, choices=DayBasis.choices, default=DayBasis.STATED)
    until_on = models.DateField("until", null=True, blank=True)
    until_basis = models.CharField(max_length=11, choices=DayBasis.choices, default=DayBasis.STATED)
    note = models.CharField(max_length=300, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["lower", "upper", "from_on"]
        constraints = [
            models.UniqueConstraint(fields=["lower", "upper", "kind", "from_on"], name="reporting_line_unique"),
            models.CheckConstraint(condition=~Q(lower=F("upper")), name="reporting_line_between_two"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="reporting_line_ends_after_start",
            ),
            typed_or_printed("reporting_line_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return f"{self.lower} {self.get_kind_display()} {self.upper}"

    def dated(self) -> DatedLine:
        """The line as the rules of reporting lines know it; its bodies are best read with it."""
        return DatedLine(self.lower.code, self.upper.code, Kind(self.kind), self.from_on, self.until_on)


class Seat(Printed):
    """A place on a body that somebody holds or that is vacant: as what, for whom, and on what it may vote."""

    class Role(models.TextChoices):
        CHAIR = "chair", "Chair"
        VICE_CHAIR = "vice_chair", "Vice-chair"
        MEMBER = "member", "Member"
        CO_OPTEE = "co_optee", "Co-opted member"
        INVITEE = "invitee", "Invitee"
        OFFICER = "officer", "Officer in support"

    class Votes(models.TextChoices):
        ALL = "all", "on everything"
        EDUCATION = "education", "on education functions only"
        NONE = "none", "on nothing"

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="seats")
    code = models.SlugField(max_length=60)
    role = models.CharField(max_length=10, choices=Role.choices)
    title = models.CharField(max_length=160, help_text="What the seat is for: a role or an office, never a name.")
    organisation = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="seats", null=True, blank=True)
    organisation_words = models.CharField(max_length=160, blank=True, help_text="Where it is no partner.")
    votes = models.CharField(max_length=9, choices=Votes.choices)
    from_on = models.DateField("from")
    from_basis = models.CharField(max_length=11, choices=DayBasis.choices, default=DayBasis.STATED)
    until_on = models.DateField("until", null=True, blank=True)
    until_basis = models.CharField(max_length=11, choices=DayBasis.choices, default=DayBasis.STATED)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["body", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["body", "code"], name="seat_code_unique"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="seat_ends_after_start"
            ),
            typed_or_printed("seat_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return self.title


class SeatHolding(Printed):
    """That a seat is held from a day until a day, by a user or by a named role. A seat nobody holds is vacant."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="holdings")
    holder = models.CharField(max_length=160, help_text="The holder's role or office, as it is shown.")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="seats", null=True, blank=True
    )
    from_on = models.DateField("from")
    until_on = models.DateField("until", null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["seat", "from_on"]
        constraints = [
            models.UniqueConstraint(fields=["seat", "from_on"], name="seat_holding_unique"),
            models.UniqueConstraint(
                fields=["seat"], condition=Q(until_on__isnull=True), name="seat_holding_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="seat_holding_ends_after_start"
            ),
            typed_or_printed("seat_holding_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.holder}"


class BodyStep(models.Model):
    """One thing that somebody recorded of a body: in a sentence, with who and when. Append-only.

    Its number is also how a page knows that the body has changed since it was opened.
    """

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=600)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        ordering = ["body", "number"]
        constraints = [models.UniqueConstraint(fields=["body", "number"], name="body_step_number_unique")]

    def __str__(self) -> str:
        return f"{self.body}: {self.what}"
