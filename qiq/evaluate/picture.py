"""Draw who is taken for whom: labels down, what was understood across."""

from __future__ import annotations

from collections import Counter
from pathlib import Path


def draw(counts: Counter[tuple[str, str]], path: Path) -> None:
    """Write a PNG. ``counts`` has (label, understood) -> messages."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    names = sorted({name for pair in counts for name in pair})
    place = {name: i for i, name in enumerate(names)}
    totals = Counter[str]()
    for (label, _), count in counts.items():
        totals[label] += count
    figure, axes = pyplot.subplots(figsize=(0.28 * len(names) + 3, 0.28 * len(names) + 2))
    grid = [[0.0] * len(names) for _ in names]
    for (label, said), count in counts.items():
        grid[place[label]][place[said]] = count / totals[label]
    axes.imshow(grid, cmap="Blues", vmin=0, vmax=1)
    for (label, said), count in counts.items():
        colour = "white" if count / totals[label] > 0.5 else "black"
        spot = (place[said], place[label])
        axes.text(*spot, str(count), ha="center", va="center", fontsize=6, color=colour)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=6)
    axes.set_yticks(range(len(names)), names, fontsize=6)
    axes.set_xlabel("understood")
    axes.set_ylabel("label")
    figure.tight_layout()
    figure.savefig(path, dpi=110, metadata={"Software": None})
    pyplot.close(figure)
