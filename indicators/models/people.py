"""People, what they may do, and since when."""

import secrets

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from indicators.models.places import Partner, Partnership
from indicators.querysets import DatedQuerySet, MembershipQuerySet
from indicators.roles import ROLE_WORDS, Role

# Without letters and digits that are taken for one another.
CODE_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LENGTH = 8


def new_code() -> str:
    """What a person is called in addresses: by chance, so that it tells nothing of them and cannot be counted up."""
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))


class UserManager(BaseUserManager["User"]):
    """Finds and creates users by e-mail address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **extra: object) -> "User":
        """A user with this address; without a password nobody can sign in as them."""
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: object) -> "User":
        """A superuser of Django's own commands. This gives no right to see or change any figure."""
        return self.create_user(email, password, is_superuser=True, **extra)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address. Rights come from memberships alone."""

    email = models.EmailField("e-mail address", max_length=254, unique=True)
    display_name = models.CharField("shown as", max_length=80, blank=True, help_text="A name or a job title.")
    is_active = models.BooleanField(default=True)
    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_code, editable=False)
    sessions_ended = models.PositiveIntegerField(default=0, help_text="How often all sessions were ended at once.")
    deactivated_at = models.DateTimeField(null=True, blank=True)
    pseudonymised_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique")]

    def __str__(self) -> str:
        return self.display_name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must agree with. Django makes it of the password alone; here sessions can also be ended
        without a new one."""
        text = f"{self.password}:{self.sessions_ended}"
        salt = "indicators.models.people.User.sessions"
        return salted_hmac(salt, text, secret=secret, algorithm="sha256").hexdigest()


class Membership(models.Model):
    """A role of a person in a partnership, for one partner or for all of them, from a date until a date."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(r.value, ROLE_WORDS[r]) for r in Role])
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="memberships")
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="memberships", null=True, blank=True,
        help_text="Empty: for the whole partnership.",
    )  # fmt: skip
    from_on = models.DateField("from")
    until_on = models.DateField("until", null=True, blank=True, help_text="The last day; empty: no end.")
    authority = models.CharField(max_length=200, help_text="Who decided this, and where.")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["partnership", "user", "role"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True) | models.Q(until_on__gte=models.F("from_on")),
                name="membership_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}, {ROLE_WORDS[Role(self.role)]}"


class GateHolder(models.Model):
    """The lead, or the lead's deputy, who may pass the returns of one partner through one gate."""

    class Gate(models.TextChoices):
        SIGN_OFF = "sign_off", "Signed off by the partner"
        ACCEPTANCE = "acceptance", "Accepted by the council"

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="gate_holders")
    gate = models.CharField(max_length=10, choices=Gate.choices)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="gates")
    is_deputy = models.BooleanField(default=False)
    from_on = models.DateField("from")
    until_on = models.DateField("until", null=True, blank=True)
    authority = models.CharField(max_length=200)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["partner", "gate", "is_deputy"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "gate", "is_deputy"],
                condition=models.Q(until_on__isnull=True),
                name="gate_holder_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True) | models.Q(until_on__gte=models.F("from_on")),
                name="gate_holder_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_gate_display()}: {self.user}"
