"""Addresses. Everything local lies under the partnership's slug."""

from django.urls import include, path

from indicators.urls import local_patterns
from partnership.views import accounts, components, front, home, management, passwords

urlpatterns = [
    path("", front.front, name="front"),
    path("sign-in/", accounts.sign_in, name="sign_in"),
    path("sign-out/", accounts.sign_out, name="sign_out"),
    path("set-password/<str:uid>/<str:token>/", passwords.choose_password, name="set_password"),
    path("components/", components.components_page, name="components"),
    path("accessibility/", front.accessibility, name="accessibility"),
    path("health/", front.health, name="health"),
    path("<slug:partnership>/", home.home, name="home"),
    path("<slug:partnership>/rounds/", management.rounds, name="rounds"),
    path("<slug:partnership>/rounds/<slug:scorecard>/<slug:period>/", management.change_round, name="change_round"),
    path("<slug:partnership>/people/", management.people, name="people"),
    path("<slug:partnership>/", include(local_patterns)),
]
