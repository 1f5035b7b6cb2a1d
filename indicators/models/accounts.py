"""How a person comes to an account, and how they prove who they are elsewhere."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from indicators.models.places import Partnership


class Invitation(models.Model):
    """An address that was passed on to a person, under which they set their first password. Only its hash is kept.

    Sending it again is another row; the one before is over then.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="invitations")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="invitations")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    ends_at = models.DateTimeField()
    by_mail = models.BooleanField(default=False)
    secret_sha256 = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(cancelled_at__isnull=True), name="invitation_used_or_cancelled"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(used_at__isnull=True, cancelled_at__isnull=True),
                name="invitation_one_open",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user}, invited {self.at:%Y-%m-%d}"


class SingleSignOn(models.Model):
    """Who a person is at a provider of identities: set at their first sign-in through it, and never guessed again."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="single_sign_on")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="single_sign_on_one_person")]

    def __str__(self) -> str:
        return f"{self.user} at {self.issuer}"
