"""A drawing in a Word file: the SVG for those that draw it (Word since 2016, LibreOffice), and points for all others.

Only a child process of `indicators.bounded` imports this module.
"""

import io
from typing import Any

from partnership.documents import Drawing

# So that print is sharp: points to a unit of the drawing.
ZOOM = 2
# In millimetres: two of them stand on a page that lies on its side.
WIDEST = 160
# Where the system has no Helvetica or Arial.
FALLBACK = "Liberation Sans"
_SVG = "image/svg+xml"
_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_NAMESPACE = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"


def refers_elsewhere(svg: str) -> bool:
    """Whether a drawing asks for anything outside itself, or is none. The painter would fetch a file of the machine."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(svg)
    except (ParseError, DefusedXmlException):
        return True
    return any(
        name.rpartition("}")[2] == "href" and not value.startswith("#")
        for element in root.iter()
        for name, value in element.items()
    )


def add_drawing(file: Any, drawing: Drawing, width: int) -> None:
    """Puts a drawing into a paragraph of its own, as wide as `width` (in EMU) and WIDEST allow, with its words for who
    cannot see it. One that asks for something outside itself is left out: the words stand beside it in any case."""
    import resvg_py
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.oxml.text.paragraph import CT_P
    from docx.shared import Mm

    if refers_elsewhere(drawing.svg):
        return
    points = resvg_py.svg_to_bytes(
        svg_string=drawing.svg, zoom=ZOOM, sans_serif_family=FALLBACK, font_family=FALLBACK, background="#ffffff"
    )
    paragraph = file.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    before = paragraph._p.getprevious()
    if isinstance(before, CT_P):  # its sentence stays with it, and it with its table
        before.get_or_add_pPr().keepNext_val = True
    shape = paragraph.add_run().add_picture(io.BytesIO(points), width=min(width, Mm(WIDEST)))
    shape._inline.docPr.set("descr", drawing.words)
    package = file.part.package
    place = PackURI(f"/word/media/drawing{shape._inline.docPr.id}.svg")
    part = Part(place, _SVG, drawing.svg.encode(), package)
    blip = shape._inline.graphic.graphicData.pic.blipFill.blip
    extensions, extension = OxmlElement("a:extLst"), OxmlElement("a:ext")
    extension.set("uri", _EXTENSION)
    vector = extension.makeelement(f"{{{_NAMESPACE}}}svgBlip", {}, {"asvg": _NAMESPACE})
    vector.set(qn("r:embed"), file.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE))
    extension.append(vector)
    extensions.append(extension)
    blip.append(extensions)
