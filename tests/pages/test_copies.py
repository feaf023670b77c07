"""What is kept of an editor, and which text the next visit shows: a table, played by a script.

A step is who or which page, what it does, and with what; a page is named by a capital letter, the
person is the editor unless it says "as". Typed is a word of instructions and a temperature: "?" is
one that cannot be read, "." the one that is live, digits another. The right result is what the next
visit of the editor shows: instructions, temperature, what its foot says (saved, kept, unsaved or -)
and its notices.
"""

import pytest

from tests.conftest import Cast
from tests.pages.play import Play

pytestmark = pytest.mark.django_db


Row = tuple[str, str, str]

VISITS: list[Row] = [
    ("nothing was typed", "A opens", "Start . -"),
    ("saved", "A opens; A types Mon 1", "Mon 1 saved"),
    ("kept as typed", "A opens; A types Mon ?", "Mon ? kept typed"),
    ("finished on the same page", "A opens; A types Mon ?; A types Tue 1", "Tue 1 saved"),
    ("typed back", "A opens; A types Mon ?; A types Start .", "Start . -"),
    (
        "unfinished over two visits, finished on the third",
        "A opens; A types Mon ?; B opens; B types MonTue ?; C opens; C types MonTueWed 1",
        "MonTueWed 1 saved",
    ),
    (
        "unfinished over two visits, typed back on the third",
        "A opens; A types Mon ?; B opens; B types MonTue ?; C opens; C types Start .",
        "Start . -",
    ),
    (
        "unfinished over two visits, which were only looked at again",
        "A opens; A types Mon ?; B opens; C opens; C types Tue ?; D opens",
        "Tue ? kept typed",
    ),
    (
        "finished by a button",
        "A opens; A types Mon ?; B opens; B types Tue ?; C opens; C reviews Wed 1",
        "Wed 1 saved",
    ),
]

TABS: list[Row] = [
    (
        "a second page that has not seen the first one's",
        "A opens; B opens; A types Mon 1; B types Tue 2 = 409 unsaved moved",
        "Mon 1 saved",
    ),
    (
        "the same, by a button: banner and foot say the same",
        "A opens; B opens; A types Mon 1; B types Tue 2 = 409 unsaved moved;"
        " B reviews Tue 2 = 409 unsaved moved; B adds Tue 2 = 200 unsaved moved",
        "Mon 1 saved",
    ),
    (
        "a row is added: nothing is saved by it",
        "A opens; A types Mon 1; A adds Tue 2 = 200 unsaved",
        "Mon 1 saved",
    ),
    (
        "a button saves what breaks a limit",
        "A opens; A reviews Mon 7 = 422 saved",
        "Mon 7 saved",
    ),
    (
        "a button keeps what cannot be read",
        "A opens; A types Mon 1; A reviews Tue ? = 422 kept",
        "Tue ? kept typed",
    ),
    (
        "replaced on purpose, the other's copy ends",
        "A opens; B opens; A types Mon ?; B types Tue 2 = 409 unsaved moved; B replaces Tue 2",
        "Tue 2 saved",
    ),
    (
        "only what cannot be read differs: the newer is shown, the other is offered",
        "A opens; A types Mon 1; B opens; C opens; B types Mon ?; C types Wed 2",
        "Wed 2 saved earlier",
    ),
    (
        "the same, and shown on request",
        "A opens; A types Mon 1; B opens; C opens; B types Mon ?; C types Wed 2; looks earlier",
        "Mon ? kept moved older",
    ),
    (
        "the same, and dropped",
        "A opens; A types Mon 1; B opens; C opens; B types Mon ?; C types Wed 2; drops earlier",
        "Wed 2 saved",
    ),
    (
        "an older form is sent again by reloading its answer: it asks, and so does what follows",
        "A opens; A reviews Mon 7 = 422 saved; A types Tue 1;"
        " resends A 1 Mon 7 = 409 unsaved moved; A types Wed 1 = 409 unsaved moved",
        "Tue 1 saved",
    ),
    (
        "the same, and replaced on purpose",
        "A opens; A reviews Mon 7 = 422 saved; A types Tue 1;"
        " resends A 1 Mon 7 = 409 unsaved moved; A replaces Wed 1; A types Thu 1",
        "Thu 1 saved",
    ),
    (
        "the newest form is sent again: it goes on as the same page",
        "A opens; A types Tue 1; A reviews Mon 7 = 422 saved; resends A 2 Mon 7 = 422 saved;"
        " A types Wed 1",
        "Wed 1 saved",
    ),
    (
        "an older save that cannot be read arrives after a newer one that can",
        "A opens; A types Mon 1; A types Tue 2; late A 1 Mon ?",
        "Tue 2 saved",
    ),
    (
        "an older save that can be read arrives after a newer one that cannot",
        "A opens; A types Mon 1; A types Tue ?; late A 1 Mon 1",
        "Tue ? kept typed",
    ),
    (
        "an older save that says what is live arrives after one that cannot be read",
        "A opens; A types Mon 1; A types Tue ?; late A 1 Start .",
        "Tue ? kept typed",
    ),
    (
        "an answer that was lost: the same text is sent again",
        "A opens; A types Mon 1; late A 1 Mon 1; A types Tue 1",
        "Tue 1 saved",
    ),
]

SESSIONS: list[Row] = [
    (
        "signed out while typing",
        "A opens; A types Mon 1; session ends; A types Tue 1 = 401 - out back; session begins",
        "Tue 1 kept typed",
    ),
    (
        "signed out, and an older save arrives late",
        "A opens; A types Mon 1; session ends; A types Tue 1 = 401 - out back;"
        " late A 1 Mon 1 = 401 - out back; session begins",
        "Tue 1 kept typed",
    ),
    (
        "signed out, and the page goes on",
        "A opens; session ends; A types Tue 1 = 401 - out back; session begins; A types Wed 1",
        "Wed 1 saved",
    ),
    (
        "what is kept says what the draft says",
        "A opens; A types Mon 1; session ends; A types Mon 1 = 401 - out back; session begins",
        "Mon 1 saved",
    ),
    (
        "what is kept says what is live",
        "A opens; session ends; A types Start . = 401 - out back; session begins",
        "Start . -",
    ),
    (
        "signed out in two tabs: the newer is shown, the other is offered",
        "A opens; B opens; session ends; A types Mon 1 = 401 - out back;"
        " B types Tue 1 = 401 - out back; session begins",
        "Tue 1 kept typed earlier",
    ),
    (
        "signed out in two tabs, and the newer is saved",
        "A opens; B opens; session ends; A types Mon 1 = 401 - out back;"
        " B types Tue 1 = 401 - out back; session begins;"
        " C opens; C types TueWed 1",
        "TueWed 1 saved earlier",
    ),
    (
        "kept while signed out, published and gone on elsewhere",
        "A opens; session ends; A types Mon 1 = 401 - out back; session begins; B opens;"
        " B types MonTue 1;"
        " publishes",
        "MonTue 1 -",
    ),
]

BETWEEN: list[Row] = [
    (
        "published after it was finished",
        "A opens; A types Mon ?; B opens; B types Tue ?; C opens; C types Wed 1; publishes",
        "Wed 1 -",
    ),
    (
        "published before it was finished: live is shown, the rest is offered",
        "A opens; A types Mon ?; publishes",
        "Mon . - earlier",
    ),
    (
        "published by a colleague before it was finished",
        "A opens; A types Mon ?; publisher publishes",
        "Mon . - earlier",
    ),
    (
        "a colleague published something else: it still is what was typed last",
        "A opens; A types Mon ?; colleague changes",
        "Mon ? kept typed",
    ),
    (
        "published, and the offered text is finished",
        "A opens; A types Mon ?; publishes; B opens earlier; B types Tue 1",
        "Tue 1 saved",
    ),
    ("restored", "A opens; A types Mon ?; publishes; restores 1", "Start . saved"),
    (
        "restored over two visits",
        "A opens; A types Mon ?; B opens; B types Tue ?; publishes; C opens; C types Wed ?;"
        " restores 1",
        "Start . saved",
    ),
    ("discarded", "A opens; A types Mon ?; B opens; B types Tue ?; discards", "Start . -"),
    (
        "discarded, typed on, reviewed",
        "A opens; A types Mon ?; discards; B opens; B types Tue 1",
        "Tue 1 saved",
    ),
    (
        "merged with live: the result is shown, the rest is offered",
        "A opens; A types Mon ?; colleague changes; merges",
        "Mon . saved earlier",
    ),
    (
        "taken over from somebody who left",
        "A opens; session ends; A types Mon 1 = 401 - out back; session begins; takes over",
        "Theirs . saved earlier",
    ),
]

PEOPLE: list[Row] = [
    (
        "each has their own",
        "A opens; A types Mon ?; P opens as publisher; P types Pia ?",
        "Mon ? kept typed",
    ),
    (
        "role lowered while typing",
        "A opens; A types Mon 1; role viewer; A types Tue 1 = 403 - role back; role editor",
        "Tue 1 kept typed",
    ),
    (
        "role lowered, and the page goes on when the right is back",
        "A opens; role viewer; A types Tue 1 = 403 - role back; role editor; A types Wed 1",
        "Wed 1 saved",
    ),
    (
        "role lowered, sent by a button",
        "A opens; role viewer; A reviews Tue ? = 403 - back; role editor",
        "Tue ? kept typed",
    ),
    (
        "somebody else signed in: neither saved nor kept as theirs",
        "A opens; A types Mon 1; signs in publisher; A types Tue 2 = 409 unsaved foreign;"
        " A reviews Tue 2 = 409 unsaved foreign;"
        " A adds Tue 2 = 200 unsaved foreign; A reviews Tue ? = 409 unsaved foreign",
        "Start . -",
    ),
    (
        "somebody else signed in, whose session ended: not kept as theirs",
        "A opens; signs in publisher; session ends; A types Tue 2 = 401 - out; session begins",
        "Start . -",
    ),
    (
        "somebody else signed in, and takes it on purpose",
        "A opens; A types Mon 1; signs in publisher; A reviews Tue 2 = 409 unsaved foreign;"
        " A takes Tue 2",
        "Tue 2 saved",
    ),
    (
        "somebody else signed in who has a draft: taking it overwrites nothing unasked",
        "P opens as publisher; P types Pia 1; A opens; A types Mon 2; signs in publisher;"
        " A takes Tue 2 = 409 unsaved moved",
        "Pia 1 saved",
    ),
    (
        "the first one is back",
        "A opens; A types Mon 1; signs in publisher; A types Tue 2 = 409 unsaved foreign;"
        " signs in editor;"
        " A types Wed 2",
        "Wed 2 saved",
    ),
]

CASES = [
    *(("parameters", row) for row in VISITS if "finished" in row[0]),
    *(("temperature", row) for row in [*VISITS, *TABS, *SESSIONS, *BETWEEN, *PEOPLE]),
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "steps", "right"),
    [(kind, *row[1:]) for kind, row in CASES],
    ids=[f"{row[0]} ({kind})" for kind, row in CASES],
)
def test_the_next_visit_shows_the_newest_text(
    cast: Cast, kind: str, steps: str, right: str
) -> None:
    play = Play(cast, kind)
    for step in steps.split("; "):
        play.step(step.strip())
    assert play.result() == right
