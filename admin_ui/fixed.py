"""`{% fixed %}`: a piece of a template that is the same on every page, rendered only once."""

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
            # With the variables of no page: what came from one would be shown on all.
            empty = Context()
            empty.template = context.template
            self.rendered[language] = self.nodelist.render(empty)
        return self.rendered[language]


@register.tag
def fixed(parser: Parser, _token: Token) -> FixedNode:
    """`{% fixed %}…{% endfixed %}` around labels, icons and static addresses that cost more than
    they say: from the second time on they are one string. No variable is seen inside."""
    nodelist = parser.parse(("endfixed",))
    parser.delete_first_token()
    return FixedNode(nodelist)
