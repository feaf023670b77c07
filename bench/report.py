"""The table that `make bench` prints."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.timing import Sample


@dataclass(frozen=True)
class Row:
    """One line of the table. `met` is None where the issue sets no goal."""

    measure: str
    value: str
    queries: str = ""
    size: str = ""
    calls: str = ""
    bare: str = ""
    ratio: str = ""
    goal: str = ""
    met: bool | None = None


HEADINGS = ("measure", "here", "queries", "bytes", "gateway", "bare view", "ratio", "goal", "")


def row(
    measure: str,
    sample: Sample,
    bare: Sample | None = None,
    *,
    most_ms: float | None = None,
    most_ratio: float | None = None,
    most_calls: int | None = None,
) -> Row:
    """Put a sample beside its bare view and judge it by the goals that are given."""
    ratio = sample.median / bare.median if bare else None
    goals = [
        (f"≤ {most_ratio:g}×", ratio is not None and ratio <= (most_ratio or 0))
        if most_ratio
        else None,
        (f"≤ {most_ms:g} ms", sample.median <= most_ms) if most_ms else None,
        (f"{most_calls} calls", sample.calls == most_calls) if most_calls else None,
    ]
    named = [goal for goal in goals if goal]
    return Row(
        measure=measure,
        value=time(sample),
        queries=str(sample.queries),
        size=f"{sample.size:,}",
        calls=str(sample.calls or ""),
        bare=time(bare) if bare else "",
        ratio=f"{ratio:.1f}×" if ratio else "",
        goal=", ".join(name for name, _ in named),
        met=all(met for _, met in named) if named else None,
    )


def time(sample: Sample) -> str:
    low, high = sample.spread
    return f"{sample.median:.1f} ms ({low:.1f}–{high:.1f})"


def results(rows: Sequence[Row]) -> str:
    """Return the rows as a table, with what was met and what was missed."""
    return table(
        HEADINGS,
        [
            (
                line.measure,
                line.value,
                line.queries,
                line.size,
                line.calls,
                line.bare,
                line.ratio,
                line.goal,
                verdict(line.met),
            )
            for line in rows
        ],
    )


def verdict(met: bool | None) -> str:
    return {True: "met", False: "MISSED", None: ""}[met]


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table with aligned columns."""
    cells = [headings, *rows]
    widths = [max(len(line[column]) for line in cells) for column in range(len(headings))]
    first, *rest = (
        f"| {' | '.join(text.ljust(width) for text, width in zip(line, widths, strict=True))} |"
        for line in cells
    )
    rule = "|".join("-" * (width + 2) for width in widths)
    return "\n".join([first, f"|{rule}|", *rest])
