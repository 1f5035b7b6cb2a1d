"""Addresses of bodies and how they stand to each other, under the partnership's slug."""

from django.urls import URLPattern, path

from partnership.views import bodies, body_steps

_BODY = "governance/bodies/<slug:body>"

bodies_patterns: list[URLPattern] = [
    path("governance/", bodies.governance, name="governance"),
    path("governance/bodies.csv", bodies.governance_csv, name="governance_csv"),
    path("governance/lines/", bodies.governance_lines, name="governance_lines"),
    path("governance/lines.csv", bodies.governance_lines_csv, name="governance_lines_csv"),
    path("governance/bodies/new/", body_steps.body_new, name="body_new"),
    path(f"{_BODY}/", bodies.body_page, name="body"),
    path(f"{_BODY}/seats.csv", bodies.body_seats_csv, name="body_seats_csv"),
    path(f"{_BODY}/lines/<slug:lower>/<slug:upper>/<slug:kind>/end/", body_steps.line_end, name="line_end"),
    path(f"{_BODY}/seats/<slug:seat>/", body_steps.seat_page, name="seat"),
    path(f"{_BODY}/seats/<slug:seat>/<slug:what>/", body_steps.seat_act, name="seat_act"),
    path(f"{_BODY}/<slug:what>/", body_steps.body_act, name="body_act"),
]
