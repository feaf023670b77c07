"""What a search looks for in texts is prepared once, and anew for other spellings."""

from assistants.search import parse
from assistants.search.spans import spans


def test_other_spellings_are_looked_for_instead() -> None:
    query = parse("refnud")
    (term,) = query.terms
    respelt = query.respelt({term: [term.spelt("refund")]})
    assert [found.start for found in spans("a refund", respelt)] == [2]
    assert not list(spans("a refund", query))


def test_equal_searches_are_equal() -> None:
    assert parse("refund 返金") == parse("refund 返金")
    assert hash(parse("refund")) == hash(parse("refund"))
