"""The packs that meetings are given."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from finance.models import ProjectionRun
from indicators.models import Audience, DisclosurePolicy, Partnership, Period, PublishedTable, Scorecard, Text


class SmallNumbers(models.TextChoices):
    """How small numbers are kept from everybody."""

    HIDE = "hide", "Hide small numbers, and others that would tell them"
    ROUND = "round", "Round all counts of people"


class Pack(models.Model):
    """What one named meeting is given: chosen scorecards of chosen periods, for one audience.

    It can be changed until it is published; from then on the database refuses, and all that happens to it is in its
    events.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="packs")
    code = models.SlugField(max_length=80)
    title = models.CharField(max_length=160)
    body = models.CharField(max_length=160, help_text="The board or committee that meets.")
    meeting_on = models.DateField()
    audience = models.CharField(max_length=6, choices=Audience.choices)
    exempt_paragraphs = models.CharField(
        max_length=13, blank=True, help_text="Of Part 1 of Schedule 12A, for a pack that is exempt: 1,3."
    )
    small_numbers = models.CharField(
        max_length=5, choices=SmallNumbers.choices, default=SmallNumbers.HIDE,
        help_text="How a pack for everybody protects small numbers.",
    )  # fmt: skip
    note = models.CharField(max_length=600, blank=True)
    supersedes = models.ForeignKey("self", on_delete=models.PROTECT, related_name="replacements", null=True, blank=True)
    turn = models.PositiveSmallIntegerField(
        default=1, help_text="Counts the packs that were to replace the same one: those before it were withdrawn."
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-meeting_on", "code"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="pack_code_unique"),
            models.UniqueConstraint(fields=["supersedes", "turn"], name="pack_replaced_by_one_a_turn"),
            models.CheckConstraint(
                condition=Q(audience="exempt") | Q(exempt_paragraphs=""), name="pack_exempt_paragraphs_of_exempt_ones"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def exempt_numbers(self) -> tuple[int, ...]:
        """The paragraphs of Part 1 of Schedule 12A that it is exempt under; none where none was asked for yet."""
        return tuple(int(number) for number in self.exempt_paragraphs.split(",") if number)


class PackChoice(models.Model):
    """A scorecard in a period that the pack is to carry."""

    pack = models.ForeignKey(Pack, on_delete=models.CASCADE, related_name="choices")
    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["pack", "order"]
        constraints = [
            models.UniqueConstraint(fields=["pack", "scorecard", "period"], name="pack_choice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pack}: {self.scorecard}, {self.period}"


class PackRun(models.Model):
    """A kept result of a projection or scenario that the pack is to carry."""

    pack = models.ForeignKey(Pack, on_delete=models.CASCADE, related_name="run_choices")
    run = models.ForeignKey(ProjectionRun, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["pack", "order"]
        constraints = [models.UniqueConstraint(fields=["pack", "run"], name="pack_run_once")]

    def __str__(self) -> str:
        return f"{self.pack}: {self.run}"


class PackReason(models.Model):
    """Why a point of the check list stands and the pack is published all the same."""

    pack = models.ForeignKey(Pack, on_delete=models.CASCADE, related_name="reasons")
    point = models.CharField(max_length=200, help_text="Code of the point and natural key of what it is about.")
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pack", "point"]
        constraints = [models.UniqueConstraint(fields=["pack", "point"], name="pack_reason_once")]

    def __str__(self) -> str:
        return f"{self.pack}: {self.point}"


class PackTable(models.Model):
    """A published table in its place in a pack. Append-only."""

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="tables")
    order = models.PositiveSmallIntegerField()
    code = models.SlugField(max_length=80)
    table = models.OneToOneField(PublishedTable, on_delete=models.PROTECT, related_name="in_pack")

    class Meta:
        ordering = ["pack", "order"]
        constraints = [
            models.UniqueConstraint(fields=["pack", "order"], name="pack_table_order_unique"),
            models.UniqueConstraint(fields=["pack", "code"], name="pack_table_code_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.pack}: {self.table}"


class PackEvent(models.Model):
    """One step of a pack: who, when, why; the publication carries the manifest. Append-only."""

    class Action(models.TextChoices):
        CREATED = "created", "Begun"
        ACCEPTED = "accepted", "Protection of small numbers accepted"
        PUBLISHED = "published", "Published"
        WITHDRAWN = "withdrawn", "Withdrawn"
        SUPERSEDED = "superseded", "Replaced by a later pack"
        REINSTATED = "reinstated", "In force again"
        REDACTED = "redacted", "Redacted for cause"
        TOLD = "told", "Reason for the withdrawal may be read by everybody"

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="events")
    action = models.CharField(max_length=10, choices=Action.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()
    reason = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    is_breach = models.BooleanField(default=False, help_text="Withdrawn for a breach: nobody may read it any more.")
    is_held = models.BooleanField(
        default=False,
        help_text="Of a withdrawal: everybody reads the reason only once a reviewer has said that it "
        "identifies nobody.",
    )
    disclosure_check = models.ForeignKey(
        "DisclosureCheck", on_delete=models.PROTECT, related_name="acceptances", null=True, blank=True
    )
    manifest = models.JSONField(null=True, blank=True)
    manifest_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["pack", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["pack"], condition=Q(action="published"), name="pack_event_published_once"),
            models.CheckConstraint(
                condition=Q(action="published", manifest__isnull=False)
                | (~Q(action="published") & Q(manifest__isnull=True)),
                name="pack_event_manifest_with_publication",
            ),
            models.CheckConstraint(
                condition=~Q(action="withdrawn") | Q(reason__isnull=False), name="pack_event_withdrawal_says_why"
            ),
            models.CheckConstraint(
                condition=Q(is_held=False) | Q(action="withdrawn", is_breach=False),
                name="pack_event_held_is_of_a_withdrawal",
            ),
            models.CheckConstraint(
                condition=Q(action="accepted", disclosure_check__isnull=False)
                | (~Q(action="accepted") & Q(disclosure_check__isnull=True)),
                name="pack_event_acceptance_names_its_check",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pack}: {self.get_action_display()}"


class DisclosureCheck(models.Model):
    """That it was worked out how the small numbers of a pack for everybody are protected. Append-only.

    `fingerprint` is of all that was looked at: when any of it changes, the check says nothing of the pack any more.
    """

    class Status(models.TextChoices):
        SOUND = "sound", "Every small number is protected"
        REFUSED = "refused", "Not every small number can be protected"

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="disclosure_checks")
    policy = models.ForeignKey(DisclosurePolicy, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    fingerprint = models.CharField(max_length=64)
    status = models.CharField(max_length=7, choices=Status.choices)
    result = models.JSONField(help_text="What is hidden and why, what a reader could still work out, what is refused.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pack", "pk"]

    def __str__(self) -> str:
        return f"{self.pack}: {self.get_status_display()}"


class RowLeftOut(models.Model):
    """That a pack for everybody is published without a row of one of its tables, so that nobody can be told from the
    others. It can be taken back until the pack is published."""

    pack = models.ForeignKey(Pack, on_delete=models.CASCADE, related_name="rows_left_out")
    table = models.SlugField(max_length=80, help_text="What the table is called in the pack.")
    indicator = models.SlugField(max_length=60)
    slice = models.CharField(max_length=300, blank=True, help_text="Key of the part; empty for the whole.")
    name = models.CharField(max_length=520, help_text="What the row is called.")
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pack", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["pack", "table", "indicator", "slice"], name="row_left_out_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pack}: {self.name}"


class PassageDecision(models.Model):
    """What a reviewer decided of a passage that could tell of a child: it may be read, or its text is left out."""

    class Decision(models.TextChoices):
        PUBLISH = "publish", "It identifies nobody: publish it"
        LEAVE_OUT = "leave_out", "Leave the whole text out of this pack"

    pack = models.ForeignKey(Pack, on_delete=models.CASCADE, related_name="passage_decisions")
    passage = models.CharField(max_length=64, help_text="SHA-256 of where it stands, of the text and of the passage.")
    decision = models.CharField(max_length=9, choices=Decision.choices)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pack", "pk"]
        constraints = [models.UniqueConstraint(fields=["pack", "passage"], name="passage_decided_once")]

    def __str__(self) -> str:
        return f"{self.pack}: {self.get_decision_display()}"
