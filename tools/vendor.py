"""Fetch, patch and record the third-party files under static/vendor (for maintainers; needs Node's npm).

Run it as ``python tools/vendor.py`` after a change of version here, look at the difference, run
``tests/test_vendor.py`` and commit the result: whoever installs the application needs none of this.

Each package is checked against its published sha512 before a byte of it is used. What is changed in a file, and why,
stands beside the change in ``patched_css`` and ``patched_charts``; ``static/vendor/VENDOR.json`` says for each file
where it came from and what it hashes to.
"""

import base64
import hashlib
import html
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"

GOVUK, GOVUK_VERSION = "govuk-frontend", "6.6.0"
PLOTLY, PLOTLY_VERSION = "plotly.js", "4.1.1"  # the version that the Python package plotly 7.1 builds figures for
ESBUILD_VERSION = "0.28.2"
TRACES = ("bar", "sankey", "waterfall", "indicator")  # scatter is part of the core
ESBUILD_FLAGS = (
    "--bundle",
    "--minify",
    "--format=iife",
    "--global-name=Plotly",
    "--target=es2016",
    "--define:global=window",
    "--legal-comments=none",
)

# The package itself carries no licence file; this is the text of its repository.
GOVUK_LICENCE = """The MIT License (MIT)

Copyright (C) 2017 Crown Copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of
this software and associated documentation files (the "Software"), to deal in
the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies
of the Software, and to permit persons to whom the Software is furnished to do
so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


class VendorError(Exception):
    """Something fetched is not what was expected; nothing may be committed."""


def run(*command: str, cwd: Path) -> str:
    """The command's output; its failure stops the script."""
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout


def fetched(name: str, version: str, folder: Path) -> tuple[Path, str]:
    """The unpacked package and its published integrity (sha512), after comparing the two."""
    folder.mkdir()
    packed = json.loads(run("npm", "pack", f"{name}@{version}", "--json", cwd=folder))[0]
    archive = folder / packed["filename"]
    published = json.loads(run("npm", "view", f"{name}@{version}", "dist.integrity", "--json", cwd=folder))
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != published:
        raise VendorError(f"{name} {version}: the archive has {found}, published is {published}")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / "package", found


def without(text: str, pattern: str, expected: int) -> str:
    """The text with every match taken out; another number of matches than expected is an error."""
    text, count = re.subn(pattern, "", text)
    if count != expected:
        raise VendorError(f"expected {expected} times, found {count} times: {pattern}")
    return text


def without_source_map(text: str) -> str:
    """The text without its pointer to a map file that is not served (static storage would stop on it)."""
    return re.sub(r"\n?(/\*#|//#) ?sourceMappingURL=[^\n*]*(\*/)?\n?", "\n", text)


def patched_css(text: str) -> str:
    """The component styles without the typeface and the crest, which only services on GOV.UK may use."""
    text = without(text, r"@font-face\{[^}]*\}", 2)
    crest = r"\.govuk-footer__copyright-logo:before\{[^}]*\}"
    text = without(text, r"@supports \([^{]*\{" + crest + r"@media[^{]*\{" + crest + r"\}\}", 1)
    text = without(text, crest, 1)
    stack = 'var(--app-font,arial,"Helvetica Neue",helvetica,sans-serif)'
    text = text.replace("GDS Transport,arial,sans-serif", stack)
    text = without_source_map(text)
    for left in ("GDS Transport", "crest", "url(", "@import"):
        if left in text:
            raise VendorError(f"the styles still contain {left}")
    return text


def patched_charts(text: str) -> str:
    """The chart library without the two addresses it would send data to or load maps from by itself."""
    for address in ("https://cloud.plotly.com/newchart", "https://cdn.plot.ly/un/"):
        if text.count(address) != 1:
            raise VendorError(f"expected once, found {text.count(address)} times: {address}")
        text = text.replace(address, "")
    for left in ("eval(", "new Function"):
        if left in text:
            raise VendorError(f"the chart library contains {left}")
    return without_source_map(text)


def licence_texts(modules: Path, names: list[str]) -> tuple[list[dict[str, str]], str]:
    """Name, version and licence of each package inside the bundle, and all their licence texts in one."""
    rows, texts = [], []
    for name in names:
        about = json.loads((modules / name / "package.json").read_text())
        rows.append({"name": name, "version": about["version"], "licence": about["license"]})
        files = [f for f in (modules / name).iterdir() if re.match(r"(?i)(licen[sc]e|copying|notice)", f.name)]
        readme = next((f for f in (modules / name).iterdir() if f.name.lower() == "readme.md"), None)
        if files:
            body = files[0].read_text().strip()
        else:
            said = re.search(r"(?is)\n#+ *licen[sc]e\s*\n(.*)", readme.read_text()) if readme else None
            body = (
                html.unescape(said[1]).strip()
                if said
                else f"The package says {about['license']} and carries no further text."
            )
        head = f"{name} {about['version']} ({about['license']})"
        texts.append(f"{head}\n{'=' * len(head)}\n\n{body}\n")
    return rows, "\n\n".join(texts)


def chart_bundle(folder: Path) -> tuple[str, list[dict[str, str]], str]:
    """The chart library with only the traces used here; the packages inside it; their licence texts."""
    folder.mkdir()
    run("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save",
        f"{PLOTLY}@{PLOTLY_VERSION}", f"esbuild@{ESBUILD_VERSION}", cwd=folder)  # fmt: skip
    traces = ",".join(f'require("plotly.js/lib/{trace}")' for trace in TRACES)
    entry = f'var Plotly=require("plotly.js/lib/core");Plotly.register([{traces}]);module.exports=Plotly;'
    (folder / "entry.js").write_text(entry)
    run("node_modules/.bin/esbuild", "entry.js", *ESBUILD_FLAGS, "--metafile=meta.json", "--outfile=out.js", cwd=folder)
    used = json.loads((folder / "meta.json").read_text())["outputs"]["out.js"]["inputs"]
    paths = [path for path, part in used.items() if part["bytesInOutput"] and "node_modules/" in path]
    names = sorted({re.findall(r"node_modules/((?:@[^/]+/)?[^/]+)/", path)[-1] for path in paths})
    rows, texts = licence_texts(folder / "node_modules", names)
    return (folder / "out.js").read_text(), rows, texts


def write_all(work: Path) -> dict[str, Any]:
    """Write every vendored file; the content of VENDOR.json."""
    govuk, govuk_integrity = fetched(GOVUK, GOVUK_VERSION, work / "govuk")
    plotly, plotly_integrity = fetched(PLOTLY, PLOTLY_VERSION, work / "plotly")
    bundle, inside, inside_licences = chart_bundle(work / "build")
    files: dict[str, str] = {}

    def write(path: str, text: str) -> None:
        target = VENDOR / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
        files[path] = hashlib.sha256(target.read_bytes()).hexdigest()

    shutil.rmtree(VENDOR, ignore_errors=True)
    dist = govuk / "dist" / "govuk"
    write("govuk-frontend/govuk-frontend.css", patched_css((dist / "govuk-frontend.min.css").read_text()))
    write("govuk-frontend/all.bundle.js", without_source_map((dist / "all.bundle.js").read_text()))
    write("govuk-frontend/LICENCE.txt", GOVUK_LICENCE)
    write("plotly/plotly.js", patched_charts(bundle))
    write("plotly/plotly.css", without_source_map((plotly / "dist" / "plotly.css").read_text()))
    write("plotly/LICENCE.txt", (plotly / "LICENSE").read_text())
    write("plotly/LICENCES-INSIDE.txt", inside_licences)

    def entry(path: str, source: str, patches: list[str]) -> dict[str, Any]:
        return {"path": path, "source": source, "patches": patches, "sha256": files[path]}

    return {
        "packages": [
            {
                "name": GOVUK,
                "version": GOVUK_VERSION,
                "licence": "MIT",
                "integrity": govuk_integrity,
                "files": [
                    entry(
                        "govuk-frontend/govuk-frontend.css",
                        "dist/govuk/govuk-frontend.min.css",
                        ["@font-face removed", "font stack is a variable", "crest removed", "source map removed"],
                    ),
                    entry("govuk-frontend/all.bundle.js", "dist/govuk/all.bundle.js", ["source map removed"]),
                    entry("govuk-frontend/LICENCE.txt", "licence text of the repository", []),
                ],
            },
            {
                "name": PLOTLY,
                "version": PLOTLY_VERSION,
                "licence": "MIT",
                "integrity": plotly_integrity,
                "built_with": {"esbuild": ESBUILD_VERSION, "flags": list(ESBUILD_FLAGS), "traces": list(TRACES)},
                "inside": inside,
                "files": [
                    entry("plotly/plotly.js", "lib/core.js and traces", ["upload and map addresses emptied"]),
                    entry("plotly/plotly.css", "dist/plotly.css", ["source map removed"]),
                    entry("plotly/LICENCE.txt", "LICENSE", []),
                    entry("plotly/LICENCES-INSIDE.txt", "licence texts of the packages inside", []),
                ],
            },
        ]
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        record = write_all(Path(folder))
    (VENDOR / "VENDOR.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    for package in record["packages"]:
        print(f"{package['name']} {package['version']}: {len(package['files'])} files")


if __name__ == "__main__":
    main()
