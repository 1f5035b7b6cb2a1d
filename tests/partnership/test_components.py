"""Every component renders in all its states, escapes what it is given, and keeps the rules of the page."""

import re
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from indicators import marks
from indicators.forms import GovForm
from indicators.roles import Role
from indicators.sparkline import SparkPoint, sparkline
from partnership.templatetags import components
from partnership.views.components import components_page
from tests import builders as b

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CSS = (ROOT / "static" / "css" / "app.css").read_text(encoding="utf-8")
EVIL = '"><script>alert(1)</script>'


def rendered(tag: str, **context) -> BeautifulSoup:
    return BeautifulSoup(Template("{% load components %}" + tag).render(Context(context)), "lxml")


def text_of(tag: str) -> str:
    return rendered(tag).get_text().strip()


@pytest.fixture(scope="module")
def page() -> BeautifulSoup:
    return BeautifulSoup(components_page(RequestFactory().get("/components/")).content, "lxml")


# The page that shows them


def test_page_shows_every_component(page):
    shown = " ".join(code.get_text() for code in page.select("pre code"))
    for name in components.register.tags:
        assert f"{{% {name}" in shown, f"{name} is not on the components page"


def test_page_has_one_heading_and_no_id_twice(page):
    assert len(page.find_all("h1")) == 1
    ids = [element["id"] for element in page.find_all(id=True)]
    assert sorted(ids) == sorted(set(ids))


def test_every_box_has_a_label_and_every_description_exists(page):
    for box in page.select("input:not([type=hidden]), select, textarea"):
        assert page.find("label", attrs={"for": box["id"]}), box
    for described in page.select("[aria-describedby]"):
        for name in described["aria-describedby"].split():
            assert page.find(id=name), name


def test_links_within_the_page_lead_somewhere(page):
    for link in page.select('nav[aria-label="Components on this page"] a'):
        assert page.find(id=link["href"].removeprefix("#"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_template_keeps_to_the_content_security_policy(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=[\"']|javascript:", text)
    for script in re.findall(r"<script[^>]*>", text):
        assert "src=" in script or 'type="application/json"' in script


# Ratings


@pytest.mark.parametrize(
    ("code", "css", "shape"),
    [("outside", "tag--outside", "rect"), ("within", "tag--within", "path"), ("better", "tag--better", "circle"),
     ("not_judged", "tag--none", "rect")],
)  # fmt: skip
def test_rating_tag_has_word_shape_and_colour(code, css, shape):
    tag = rendered("{% rating_tag code=code words='The word' %}", code=code).span
    assert css in tag["class"]
    assert tag.get_text() == "The word"
    assert tag.svg["aria-hidden"] == "true"
    assert tag.svg.find(shape)


def test_shapes_of_all_ratings_differ():
    assert len({marks.rating_shape(code, fill="#000") for code in marks.ORDER}) == 4


def test_rating_with_an_unknown_code_is_an_error():
    with pytest.raises(KeyError):
        marks.rating_tag("green", "Green")


def test_no_figure_shows_a_dash_and_says_why():
    soup = rendered("{% no_figure words='No figure: not reportable' %}")
    assert soup.find(attrs={"aria-hidden": "true"}).get_text() == "–"
    assert soup.find(class_="vh").get_text() == "No figure: not reportable"


def test_sparkline_tag_draws_what_the_field_module_draws():
    spec = sparkline([SparkPoint(0, 80), SparkPoint(1, 85)], scale=(50, 100), label="80% to 85%", end_label="85")
    assert rendered("{% sparkline spec %}", spec=spec).svg["aria-label"] == "80% to 85%"


# Counts


def test_count_strip_shows_one_shape_for_each_indicator_and_its_total():
    row = {"name": "Contract", "url": "/c/", "outside": 2, "within": 0, "better": 4, "none": 1, "total": 7}
    soup = rendered("{% count_strip rows=rows total=total %}", rows=[row], total={**row, "name": "Both"})
    cells = soup.select("tbody td")
    assert [cell.find(class_="big").get_text() for cell in cells] == ["2", "0", "4", "1", "7"]
    assert [len(cell.select(".units svg")) for cell in cells] == [2, 0, 4, 1, 0]
    assert soup.select_one("tfoot th").get_text() == "Both"
    assert soup.select_one("tbody a")["href"] == "/c/"


def test_counts_line_marks_the_current_filter():
    items = [
        {"code": "outside", "count": 2, "words": "outside", "url": "?rating=outside", "current": True},
        {"code": "better", "count": 9, "words": "better", "url": "?rating=better"},
    ]
    soup = rendered("{% counts_line items=items total=11 %}", items=items)
    assert soup.get_text(" ", strip=True) == "11 indicators: 2 outside 9 better"
    assert [link.get("aria-current") for link in soup.find_all("a")] == ["true", None]


# Messages


def test_error_summary_links_to_fields_and_is_absent_without_errors():
    errors = [{"text": "Enter the numerator", "href": "#id_n"}, {"text": "Changed by someone else", "href": ""}]
    soup = rendered("{% error_summary errors %}", errors=errors)
    assert soup.a["href"] == "#id_n"
    assert [item.get_text() for item in soup.find_all("li")] == ["Enter the numerator", "Changed by someone else"]
    assert soup.div["data-module"] == "govuk-error-summary"
    assert not rendered("{% error_summary errors %}", errors=[]).find()


@pytest.mark.parametrize(
    ("kind", "role"), [("info", "status"), ("success", "alert"), ("warning", "alert"), ("error", "alert")]
)
def test_notification_says_its_kind_by_role_and_word(kind, role):
    soup = rendered("{% notification kind=kind title='Return submitted' body='More' %}", kind=kind)
    assert soup.div["role"] == role
    assert "Return submitted" in soup.get_text()
    assert ("Error" in soup.get_text()) == (kind == "error")


def test_confidence_mark_is_words_and_absent_when_high():
    assert text_of("{% confidence_mark 'caution' 'tracker not complete' %}") == "Caution: tracker not complete"
    assert text_of("{% confidence_mark 'low' %}") == "Low confidence"
    assert not rendered("{% confidence_mark 'high' 'unused' %}").find()


def test_query_mark_with_and_without_a_text():
    assert text_of("{% query_mark 'the counts give 83.6%' %}") == "Query: the counts give 83.6%"
    assert text_of("{% query_mark %}") == "Query"


# Small parts


@pytest.mark.parametrize("code", ["open", "submitted", "returned", "approved"])
def test_state_tag_has_its_class_and_word(code):
    tag = rendered("{% state_tag code 'Word' %}", code=code).span
    assert tag["class"] == ["state", f"state--{code}"]
    assert f".state--{code}" in CSS or code == "open"


def test_button_is_a_button_or_with_href_a_link():
    button = rendered("{% button 'Save' name='then' value='leave' %}").button
    assert (button["type"], button["name"], button["value"]) == ("submit", "then", "leave")
    assert button["data-prevent-double-click"] == "true"
    link = rendered("{% button 'Download' kind='secondary' href='/f/' small=True %}").a
    assert (link["href"], link["class"]) == ("/f/", ["btn", "btn--2", "btn--s"])


def test_breadcrumbs_end_with_this_page():
    items = [{"label": "Home", "url": "/"}, {"label": "Here", "url": ""}]
    soup = rendered("{% breadcrumbs items %}", items=items)
    assert soup.find(attrs={"aria-current": "page"}).get_text() == "Here"
    assert len(soup.find_all("a")) == 1


def test_key_values_say_when_nothing_is_stated():
    soup = rendered("{% key_values items %}", items=[{"key": "From", "value": None}, {"key": "Room", "value": "0"}])
    assert [value.get_text() for value in soup.find_all("dd")] == ["Not stated", "0"]


def test_details_and_inset_and_empty_state_and_downloads():
    assert rendered("{% details 'Why' 'Because' is_open=True %}").details.has_attr("open")
    assert not rendered("{% details 'Why' 'Because' %}").details.has_attr("open")
    assert text_of("{% inset 'A remark' %}") == "A remark"
    assert rendered("{% empty_state 'None yet' 'Soon' url='/n/' link='Open one' %}").a["href"] == "/n/"
    assert rendered("{% download_links items %}", items=[{"label": "CSV", "url": "/x.csv"}]).a["href"] == "/x.csv"
    assert not rendered("{% download_links items %}", items=[]).find()


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(QueryDict("state=open&state=late&page=3"), id="request.GET"),
        pytest.param({"state": ["open", "late"], "page": 3}, id="dict"),
        pytest.param("?state=open&state=late&page=3", id="text"),
    ],
)
def test_pagination_keeps_the_filters_and_its_own_number_once(query):
    soup = rendered("{% pagination page query %}", page=Paginator(range(230), 10).page(8), query=query)
    assert soup.find(rel="next")["href"] == "?state=open&state=late&page=9"
    assert soup.find(attrs={"aria-current": "page"}).get_text() == "8"
    assert "71 to 80 of 230 rows" in soup.get_text()


def test_pagination_of_a_single_page_shows_nothing():
    assert not rendered("{% pagination page %}", page=Paginator(range(5), 10).page(1)).find()


@pytest.mark.parametrize(
    "tag",
    [
        "{% rating_tag 'better' evil %}", "{% rating_short 'better' evil %}", "{% no_figure evil %}",
        "{% notification 'info' evil evil %}", "{% inset evil %}", "{% details evil evil %}", "{% button evil %}",
        "{% confidence_mark 'low' evil %}", "{% query_mark evil %}", "{% state_tag 'open' evil %}",
        "{% empty_state evil evil url=evil link=evil %}", "{% breadcrumbs items %}", "{% download_links items %}",
        "{% key_values items %}", "{% error_summary items %}",
        "{% counts_line items=items total=1 %}", "{% count_strip rows=items caption=evil %}",
    ],
)  # fmt: skip
def test_component_escapes_what_it_is_given(tag):
    item = {"label": EVIL, "url": EVIL, "key": EVIL, "value": EVIL, "text": EVIL, "href": EVIL, "words": EVIL}
    item |= {
        "code": "better",
        "count": 1,
        "name": EVIL,
        "note": EVIL,
        "outside": 1,
        "within": 1,
        "better": 1,
        "none": 1,
    }
    assert not rendered(tag, evil=EVIL, items=[item | {"total": 4}]).find("script")


# Forms


class Example(GovForm):
    name = forms.CharField(max_length=5, help_text="As in <b>the contract</b>")
    count = forms.IntegerField(min_value=0)
    rate = forms.DecimalField(required=False)
    due_on = forms.DateField(label="Due date", required=False)
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    flags = forms.MultipleChoiceField(choices=[("p", "P")], widget=forms.CheckboxSelectMultiple, required=False)
    secret = forms.CharField(widget=forms.PasswordInput, error_messages={"required": "Own words"})
    file = forms.FileField(label="Return file")
    sure = forms.BooleanField(label="I am sure")

    def clean(self):
        raise forms.ValidationError("These do not go together")


def html_of(form) -> BeautifulSoup:
    return BeautifulSoup(str(form), "lxml")


def test_blank_form_has_labels_hints_and_no_errors():
    soup = html_of(Example())
    assert soup.find(id="id_name")["aria-describedby"] == "id_name_helptext"
    assert not soup.select(".govuk-error-message, [required], [aria-invalid]")
    assert soup.find("legend").get_text() == "Kind"
    assert [box["class"] for box in soup.select("[type=radio]")] == [["govuk-radios__input"]] * 2


def test_numbers_and_dates_are_text_boxes():
    soup = html_of(Example())
    boxes = {name: soup.find(id=f"id_{name}") for name in ("count", "rate", "due_on")}
    assert {box["type"] for box in boxes.values()} == {"text"}
    assert (boxes["count"]["inputmode"], boxes["rate"]["inputmode"]) == ("numeric", "decimal")


def test_hint_is_escaped():
    assert html_of(Example()).find(id="id_name_helptext").get_text() == "As in <b>the contract</b>"


def test_wrong_form_describes_each_box_by_its_error():
    form = Example({"name": "", "count": "x", "due_on": "31 February 2022"}, {})
    soup = html_of(form)
    box = soup.find(id="id_name")
    assert box["aria-describedby"] == "id_name_helptext id_name_error"
    assert "govuk-input--error" in box["class"]
    assert soup.find(id="id_count_error").get_text() == "Error: Count must be a number, like 12"
    assert soup.find(id="id_due_on")["value"] == "31 February 2022"


def test_error_links_name_what_to_do_and_lead_to_the_first_box():
    form = Example({"count": "x", "due_on": "31 February 2022"}, {})
    assert form.error_links == [
        {"text": "These do not go together", "href": ""},
        {"text": "Enter the name", "href": "#id_name"},
        {"text": "Count must be a number, like 12", "href": "#id_count"},
        {"text": "Due date must be a date that exists, like 31 March 2022", "href": "#id_due_on"},
        {"text": "Choose the kind", "href": "#id_kind_0"},
        {"text": "Own words", "href": "#id_secret"},
        {"text": "Choose the return file", "href": "#id_file"},
        {"text": "Tick the box: I am sure", "href": "#id_sure"},
    ]
    soup = html_of(form)
    for link in form.error_links:
        assert not link["href"] or soup.find(id=link["href"][1:])


@pytest.mark.parametrize("text", ["31 March 2022", "31 Mar 2022", "31/3/2022", "2022-03-31"])
def test_date_is_read_as_people_write_it_and_shown_as_typed(text):
    form = Example({"due_on": text}, {})
    form.is_valid()
    assert form.cleaned_data["due_on"].isoformat() == "2022-03-31"
    assert html_of(form).find(id="id_due_on")["value"] == text


def test_date_held_is_shown_in_words():
    form = Example(initial={"due_on": date(2022, 4, 1)})
    assert html_of(form).find(id="id_due_on")["value"] == "1 April 2022"


def test_filters_keep_their_labels_and_the_form_is_a_get():
    soup = rendered("{% filters form label='Filter the list' %}", form=Example())
    assert soup.form["method"] == "get"
    assert (soup.form["role"], soup.form["aria-label"]) == ("search", "Filter the list")
    assert not soup.details.has_attr("open")


# The frame


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html", "503.html"])
def test_error_page_renders_without_any_context(name):
    soup = BeautifulSoup(render_to_string(name), "lxml")
    assert len(soup.find_all("h1")) == 1
    assert soup.title.get_text().endswith("Partnership performance")
    assert soup.find(id="main")


def test_base_page_has_language_skip_link_and_landmarks():
    soup = BeautifulSoup(render_to_string("404.html", {"demo_text": "Demonstration", "request_id": "abc"}), "lxml")
    assert soup.html["lang"] == "en-GB"
    assert soup.select_one("body a")["href"] == "#main"
    assert [len(soup.find_all(name)) for name in ("header", "main", "footer")] == [1, 1, 1]
    assert "Demonstration" in soup.header.get_text()
    assert "abc" in soup.main.get_text()


def test_base_page_marks_where_the_reader_is():
    items = [{"label": "Home", "url": "/d/", "current": True}, {"label": "Returns", "url": "/d/r/", "current": False}]
    soup = BeautifulSoup(render_to_string("404.html", {"nav_items": items}), "lxml")
    assert [link.get("aria-current") for link in soup.select("nav li a")] == ["page", None]


@pytest.mark.django_db
def test_page_when_it_has_a_menu_then_search_and_alerts_stand_with_the_person_and_before_it(signed_in):
    soup = BeautifulSoup(signed_in(b.a_user(Role.BOARD_MEMBER)).get("/northshire/alerts/").content, "lxml")
    links = [link.find(string=True).strip() for link in soup.header.select(".bar a")]
    assert links[1:5] == ["Search", "Alerts", "Board member", "Home"]
    assert soup.select_one(".bar__who li.on a[aria-current=page]").get_text().startswith("Alerts")
    assert soup.select_one("nav[aria-label=Main] details:not([open]) > summary").get_text() == "Menu"
    public = BeautifulSoup(Client().get("/data/").content, "lxml")
    assert public.select("nav[aria-label=Main] > ul")
    assert not public.select(".bar summary"), "a few entries need no menu to open"


# Colours: text needs 4.5 to 1, shapes and edges 3 to 1 (WCAG 2.2, 1.4.3 and 1.4.11)

COLOURS = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", CSS)) | {"white": "#ffffff"}


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    lighter, darker = sorted((luminance(COLOURS[first]), luminance(COLOURS[second])), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [("ink", "white"), ("ink-2", "white"), ("ink-2", "wash"), ("brand", "white"), ("link", "white"), ("link", "wash"),
     ("link", "warn-bg"), ("link", "error-bg"), ("ink-2", "warn-bg"), ("ink-2", "error-bg"), ("ink", "pale"),
     ("ink", "mist"), ("better-ink", "better-bg"), ("within-ink", "within-bg"), ("within-ink", "warn-bg"),
     ("white", "outside"), ("outside", "white"), ("outside", "error-bg"), ("white", "brand"), ("mist", "brand"),
     ("ink-2", "line-2"), ("focus-ink", "focus")],
)  # fmt: skip
def test_text_can_be_read(text, ground):
    assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize(("mark", "ground"), [("edge", "white"), ("better", "better-bg"), ("within", "within-bg"),
                                              ("within", "warn-bg"), ("ink-2", "white")])  # fmt: skip
def test_shapes_and_edges_can_be_seen(mark, ground):
    assert contrast(mark, ground) >= 3


# Without a database: so whoever reads all that is public need not read the page in each order and with each filter.
@pytest.mark.parametrize("query", ["?page=2", "?page=999", "?page=x", "?page=-1", "?sort=nonsense", "?sort=-due",
                                   "?q=a&period=2021-22-q4&rating="])  # fmt: skip
def test_the_components_page_when_a_page_or_order_does_not_exist_then_it_still_shows(client, query):
    assert client.get(f"/components/{query}").status_code == 200
