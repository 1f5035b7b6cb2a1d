"""Makes the forecasts that approved figures allow and that are not kept yet."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indicators.operations.forecasts import ForecastsNotMade, make_forecasts
from indicators.selectors.forecasts import partnerships_to_forecast
from partnership import clock


class Command(BaseCommand):
    help = "Makes and keeps the forecasts that approved figures allow; a second run makes nothing anew."

    def handle(self, *args: Any, **options: Any) -> None:
        for partnership in partnerships_to_forecast():
            try:
                made = make_forecasts(partnership=partnership, at=clock.now())
            except ForecastsNotMade as failure:
                raise CommandError(f"{partnership.slug}: {failure}") from failure
            tried = f", {made.tried} tried on earlier periods" if made.tried else ""
            self.stdout.write(f"{partnership.slug}: {made.forecasts} made{tried}.")
