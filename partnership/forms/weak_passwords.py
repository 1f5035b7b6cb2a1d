"""Refuses passwords that are long only because something short stands in them again and again."""

from django.core.exceptions import ValidationError

from indicators.models import User

_SAID = "This repeats something short. Choose words that do not belong together."


class RepeatedPasswordValidator:
    """Refuses “passwordpassword”, “abcabcabcabc” and “aaaaaaaaaaaa”, whatever the case of their letters."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError where the whole is made of one part that stands there twice or more."""
        folded = password.casefold()
        if folded and folded in (folded + folded)[1:-1]:
            raise ValidationError(_SAID, code="password_repeats")

    def get_help_text(self) -> str:
        """What is asked."""
        return "It must not repeat something short."
