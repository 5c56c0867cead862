# SPDX-License-Identifier: BSD-2-Clause
"""A hostile guest harms itself alone.

A million random operations (HOSTILE_OPS), by a seed (HOSTILE_SEED) the same each time;
beside it one guest watches all of its registers, another its memory, timer,
distributor and console. Instructions are counted: a seed gives one and the same run.
"""

import os
import pathlib
import re

HERE = pathlib.Path(__file__).parent
ICOUNT = ["-icount", "shift=0,sleep=off"]
OPS = int(os.environ.get("HOSTILE_OPS", "1000000"))
SEED = int(os.environ.get("HOSTILE_SEED", "1"))
SECONDS = 60 + OPS // 5000
LATEST_US = 3000  # by a clock that stands still while others run


def manifest(tmp):
    """The manifest with this run's arguments, and a name of its own."""
    text = (HERE / "hostile.dts").read_text()
    text, count = re.subn(r'"seed=\d+ ops=\d+"', f'"seed={SEED} ops={OPS}"', text)
    assert count == 1
    path = tmp / "hostile-run.dts"
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
    return path


def test_hostile(boot):
    """It gets through all of its operations, and nobody else has noticed."""
    folder = HERE.parents[2] / "build" / "tests"
    folder.mkdir(parents=True, exist_ok=True)
    system = boot(manifest(folder), vms=["registers", "hostile", "witness"], extra=ICOUNT)
    registers, hostile, witness = (system.vm(name) for name in
                                   ["registers", "hostile", "witness"])
    hostile.expect(rf"^hostile: seed {SEED}, {OPS} operations$")
    done = hostile.expect(r"^hostile: done (\d+) operations$|guest: unexpected", timeout=SECONDS)
    assert done[1] == str(OPS) and hostile.text.count("hostile: seed") == 1

    # Both neighbours go on, and have seen nothing.
    witness.skip()
    witness.expect(r"^witness: line \d+, ", timeout=SECONDS)
    registers.expect(r"^registers: \d+ rounds, \d+ cut, 0 failures$", timeout=SECONDS)
    assert "FAILED" not in registers.text, registers.text
    assert "unexpected" not in registers.text + witness.text
    *lines, _ = witness.text.strip("\n").splitlines()
    for number, line in enumerate(lines, 1):
        match = re.fullmatch(r"witness: line (\d+), latest (\d+) us, 0 spurious", line)
        assert match, f"line {number}: {line}"
        assert int(match[1]) == number
        assert int(match[2]) < LATEST_US, line
    assert len(lines) >= 5
