"""Addresses for everybody. Those of tables and their files are permanent: none is ever used for something else."""

from django.urls import path

from partnership.api_declaration import RESOURCES, STEM
from partnership.views import api, help, open_data, regions
from partnership.views.open_files import FILES, pack_zip

_PACK = "data/<slug:partnership>/<slug:code>"
_TABLE = "data/<slug:partnership>/<slug:pack>/<slug:table>"
_REGION = "data/regions/<slug:region>"
_IN_REGION = f"{_REGION}/<slug:indicator>"

open_data_patterns = [
    path("accessibility/", open_data.accessibility, name="accessibility"),
    path("symbols/", open_data.symbols, name="symbols"),
    path("help/", help.help_index, name="help"),
    path("help/<slug:kind>/<slug:name>/", help.help_page, name="help_page"),
    path("data/", open_data.catalogue, name="data"),
    path("data/api/", open_data.api_docs, name="api_docs"),
    path("data/regions/", regions.region_list, name="data_regions"),
    path(f"{_REGION}/", regions.region_page, name="data_region"),
    path(f"{_REGION}.csv", regions.region_csv, name="data_region_csv"),
    path(f"{_IN_REGION}/", regions.region_indicator, name="data_region_indicator"),
    path(f"{_IN_REGION}.csv", regions.region_indicator_csv, name="data_region_indicator_csv"),
    path(f"{_IN_REGION}.csv-metadata.json", regions.region_indicator_csvw, name="data_region_indicator_csvw"),
    path("data/<slug:partnership>/", open_data.partnership_catalogue, name="data_partnership"),
    path(f"{_PACK}.zip", pack_zip, name="data_zip"),
    path(f"{_PACK}/", open_data.pack_page, name="data_pack"),
    path(f"{_TABLE}/", open_data.table_page, name="data_table"),
    *(path(f"{_TABLE}.{form.value}", view, name=f"data_{form.name.lower()}") for form, view in FILES.items()),
    path(STEM.removeprefix("/"), api.index, name="api_index"),
    path(f"{STEM.removeprefix('/')}openapi.json", api.openapi_document, name="api_openapi"),
    *(
        path(resource.path.removeprefix("/"), api.listed, {"name": resource.name}, name=f"api_{resource.name}")
        for resource in RESOURCES
    ),
    path(f"{STEM.removeprefix('/')}<path:rest>", api.unknown, name="api_unknown"),
]
