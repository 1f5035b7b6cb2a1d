"""Screen = CSV: each row of a list on a page says what the columns make of the row of its file, line by line."""

import csv
import io

from bs4 import BeautifulSoup


def words(text: str) -> str:
    return " ".join(text.split())


def soup_of(client, path):
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return BeautifulSoup(response.content, "lxml")


def csv_of(client, path):
    """Header and rows of a file."""
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    header, *rows = csv.reader(io.StringIO(b"".join(response.streaming_content).decode(), newline=""))
    return header, rows


def table_named(soup, caption: str):
    """The table with that caption."""
    return next(t for t in soup.select("table") if t.caption and words(t.caption.get_text()) == caption)


def said(cell):
    """The text of a cell without the head that a phone repeats in it."""
    return words(" ".join(text for text in cell.strings if not text.find_parent(class_="lab")))


def shown(table):
    """The cells of a table as texts, row by row, headings of groups left out."""
    return [[said(cell) for cell in tr.select("th, td")] for tr in table.select("tbody tr:not(.grp)")]


def assert_same(client, page: str, file: str, spec, caption: str) -> int:
    """That the page's table and the file hold the same rows with the same words; how many they are."""
    header, rows = csv_of(client, file)
    expected = []
    for row in rows:
        values = spec.values_from_csv(header, row)
        expected.append([words(" ".join(column.text(values))) for column in spec.columns if column.text])
    found = shown(table_named(soup_of(client, page), caption))
    assert found == expected
    return len(rows)
