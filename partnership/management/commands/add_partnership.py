"""Makes a partnership and its first administrator."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import Resolver404, resolve

from indicators.models import Partnership
from indicators.operations import OperationError
from indicators.operations.loading import add_partnership
from indicators.operations.people import give_role
from indicators.roles import Role
from partnership import clock

# First parts of addresses that lead further than to a page of their own, also of those of published data.
TAKEN = {"api", "static", "regions"}


class Command(BaseCommand):
    help = "Makes a partnership and its first administrator; then set the password with changepassword."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="Short name in addresses, such as doncaster")
        parser.add_argument("name", help="As it stands at the top of every page")
        parser.add_argument("authority", help="Name of the council")
        parser.add_argument("gss_code", help="Its GSS code, such as E08000017")
        parser.add_argument("administrator", help="E-mail address of the first administrator")

    def handle(self, *args: Any, **options: Any) -> None:
        if not _is_free(options["slug"]):
            words = "it is no short name, or an address of the service. Choose another."
            raise CommandError(f"“{options['slug']}” cannot be used: {words}")
        if Partnership.objects.filter(slug=options["slug"]).exists():
            words = "there is a partnership with this short name already. Nothing was done."
            raise CommandError(f"“{options['slug']}” cannot be used: {words}")
        try:
            place = add_partnership(
                slug=options["slug"],
                name=options["name"],
                authority_name=options["authority"],
                gss_code=options["gss_code"],
            )
            user = give_role(
                email=options["administrator"],
                display_name="Administrator",
                role=Role.ADMINISTRATOR,
                partnership=place,
                partner=None,
                from_on=clock.today(),
                authority="First administrator, made at installation",
                by=None,
                at=clock.now(),
            )
        except OperationError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{place} is made. Set the password: manage.py changepassword {user.email}")


def _is_free(slug: str) -> bool:
    """Whether the addresses of a partnership with that slug would be its own."""
    try:
        return slug not in TAKEN and resolve(f"/{slug}/").url_name == "home"
    except Resolver404:
        return False
