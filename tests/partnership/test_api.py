"""The API: each answer is what its own document says, filters and pages, what cannot be asked, and its examples."""

import re
from collections import Counter
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from indicators.quarters import Quarter, parse
from partnership.api_declaration import FIGURES, RESOURCES, BadParameters, Resource, openapi, read_asked
from partnership.views.api import service_of
from tests import builders as b
from tests.conftest import IS_SOAK
from tests.partnership.pack_world import withdraw
from tests.partnership.public_world import (
    CODE,
    HOUR,
    PLACE,
    TABLE,
    TABLE_URL,
    PublicWorld,
    a_public_pack,
    a_public_world,
    correct,
)

LISTS = [resource.path for resource in RESOURCES]
KNOWN = {resource.path: {one.name for one in resource.asked} for resource in RESOURCES}


@pytest.fixture(autouse=True)
def _no_limit(settings: Any) -> None:
    settings.API_RATE = 0


@pytest.fixture
def world(db: None) -> PublicWorld:
    return a_public_world()


def ask(path: str, status: int = 200) -> Any:
    response = Client().get(path)
    assert response.status_code == status, (path, response.content)
    return response.json()


def results(path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(path)["results"]
    return found


def validator(document: dict[str, Any], schema: dict[str, Any]) -> Draft202012Validator:
    """Holds a value to a schema of the document, its references included."""
    return Draft202012Validator(schema | {"components": document["components"]}, format_checker=FormatChecker())


def held_to_the_document(path: str, document: dict[str, Any]) -> int:
    """Asks, and holds status, type and body to what the document says of that address; the status."""
    response = Client().get(path)
    told = document["paths"][path.partition("?")[0]]["get"]["responses"][str(response.status_code)]
    kind = response["Content-Type"]
    assert list(validator(document, told["content"][kind]["schema"]).iter_errors(response.json())) == [], path
    return response.status_code


# The document


@pytest.mark.django_db
def test_answers_when_held_to_the_openapi_document_then_each_is_as_it_says(world: PublicWorld) -> None:
    correct(world, 700, 1000)
    other = b.a_scorecard(1, code="other")
    b.a_return(other, state="approved", cells={other.lines.get().series_id: b.a_cell(900, 1000, commentary="So.")})
    a_public_pack(other, at=b.NOW + 2 * HOUR, meeting_on=date(2022, 7, 21))
    gone = a_public_pack(world.scorecard, body="Forum", at=b.NOW + 3 * HOUR)
    withdraw(gone)
    document = ask("/api/v1/openapi.json")
    assert document["openapi"] == "3.1.0"
    asked = [*LISTS, *(f"{path}?page_size=1&page=2" for path in LISTS), *(f"{path}?nonsense=1" for path in LISTS)]
    asked += [f"{FIGURES.path}?as_reported={code}" for code in (CODE, gone.code, "none")]
    for path in asked:
        held_to_the_document(path, document)
    assert ask("/api/v1/")["lists"] == {r.name: f"http://testserver{r.path}" for r in RESOURCES}


@pytest.mark.django_db
def test_document_when_a_field_is_of_another_type_then_the_check_finds_it(world: PublicWorld) -> None:
    document = ask("/api/v1/openapi.json")
    schema = document["paths"][FIGURES.path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    answer = ask(FIGURES.path)
    assert validator(document, schema).is_valid(answer)
    answer["results"][0]["value"] = "85"
    assert not validator(document, schema).is_valid(answer)
    del answer["results"][0]["value"]
    assert not validator(document, schema).is_valid(answer)


def test_document_when_read_then_every_parameter_and_field_is_explained(rf: Any) -> None:
    document = openapi(service_of(rf.get("/")))
    for path in LISTS:
        asked = document["paths"][path]["get"]["parameters"]
        assert {one["name"] for one in asked} == KNOWN[path]
        assert all(one["description"] and one["in"] == "query" for one in asked)
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
        assert schema["additionalProperties"] is False


# What is told


@pytest.mark.django_db
def test_figures_when_asked_for_then_as_published(world: PublicWorld) -> None:
    first, second, third = sorted(results(FIGURES.path), key=lambda f: f["indicator"])
    assert (first["value"], first["numerator"], first["denominator"], first["rating"]) == (85, 850, 1000, "better")
    assert (second["value"], second["rating"], second["target"], second["tolerance"]) == (75, "within", 80, 70)
    assert (third["value"], third["symbol"], third["symbol_means"]) == (None, "not_reportable", "Not reportable")
    assert {f["page"] for f in (first, second, third)} == {f"http://testserver{TABLE_URL}/"}
    assert (first["period"], first["period_start"], first["period_end"]) == ("2021-22-q4", "2022-01-01", "2022-03-31")


@pytest.mark.django_db
def test_figures_when_a_later_pack_tells_them_otherwise_then_the_later_unless_as_reported(world: PublicWorld) -> None:
    correct(world, 700, 1000)
    later = a_public_pack(world.scorecard, body="Other Panel", at=b.NOW + 2 * HOUR)
    path = f"{FIGURES.path}?indicator=contract-1"
    assert [(f["value"], f["pack"]) for f in results(path)] == [(70, later.code)]
    assert [(f["value"], f["pack"]) for f in results(f"{path}&as_reported={CODE}")] == [(85, CODE)]
    assert [f["value"] for f in results(f"{path}&pack={CODE}")] == [70]
    assert results(f"{path}&pack=none") == []
    withdraw(later)
    assert [(f["value"], f["pack"]) for f in results(path)] == [(85, CODE)]


@pytest.mark.django_db
def test_lists_when_filtered_then_only_what_passes(world: PublicWorld) -> None:
    before = b.a_scorecard(1, code="other")
    series = before.lines.get().series
    b.a_return(before, b.Q3, state="approved", cells={series.pk: b.a_cell(900, 1000, commentary="So.")})
    a_public_pack(before, body="Other Panel", period=b.Q3, at=b.NOW + HOUR)
    figures, tables = FIGURES.path, "/api/v1/tables"
    assert len(results(figures)) == 4
    assert [f["indicator"] for f in results(f"{figures}?scorecard=other")] == ["other-1"]
    assert [f["indicator"] for f in results(f"{figures}?period_to=2021-22-q3")] == ["other-1"]
    assert {f["scorecard"] for f in results(f"{figures}?period_from=2021-22-q4")} == {"contract"}
    assert len(results(f"{figures}?period_from=2021/22&period_to=2021/22")) == 4
    assert len(results(f"{figures}?breakdown=")) == 4
    assert results(f"{figures}?breakdown=source%3Dpolice") == []
    assert results(f"{figures}?partnership=southshire") == []
    assert [t["code"] for t in results(f"{tables}?pack={CODE}")] == [TABLE]
    assert [t["period"] for t in results(f"{tables}?period_to=2021-22-q3")] == ["2021-22-q3"]
    assert [i["code"] for i in results("/api/v1/indicators?scorecard=other")] == ["other-1"]
    assert [i["version"] for i in results("/api/v1/indicators?indicator=contract-2")] == [1]
    assert [p["packs"] for p in results("/api/v1/partnerships")] == [2]
    assert len(results(f"/api/v1/packs?partnership={PLACE}")) == 2


@pytest.mark.django_db
def test_files_when_named_by_a_table_then_each_answers(world: PublicWorld) -> None:
    found = results("/api/v1/tables")[0]
    assert set(found["files"]) == {"csv", "csv-metadata.json", "json", "ods", "xlsx", "ees.csv", "ees.meta.csv"}
    for address in (*found["files"].values(), found["page"]):
        assert Client().head(address.removeprefix("http://testserver")).status_code == 200, address


@pytest.mark.django_db
def test_pages_when_followed_by_next_then_every_figure_once(world: PublicWorld) -> None:
    whole = results(FIGURES.path)
    address, found = f"{FIGURES.path}?page_size=1&scorecard=contract", []
    while address:
        page = ask(address.removeprefix("http://testserver"))
        found += page["results"]
        assert (page["count"], page["pages"]) == (3, 3)
        address = page["next"]
    assert found == whole
    beyond = ask(f"{FIGURES.path}?page=9")
    assert (beyond["results"], beyond["next"], beyond["previous"]) == ([], None, None)


# What cannot be asked


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("colour=red", "“colour” cannot be asked here. What can be asked: partnership, indicator,"),
        ("page=0", "page: “0” is not a whole number from 1 to 100,000."),
        ("page_size=1001", "page_size: “1001” is not a whole number from 1 to 1,000."),
        ("page=1&page=2", "“page” is given twice. Give it once."),
        ("period_from=Q9", "is not a period. Write the quarter, the year or the month"),
        ("indicator=a/b", "“a/b” is not a code. Write one as the lists give them, such as staff-turnover."),
        ("indicator=", "is not a code."),
    ],
)
def test_question_when_it_cannot_be_answered_then_400_and_a_sentence(query: str, sentence: str) -> None:
    response = Client().get(f"{FIGURES.path}?{query}")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    problem = response.json()
    assert sentence in problem["detail"]
    assert [one["name"] for one in problem["parameters"]] == [query.partition("=")[0]]


NAMES = st.sampled_from([*sorted(KNOWN[FIGURES.path]), "colour", "__proto__", ""])
TYPED = st.text(max_size=20) | st.sampled_from(["contract", "contract-1", "2021-22-q4", "2", "1e9", "source=police"])


@given(st.lists(st.tuples(NAMES, TYPED), max_size=4))
def test_question_when_anything_is_typed_then_read_or_refused_with_a_sentence_for_each(
    pairs: list[tuple[str, str]],
) -> None:
    asked, problems = None, ()
    try:
        asked = read_asked(FIGURES, pairs)
    except BadParameters as bad:
        problems = bad.problems
    names = [name for name, _ in pairs]
    assert {name for name, _ in problems} <= set(names)
    assert all(sentence.endswith(".") for _, sentence in problems)
    assert bool(problems) == (asked is None)
    if asked is not None:
        assert set(asked) == {"page", "page_size", *names}
        assert len(set(names)) == len(names)
        assert 1 <= asked["page_size"] <= 1_000


@pytest.mark.django_db
def test_figures_when_any_filters_are_combined_then_those_that_pass_each_of_them(world: PublicWorld) -> None:
    before = b.a_scorecard(2, code="other")
    cells = {line.series_id: b.a_cell(900, 1000, commentary="So.") for line in before.lines.all()}
    b.a_return(before, b.Q3, state="approved", cells=cells)
    a_public_pack(before, body="Other Panel", period=b.Q3, at=b.NOW + HOUR)
    every = results(FIGURES.path)
    assert len(every) == 5
    tests = {
        "indicator": (["contract-1", "other-2", "none"], lambda f, v: f["indicator"] == v),
        "scorecard": (["contract", "other", "none"], lambda f, v: f["scorecard"] == v),
        "period_from": (["2021-22-q3", "2021-22-q4", "2022-23"],
                        lambda f, v: date.fromisoformat(f["period_start"]) >= parse(v).start_on),
        "period_to": (["2021-22-q3", "2021-22-q4", "2020-21"],
                      lambda f, v: date.fromisoformat(f["period_end"]) <= parse(v).end_on),
        "as_reported": ([CODE, "other-panel-2022-07-07"], lambda f, v: f["pack"] == v),
        "partnership": ([PLACE, "southshire"], lambda f, v: f["partnership"] == v and v == PLACE),
    }  # fmt: skip

    @given(st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, (values, _) in tests.items()}))
    def held(asked: dict[str, str]) -> None:
        if asked.get("partnership") == "southshire":
            asked.pop("as_reported", None)  # a pack that is not there is refused
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        expected = [f for f in every if all(tests[name][1](f, value) for name, value in asked.items())]
        assert results(f"{FIGURES.path}?{query}") == expected

    held()


@pytest.mark.django_db
def test_as_reported_when_there_is_no_such_pack_then_404_as_a_problem(world: PublicWorld) -> None:
    problem = ask(f"{FIGURES.path}?as_reported=none", 404)
    assert problem["detail"] == "There is no such pack. The list of packs gives their codes."


@pytest.mark.django_db
def test_options_when_asked_by_another_site_then_what_is_allowed() -> None:
    response = Client().options(FIGURES.path)
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert response["Access-Control-Allow-Origin"] == "*"


# The page that explains it


@pytest.mark.django_db
def test_examples_when_their_addresses_are_asked_then_each_answers(world: PublicWorld) -> None:
    page = BeautifulSoup(Client().get("/data/api/").content, "lxml")
    code = [one.get_text() for one in page.select("pre.code code")]
    assert len(code) == 5
    found = {address for text in code for address in re.findall(r'"(http://testserver[^"]*)"', text)}
    assert any(address.endswith(f"{TABLE}.csv") for address in found)
    relative = re.findall(r'RelativePath = "([^"]+)"', code[0])
    found |= {f"http://testserver/{path}?page=1&page_size=1000" for path in relative}
    found.discard("http://testserver/")
    assert len(found) == 3
    for address in found:
        assert Client().get(address.removeprefix("http://testserver")).status_code == 200, address
    python = next(text for text in code if "urlopen" in text)
    compile(python, "example", "exec")


@pytest.mark.django_db
def test_page_when_nothing_is_published_then_it_explains_all_the_same() -> None:
    page = BeautifulSoup(Client().get("/data/api/").content, "lxml")
    assert len(page.select("pre.code")) == 4
    for resource in RESOURCES:
        assert resource.path in page.get_text()


def test_periods_when_asked_for_then_as_people_write_them() -> None:
    assert read_asked(FIGURES, [("period_to", "Q4 2021/22")])["period_to"] == Quarter(2021, 4)


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda r: r.name)
def test_declaration_when_read_then_no_name_stands_twice(resource: Resource) -> None:
    for names in ([m.name for m in resource.members], [p.name for p in resource.asked]):
        assert len(names) == len(set(names))


def test_address_when_it_is_not_one_of_the_api_then_a_problem_in_json_as_for_any_other_refusal() -> None:
    for path in ("/api/v1/nothing", "/api/v1/figures/", "/api/v1/packs/x/y.csv"):
        problem = Client().get(path)
        assert (problem.status_code, problem["Content-Type"]) == (404, "application/problem+json"), path
        assert problem["Access-Control-Allow-Origin"] == "*"
        assert problem.json()["detail"].startswith("There is nothing at this address. /api/v1/ names every list")


def test_api_when_something_is_sent_then_a_problem_in_json_says_that_it_is_read_only() -> None:
    """Also where a browser's form would be asked for a token."""
    strict = Client(enforce_csrf_checks=True)
    for path in ("/api/v1/", "/api/v1/openapi.json", *LISTS, "/api/v1/nothing"):
        for method in ("post", "put", "patch", "delete"):
            problem = getattr(strict, method)(path)
            assert (problem.status_code, problem["Allow"]) == (405, "GET, HEAD, OPTIONS"), path
            assert (problem["Content-Type"], problem.json()["status"]) == ("application/problem+json", 405)


# What is generated


def _generated(declared: dict[str, Any]) -> st.SearchStrategy[str]:
    """What somebody may ask by the document's own schema of a parameter, and what it does not allow."""
    schema, example = declared["schema"], str(declared["example"])
    odd = st.sampled_from(
        ("", "\x00", "%", "é", "-1", "0", "1e3", "٣", "9" * 30, "x" * 5_000, "a b", "[]", "2021-22-q9")
    )
    held = {"partnership": PLACE, "pack": CODE, "as_reported": CODE, "scorecard": "contract", "indicator": "contract-1"}
    sound = st.sampled_from((example, held.get(declared["name"], example)))
    if schema["type"] == "integer":
        sound = st.integers(schema["minimum"], schema["maximum"]).map(str) | st.integers().map(str)
    elif "pattern" in schema:
        sound |= st.from_regex(re.compile(schema["pattern"], re.ASCII), fullmatch=True)
    return st.one_of(sound, sound, sound, odd, st.text(st.characters(codec="utf-8"), max_size=40))


def _allowed(schema: dict[str, Any], text: str) -> bool:
    """Whether the schema of a parameter takes the text; of periods it says nothing."""
    if schema["type"] == "integer":
        is_whole = text.isascii() and text.isdigit()
        return is_whole and schema["minimum"] <= int(text) <= schema["maximum"]
    return re.fullmatch(schema.get("pattern", "(?s:.*)"), text, re.ASCII) is not None


@pytest.mark.django_db
def test_api_when_asked_anything_then_each_answer_is_as_its_document_says(world: PublicWorld) -> None:
    document = ask("/api/v1/openapi.json")
    statuses: Counter[int] = Counter()

    @hypothesis_settings(max_examples=4_000 if IS_SOAK else 100)
    @given(st.data())
    def asked(data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(LISTS))
        declared = document["paths"][path]["get"]["parameters"]
        chosen = data.draw(st.lists(st.sampled_from(declared), max_size=3))
        pairs = [(one["name"], data.draw(_generated(one))) for one in chosen]
        if data.draw(st.integers(0, 9)) == 0:
            pairs.append((data.draw(st.text(st.characters(codec="utf-8"), max_size=20)), "1"))
        status = held_to_the_document(f"{path}?{urlencode(pairs)}", document)
        statuses[status] += 1
        if not all(_allowed(one["schema"], text) for one, (_, text) in zip(chosen, pairs, strict=False)):
            assert status == 400, pairs

    asked()
    odd = ("٣", "-1", "0", "100001", "1" * 30, "\x00", "a b")
    for path, one in ((p, one) for p in LISTS for one in document["paths"][p]["get"]["parameters"]):
        for text in (text for text in odd if not _allowed(one["schema"], text)):
            assert held_to_the_document(f"{path}?{urlencode({one['name']: text})}", document) == 400, (
                one["name"],
                text,
            )
    assert set(statuses) <= {200, 400, 404}, statuses
    assert min(statuses[200], statuses[400]) > 10, statuses
