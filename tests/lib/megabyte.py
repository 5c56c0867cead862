# SPDX-License-Identifier: BSD-2-Clause
"""A megabyte of numbered lines, printed by each of several Linux guests at once: whatever
serves their consoles, every byte comes, whole lines, in order."""

import re

LINES = 16384  # of 64 bytes
WORDS = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRS"
MOST_SECONDS = 600


def line(number):
    """The line of this number."""
    return f"{number:07d} {WORDS}"


def command(count=LINES):
    """Prints so many, then "end"."""
    return (f"awk 'BEGIN {{ for (i = 0; i < {count}; i++) printf \"%07d {WORDS}\\n\", i }}';"
            " echo e''nd")


def expect_from_each(system, names, log):
    """All print at once, not one after the other: each has lines between the others'."""
    for name in names:
        system.vm(name).skip()
        system.vm(name).type(command())
    for name in names:
        system.vm(name).expect(r"^end$", timeout=MOST_SECONDS)
        lines = [text for text in system.vm(name).lines()
                 if WORDS[:9] in text and "awk" not in text]
        assert lines == [line(number) for number in range(LINES)]
    order = [text[:5] for text in log.read_text("utf-8", "replace").splitlines()
             if re.search(rf"\| \d{{7}} {WORDS[:9]}", text)]
    assert sum(a != b for a, b in zip(order, order[1:])) > 100
