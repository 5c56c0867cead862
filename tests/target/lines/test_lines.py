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
SLOW_LINES = 5
FLOOD_LINES = 400
LOOKS_MAX = 5000  # tens of thousands if who polls kept the core
RAW = re.compile(r"^(a|b)\| line (\d+) abcdefghijklmnopqrstuvwxyz0123456789 end$")


def read_wire(path):
    """What went over the wire, without the hypervisor's own lines and the last one."""
    lines = path.read_bytes().decode().replace("\r", "").splitlines()[:-1]
    return [line for line in lines if not line.startswith("bulkhead: ")]


def assert_whole(lines):
    """Each is a whole line, and the VM's next one; returns how many each VM wrote."""
    seen = {"a": 0, "b": 0}
    for text in lines:
        line = RAW.match(text)
        assert line, f"not a whole line: {text!r}"
        seen[line[1]] += 1
        assert int(line[2]) == seen[line[1]], text
    return seen


def test_lines(boot):
    """On the wire there is nothing but whole lines, each VM's in order."""
    system = boot(HERE / "lines.dts", vms=["a", "b"], extra=ICOUNT)
    for name in ["a", "b"]:
        system.vm(name).expect(rf"^line {LINES} ")
    assert min(assert_whole(read_wire(boot.logs[0])).values()) >= LINES - 1


def test_slow_lines(boot):
    """A VM without the input that pauses in its lines holds nobody up, and its lines are
    not cut: each goes out when it is there."""
    system = boot(HERE / "slow.dts", vms=["a", "b"], extra=ICOUNT)
    system.vm("b").expect(rf"^line {SLOW_LINES} ")
    seen = assert_whole(read_wire(boot.logs[0]))
    assert seen["b"] >= SLOW_LINES - 1 and seen["a"] > seen["b"]


def test_who_polls_gives_way(boot):
    """A VM that is put aside in the midst of its line keeps the wire; the other's UART is
    full then. It does not poll it until its slice is over: the first gets the core. And
    lines are whole."""
    system = boot(HERE / "flood-lines.dts", vms=["a", "b"], extra=ICOUNT)
    looks = [int(system.vm(name).expect(r"^looked (\d+) times")[1]) for name in ["a", "b"]]
    lines = [line for line in read_wire(boot.logs[0]) if "looked" not in line]
    assert min(assert_whole(lines).values()) >= FLOOD_LINES
    assert max(looks) <= LOOKS_MAX
    assert sum(looks) > 0  # one had to wait: else nothing was tested
