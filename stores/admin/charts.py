"""Geometry of small charts. Templates draw them as SVG; the stylesheet colours them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Number = int | float | Decimal


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str
    text: str
    url: str


@dataclass(frozen=True)
class Bars:
    """A bar chart; `top` is the text of its highest bar."""

    width: int
    height: int
    base: int
    top: str
    bars: list[Bar]


def bars(points: Sequence[dict[str, Any]], *, width: int = 560, height: int = 190) -> Bars:
    """Return the bars of points with `label`, `value`, `text` and `url`; the highest fills the chart."""
    head, foot = 18, 22
    base = height - foot
    highest = max((float(point["value"]) for point in points), default=0.0)
    step = width / max(len(points), 1)
    chart_bars = []
    for index, point in enumerate(points):
        bar_height = max(float(point["value"]), 0) / highest * (base - head) if highest > 0 else 0
        chart_bars.append(
            Bar(
                x=round(index * step + step * 0.14, 2),
                y=round(base - bar_height, 2),
                width=round(step * 0.72, 2),
                height=round(bar_height, 2),
                middle=round((index + 0.5) * step, 2),
                label=point["label"],
                text=point["text"],
                url=point.get("url", ""),
            )
        )
    top = max(points, key=lambda point: point["value"])["text"] if highest > 0 else ""
    return Bars(width, height, base, top, chart_bars)


@dataclass(frozen=True)
class Sparkline:
    width: int
    height: int
    line: str
    area: str
    x: float
    y: float


def sparkline(values: Sequence[Number], *, width: int = 240, height: int = 48) -> Sparkline:
    """Return a line through the values that marks the last one."""
    highest = max((float(value) for value in values), default=0) or 1
    step = (width - 8) / max(len(values) - 1, 1)
    points = [
        (round(4 + i * step, 2), round(height - 4 - max(float(v), 0) / highest * (height - 8), 2))
        for i, v in enumerate(values)
    ]
    line = " ".join(f"{x},{y}" for x, y in points)
    area = f"4,{height - 2} {line} {width - 4},{height - 2}"
    x, y = points[-1] if points else (0.0, 0.0)
    return Sparkline(width, height, line, area, x, y)
