"""What people read is looked through for misspelt and American words; what is no text is left alone."""

import runpy
from pathlib import Path

import pytest

TOOL = runpy.run_path(str(Path(__file__).resolve().parent.parent / "tools" / "spelling.py"))
blanked, of_code, of_page, looked_at = (TOOL[n] for n in ("blanked", "texts_of_code", "words_of_page", "looked_at"))

PAGE = """<p class="center">The color</p>
{% if color %}{% button label="Recieve the return" name="color" %}{% endif %}
<style>p { color: red }</style>"""
CODE = '''"""Explains the behavior."""
color = "color"
said = "The licence of this program"
wrong = f"We analyze {color} twice"
'''
DOCUMENT = "`color` and [the color](color.md)\n\n```\ncolor\n```\n"


@pytest.mark.parametrize(
    ("taken", "said"),
    [
        (of_page(PAGE), ["1: color ==> colour", "2: Recieve ==> Receive"]),
        (of_code(CODE), ["1: behavior ==> behaviour", "4: analyze ==> analyse"]),
        (blanked(DOCUMENT, TOOL["_CODE"]), ["1: color ==> colour"]),
    ],
    ids=["a page", "a module", "a document"],
)
def test_word_when_misspelt_or_american_then_it_is_named_with_its_line(taken: str, said: list[str]) -> None:
    assert looked_at([("text", taken)]) == [f"text:{line}" for line in said]


def test_files_when_looked_at_then_documents_pages_and_code_are_among_them() -> None:
    names = {str(path.relative_to(TOOL["ROOT"])) for path, _ in TOOL["read"]()}
    assert {"README.md", "docs/how-to/enter-a-return.md", "templates/base.html", "indicators/rag.py"} <= names
    assert "templates/about/figures.toml" in names
