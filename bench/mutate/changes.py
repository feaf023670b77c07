"""What can be changed in a file: each change is one mutant."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Literal

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}
LEFT_ALONE = {"annotation", "returns", "ctx", "type_params"}
DELETED = (ast.Raise, ast.Continue, ast.Break, ast.Delete)
KEY = re.compile(r"[\w.:/-]+")  # a key or a code, where a sentence is wording


Where = Literal["function", "value", "elsewhere"]


@dataclass(frozen=True, eq=False)
class Mutant:
    """One change: `new` in place of what `parent` holds in `field`, at `index` in a list."""

    file: Path
    tree: ast.Module
    parent: ast.AST
    field: str
    index: int | None
    new: ast.AST
    lines: range  # of the statement, as far as the change
    where: Where

    @property
    def module(self) -> str:
        return ".".join(self.file.with_suffix("").parts).removesuffix(".__init__")

    @property
    def old(self) -> ast.AST:
        held = getattr(self.parent, self.field)
        found: ast.AST = held if self.index is None else held[self.index]
        return found

    def code(self) -> CodeType:
        """Compile the whole file with this change."""
        old = self.old
        for node in ast.walk(self.new):
            if not hasattr(node, "lineno"):
                ast.copy_location(node, old)
        self._put(self.new)
        try:
            return compile(self.tree, str(self.file.resolve()), "exec")
        finally:
            self._put(old)

    def _put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node

    def __str__(self) -> str:
        line = getattr(self.old, "lineno", self.lines.start)
        return f"{self.file}:{line}: {_short(self.old)}  →  {_short(self.new)}"


def mutants(file: Path) -> list[Mutant]:
    """Every change of one file, in the order of its text."""
    tree = ast.parse(file.read_text(encoding="utf-8"))

    def below(node: ast.AST, lines: range, where: Where) -> Iterator[Mutant]:
        for field, held in ast.iter_fields(node):
            if field in LEFT_ALONE:
                continue
            children = enumerate(held) if isinstance(held, list) else [(None, held)]
            for index, child in children:
                if not isinstance(child, ast.AST) or _for_types(node, child):
                    continue
                within = _lines(child, lines)
                inside = _where(node, field, child) or where
                for new in _changes(child, field):
                    yield Mutant(file, tree, node, field, index, new, within, inside)
                yield from below(child, within, inside)

    return list(below(tree, range(0), "elsewhere"))


def _where(node: ast.AST, field: str, child: ast.AST) -> Where | None:
    if isinstance(node, ast.FunctionDef) and field == "body":
        return "function"
    if isinstance(node, ast.Module) and isinstance(child, ast.Assign | ast.AnnAssign):
        return "value"
    return None


def _lines(node: ast.AST, around: range) -> range:
    if not isinstance(node, ast.expr | ast.stmt | ast.excepthandler):
        return around
    end = (node.end_lineno or node.lineno) + 1
    if isinstance(node, ast.expr):
        return range(around.start, max(around.stop, end))
    simple = not hasattr(node, "body")
    return range(node.lineno, end if simple else node.lineno + 1)


def _for_types(parent: ast.AST, child: ast.AST) -> bool:
    """Tell what only a type checker reads, what is printed, and docstrings."""
    match parent, child:
        case (ast.JoinedStr(), ast.Constant()) | (ast.Expr(), ast.Constant()):
            return True
        case ast.Module(), ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Call(func=ast.Name(id="cast"), args=[first, *_]), _:
            return child is first
        case ast.keyword(arg="frozen" | "slots"), _:
            return True
        case _, ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
    return False


def _changes(node: ast.AST, field: str) -> Iterator[ast.AST]:
    if field in {"test", "ifs", "guard"} and not isinstance(node, ast.Constant):
        yield ast.Constant(value=False)
        yield ast.Constant(value=True)
    match node:
        case ast.Compare(left=left, ops=ops, comparators=others):
            for at, op in enumerate(ops):
                by_size = isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE)
                if by_size or len(ops) > 1 or field != "test":
                    changed = [*ops[:at], COMPARED[type(op)](), *ops[at + 1 :]]
                    yield ast.Compare(left=left, ops=changed, comparators=others)
        case ast.BoolOp(op=either, values=values):
            for at in range(len(values)):
                rest = [*values[:at], *values[at + 1 :]]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(op=either, values=rest)
        case ast.UnaryOp(op=ast.Not(), operand=operand) if field != "test":
            yield operand
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in COMPUTED:
            yield ast.BinOp(left=left, op=COMPUTED[type(sign)](), right=right)
        case ast.AugAssign(target=target, op=sign, value=value) if type(sign) in COMPUTED:
            yield ast.AugAssign(target=target, op=COMPUTED[type(sign)](), value=value)
        case ast.Constant(value=bool(value)):
            yield ast.Constant(value=not value)
        case ast.Constant(value=int(value)):
            yield ast.Constant(value=value + 1)
        case ast.Constant(value=str(value)) if KEY.fullmatch(value):
            yield ast.Constant(value=value + "_")
        case ast.Name(id=name) if field == "func" and name in NAMES:
            yield ast.Name(id=NAMES[name], ctx=ast.Load())
        case ast.Expr(value=ast.Call() | ast.Await() | ast.YieldFrom()):
            yield ast.Pass()
        case _ if isinstance(node, DELETED):
            yield ast.Pass()


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 90 else text[:89] + "…"
