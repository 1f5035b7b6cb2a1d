"""What people are told of figures: what they follow, the alerts, what was last seen, and the e-mails that went out."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from indicators.models import Figure, Partnership, Period, Scorecard, ScorecardLine
from partnership.alerts import DIGEST_WORDS, KIND_WORDS, Because, Digest, Kind


class AlertSubscription(models.Model):
    """What somebody chose to be told of one scorecard. Who has chosen nothing is told by their role."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="alert_subscriptions")
    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="alert_subscriptions")
    kinds = models.CharField(max_length=60, blank=True, help_text="Codes of kinds, separated by spaces.")
    in_app = models.BooleanField()
    digest = models.CharField(
        max_length=6, choices=[(d.value, DIGEST_WORDS[d]) for d in Digest], default=Digest.NEVER.value
    )
    chosen_at = models.DateTimeField()
    mail_from = models.DateTimeField(null=True, blank=True, help_text="Alerts raised since then go out by e-mail.")

    class Meta:
        ordering = ["user", "scorecard"]
        constraints = [
            models.UniqueConstraint(fields=["user", "scorecard"], name="alert_subscription_unique"),
            models.CheckConstraint(
                condition=Q(digest="never", mail_from__isnull=True) | (~Q(digest="never") & Q(mail_from__isnull=False)),
                name="alert_subscription_mails_from_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.scorecard}"


class AlertState(models.Model):
    """What was last seen of a line in a period, so that it is told once. Says nothing that the figures do not."""

    line = models.ForeignKey(ScorecardLine, on_delete=models.PROTECT, related_name="alert_states")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    figure = models.ForeignKey(Figure, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    rating = models.CharField(max_length=10, blank=True, help_text="Empty: it is held against nothing.")
    variation = models.CharField(max_length=30, null=True, help_text="Null: not worked out; empty: no chart.")  # noqa: DJ001
    assurance = models.CharField(max_length=20, null=True)  # noqa: DJ001

    class Meta:
        ordering = ["line", "period"]
        constraints = [models.UniqueConstraint(fields=["line", "period"], name="alert_state_unique")]

    def __str__(self) -> str:
        return f"{self.line}, {self.period}"


class Alert(models.Model):
    """That something about a figure changed: codes before and after, and what made the difference. Never a figure."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="alerts")
    line = models.ForeignKey(ScorecardLine, on_delete=models.PROTECT, related_name="alerts")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, choices=[(k.value, KIND_WORDS[k]) for k in Kind])
    before = models.CharField(max_length=30, blank=True)
    after = models.CharField(max_length=30)
    because = models.CharField(max_length=9, choices=[(b.value, b.value) for b in Because])
    against = models.ForeignKey(
        Period, on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        help_text="The period it is compared with; empty: what was told of the same one.",
    )  # fmt: skip
    cause = models.CharField(max_length=30, blank=True, help_text="What the control chart found.")
    figure = models.ForeignKey(Figure, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    expected_on = models.DateField(null=True, blank=True)
    raised_at = models.DateTimeField()

    class Meta:
        ordering = ["-raised_at", "-pk"]
        indexes = [models.Index(fields=["partnership", "-raised_at"], name="alert_by_partnership_time")]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "period"], condition=Q(because="new", kind="rating"), name="alert_rating_once"
            ),
            models.UniqueConstraint(
                fields=["line", "period"], condition=Q(because="new", kind="cause"), name="alert_cause_once"
            ),
            models.UniqueConstraint(
                fields=["line", "period"], condition=Q(because="new", kind="assurance"), name="alert_assurance_once"
            ),
            models.UniqueConstraint(
                fields=["line", "period", "expected_on"], condition=Q(kind="overdue"), name="alert_overdue_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.line}, {self.period}"


class AlertRead(models.Model):
    """That somebody marked an alert as read."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="reads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="alert_reads")
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["alert", "user"]
        constraints = [models.UniqueConstraint(fields=["alert", "user"], name="alert_read_once")]

    def __str__(self) -> str:
        return f"{self.alert} read by {self.user}"


class DigestSent(models.Model):
    """That a person was sent a digest on a day: once, whatever happens; and which alerts it stood for."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="digests")
    on = models.DateField()
    at = models.DateTimeField()
    is_weekly = models.BooleanField(default=False, help_text="It held what is asked for once a week.")
    alerts = models.ManyToManyField(Alert, related_name="digests")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["partnership", "user", "on"], name="digest_sent_once_a_day")]

    def __str__(self) -> str:
        return f"{self.user}, {self.on}"
