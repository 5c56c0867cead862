# SPDX-License-Identifier: BSD-2-Clause
"""The interrupt controller of a guest with several CPUs is a GICv2.

SGIs, SPIs on the CPU they are for, what one CPU sees and does of what is active on
another, storms that are counted. The guest checks itself, natively as well, where
QEMU's GIC is the manual's. SMP_STORM: how many times as much of the storms (1; the
long form: 20).
"""

import os
import pathlib
import re

import pytest

from lib import build

HERE = pathlib.Path(__file__).parent
TIMES = int(os.environ.get("SMP_STORM", "1"))
RESULT = r"^smp_gic: (\d+) checks, (\d+) failed$|^guest: .*"
LONG = 600  # seconds: four CPUs on a busy machine wait long for each lock
CHECKS = {4: 1800, 2: 200}  # at least
STORMS = {4: 1, 2: 4}       # the manifest's `times`, by CPUs


def expect_result(stream, cpus, times=1):
    """All checks passed, and the storms were storms."""
    times *= STORMS[cpus]
    stream.expect(rf"^smp_gic: {cpus} CPUs$")
    result = stream.expect(RESULT, timeout=LONG * (1 + times))
    assert result[2] == "0", stream.text
    assert int(result[1]) >= CHECKS[cpus]
    sent, came = map(int, re.search(r"one by one: sent (\d+), came (\d+)", stream.text).groups())
    assert sent == came > 30 * cpus * times
    caught = int(re.search(r"(\d+) caught in the act", stream.text)[1])
    assert caught > 10 * times


@pytest.mark.parametrize("vm, cpus", [("four", 4), ("two", 2)])
def test_smp_gic_native(boot, vm, cpus):
    """The guest's idea of a GICv2 is QEMU's, too."""
    expect_result(boot.native(HERE / "smp_gic.dts", vm).machine, cpus)


def test_smp_gic(boot):
    """Two guests, of four and of two CPUs; two of the cores have one of each."""
    text, count = re.subn(r"times=(\d+)", lambda times: f"times={int(times[1]) * TIMES}",
                          (HERE / "smp_gic.dts").read_text())
    assert count == 2
    path = build.TREE / "build/tests/smp_gic-run.dts"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    system = boot(path, vms=["four", "two"])
    expect_result(system.vm("two"), 2, TIMES)
    expect_result(system.vm("four"), 4, TIMES)
    system.expect_off()
