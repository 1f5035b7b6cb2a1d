"""Addresses of this app's pages, all under the partnership's slug."""

from django.urls import path

from indicators.views import scorecards

local_patterns = [
    # Scorecards
    path("scorecards/", scorecards.scorecard_list, name="scorecards"),
    path("scorecards/<slug:code>/", scorecards.scorecard_page, name="scorecard"),
    path("scorecards/<slug:code>.csv", scorecards.scorecard_csv, name="scorecard_csv"),
    path("scorecards/<slug:code>.excel.csv", scorecards.scorecard_excel_csv, name="scorecard_excel_csv"),
    path("scorecards/<slug:code>.csv-metadata.json", scorecards.scorecard_csvw, name="scorecard_csvw"),
]
