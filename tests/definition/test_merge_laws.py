"""In every merge, no change is lost, no line is made up, and merging again changes nothing."""

from collections import Counter

from hypothesis import assume, given
from hypothesis import strategies as st

from assistants.definition import FIELD_NAMES, Definition, changed_fields, same_value
from assistants.diff import merge
from tests.definition.merging import both_ways, merged, resources, tools

# Instructions.


@st.composite
def edits(draw):
    """A text of distinct lines and what two people do to some of them.

    Gives the text and for each person a dict from places to new lines: those of an odd place
    2n + 1 stand instead of line n, those of an even place 2n are put before it.
    """
    base = [f"line {n}" for n in range(draw(st.integers(1, 12)))]
    place = st.integers(0, 2 * len(base))
    sides = []
    for name in ("mine", "theirs"):
        touched = sorted(draw(st.sets(place, min_size=1, max_size=4)))
        sides.append(
            {
                place: [f"{name} {place} {n}" for n in range(draw(st.integers(1 - place % 2, 2)))]
                for place in touched
            }
        )
    if draw(st.booleans()):  # something they both do
        shared = draw(place)
        for side in sides:
            side[shared] = ["both"]
    return base, *sides


def edited(base, edit):
    lines = []
    for place in range(2 * len(base) + 1):
        lines += edit.get(place, [base[place // 2]] if place % 2 else [])
    return "\n".join(lines)


@given(edits())
def test_changes_apart_from_each_other_are_both_made_and_others_clash(example):
    base, mine, theirs = example
    alike = {place for place in mine if theirs.get(place) == mine[place]}
    # Places 2n (before a line), 2n + 1 (the line) and 2n + 2 (after it) touch.
    apart = all(
        abs(one - two) > (1 if one % 2 != two % 2 else 2 if one % 2 else 0)
        for one in mine.keys() - alike
        for two in theirs.keys() - alike
    )
    assume(not alike or (apart and all(_lonely(alike, side) for side in (mine, theirs))))
    texts = [edited(base, edit) for edit in ({}, mine, theirs)]
    assume(all(texts))
    expected = edited(base, mine | theirs) if apart or texts[1] == texts[2] else "clash"
    assert merged("instructions", *texts) == (expected or None)


def _lonely(alike, side):
    """Whether what both did stands apart from all else one of them did."""
    return all(abs(one - two) > 2 for one in alike for two in side.keys() - alike)


lines = st.lists(st.sampled_from(["a", "b", "", "```", "- x"]), min_size=1, max_size=10)
repeating = lines.map("\n".join)


@given(repeating, repeating, repeating)
def test_no_line_comes_from_nowhere_and_none_multiplies(base, mine, theirs):
    result = merged("instructions", base, mine, theirs)
    assume(result != "clash")
    counts = [Counter((text or "").split("\n")) for text in (base, mine, theirs, result)]
    for line in counts[3]:
        old, mine_has, theirs_has, has = (count[line] for count in counts)
        assert has <= max(mine_has, theirs_has, mine_has + theirs_has - old) or line == ""


# What holds for whatever a gateway may send.


# Few enough values that both sides often change a field alike, or only one of them does.
short = st.sampled_from([None, "", "a", "a\r\nb", "\ud800", 1, 1.0, True, float("nan")])
nested = st.sampled_from([[], ["a"], [{}], tools("a"), tools("b1"), {}, {"a": 1}, resources(["f"])])
values = short | nested
anything = st.fixed_dictionaries({}, optional=dict.fromkeys([*FIELD_NAMES, "x_vendor"], values))
histories = st.tuples(anything, anything, anything).map(
    lambda made: [Definition.parse(made[0] | changes) for changes in ({}, made[1], made[2])]
)

letters = st.lists(st.sampled_from("abcIX"), unique=True, max_size=5)
marks = st.fixed_dictionaries({name: st.sampled_from(["", "", "1", "2"]) for name in "abcIX"})
# Sides that have much in common, so that there is something to combine.
similar = st.builds(
    lambda names, marks, metadata, files, stores, text: Definition.parse(
        {
            "tools": tools(" ".join(name + marks[name] for name in names)),
            "metadata": metadata,
            "tool_resources": resources(files, stores),
            "instructions": text,
        }
    ),
    letters,
    marks,
    st.dictionaries(st.sampled_from("abc"), st.sampled_from("12")),
    st.sampled_from([[], ["f"], ["g"]]),
    st.sampled_from([[], ["v"]]),
    repeating,
)
sides = histories | st.lists(similar, min_size=3, max_size=3)


@given(sides)
def test_each_field_that_differs_is_accounted_for_once(definitions):
    base, mine, theirs = definitions
    result = both_ways(base, mine, theirs)
    accounted = result.clashes + result.merged + result.from_mine + result.from_theirs
    assert len(set(accounted)) == len(accounted)
    assert set(accounted) == set(changed_fields(mine, theirs))
    value = result.definition.value
    for field in result.clashes + result.from_mine:
        assert same_value(value(field), mine.value(field))
    for field in result.from_theirs:
        assert same_value(value(field), theirs.value(field))
    assert set(changed_fields(mine, result.definition)) == {*result.merged, *result.from_theirs}


@given(sides)
def test_a_side_that_changed_nothing_leaves_the_other_as_it_is(definitions):
    base, changed, _ = definitions
    result = merge(base=base, mine=changed, theirs=base)
    assert (result.definition, result.clashes, result.merged) == (changed, (), ())
    assert list(result.from_mine) == changed_fields(base, changed)
    result = merge(base=base, mine=base, theirs=changed)
    assert (result.definition, result.clashes, result.merged) == (changed, (), ())
    assert merge(base=base, mine=changed, theirs=changed).definition == changed


@given(sides)
def test_merging_again_changes_nothing(definitions):
    base, mine, theirs = (side.replace(instructions=None) for side in definitions)
    once = merge(base=base, mine=mine, theirs=theirs)
    assume(not once.clashes)
    for side in (mine, theirs):
        again = both_ways(base, once.definition, side)
        assert again.definition == once.definition
        assert again.clashes == again.merged == ()


@given(edits())
def test_merging_instructions_again_changes_nothing(example):
    base, *edits = example
    texts = [edited(base, edit) for edit in ({}, *edits)]
    once = merged("instructions", *texts)
    assume(once != "clash")
    for side in texts[1:]:
        assert merged("instructions", texts[0], once, side) == once


@given(st.lists(similar, min_size=3, max_size=3))
def test_without_a_clash_the_changes_of_both_are_there(definitions):
    base, mine, theirs = definitions
    result = merge(base=base, mine=mine, theirs=theirs)
    for side in (mine, theirs):
        for field in ("metadata", "tools"):
            if field in result.clashes:
                continue
            old, new, now = (_by_key(d.value(field)) for d in (base, side, result.definition))
            for key in old.keys() | new.keys():
                assert old.get(key) == new.get(key) or now.get(key) == new.get(key)


def _by_key(value):
    if isinstance(value, dict):
        return value
    return {tool.get("function", tool).get("name", tool["type"]): tool for tool in value}
