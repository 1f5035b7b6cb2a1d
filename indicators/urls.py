"""Addresses of this app's pages, all under the partnership's slug."""

from django.urls import path

from indicators.views import indicators, return_entry, return_files, returns, scorecards

_RETURN = "returns/<slug:scorecard>/<slug:period>/<slug:partner>/<int:number>/"

local_patterns = [
    # Scorecards
    path("scorecards/", scorecards.scorecard_list, name="scorecards"),
    path("scorecards/<slug:code>/", scorecards.scorecard_page, name="scorecard"),
    path("scorecards/<slug:code>.csv", scorecards.scorecard_csv, name="scorecard_csv"),
    path("scorecards/<slug:code>.excel.csv", scorecards.scorecard_excel_csv, name="scorecard_excel_csv"),
    path("scorecards/<slug:code>.csv-metadata.json", scorecards.scorecard_csvw, name="scorecard_csvw"),
    # Indicators and the glossary
    path("indicators/", indicators.indicator_list, name="indicators"),
    path("indicators/<slug:code>/", indicators.indicator_page, name="indicator"),
    path("indicators/<slug:code>/figures.csv", indicators.indicator_csv, name="indicator_csv"),
    path("glossary/", indicators.glossary_page, name="glossary"),
    # Returns
    path("returns/", returns.return_list, name="returns"),
    path(f"{_RETURN}", returns.return_page, name="return"),
    path(f"{_RETURN}entry/", return_entry.entry_page, name="return_entry"),
    path(f"{_RETURN}cell/", return_entry.cell, name="return_cell"),
    path(f"{_RETURN}review/", returns.review, name="return_review"),
    path(f"{_RETURN}correct/", returns.correct, name="return_correct"),
    path(f"{_RETURN}template.csv", return_files.template, name="return_template"),
    path(f"{_RETURN}upload/", return_files.upload, name="return_upload"),
]
