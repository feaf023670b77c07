"""What `python -m bench.mutate` changes in a file, and how it puts that in place."""

from pathlib import Path

from bench.mutate.changes import mutants
from bench.mutate.running import swap_values

SOURCE = '''"""Doors."""
GROWN_UP: int = 18


def opens(age: int, note: str = "Come in") -> bool:
    """Say who may come in."""
    return age >= GROWN_UP and note != "banned"
'''


def test_each_change_of_a_file_is_made_alone(tmp_path: Path) -> None:
    file = tmp_path / "doors.py"
    file.write_text(SOURCE)
    changes = mutants(file)
    assert [str(change).removeprefix(f"{file}:") for change in changes] == [
        "2: 18  →  19",
        "7: age >= GROWN_UP and note != 'banned'  →  note != 'banned'",
        "7: age >= GROWN_UP and note != 'banned'  →  age >= GROWN_UP",
        "7: age >= GROWN_UP  →  age > GROWN_UP",
        "7: note != 'banned'  →  note == 'banned'",
        "7: 'banned'  →  'banned_'",
    ]
    answers = []
    for change in changes:
        names: dict[str, object] = {}
        exec(change.code(), names)
        opens = names["opens"]
        assert callable(opens)
        answers.append([opens(17), opens(18), opens(19), opens(18, "banned")])
    assert answers == [
        [False, False, True, False],
        [True, True, True, False],
        [False, True, True, True],
        [False, False, True, False],
        [False, False, False, True],
        [False, True, True, True],
    ]


def test_values_of_a_file_that_nobody_imported_are_not_swapped(tmp_path: Path) -> None:
    file = tmp_path / "doors.py"
    file.write_text(SOURCE)
    assert not swap_values(mutants(file)[0])
