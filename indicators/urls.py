"""Addresses of this app's pages, all under the partnership's slug."""

from django.urls import path

from indicators.views import (
    benchmark_data,
    benchmark_neighbours,
    benchmark_upload,
    benchmarks,
    data_quality,
    indicator_drawings,
    indicators,
    not_reportable,
    return_entry,
    return_files,
    return_history,
    returns,
    scorecard_charts,
    scorecards,
    targets,
    whole_history,
)

RETURN = "returns/<slug:scorecard>/<slug:period>/<slug:partner>/<int:number>/"

local_patterns = [
    # Scorecards
    path("scorecards/", scorecards.scorecard_list, name="scorecards"),
    path("scorecards/<slug:code>.csv", scorecards.scorecard_csv, name="scorecard_csv"),
    path("scorecards/<slug:code>.excel.csv", scorecards.scorecard_excel_csv, name="scorecard_excel_csv"),
    path("scorecards/<slug:code>.csv-metadata.json", scorecards.scorecard_csvw, name="scorecard_csvw"),
    path("scorecards/<slug:code>/all-periods.csv", whole_history.scorecard_history, name="scorecard_history"),
    path("all-figures.csv", whole_history.all_figures, name="all_figures"),
    path("scorecards/<slug:code>/charts/", scorecard_charts.scorecard_charts, name="scorecard_charts"),
    # Indicators and the glossary
    path("indicators/", indicators.indicator_list, name="indicators"),
    path("indicators.csv", indicators.indicators_csv, name="indicators_csv"),
    path("indicators/<slug:code>/figures.csv", indicators.indicator_csv, name="indicator_csv"),
    path("indicators/<slug:code>/comparison.csv", benchmarks.indicator_comparison_csv, name="indicator_comparison_csv"),
    path("indicators/<slug:code>/<slug:kind>.svg", indicator_drawings.indicator_drawing, name="indicator_drawing"),
    path("indicators/<slug:code>/<slug:scorecard>/target/", targets.change, name="target_change"),
    path("indicators/<slug:code>/<slug:scorecard>/suspend/", targets.suspend, name="target_suspend"),
    path("indicators/<slug:code>/<slug:scorecard>/reinstate/", targets.reinstate, name="target_reinstate"),
    path("indicators/<slug:code>/<slug:scorecard>/relief/", targets.agree, name="relief_agree"),
    path("indicators/<slug:code>/<slug:scorecard>/relief/<int:number>/end/", targets.end, name="relief_end"),
    path("glossary/", indicators.glossary_page, name="glossary"),
    # What is wrong with the data, and what waits for it
    path("not-reportable/", not_reportable.not_reportable_page, name="not_reportable"),
    path("not-reportable.csv", not_reportable.not_reportable_csv, name="not_reportable_csv"),
    path("data-quality/", data_quality.data_quality, name="data_quality"),
    path("data-quality/issues.csv", data_quality.issues_csv, name="data_issues_csv"),
    path("data-quality/returns.csv", data_quality.returns_csv, name="statutory_returns_csv"),
    path("data-quality/issues/new/", data_quality.new_issue, name="data_issue_new"),
    path("data-quality/issues/<slug:code>/", data_quality.data_issue, name="data_issue"),
    path("data-quality/returns/new/", data_quality.new_statutory_return, name="statutory_return_new"),
    path("data-quality/returns/<slug:code>/", data_quality.statutory_return, name="statutory_return"),
    # Official figures of other areas: the data sets that are held
    path("benchmarks/data/", benchmark_data.data_sets, name="benchmark_data"),
    path("benchmarks/data/new/", benchmark_upload.new_import, name="benchmark_new"),
    path("benchmarks/data/neighbours/", benchmark_neighbours.use_neighbours, name="benchmark_neighbours"),
    path("benchmarks/data/<slug:code>/<int:number>/", benchmark_data.one_import, name="benchmark_import"),
    # Returns
    path("returns/", returns.return_list, name="returns"),
    path(f"{RETURN}", returns.return_page, name="return"),
    path(f"{RETURN}take-back/", returns.return_take_back, name="return_take_back"),
    path(f"{RETURN}history/", return_history.return_history, name="return_history"),
    path(f"{RETURN}entry/", return_entry.entry_page, name="return_entry"),
    path(f"{RETURN}cell/", return_entry.cell, name="return_cell"),
    path(f"{RETURN}correct/", returns.correct, name="return_correct"),
    path(f"{RETURN}template.csv", return_files.template, name="return_template"),
    path(f"{RETURN}template.xlsx", return_files.template_workbook, name="return_template_workbook"),
    path(f"{RETURN}upload/", return_files.upload, name="return_upload"),
    # Official figures of other areas. A measure's code comes last: addresses with words of their own stand above it.
    path("benchmarks/", benchmarks.benchmark_list, name="benchmarks"),
    path("benchmarks.csv", benchmarks.benchmarks_csv, name="benchmarks_csv"),
    path("benchmarks/<slug:code>/", benchmarks.benchmark_page, name="benchmark"),
    path("benchmarks/<slug:code>/years.csv", benchmarks.benchmark_years_csv, name="benchmark_years_csv"),
    path("benchmarks/<slug:code>/authorities.csv", benchmarks.benchmark_areas_csv, name="benchmark_areas_csv"),
]
