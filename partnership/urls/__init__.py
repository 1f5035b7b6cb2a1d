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
    access,
    accounts,
    audit,
    components,
    front,
    health,
    home,
    indicators,
    management,
    own_account,
    passwords,
    person,
    report_checks,
    returns,
    scorecards,
    second_steps,
    sessions,
    sign_on,
)
from referrals.urls import local_patterns as referrals_patterns

handler400 = "partnership.views.errors.bad_request"
handler403 = "partnership.views.errors.permission_denied"
handler404 = "partnership.views.errors.not_found"
handler500 = "partnership.views.errors.server_error"

urlpatterns = [
    path("", front.front, name="front"),
    path("sign-in/", accounts.sign_in, name="sign_in"),
    path("sign-out/", accounts.sign_out, name="sign_out"),
    path("sign-in/second-step/", second_steps.second_step, name="second_step"),
    path("sign-in/with/", sign_on.sign_on, name="sign_on"),
    path("sign-in/back/", sign_on.sign_on_back, name="sign_on_back"),
    path("sign-in/go-on/", second_steps.go_on, name="go_on"),
    path("session/left/", sessions.session_left, name="session_left"),
    path("session/stay/", sessions.session_stay, name="session_stay"),
    path("account/", own_account.account, name="account"),
    path("account/second-factor/", second_steps.set_up_factor, name="second_factor"),
    path("account/second-factor/remove/", second_steps.remove_factor, name="second_factor_remove"),
    path("account/recovery-codes/", second_steps.renew_codes, name="recovery_codes"),
    path("account/recovery-codes.txt", second_steps.recovery_codes_file, name="recovery_codes_file"),
    path("account/password/", passwords.own_password, name="own_password"),
    path("set-password/<str:secret>/", passwords.choose_password, name="set_password"),
    path("reset-password/", passwords.forgotten, name="forgotten"),
    path("reset-password/<str:token>/", passwords.reset_password, name="reset_password"),
    path("components/", components.components_page, name="components"),
    path("health/", health.health, name="health"),
    path("health/ready/", health.ready, name="ready"),
    path("metrics/", health.metrics, name="metrics"),
    path(".well-known/security.txt", health.security_txt, name="security_txt"),
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
    path("<slug:partnership>/people/who-can-see-what/", access.access, name="access"),
    path("<slug:partnership>/people/who-can-see-what.csv", access.access_csv, name="access_csv"),
    path("<slug:partnership>/people/who-can-see-what-by-role.csv", access.access_roles_csv, name="access_roles_csv"),
    path("<slug:partnership>/people/<slug:person>/", person.person, name="person"),
    path("<slug:partnership>/people/<slug:person>/subject-access.zip", person.subject_access, name="subject_access"),
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
