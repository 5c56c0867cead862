# SPDX-License-Identifier: BSD-2-Clause
"""The timeline as an SVG picture. Where a column of it stands for more than one event,
the height of its bar says what part of that time the lane had."""

import itertools
import math
from xml.sax.saxutils import escape

import lanes
from summary import duration

WIDTH, LEFT, RIGHT = 1200, 110, 40
COLUMNS = WIDTH - LEFT - RIGHT
LANE, GAP, RATE, AXIS, TOP = 26, 8, 84, 34, 52
LEAST = 1.0  # pixels: what was there is seen
RATE_COLUMN = 5  # pixels, that bars can be told apart
FONT = "font-family='sans-serif' font-size='12'"


class _Picture:
    """Collects elements downwards."""

    def __init__(self, start, end, hertz):
        self.start, self.end, self.hertz = start, end, hertz
        self.parts = []
        self.y = TOP

    def text(self, x, y, text, anchor="start", more=""):
        """A piece of text."""
        self.parts.append(f"<text x='{x:g}' y='{y:g}' text-anchor='{anchor}' {more}>"
                          f"{escape(text)}</text>")

    def bars(self, heights, width, bottom, colour):
        """A path of bars; equal neighbours are one."""
        steps, column = [], 0
        while column < len(heights):
            until = column + 1
            while until < len(heights) and heights[until] == heights[column]:
                until += 1
            if heights[column]:
                steps.append(f"M{LEFT + column * width:g} {bottom:g}v-{heights[column]:g}"
                             f"h{(until - column) * width:g}v{heights[column]:g}z")
            column = until
        if steps:
            self.parts.append(f"<path fill='{colour}' d='{''.join(steps)}'/>")

    def place(self, time):
        """Where a time is."""
        return LEFT + (time - self.start) / (self.end - self.start) * COLUMNS

    def lane(self, lane):
        """One lane and its marks."""
        bottom = self.y + LANE
        self.parts.append(f"<rect x='{LEFT}' y='{self.y}' width='{COLUMNS}' height='{LANE}'"
                          " fill='#f2f3f5'/>")
        self.text(LEFT - 8, self.y + LANE - 8, lane.name, "end")
        parts = lanes.coverage(lane.spans, self.start, self.end, COLUMNS)
        self.bars([part and max(round(part * LANE, 1), LEAST) for part in parts], 1, bottom,
                  lane.colour)
        for mark in lane.marks:
            x = self.place(mark.time)
            self.parts.append(f"<path fill='#111' d='M{x:.1f} {self.y + 7}l-4 -8h8z'><title>"
                              f"{escape(f'{mark.name} {mark.text}'.strip())}</title></path>")
        self.y = bottom + GAP

    def rates(self, causes):
        """The entries a second, stacked by cause, with a legend."""
        columns = COLUMNS // RATE_COLUMN
        rows = [lanes.counts(cause.times, self.start, self.end, columns) for cause in causes]
        most = max(max(map(sum, zip(*rows)), default=0), 1)
        seconds = (self.end - self.start) / self.hertz / columns
        bottom = self.y + RATE
        self.text(LEFT - 8, self.y + 10, "entries per s", "end")
        self.text(LEFT - 8, self.y + 26, f"{most / seconds:,.0f}", "end", "fill='#666'")
        self.text(LEFT - 8, bottom, "0", "end", "fill='#666'")
        # Painted from the tallest sum down: each then covers what lies below it.
        sums = list(itertools.accumulate(rows, lambda low, row: list(map(sum, zip(low, row)))))
        for cause, heights in reversed(list(zip(causes, sums))):
            self.bars([round(height * RATE / most, 1) for height in heights],
                      RATE_COLUMN, bottom, cause.colour)
        self.y = bottom + GAP
        self._legend(causes)

    def _legend(self, causes):
        x = LEFT
        for cause in causes:
            text = f"{cause.name} ({len(cause.times):,})"
            width = 24 + 6.6 * len(text)
            if x + width > WIDTH:
                x, self.y = LEFT, self.y + 18
            self.parts.append(f"<rect x='{x:g}' y='{self.y}' width='11' height='11'"
                              f" fill='{cause.colour}'/>")
            self.text(x + 16, self.y + 10, text)
            x += width
        self.y += 18 + GAP

    def axis(self, origin):
        """Round times since the origin."""
        low, high = ((time - origin) / self.hertz for time in (self.start, self.end))
        for tick in ticks(low, high):
            x = self.place(origin + tick * self.hertz)
            self.parts.append(f"<path stroke='#888' d='M{x:.1f} {self.y}v5'/>")
            self.text(x, self.y + 18, label(tick), "middle")
        self.y += AXIS


def ticks(low, high):
    """Multiples of 1, 2 or 5 times a power of ten to mark, ten of them at most."""
    step, factors = 1e-9, itertools.cycle((2, 2.5, 2))
    while (high - low) / step > 10:
        step *= next(factors)
    first = math.ceil(low / step - 1e-9)
    return [number * step for number in range(first, math.floor(high / step + 1e-9) + 1)]


def label(seconds):
    """A time at the axis."""
    for unit, name in ((1, "s"), (1e-3, "ms"), (1e-6, "us")):
        if seconds >= unit * 0.9999999:
            return f"{seconds / unit:.6g} {name}"
    return f"{seconds * 1e9:.0f} ns" if seconds else "0"


def draw(cores, layout):
    """The text of the SVG file."""
    start, end = lanes.span_of(cores)
    picture = _Picture(start, end, layout.counter_hz)
    for core in cores:
        if not core.events:
            continue
        lost = f", {core.lost:,} lost" if core.lost else ""
        picture.text(LEFT, picture.y, f"core {core.number}: {len(core.events):,} events{lost}",
                     more="font-weight='bold'")
        picture.y += GAP
        for lane in lanes.of_core(core, layout):
            picture.lane(lane)
        picture.rates(lanes.causes_of_core(core))
        picture.axis(lanes.origin_of(cores))
    title = f"{layout.name}: {duration((end - start) / layout.counter_hz)}"
    return (f"<?xml version='1.0' encoding='UTF-8'?>\n<svg xmlns='http://www.w3.org/2000/svg'"
            f" width='{WIDTH}' height='{picture.y}' viewBox='0 0 {WIDTH} {picture.y}' {FONT}>\n"
            f"<rect width='100%' height='100%' fill='white'/>\n"
            f"<text x='{LEFT}' y='24' font-size='16'>{escape(title)}</text>\n"
            + "\n".join(picture.parts) + "\n</svg>\n")
