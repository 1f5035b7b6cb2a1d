"""A reader of everything that is public, and what they can work out: own code, which knows no application module.

`everything` follows every address that an anonymous client is led to. `numbers_in` reads each file as the public would.
`reach` asks an integer programme, over the rules that anybody knows, for the least and the most that a number can be.
"""

import csv
import io
import json
import re
import zipfile
from collections import deque
from urllib.parse import urljoin, urlsplit

import docx
import numpy as np
import pypdf
from openpyxl import load_workbook
from scipy.optimize import Bounds, LinearConstraint, milp

CAP = 1_000_000
_LINK = re.compile(r'(?:href|src|action)="([^"#]+)|"(?:https?://testserver)?(/(?:data|api)/[^"\s<]*)"')
_NUMBER = re.compile(r"-?[0-9]+(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?")
_STATIC = ("/static/", "/sign-in/")
# Its examples are in the code: however they are ordered and filtered, the page tells what it tells without.
_EXAMPLES = "/components/?"


def everything(client, starts):
    """By address: status, headers and body of every answer, from these addresses on."""
    found, waiting = {}, deque(starts)
    while waiting:
        address = waiting.popleft()
        if address in found or address.startswith((*_STATIC, _EXAMPLES)):
            continue
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        found[address] = (response.status_code, dict(response.headers), body)
        for one in _LINK.findall(body.decode("utf-8", "replace")):
            link = next(filter(None, one)).replace("&amp;", "&")
            parts = urlsplit(urljoin(f"http://testserver{address}", link))
            if parts.netloc == "testserver":
                waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return found


def texts_of(address, body):
    """Everything that can be read in an answer, its archives opened."""
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for name in archive.namelist():
                yield from texts_of(f"{address}!{name}", archive.read(name))
    yield address, body.decode("utf-8", "replace")


def numbers_in(address, body):
    """The numbers of figures that a file tells: (indicator, slice, period, name of the number) and what it is."""
    if body[:2] == b"PK" and address.endswith((".zip", ".xlsx")):
        if address.endswith(".xlsx"):
            yield from _of_rows(_sheet(body))
            return
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for name in archive.namelist():
                yield from numbers_in(name, archive.read(name))
    elif address.endswith(".csv"):
        yield from _of_rows(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    elif address.startswith("/api/v1/figures"):
        answer = json.loads(body)
        for row in next(value for value in answer.values() if isinstance(value, list)):
            yield from _of_rows([{name: "" if value is None else str(value) for name, value in row.items()}])


def _sheet(body):
    for sheet in load_workbook(io.BytesIO(body), read_only=True):
        rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        head = next((n for n, row in enumerate(rows) if {"indicator", "numerator"} <= set(row)), None)
        if head is not None:
            for row in rows[head + 1 :]:
                yield dict(zip(rows[head], row, strict=False))


def _of_rows(rows):
    for row in rows:
        place = (row.get("indicator", ""), row.get("slice", row.get("breakdown", "")), row.get("period", ""))
        # A row that is marked as approximate prints no number exactly.
        near = "~" if "e" in (row.get("flags") or "").split() else ""
        for name in ("numerator", "denominator", "value", "previous_from", "year_from", "now_value", "then_value",
                     "now_numerator", "then_numerator", "now_denominator", "then_denominator",
                     "previous_difference", "year_difference"):  # fmt: skip
            if _NUMBER.fullmatch(row.get(name) or ""):
                yield (*place, name + near), float(row[name])


def words_of_document(body):
    """All that a Word file or a PDF says, in order and in one line; what stands on every page but once left out."""
    if body[:2] == b"PK":
        file = docx.Document(io.BytesIO(body))
        said = ["".join((part.text or "") if part.tag.endswith("}t") else " "
                        for part in one.iter() if part.tag.endswith(("}t", "}br", "}tab")))
                for one in file.element.body.iter() if one.tag.endswith("}p")]  # fmt: skip
        return " ".join(" ".join(said).split())
    file = pypdf.PdfReader(io.BytesIO(body))
    text = " ".join(" ".join(page.extract_text() for page in file.pages).split())
    foot = rf"{re.escape(file.metadata.title)}, \d{{1,2}} \w+ \d{{4}} Page \d+ of \d+"
    return " ".join(re.sub(f"{foot}(?: Indicator Figure Notes Change Variation Commentary)?", " ", text).split())


def numbers_in_words(text, names, label):
    """The numbers of figures that a document tells: (name as printed, label of the period, which number) and what it
    is. `names`: those of the figures; `label`: of the period that its tables are of."""
    number = r"(?<![\d.,/])(\d[\d,]*(?:\.\d+)?)%?(?![\d.,/])"
    for name in names:
        row = rf"(?<!\S){re.escape(name)} {number}(?: (\d[\d,]*) of (\d[\d,]*))?"
        for found in re.finditer(row, text):
            parts = zip(("value", "numerator", "denominator"), found.groups(), strict=True)
            yield from ((name, label, part, _plain(said)) for part, said in parts if said)
            before = re.match(rf".{{0,90}}?from {number} last quarter", text[found.end() : found.end() + 130])
            if before and not any(f" {other} " in text[found.end() : found.end() + before.end()] for other in names):
                yield name, label, "previous_from", _plain(before[1])
        drawn = rf"(?<!\S){re.escape(name)}: figures drawn Period ((?:\d{{4}}/\d\d Q\d )+)Figure "
        for found in re.finditer(drawn, text):
            labels = re.findall(r"\d{4}/\d\d Q\d", found[1])
            said = re.findall(rf"{number}(?: \((\d[\d,]*) of (\d[\d,]*)\))?", text[found.end() : found.end() + 200])
            for one, (value, *_) in zip(labels, said, strict=False):
                yield name, one, "value", _plain(value)
        listed = rf"(?<!\S){re.escape(name)} (\d{{4}})/(\d\d) Quarter (\d), [^–]*? \d{{1,2}} \w+ \d{{4}} "
        listed += r"(.{0,80}? rating)"
        for found in re.finditer(listed, text):
            sides = re.findall(rf"(–|{number})%? (?:No target set|Confidential)", found[4])
            for part, (said, _) in zip(("then_value", "now_value"), sides, strict=False):
                if said != "–":
                    yield name, f"{found[1]}/{found[2]} Q{found[3]}", part, _plain(said)


def _plain(said):
    return float(said.replace(",", "").rstrip("%"))


def reach(name, known, sums, near=None):
    """The least and the most of a number; None: nothing says. `known`: what is shown; `sums`: each a mapping of names
    to factors that come to 0; `near`: the least and the most that rounded numbers can be. Everything else is a whole
    number of 0 or more."""
    near = near or {}
    names = sorted({one for sum_ in sums for one in sum_} | {name})
    if name in known:
        return known[name], known[name]
    place = {one: number for number, one in enumerate(names)}
    matrix = np.zeros((len(sums), len(names)))
    for number, sum_ in enumerate(sums):
        for one, factor in sum_.items():
            matrix[number, place[one]] = factor
    ends = [(known[one], known[one]) if one in known else near.get(one, (0, CAP)) for one in names]
    bounds = Bounds(*zip(*ends, strict=True))
    ends = []
    for sign in (1, -1):
        cost = np.zeros(len(names))
        cost[place[name]] = sign
        found = milp(cost, integrality=np.ones(len(names)), bounds=bounds, constraints=LinearConstraint(matrix, 0, 0))
        assert found.status == 0, found.message
        ends.append(round(sign * found.fun))
    return ends[0], None if ends[1] > CAP // 2 else ends[1]
