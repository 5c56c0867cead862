# SPDX-License-Identifier: BSD-2-Clause
"""The picture of where each path's instructions go: a bar a row, from the vector to
the ERET, taken apart into the functions in the order in which they ran. Used by
report (build/bench.svg).
"""

import colorsys
import html
import zlib

import run

LEFT, WIDTH, HEIGHT, GAP = 150, 1000, 26, 10
LABEL_PIXELS = 6.2  # of a character, at 10 px


def segments(symbols, addresses):
    """[(function, instructions)] along a path."""
    found = []
    for address in addresses:
        name = symbols.function(address)
        if found and found[-1][0] == name:
            found[-1][1] += 1
        else:
            found.append([name, 1])
    return found


def _colour(name):
    """A function has the same colour everywhere; functions of a module are alike."""
    hue = zlib.crc32(name.split("_")[0].encode()) % 360 / 360
    light = 0.62 + zlib.crc32(name.encode()) % 20 / 100
    red, green, blue = (round(255 * part) for part in colorsys.hls_to_rgb(hue, light, 0.55))
    return f"#{red:02x}{green:02x}{blue:02x}"


def _bar(y, parts, scale):
    x = LEFT
    for name, count in parts:
        width = count * scale
        title = html.escape(f"{name}: {count}")
        yield (f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{HEIGHT}" '
               f'fill="{_colour(name)}" stroke="white" stroke-width="0.5">'
               f"<title>{title}</title></rect>")
        fitting = name if len(name) * LABEL_PIXELS < width else ""
        yield (f'<text x="{x + width / 2:.1f}" y="{y + HEIGHT / 2 + 3.5}" font-size="10" '
               f'text-anchor="middle" pointer-events="none">{html.escape(fitting)}</text>')
        x += width


def _row(y, row, figure, parts, scale):
    yield (f'<text x="{LEFT - 6}" y="{y + HEIGHT / 2 + 4}" font-size="12" '
           f'text-anchor="end">{html.escape(row.name)} {figure.instructions}</text>')
    yield from _bar(y, parts, scale)
    if row.goal is None:
        return
    goal = LEFT + row.goal * scale
    yield (f'<line x1="{goal:.1f}" y1="{y - 3}" x2="{goal:.1f}" y2="{y + HEIGHT + 3}" '
           'stroke="#c00" stroke-width="2"><title>goal</title></line>')


def draw(wanted, results):
    """The SVG, as text. Each bar fills the width; the red line is the goal."""
    body, y = [], 40
    for row in wanted:
        figure = results.figures.get(row.name)
        if not figure or not figure.traces:
            continue
        symbols = run.elf(row.system)
        traces = results.counts[row.system].traces
        parts = segments(symbols, [address for number in figure.traces
                                   for address in traces[number].addresses])
        body += _row(y, row, figure, parts, WIDTH / max(figure.instructions, row.goal or 0))
        y += HEIGHT + GAP
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 20}" height="{y}" '
            'font-family="sans-serif"><rect width="100%" height="100%" fill="white"/>'
            '<text x="10" y="22" font-size="14">Instructions of each path, by function, in the '
            "order of their execution; red: the goal</text>")
    return "\n".join([head, *body, "</svg>"]) + "\n"
