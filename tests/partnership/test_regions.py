"""A region over what its authorities have published: who is compared, who is not and why, and what is never told."""

import csv
import io

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.parity import words
from tests.partnership.region_world import CODE, SHARE, a_region, authorities

pytestmark = pytest.mark.django_db

PAGE = f"/data/regions/{CODE}/{SHARE}/"
FILE = f"/data/regions/{CODE}/{SHARE}.csv"


def text(path: str, status: int = 200) -> str:
    response = Client().get(path)
    assert response.status_code == status, path
    return words(BeautifulSoup(response.content, "html.parser").select_one("main").get_text(" "))


def rows_of(path: str) -> dict[str, dict[str, str]]:
    """The rows of a file by the short name of the partnership."""
    found = csv.DictReader(io.StringIO(Client().get(path).content.decode(), newline=""))
    return {row["partnership"]: row for row in found}


def test_two_authorities_when_they_publish_alike_then_side_by_side():
    made = authorities([850, 700])
    a_region(*[one.slug for one in made])
    page = text(PAGE)
    assert "2 of 2 authorities are compared" in page
    assert "85% 850 of 1,000" in page
    rows = rows_of(FILE)
    assert [rows[one.slug]["value"] for one in made] == ["85", "70"]
