"""Removes personal data or a disclosure for cause, from figures, texts, drafts and every published pack."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.models import Partnership, Redaction, Text, User
from indicators.operations import OperationError
from partnership import clock
from partnership.operations.redaction import Cause, figure_by_key, redact


class Command(BaseCommand):
    """Names what is to go by natural key or hash, and who stands for it."""

    help = (
        "Removes a figure's numbers or a text for cause. Two people, a reason and the data protection officer's "
        "reference are recorded; of what was there only its hash is kept. Published tables are written anew."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """What is removed, why, and by whom."""
        parser.add_argument("partnership", help="the partnership's slug")
        parser.add_argument("--figure", action="append", default=[], help="partnership/indicator/slice/period/revision")
        parser.add_argument("--text", action="append", default=[], help="the SHA-256 of the text as it was")
        parser.add_argument(
            "--words", action="append", default=[],
            help="words to take out of titles, notes, names and all else that was typed, as docs/redaction.md lists it",
        )  # fmt: skip
        causes = ", ".join(Redaction.Cause.values)
        parser.add_argument("--cause", required=True, choices=Redaction.Cause.values, help=f"one of: {causes}")
        parser.add_argument("--reason", required=True, help="why, without repeating what is removed")
        parser.add_argument("--reference", required=True, help="the data protection officer's reference")
        parser.add_argument("--first-person", required=True, help="e-mail address of the first person")
        parser.add_argument("--second-person", required=True, help="e-mail address of the second person")

    def handle(self, *args: Any, **options: Any) -> None:
        """Redacts, or says why not."""
        try:
            partnership = Partnership.objects.get(slug=options["partnership"])
            first, second = (User.objects.get(email__iexact=options[n]) for n in ("first_person", "second_person"))
            texts = [Text.objects.get(sha256=sha) for sha in options["text"]]
        except (Partnership.DoesNotExist, User.DoesNotExist, Text.DoesNotExist) as error:
            raise CommandError(f"{type(error).__qualname__.split('.')[0]}: there is none such.") from error
        cause = Cause(options["cause"], options["reason"], options["reference"], first, second)
        try:
            figures = [figure_by_key(key) for key in options["figure"]]
            done = redact(partnership=partnership, cause=cause, at=clock.now(), figures=figures, texts=texts,
                          words=options["words"])  # fmt: skip
        except OperationError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Redacted: {done.figures} figures, {done.texts} texts, words in {done.places} places; "
            f"{done.tables} published tables were written anew. "
            f"Documents and papers of {done.documents} packs were closed. "
            "Run verify_packs, and take a new backup: older ones still hold what was removed."
        )
