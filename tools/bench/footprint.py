# SPDX-License-Identifier: BSD-2-Clause
"""The rows of what a system with two Linux VMs of 256 MiB takes: lines of code, text,
RAM. And what it hasn't got.
"""

import re

import rows
import run

SYSTEM = "bench-linux-pair"


def _row(name, what, **figures):
    return rows.Row(name, None, SYSTEM, "footprint", what, **figures)


LINES = _row("lines", "lines of code linked (cloc)", paper="5,730", xen="74,265",
             xvisor="198 k", goal=5999)
TEXT = _row("text_bytes", "of code, without the padding of its last page", xen="457 KB",
            xvisor="968 KB", goal=32768)
RAM = _row("ram_bytes", "text, tables, data, stacks; no images, no trace", xen="87 MiB",
           xvisor="29.7MiB", goal=262144)
ROWS = [LINES, TEXT, RAM]

ABSENT = "image_check: none, for images are not checked: no checksum is computed"


def _ram(folder):
    """What make size says: all sections but the guests' pristine images."""
    text = run.execute("tools/size", folder / "bulkhead.elf")
    return int(re.search(r"^RAM +(\d+) bytes", text, re.M)[1])


def figure(row, folder):
    """The row's Figure, of the system that was built there."""
    if row is LINES:
        value = int(run.execute("tools/loc", folder).split()[-1])
    elif row is TEXT:
        value = run.symbols.Symbols(folder / "bulkhead.elf").text_bytes
    else:
        value = _ram(folder)
    return rows.Figure(value, None)
