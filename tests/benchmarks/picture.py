"""Seconds against something, as a small SVG with a line for each series and its own ground."""

from collections.abc import Callable, Mapping, Sequence
from math import log10

from markupsafe import escape

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT, LINE = 720, 360, 70, 50, 40, 150, 16
COLOURS = ("#1d4f91", "#b3541e", "#2f6b3a", "#6b3a6b")
STYLE = "text{font:14px sans-serif;fill:#222}polyline{fill:none;stroke-width:2}line{stroke:#bbb}"
Points = Sequence[tuple[float, float]]


def drawn(title: str, across: str, series: Mapping[str, Points], *, logs: bool = False) -> str:
    """The picture; `across`: what its points are beside. `logs`: both ways by powers of ten."""
    points = [point for line in series.values() for point in line]
    xs, ys = sorted({x for x, _ in points}), [y for _, y in points]
    x_of = _scale(xs[0], xs[-1], LEFT, WIDTH - RIGHT, logs)
    low = 10 ** int(log10(min(ys)) - 1) if logs else 0.0
    y_of = _scale(low, max(ys), HEIGHT - BOTTOM, TOP, logs)
    parts = [f'<text x="{LEFT}" y="20">{escape(title)}</text>']
    for y in _ticks(low, max(ys), logs):
        at = y_of(y)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{at + 5:.1f}" text-anchor="end">{y:g} s</text>')
    under = f'y="{HEIGHT - 25}" text-anchor="middle"'
    parts += [f'<text x="{x_of(x):.1f}" {under}>{x:,.0f}</text>' for x in xs]
    parts.append(f'<text x="{LEFT}" y="{HEIGHT - 5}">{escape(across)}</text>')
    for colour, line in zip(COLOURS, series.values(), strict=False):
        places = [(x_of(x), y_of(y)) for x, y in line]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{path}" stroke="{colour}"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
    ends = sorted((y_of(line[-1][1]), name) for name, line in series.items())
    floor = HEIGHT - BOTTOM + 5.0  # names stand over it, and over each other
    for end, name in reversed(ends):
        floor = min(end + 5, floor)
        parts.append(f'<text x="{WIDTH - RIGHT + 8}" y="{floor:.1f}">{escape(name)}</text>')
        floor -= LINE
    told = "; ".join(
        f"{name}: {', '.join(f'{x:,.0f}: {y:.2f} s' for x, y in line)}"
        for name, line in series.items()
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"<title>{escape(title)}</title><desc>{escape(told)}</desc><style>{STYLE}</style>"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>{"".join(parts)}</svg>\n'
    )


def _scale(
    low: float, high: float, first: float, last: float, logs: bool
) -> Callable[[float], float]:
    """Where a value stands between two places."""

    def place(value: float) -> float:
        return log10(value) if logs else value

    whole = place(high) - place(low) or 1
    return lambda value: first + (place(value) - place(low)) / whole * (last - first)


def _ticks(low: float, high: float, logs: bool) -> list[float]:
    if logs:
        powers = range(round(log10(low)), int(log10(high)) + 1)
        return [10.0**power for power in powers]
    step = 10 ** int(log10(high))
    step = step if high / step > 2 else step / 4
    return [step * number for number in range(int(high / step) + 1)]
