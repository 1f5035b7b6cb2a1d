"""Addresses of this app's pages, all under the partnership's slug."""

from django.urls import path

from referrals.views import annex_a, annex_a_measures, annex_a_upload, front_door, stages, timeliness, topics

local_patterns = [
    path("front-door/", front_door.front_door, name="front_door"),
    path("front-door/stages.csv", front_door.stages_csv, name="front_door_stages_csv"),
    path("front-door/steps.csv", front_door.steps_csv, name="front_door_steps_csv"),
    path("front-door/rates.csv", front_door.rates_csv, name="front_door_rates_csv"),
    path("front-door/stages/<slug:stage>/", stages.stage_page, name="front_door_stage"),
    path("front-door/stages/<slug:stage>/breakdowns.csv", stages.breakdowns_csv, name="front_door_breakdowns_csv"),
    path("front-door/stages/<slug:stage>/volumes.csv", stages.volumes_csv, name="front_door_volumes_csv"),
    path("front-door/timeliness/", timeliness.timeliness, name="front_door_timeliness"),
    path("front-door/timeliness.csv", timeliness.clocks_csv, name="front_door_clocks_csv"),
    path("subjects/", topics.subjects, name="subjects"),
    path("subjects/<slug:code>/", topics.subject, name="subject"),
    path("subjects/<slug:code>/figures.csv", topics.subject_csv, name="subject_csv"),
    path("subjects/<slug:code>/breakdowns.csv", topics.subject_breakdowns_csv, name="subject_breakdowns_csv"),
    path("annex-a/", annex_a.load_list, name="annex_a_loads"),
    path("annex-a/new/", annex_a_upload.new_load, name="annex_a_new"),
    path("annex-a/measures/", annex_a_measures.measures_page, name="annex_a_measures"),
    path("annex-a/<slug:code>/", annex_a.load_page, name="annex_a_load"),
    path("annex-a/<slug:code>/findings/", annex_a.findings_page, name="annex_a_findings"),
    path("annex-a/<slug:code>/decide/", annex_a.decide, name="annex_a_decide"),
    path("annex-a/<slug:code>/measures.csv", annex_a.measures_csv, name="annex_a_measures_csv"),
    path("annex-a/<slug:code>/findings.csv", annex_a.findings_csv, name="annex_a_findings_csv"),
]
