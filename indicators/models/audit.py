"""What happened to access and to records, for administrators to read; and the one exception to keeping everything."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from indicators.models.places import Partnership


class AuditEvent(models.Model):
    """One thing that somebody did with access or with unpublished data. Append-only."""

    class Kind(models.TextChoices):
        SIGNED_IN = "signed_in", "Signed in"
        SIGN_IN_FAILED = "sign_in_failed", "Sign-in failed"
        SIGNED_OUT = "signed_out", "Signed out"
        LOCKED_OUT = "locked_out", "Locked out"
        UNLOCKED = "unlocked", "Unlocked"
        FACTOR_ADDED = "factor_added", "Second factor set up"
        FACTOR_REMOVED = "factor_removed", "Second factor removed"
        CODES_MADE = "codes_made", "Recovery codes made"
        CODE_USED = "code_used", "Recovery code used"
        PASSWORD_CHANGED = "password_changed", "Password changed"
        RESET_ASKED = "reset_asked", "Password reset asked for"
        INVITED = "invited", "Invited"
        INVITATION_CANCELLED = "invitation_cancelled", "Invitation cancelled"
        DEACTIVATED = "deactivated", "Account deactivated"
        REACTIVATED = "reactivated", "Account reactivated"
        PSEUDONYMISED = "pseudonymised", "Person pseudonymised"
        SUBJECT_ACCESS = "subject_access", "Data about a person given out"
        SIGN_ON_BOUND = "sign_on_bound", "Bound to single sign-on"
        PERSON_ADDED = "person_added", "Person added"
        ROLE_GRANTED = "role_granted", "Role granted"
        ROLE_ENDED = "role_ended", "Role ended"
        GATE_NAMED = "gate_named", "Lead or deputy named"
        EXPORTED_UNPUBLISHED = "exported_unpublished", "Unpublished data downloaded"
        ROUND_LOCKED = "round_locked", "Round locked"
        ROUND_REOPENED = "round_reopened", "Round reopened"
        LOCK_EXCEPTION = "lock_exception", "Exception to a lock given"
        TARGET_CHANGED = "target_changed", "Target changed"
        RELIEF_AGREED = "relief_agreed", "Relief agreed"
        RELIEF_ENDED = "relief_ended", "Relief ended"
        PACK_PUBLISHED = "pack_published", "Pack published"
        PACK_WITHDRAWN = "pack_withdrawn", "Pack withdrawn"
        MONEY_RECORDED = "money_recorded", "Money recorded"
        MONEY_DECIDED = "money_decided", "Money decided"
        GOVERNANCE_RECORDED = "governance_recorded", "Governance recorded"
        BENCHMARKS_IMPORTED = "benchmarks_imported", "Official figures imported"
        REDACTED = "redacted", "Redacted for cause"

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="audit_events", null=True, blank=True
    )
    kind = models.CharField(max_length=22, choices=Kind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    actor = models.CharField(max_length=160, blank=True)
    what = models.CharField(max_length=300, help_text="The thing it was done to, never a figure's value.")
    at = models.DateTimeField()
    request_id = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["partnership", "-at"], name="audit_by_partnership_time")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.what}"


class Redaction(models.Model):
    """Personal data or a disclosure that was removed for cause, by two named people. Append-only.

    Of what was there only the SHA-256 is kept.
    """

    class Cause(models.TextChoices):
        PERSONAL_DATA = "personal_data", "personal data"
        DISCLOSURE = "disclosure", "it discloses who a person is"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="redactions")
    cause = models.CharField(max_length=13, choices=Cause.choices)
    reason = models.CharField(max_length=300)
    reference = models.CharField(max_length=80, help_text="The data protection officer's reference.")
    first_person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    second_person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    what = models.CharField(max_length=300, help_text="Natural key of the figure or text, never what it said.")
    former_sha256 = models.CharField(max_length=64)
    tables = models.JSONField(default=list, help_text="Published tables it touched: id, former and new SHA-256.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(first_person=F("second_person")), name="redaction_by_two_people"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(reference=""), name="redaction_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.what}: redacted {self.at:%Y-%m-%d}"
