"""`{% fixed %}`: a part of a template that is the same on every page, rendered once."""

from django.template import Context, Library, Node, NodeList
from django.template.base import Parser, Token
from django.utils.translation import get_language

register = Library()


class FixedNode(Node):
    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self.rendered: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        if language not in self.rendered:
            # Without variables: the values of one page would appear on all pages.
            empty = Context()
            empty.template = context.template
            self.rendered[language] = self.nodelist.render(empty)
        return self.rendered[language]


@register.tag
def fixed(parser: Parser, _token: Token) -> FixedNode:
    """`{% fixed %}…{% endfixed %}` around labels, icons and static addresses, which are slow to
    render. Later pages reuse the string. Variables are not available inside."""
    nodelist = parser.parse(("endfixed",))
    parser.delete_first_token()
    return FixedNode(nodelist)
