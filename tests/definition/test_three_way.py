"""Clashes inside a text: what is asked, what is kept unasked, and what choices make of it."""

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistants.diff import (
    MergedLines,
    Pick,
    choosable_lines,
    join_picks,
    merge_lines,
    split_lines,
)
from assistants.diff.three_way import _hunks
from tests.definition.test_merge_laws import edited, edits, repeating


def shown(base: str, mine: str, theirs: str) -> list[str]:
    """Each stretch in short: whose change it is, and its lines on each side if they clash."""
    found = []
    for stretch in merge_lines(base, mine, theirs):
        sides = (stretch.base, stretch.mine, stretch.theirs)
        lines = " ".join(",".join(side) or "-" for side in sides)
        agreed = ",".join(stretch.agreed) or "-"
        found.append(f"{stretch.changed_by}: {lines if stretch.is_clash else agreed}")
    return found


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "expected"),
    [
        # Only the lines that both changed are asked about.
        ("a\nb\nc\nd\ne", "A\nb\nM\nd\ne", "a\nb\nT\nd\nE",
         ["mine: A", "nobody: b", "clash: c M T", "nobody: d", "theirs: E"]),
        # What both sides have alike around a clash is no question.
        ("a\nb\nc", "a\nx\ny\nc", "a\nx\nz\nc",
         ["nobody: a", "both: x", "clash: b y z", "nobody: c"]),
        ("a\nb", "a\nx\ny", "a\nz\ny", ["nobody: a", "clash: b x z", "both: y"]),
        ("a\nb", "a\nx\nx", "a\nx", ["nobody: a", "both: x", "clash: b x -"]),
        ("", "a", "a\nb", ["both: a", "clash: - - b"]),
        # One side has removed the lines, or all of the text.
        ("a\nb\nc", "a\nc", "a\nB\nc", ["nobody: a", "clash: b - B", "nobody: c"]),
        ("a\nb", "", "a\nB", ["clash: a,b - a,B"]),
        # A last line end is an empty line.
        ("a\nb", "a\nb\n", "a\nB", ["nobody: a", "clash: b b, B"]),
        # The same change is made once.
        ("a\nb\nc", "a\nB\nc", "a\nB\nC", ["nobody: a", "both: B", "clash: b,c c C"]),
        ("a\nb\nc\nd", "a\nB\nc\nd", "a\nB\nc\nD",
         ["nobody: a", "both: B", "nobody: c", "theirs: D"]),
    ],
)  # fmt: skip
def test_a_text_is_cut_where_both_sides_changed_it(base, mine, theirs, expected):
    assert shown(base, mine, theirs) == expected


def test_a_new_line_in_two_places_is_asked_about_in_both():
    first, _kept, second, _rest = merge_lines("a\nb\nc", "new\na\nb\nc", "a\nb\nnew\nc")
    assert first == MergedLines((), ("new",), (), "clash", "new")
    assert second == MergedLines((), (), ("new",), "clash", "new")


def test_a_pick_takes_the_lines_of_a_side_of_both_or_of_nobody():
    stretches = merge_lines("a\nb\nc", "a\nmine\nc", "a\ntheirs\nc\nd")
    texts = {
        side: join_picks(stretches, [Pick(side, "one\n\ntwo")])
        for side in ("mine", "theirs", "both", "written")
    }
    assert texts == {
        "mine": "a\nmine\nc\nd",
        "theirs": "a\ntheirs\nc\nd",
        "both": "a\nmine\ntheirs\nc\nd",
        "written": "a\none\n\ntwo\nc\nd",
    }
    assert join_picks(stretches, [Pick("written", "")]) == "a\nc\nd"


# Laws.

texts = repeating | st.just("")
words = st.text("ab\n\r\u2028é", max_size=8)


@st.composite
def sides(draw):
    """Three texts that have much in common, or little."""
    if draw(st.booleans()):
        base, *changes = draw(edits())
        return [edited(base, change) for change in ({}, *changes)]
    any_text = texts | words
    return [draw(any_text), draw(any_text), draw(any_text)]


def joined(lines):
    return "\n".join(line for part in lines for line in part)


@given(sides())
def test_the_stretches_of_a_side_make_its_text(three):
    stretches = merge_lines(*three)
    assert joined(stretch.base for stretch in stretches) == three[0]
    assert joined(stretch.mine for stretch in stretches) == three[1]
    assert joined(stretch.theirs for stretch in stretches) == three[2]
    for stretch in stretches:
        if stretch.changed_by in ("nobody", "theirs"):
            assert stretch.mine == stretch.base
        if stretch.changed_by in ("nobody", "mine"):
            assert stretch.theirs == stretch.base
        if stretch.changed_by in ("nobody", "both"):
            assert stretch.mine == stretch.theirs
        if stretch.is_clash:
            assert stretch.mine != stretch.theirs


def merged_whole(base, mine, theirs):
    """Return the merge as if no clash could be cut out of the text; None if there is one."""
    old, *new = map(split_lines, (base, mine, theirs))
    mine_hunks, their_hunks = (set(_hunks(old, side)) for side in new)
    lines = [
        {line for hunk in one - other for line in hunk.lines}.difference(old, [""])
        for one, other in ((mine_hunks, their_hunks), (their_hunks, mine_hunks))
    ]
    hunks = sorted(mine_hunks | their_hunks)
    if lines[0] & lines[1] or any(one.end >= two.start for one, two in pairwise(hunks)):
        return None
    merged, done = [], 0
    for hunk in hunks:
        merged += [*old[done : hunk.start], *hunk.lines]
        done = hunk.end
    return "\n".join(merged + old[done:])


@given(sides())
def test_without_a_clash_it_is_the_merge_of_the_whole_text(three):
    stretches, whole = merge_lines(*three), merged_whole(*three)
    if whole is not None:
        assert not any(stretch.is_clash for stretch in stretches)
        assert join_picks(stretches, []) == whole
    elif three[1] != three[2] and not any(stretch.is_clash for stretch in stretches):
        assert any(stretch.changed_by == "both" for stretch in stretches)


@given(sides())
def test_which_side_is_called_mine_matters_to_nothing_else(three):
    base, mine, theirs = three
    other = {"mine": "theirs", "theirs": "mine"}
    assert merge_lines(base, theirs, mine) == [
        MergedLines(
            stretch.base,
            stretch.theirs,
            stretch.mine,
            other.get(stretch.changed_by, stretch.changed_by),
            stretch.twice,
        )
        for stretch in merge_lines(base, mine, theirs)
    ]


@given(sides())
def test_one_side_everywhere_keeps_what_only_the_other_changed(three):
    stretches = merge_lines(*three)
    clashes = [stretch for stretch in stretches if stretch.is_clash]
    for side in ("mine", "theirs"):
        text = join_picks(stretches, [Pick(side)] * len(clashes))
        assert text == joined(
            getattr(stretch, side if stretch.is_clash else "agreed") for stretch in stretches
        )
        if not any(stretch.changed_by in {"mine", "theirs"} - {side} for stretch in stretches):
            assert text == three[1 if side == "mine" else 2]


@given(sides(), st.data())
def test_every_choice_makes_a_text_of_exactly_what_was_chosen(three, data):
    stretches = merge_lines(*three)
    count = sum(stretch.is_clash for stretch in stretches)
    written = data.draw(words)
    every = [Pick("mine"), Pick("theirs"), Pick("both"), Pick("written", written)]
    if count <= 3:
        choices = list(product(every, repeat=count))
    else:
        choices = [data.draw(st.lists(st.sampled_from(every), min_size=count, max_size=count))]
    for picks in choices:
        left = list(picks)
        expected = []
        for stretch in stretches:
            if not stretch.is_clash:
                expected += stretch.agreed
                continue
            pick = left.pop(0)
            expected += {
                "mine": stretch.mine,
                "theirs": stretch.theirs,
                "both": stretch.mine + stretch.theirs,
                "written": split_lines(written),
            }[pick.side]
        assert join_picks(stretches, picks) == "\n".join(expected)


@given(sides(), st.data())
def test_any_places_of_an_older_text_are_put_back_and_nothing_else(three, data):
    live, older, _ = three
    stretches = choosable_lines(live, older)
    places = [stretch for stretch in stretches if stretch.is_clash]
    chosen = data.draw(st.lists(st.booleans(), min_size=len(places), max_size=len(places)))
    picks = [Pick("mine" if is_older else "theirs") for is_older in chosen]
    # Said again without them: live, with the lines of the chosen places in place of its own.
    expected, flags = [], iter(chosen)
    for stretch in stretches:
        is_older = stretch.is_clash and next(flags)
        expected += stretch.mine if is_older else stretch.theirs
    assert join_picks(stretches, picks) == "\n".join(expected)
    if all(chosen):
        assert join_picks(stretches, picks) == older
    if not any(chosen):
        assert join_picks(stretches, picks) == live
    for one, two in pairwise(stretches):  # a place is as small as can be
        assert one.is_clash != two.is_clash
