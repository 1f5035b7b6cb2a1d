"""The third-party files under static/vendor are those that were fetched, patched and looked at, and load nothing."""

import hashlib
import json
import re
from pathlib import Path

import pytest

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
RECORD = json.loads((VENDOR / "VENDOR.json").read_text(encoding="utf-8"))
FILES = [(package["name"], entry) for package in RECORD["packages"] for entry in package["files"]]
SERVED = [VENDOR / entry["path"] for _, entry in FILES if not entry["path"].endswith(".txt")]


@pytest.mark.parametrize(("package", "entry"), FILES, ids=[entry["path"] for _, entry in FILES])
def test_vendored_file_is_the_one_recorded(package, entry):
    found = hashlib.sha256((VENDOR / entry["path"]).read_bytes()).hexdigest()
    assert found == entry["sha256"], f"{entry['path']} of {package} was changed by hand; run tools/vendor.py"


def test_every_file_is_recorded():
    recorded = {entry["path"] for _, entry in FILES} | {"VENDOR.json"}
    assert {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()} == recorded


def test_every_package_has_version_licence_and_integrity():
    for package in RECORD["packages"]:
        assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
        assert package["integrity"].startswith("sha512-")
        folder = VENDOR / Path(package["files"][0]["path"]).parent
        assert "Permission is hereby granted" in (folder / "LICENCE.txt").read_text(encoding="utf-8")


def test_every_package_inside_the_chart_bundle_has_its_licence_text():
    texts = (VENDOR / "plotly" / "LICENCES-INSIDE.txt").read_text(encoding="utf-8")
    inside = next(package["inside"] for package in RECORD["packages"] if package["name"] == "plotly.js")
    assert len(inside) > 20
    for package in inside:
        assert f"{package['name']} {package['version']} ({package['licence']})" in texts


@pytest.mark.parametrize("path", SERVED, ids=lambda path: path.name)
def test_nothing_restricted_and_nothing_loaded(path):
    text = path.read_text(encoding="utf-8")
    for forbidden in ("GDS Transport", "govuk-crest", "sourceMappingURL"):
        assert forbidden not in text
    if path.suffix == ".css":
        assert "@import" not in text
        assert "url(" not in text.replace("url(data:", "")
    else:
        for forbidden in ("https://cdn.plot.ly", "https://cloud.plotly.com", "eval(", "new Function", 'src="http'):
            assert forbidden not in text


def test_component_script_offers_what_the_page_script_calls():
    text = (VENDOR / "govuk-frontend" / "all.bundle.js").read_text(encoding="utf-8")
    assert "GOVUKFrontend" in text
    assert "exports.initAll = initAll" in text


def test_chart_bundle_is_the_version_that_the_python_package_builds_for():
    from plotly.offline import get_plotlyjs_version

    version = next(package["version"] for package in RECORD["packages"] if package["name"] == "plotly.js")
    assert version == get_plotlyjs_version()
