"""Icons: one SVG sprite of the Lucide icons in use, and `{% icon "name" %}` to show one.

A browser loads the sprite once. Each icon is then a few bytes and quick to render. A complete
`<svg>` for each icon would take longer to render than the rest of a list.
"""

from functools import cache
from hashlib import sha256
from importlib.resources import files
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

from django.http import HttpRequest, HttpResponse
from django.template import Context, Library, Node, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token
from django.urls import reverse

register = Library()

ICON_NAMES = frozenset(
    """
    activity arrow-down arrow-left-right arrow-right arrow-up at-sign bell bot braces
    case-sensitive check check-check chevron-left chevron-right chevrons-up-down circle-alert
    circle-check circle-dashed circle-question-mark circle-x clipboard-paste code columns-2 copy
    database download ellipsis external-link eye eye-off file-search file-text
    fingerprint-pattern fold-vertical git-compare-arrows git-pull-request-arrow grip-vertical
    history house info key-round keyboard link list-filter list-tree lock log-out maximize-2
    menu message-square minimize-2 monitor moon pencil pilcrow pin plug plus redo-2 refresh-cw
    regex rotate-ccw rows-2 search send settings sliders-horizontal sparkles square-code
    square-function square-stack sun trash-2 triangle-alert undo-2 unplug upload user users
    webhook wrench x
    """.split()  # noqa: SIM905 (a list would be one line a name)
)


@cache
def sprite() -> tuple[str, bytes]:
    """Return the sprite and the digest in its address: `(digest, svg)`."""
    # The package's own tag opens its archive anew for each icon, which takes half a second in all.
    with ZipFile(BytesIO(files("lucide").joinpath("lucide.zip").read_bytes())) as archive:
        drawings = {name: archive.read(f"{name}.svg") for name in sorted(ICON_NAMES)}
    symbols = []
    for name, drawing in drawings.items():
        svg = ElementTree.fromstring(drawing)  # noqa: S314 (from the package)
        for shape in svg.iter():
            shape.tag = shape.tag.removeprefix("{http://www.w3.org/2000/svg}")
        shapes = "".join(ElementTree.tostring(shape, encoding="unicode").strip() for shape in svg)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
    # Stroke and fill are not written here: a symbol takes them from the `<svg class="icon">` that
    # uses it, and so from the style sheet.
    body = f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'.encode()
    return sha256(body).hexdigest()[:12], body


def sprite_view(_request: HttpRequest, digest: str) -> HttpResponse:
    """Serve the sprite; browsers cache it for a year when the digest is current."""
    current, body = sprite()
    response = HttpResponse(body, content_type="image/svg+xml")
    response["Cache-Control"] = (
        "public, max-age=31536000, immutable" if digest == current else "no-cache"
    )
    return response


@cache
def markup(name: str) -> str:
    """Return the HTML of one decorative icon; the text beside it must give the meaning."""
    if name not in ICON_NAMES:
        raise TemplateSyntaxError(f"No icon {name!r}: add it to admin_ui.display.icons.ICON_NAMES.")
    address = reverse("icons", args=[sprite()[0]])
    return f'<svg class="icon" aria-hidden="true"><use href="{address}#{name}"/></svg>'


class IconNode(Node):
    def __init__(self, name: FilterExpression) -> None:
        self.name = name

    def render(self, context: Context) -> str:
        return markup(self.name.resolve(context))


@register.tag
def icon(parser: Parser, token: Token) -> IconNode:
    """`{% icon "pencil" %}`, or a variable that holds a name."""
    _tag, *arguments = token.split_contents()
    if len(arguments) != 1:
        raise TemplateSyntaxError("Write {% icon name %}.")
    return IconNode(parser.compile_filter(arguments[0]))
