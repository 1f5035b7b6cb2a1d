"""Addresses of this app's pages, all under the partnership's slug."""

from django.urls import path

from referrals.views import front_door, stages, timeliness

local_patterns = [
    path("front-door/", front_door.front_door, name="front_door"),
    path("front-door/stages.csv", front_door.stages_csv, name="front_door_stages_csv"),
    path("front-door/steps.csv", front_door.steps_csv, name="front_door_steps_csv"),
    path("front-door/rates.csv", front_door.rates_csv, name="front_door_rates_csv"),
    path("front-door/stages/<slug:stage>/", stages.stage_page, name="front_door_stage"),
    path("front-door/stages/<slug:stage>/breakdowns.csv", stages.breakdowns_csv, name="front_door_breakdowns_csv"),
    path("front-door/timeliness/", timeliness.timeliness, name="front_door_timeliness"),
    path("front-door/timeliness.csv", timeliness.clocks_csv, name="front_door_clocks_csv"),
]
