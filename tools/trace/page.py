# SPDX-License-Identifier: BSD-2-Clause
"""The timeline as one HTML file that needs nothing else: page.html with the lanes in
it as numbers. It draws as timeline.py does, and can be zoomed to single events."""

import json
import pathlib
from xml.sax.saxutils import escape

import lanes

TEMPLATE = pathlib.Path(__file__).with_name("page.html")


class _Names:
    """Texts that occur again and again, as numbers."""

    def __init__(self):
        self.texts = []
        self._numbers = {}

    def number(self, text):
        """Of a text, new or not."""
        if text not in self._numbers:
            self._numbers[text] = len(self.texts)
            self.texts.append(text)
        return self._numbers[text]


def _lane(lane, start, names):
    """Times are ticks since the trace's start; each span's start is told as the
    distance from the last one's end, which is short."""
    flat, before = [], start
    for low, high, text in lane.spans:
        flat += [low - before, high - low, names.number(text)]
        before = high
    marks = [[mark.time - start, f"{mark.name} {mark.text}".strip()] for mark in lane.marks]
    return {"name": lane.name, "colour": lane.colour, "spans": flat, "marks": marks}


def draw(cores, layout):
    """The text of the HTML file."""
    start, end = lanes.span_of(cores)
    names = _Names()
    data = {"hz": layout.counter_hz, "length": end - start, "names": names.texts, "cores": [
        {"name": f"core {core.number}",
         "lanes": [_lane(lane, start, names) for lane in lanes.of_core(core, layout)]}
        for core in cores if core.events]}
    text = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
    return (TEMPLATE.read_text().replace("@TITLE@", escape(f"{layout.name}: timeline"))
            .replace("@DATA@", text))
