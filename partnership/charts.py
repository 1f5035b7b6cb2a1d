"""Draws a QR code as SVG without any style of its own, so that the content security policy lets it be seen."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

QUIET = 4


def qr_svg(text: str, label: str) -> SafeString:
    """The QR code of a text, dark on white with the quiet zone around it; `label` is what a screen reader says."""
    import qrcode  # when one is drawn: it takes longer to load than all else that a page needs

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    dark = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" width="220" height="220" role="img" aria-label="{1}">'
        '<rect width="{0}" height="{0}" fill="#fff"/><path d="{2}" fill="#000" shape-rendering="crispEdges"/></svg>',
        len(rows), label, dark,
    )  # fmt: skip
