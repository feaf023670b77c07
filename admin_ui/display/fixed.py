"""A template loader that renders labels, icons and static addresses once per language.

Half of the nodes of our templates give the same text on every page, and translating them takes a
tenth of a page's time. The loader finds them, so a template need not say which parts are fixed.
"""

from collections.abc import Callable, Iterable
from itertools import groupby

from django.template import Context, Node, NodeList, Origin, Template
from django.template.base import FilterExpression, TextNode, TokenType, Variable
from django.template.defaulttags import CommentNode, IfNode, LoadNode, URLNode
from django.template.loaders import cached
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.templatetags.static import StaticNode
from django.utils.translation import get_language

from admin_ui.display.icons import IconNode


class FixedNode(Node):
    """Neighbouring nodes without variables, and their text in each language."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes = NodeList(nodes)
        self.rendered: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        if language not in self.rendered:
            self.rendered[language] = self.nodes.render(context)
        return self.rendered[language]


class Loader(cached.Loader):
    """Django's loader that keeps compiled templates, with the fixed nodes of each merged."""

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        template = super().get_template(template_name, skip)
        if not isinstance(template.nodelist, MergedNodes):
            template.nodelist = MergedNodes(merge_fixed(template.nodelist))
        return template


class MergedNodes(NodeList):
    """The nodes of a template whose fixed nodes are merged already."""


def merge_fixed(nodes: NodeList) -> NodeList:
    """Return `nodes` with each run of fixed ones as one node, inside the others too.

    Replaces lists and never changes one, because another thread may be rendering it.
    """
    merged = NodeList()
    for fixed, found in groupby(nodes, is_fixed):
        run = list(found)
        if fixed and not all(isinstance(node, TextNode) for node in run):
            merged.append(FixedNode(run))
        else:
            merged += run
            for node in run:
                _merge_inside(node)
    return merged


def _merge_inside(node: Node) -> None:
    if isinstance(node, IfNode):
        node.conditions_nodelists = [
            (condition, merge_fixed(nodes)) for condition, nodes in node.conditions_nodelists
        ]
        return
    for name in node.child_nodelists:
        nodes = getattr(node, name, None)
        if isinstance(nodes, NodeList):
            setattr(node, name, merge_fixed(nodes))


def is_fixed(node: Node) -> bool:
    """Return whether `node` gives the same text on every page in one language."""
    judge = JUDGES.get(type(node))
    return judge is not None and judge(node)


def _is_written_out(expression: FilterExpression) -> bool:
    # `{% translate %}` wraps its text in a variable.
    value = expression.var
    is_text = not isinstance(value, Variable) or value.literal is not None
    return is_text and not expression.filters


JUDGES: dict[type[Node], Callable[..., bool]] = {
    TextNode: lambda _node: True,
    LoadNode: lambda _node: True,
    CommentNode: lambda _node: True,
    IconNode: lambda node: _is_written_out(node.name),
    StaticNode: lambda node: not node.varname and _is_written_out(node.path),
    TranslateNode: lambda node: (
        not (node.asvar or node.message_context) and _is_written_out(node.filter_expression)
    ),
    URLNode: lambda node: (
        not (node.asvar or node.args or node.kwargs) and _is_written_out(node.view_name)
    ),
    BlockTranslateNode: lambda node: (
        not (node.asvar or node.message_context or node.extra_context or node.countervar)
        and all(token.token_type == TokenType.TEXT for token in node.singular)
    ),
}
"""Whether a node of each kind is fixed; a node of any other kind is not."""
