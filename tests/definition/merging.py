"""Merging from both sides, and the tools and resources that the cases are made of."""

from assistants.definition import Definition
from assistants.diff import merge
from tests.definition.examples import function


def both_ways(base, mine, theirs):
    """Merge, after seeing that it is the same whichever side is called mine."""
    result = merge(base=base, mine=mine, theirs=theirs)
    other = merge(base=base, mine=theirs, theirs=mine)
    assert (other.clashes, other.merged) == (result.clashes, result.merged)
    assert (other.from_theirs, other.from_mine) == (result.from_mine, result.from_theirs)
    undisputed = dict.fromkeys(result.clashes)
    assert other.definition.replace(**undisputed) == result.definition.replace(**undisputed)
    return result


def merged(field, base, mine, theirs):
    """What becomes of one field; "clash" where a person has to choose."""
    sides = [Definition.parse({field: value}) for value in (base, mine, theirs)]
    result = both_ways(*sides)
    if result.clashes:
        assert result.definition == sides[1]
        return "clash"
    return result.definition.value(field)


def resources(files=(), stores=(), **more):
    return {
        "code_interpreter": {"file_ids": list(files)},
        "file_search": {"vector_store_ids": list(stores), **more},
    }


SHORTHAND = {"I": {"type": "code_interpreter"}, "S": {"type": "file_search"}}


def tools(text):
    """Tools in short: I and S are the interpreter and the search, others functions; 1 marks one as
    changed and a capital one of an unknown type."""
    made = []
    for word in text.split():
        name, mark = word[0], word[1:]
        more = {"description": mark} if mark else {}
        if name in SHORTHAND:
            made.append(SHORTHAND[name] | ({"file_search": {"note": mark}} if mark else {}))
        else:
            made.append({"type": name, **more} if name.isupper() else function(name, **more))
    return made
