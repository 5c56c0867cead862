# SPDX-License-Identifier: BSD-2-Clause
"""Each line of a VM comes out whole, under the VM's name, however slowly it is written.

A character each half millisecond, slices of 33 ms: nearly every line is interrupted by
the other VM's. None pauses for longer than the console's patience with an open line.
"""

import pathlib
import re

HERE = pathlib.Path(__file__).parent
ICOUNT = ["-icount", "shift=0,sleep=off"]
LINES = 25
RAW = re.compile(r"^(a|b)\| line (\d+) abcdefghijklmnopqrstuvwxyz0123456789 end$")


def test_lines(boot):
    """On the wire there is nothing but whole lines, each VM's in order."""
    system = boot(HERE / "lines.dts", vms=["a", "b"], extra=ICOUNT)
    for name in ["a", "b"]:
        system.vm(name).expect(rf"^line {LINES} ")
    wire = boot.logs[0].read_bytes().decode().replace("\r", "")
    seen = {"a": 0, "b": 0}
    for text in wire.splitlines()[:-1]:
        if text.startswith("bulkhead: "):
            continue
        line = RAW.match(text)
        assert line, f"not a whole line: {text!r}"
        seen[line[1]] += 1
        assert int(line[2]) == seen[line[1]], text
    assert min(seen.values()) >= LINES - 1
