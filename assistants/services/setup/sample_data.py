"""The definitions of the sample assistants in `assistants/samples`."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "samples"


def samples() -> list[dict[str, Any]]:
    """Read every sample: `<slug>.json` with its instructions from `<slug>.md`, in order of slug."""
    return [_read(path) for path in sorted(FOLDER.glob("*.json"))]


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    instructions = path.with_suffix(".md").read_text(encoding="utf-8")
    return {**content, "instructions": instructions.removesuffix("\n")}
