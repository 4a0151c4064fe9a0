"""Results -> plots, as SVG: one decision by engine, and growth with the number of rules.

Needs matplotlib; without it there are none. The product is told from the others by shape and label, not by colour alone.
"""

from pathlib import Path
from typing import Any

Results = dict[str, Any]
COLOURS = {"product": "#b3261e", "baseline": "#5f6368", "peer": "#1a5fb4"}
MARKS = {"product": "D", "baseline": "s", "peer": "o"}
WORDS = {"product": "infoshare", "baseline": "Python by hand", "peer": "other engines"}


def drawn(results: Results, folder: Path, *, kind: str = "svg") -> list[str]:
    """Writes what there are results for; the names of the files."""
    try:
        import matplotlib as mpl
    except ImportError:
        return []
    mpl.use("Agg")
    mpl.rcParams.update(
        {
            "font.size": 10,
            "svg.hashsalt": "infoshare",
            "svg.fonttype": "none",
            "font.family": "sans-serif",
            "axes.spines.top": False,
            "axes.spines.right": False,
        }
    )
    written = []
    if results.get("decision"):
        written.append(_decision(results, folder / f"decision.{kind}"))
    if results.get("growth") and "error" not in results["growth"]:
        written.append(_growth(results, folder / f"growth.{kind}"))
    return written


def _decision(results: Results, path: Path) -> str:
    from matplotlib import pyplot as plt

    rows = sorted(results["decision"].items(), key=lambda item: -item[1]["us"])
    figure, axes = plt.subplots(figsize=(8.5, 0.32 * len(rows) + 1.3), layout="constrained")
    for place, (key, row) in enumerate(rows):
        kind = results["engines"][key]["kind"]
        axes.plot([row["us_low"], row["us_high"]], [place, place], color=COLOURS[kind], linewidth=1.5)
        axes.plot(row["us"], place, MARKS[kind], color=COLOURS[kind], markersize=6)
        axes.annotate(
            f"{row['us']:,.3g}" if row["us"] < 1000 else f"{row['us']:,.0f}",
            (row["us_high"], place),
            xytext=(7, 0),
            textcoords="offset points",
            va="center",
            fontsize=8.5,
        )
    axes.set_yticks(range(len(rows)), [results["engines"][key]["title"] for key, _ in rows])
    for label, (key, _) in zip(axes.get_yticklabels(), rows, strict=True):
        if results["engines"][key]["kind"] == "product":
            label.set_fontweight("bold")
    axes.set_xscale("log")
    axes.margins(x=0.12)
    _plain_numbers(axes.xaxis)
    axes.set_xlabel("µs for one decision: median and eight of ten rounds; logarithmic")
    axes.grid(axis="x", color="#dddddd", linewidth=0.7)
    axes.set_axisbelow(True)
    _legend(axes, "lower left" if len(rows) > 8 else "best")
    return _saved(figure, path)


def _growth(results: Results, path: Path) -> str:
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(8.5, 6.2), layout="constrained")
    ends = []
    for key, rows in results["growth"]["selective"].items():
        engine = results["engines"][key]
        points = [(int(size), row["us"]) for size, row in rows.items() if "us" in row]
        if not points:
            continue
        kind = engine["kind"]
        title = {"python_outcome": "Python by hand", "zen_graph": "zen-engine, decision table"}.get(
            key, engine["title"]
        )
        axes.plot(
            *zip(*points, strict=True),
            marker=MARKS[kind],
            color=COLOURS[kind],
            linewidth=2.6 if kind == "product" else 1.1,
            alpha=1 if kind != "peer" else 0.75,
            markersize=6 if kind == "product" else 3.5,
        )
        ends.append((*points[-1], title, kind))
    axes.set_xscale("log")
    axes.set_yscale("log")
    _plain_numbers(axes.xaxis)
    _plain_numbers(axes.yaxis)
    axes.set_xlabel("independent rules; logarithmic")
    axes.set_ylabel("µs for one decision; logarithmic")
    axes.grid(color="#dddddd", linewidth=0.7)
    axes.set_ylim(top=axes.get_ylim()[1] * 4)
    _named_at_ends(axes, ends)
    return _saved(figure, path)


def _named_at_ends(axes: Any, ends: list[tuple[int, float, str, str]]) -> None:
    """Names to the right of the lines, kept apart from one another."""
    from math import log10

    low, high = axes.get_ylim()
    apart = (log10(high) - log10(low)) / 27
    for size in {size for size, *_ in ends}:
        at = -float("inf")
        for _, us, title, kind in sorted(end for end in ends if end[0] == size):
            at = max(log10(us), at + apart)
            axes.annotate(
                title,
                (size, us),
                xytext=(size * 1.35, 10**at),
                textcoords="data",
                va="center",
                fontsize=8.5,
                color=COLOURS[kind],
                fontweight="bold" if kind == "product" else "normal",
                annotation_clip=False,
                arrowprops={"arrowstyle": "-", "color": "#bbbbbb", "linewidth": 0.6},
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5, "alpha": 0.8},
            )


def _plain_numbers(axis: Any) -> None:
    from matplotlib.ticker import FuncFormatter, NullFormatter

    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}" if value >= 1 else f"{value:g}"))
    axis.set_minor_formatter(NullFormatter())


def _legend(axes: Any, where: str) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=COLOURS[kind], marker=MARKS[kind], linestyle="none", label=WORDS[kind])
        for kind in ("product", "baseline", "peer")
    ]
    axes.legend(handles=handles, loc=where, frameon=True, fontsize=9)


def _saved(figure: Any, path: Path) -> str:
    from matplotlib import pyplot as plt

    meta = {"Date": None, "Creator": None} if path.suffix == ".svg" else None
    figure.savefig(path, metadata=meta, dpi=110, facecolor="white")
    plt.close(figure)
    return path.name
