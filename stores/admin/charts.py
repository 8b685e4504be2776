"""Geometry of small charts. Templates draw them as SVG; the stylesheet colours them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import floor, log10
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
    short: str
    is_labelled: bool
    url: str


@dataclass(frozen=True)
class Tick:
    """A line across the chart, and the text of its value."""

    y: float
    text: str


@dataclass(frozen=True)
class Bars:
    """A bar chart with an axis at the left: its ticks are zero, a half, and a round number above all bars."""

    width: int
    height: int
    left: int
    base: int
    ticks: list[Tick]
    bars: list[Bar]


HEAD, FOOT, LEFT = 16, 24, 36


def bars(points: Sequence[dict[str, Any]], *, width: int = 336, height: int = 148) -> Bars:
    """Return the bars of points with `label`, `value`, `text` and `url`."""
    base = height - FOOT
    values = [max(float(point["value"]), 0) for point in points]
    top = round_up(max(values, default=0.0))
    step = (width - LEFT) / max(len(points), 1)
    chart_bars, labelled = [], labelled_bars(values)
    for index, (point, value) in enumerate(zip(points, values, strict=True)):
        bar_height = value / top * (base - HEAD)
        chart_bars.append(
            Bar(
                x=round(LEFT + index * step + step * 0.18, 2),
                y=round(base - bar_height, 2),
                width=round(step * 0.64, 2),
                height=round(bar_height, 2),
                middle=round(LEFT + (index + 0.5) * step, 2),
                label=point["label"],
                text=point["text"],
                short=short(value),
                is_labelled=index in labelled,
                url=point.get("url", ""),
            )
        )
    ticks = [Tick(base - (base - HEAD) * part, short(top * part)) for part in (0, 0.5, 1)]
    return Bars(width, height, LEFT, base, ticks, chart_bars)


def labelled_bars(values: Sequence[float]) -> set[int]:
    """Return the last bar and the highest one, unless that is so near that their values would touch."""
    last, highest = len(values) - 1, values.index(max(values)) if values else 0
    return {last, highest} if last - highest > 2 else {last}


def round_up(value: float) -> float:
    """Return the least of 1, 2, 4, 6 or 8 times a power of ten that is not under the value."""
    if value <= 2:
        return 2.0
    power = 10.0 ** floor(log10(value))
    return next((step * power for step in (1, 2, 4, 6, 8) if value <= step * power), 10 * power)


def short(value: float) -> str:
    """Return a number in few signs, such as 950, 17.3k or 2M."""
    for unit, letter in ((1e6, "M"), (1e3, "k")):
        if value >= unit:
            return f"{value / unit:.1f}".removesuffix(".0") + letter
    return f"{value:.0f}"


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
