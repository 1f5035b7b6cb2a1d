"""Addresses. Everything local lies under the partnership's slug."""

from django.urls import include, path

from finance.urls import local_patterns as finance_patterns
from indicators.urls import RETURN, local_patterns
from partnership.urls.actions import actions_patterns
from partnership.urls.alerts import alerts_patterns
from partnership.urls.bodies import bodies_patterns
from partnership.urls.meetings import meetings_patterns
from partnership.urls.open_data import open_data_patterns
from partnership.urls.packs import packs_patterns
from partnership.urls.plans import plans_patterns
from partnership.urls.search import search_patterns
from partnership.views import (
    accounts,
    audit,
    components,
    front,
    health,
    home,
    indicators,
    management,
    passwords,
    report_checks,
    returns,
    scorecards,
)
from referrals.urls import local_patterns as referrals_patterns

handler500 = "partnership.views.errors.server_error"

urlpatterns = [
    path("", front.front, name="front"),
    path("sign-in/", accounts.sign_in, name="sign_in"),
    path("sign-out/", accounts.sign_out, name="sign_out"),
    path("set-password/<str:uid>/<str:token>/", passwords.choose_password, name="set_password"),
    path("components/", components.components_page, name="components"),
    path("health/", health.health, name="health"),
    path("health/ready/", health.ready, name="ready"),
    path("metrics/", health.metrics, name="metrics"),
    path("", include(open_data_patterns)),
    path("<slug:partnership>/", home.home, name="home"),
    path("<slug:partnership>/rounds/", management.rounds, name="rounds"),
    path("<slug:partnership>/rounds/<slug:scorecard>/<slug:period>/", management.change_round, name="change_round"),
    path(
        "<slug:partnership>/rounds/<slug:scorecard>/<slug:period>/due-date/",
        management.change_due_date,
        name="change_due_date",
    ),
    path(
        "<slug:partnership>/rounds/<slug:scorecard>/<slug:period>/exceptions/",
        management.lock_exceptions,
        name="lock_exceptions",
    ),
    path("<slug:partnership>/people/", management.people, name="people"),
    path("<slug:partnership>/audit/", audit.audit, name="audit"),
    path("<slug:partnership>/audit.csv", audit.audit_csv, name="audit_csv"),
    path("<slug:partnership>/indicators/<slug:code>/", indicators.indicator_page, name="indicator"),
    path("<slug:partnership>/scorecards/<slug:code>/", scorecards.scorecard_page, name="scorecard"),
    path(f"<slug:partnership>/{RETURN}review/", returns.review, name="return_review"),
    path("<slug:partnership>/report-checks/", report_checks.report_checks_page, name="report_checks"),
    path("<slug:partnership>/report-checks.csv", report_checks.report_checks_csv, name="report_checks_csv"),
    path("<slug:partnership>/", include(packs_patterns)),
    path("<slug:partnership>/", include(bodies_patterns)),
    path("<slug:partnership>/", include(meetings_patterns)),
    path("<slug:partnership>/", include(actions_patterns)),
    path("<slug:partnership>/", include(plans_patterns)),
    path("<slug:partnership>/", include(search_patterns)),
    path("<slug:partnership>/", include(alerts_patterns)),
    path("<slug:partnership>/", include(local_patterns)),
    path("<slug:partnership>/", include(referrals_patterns)),
    path("<slug:partnership>/", include(finance_patterns)),
]
