"""Examples of how the API and the files are asked, in the languages of those who ask; each address in them answers."""

from dataclasses import dataclass

from partnership.api_declaration import FIGURES, MOST_ON_A_PAGE


@dataclass(frozen=True)
class Example:
    """One example: for whom, what to do with it, and what to type."""

    title: str
    how: str
    code: str


def examples_of(address: str, table: str) -> tuple[Example, ...]:
    """The examples for a service at `address`; `table` is the address of a CSV file, empty while there is none."""
    figures = f"{address}{FIGURES.path}?page_size={MOST_ON_A_PAGE}"
    relative = FIGURES.path.removeprefix("/")
    power = (
        "let\n"
        f'    Page = (number as number) => Json.Document(Web.Contents("{address}/", [\n'
        f'        RelativePath = "{relative}",\n'
        f'        Query = [page = Text.From(number), page_size = "{MOST_ON_A_PAGE}"]])),\n'
        "    Pages = List.Transform({1..Page(1)[pages]}, each Page(_)[results]),\n"
        "    Figures = Table.FromRecords(List.Combine(Pages))\n"
        "in\n"
        "    Figures"
    )
    found = [
        Example(
            "Power BI",
            "Get data, Blank query, Advanced editor: put this in place of what is there. It refreshes in the service "
            "too; choose Anonymous where you are asked how to sign in.",
            power,
        ),
        Example(
            "Excel (Power Query)",
            "Data, Get Data, From Other Sources, Blank Query, then Advanced Editor: the same. For one table Data, From "
            "Web and the address of its CSV file are enough.",
            power,
        ),
        Example(
            "Python (pandas)",
            "All figures, page by page.",
            "import json\n"
            "from urllib.request import urlopen\n\n"
            "import pandas\n\n"
            f'address, rows = "{figures}", []\n'
            "while address:\n"
            "    page = json.load(urlopen(address))\n"
            '    rows += page["results"]\n'
            '    address = page["next"]\n'
            "figures = pandas.DataFrame(rows)",
        ),
        Example(
            "curl",
            "Asks again only where something has changed since.",
            f'curl --fail --etag-save figures.tag --etag-compare figures.tag \\\n    --output figures.json "{figures}"',
        ),
    ]
    if table:
        found.append(
            Example("One table (pandas)", "A table as it was told.", f'import pandas\n\npandas.read_csv("{table}")')
        )
    return tuple(found)
