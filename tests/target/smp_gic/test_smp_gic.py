# SPDX-License-Identifier: BSD-2-Clause
"""The interrupt controller of a guest with several CPUs is a GICv2.

SGIs, SPIs on the CPU they are for, what one CPU sees and does of what is active on
another, storms that are counted. The guest checks itself, natively as well, where
QEMU's GIC is the manual's. SMP_STORM: how many times as much of the storms (1).
"""

import os
import pathlib
import re

import pytest

from lib import build

HERE = pathlib.Path(__file__).parent
TIMES = int(os.environ.get("SMP_STORM", "1"))
RESULT = r"^smp_gic: (\d+) checks, (\d+) failed$|^guest: .*"
CHECKS = {4: 1800, 2: 200}  # at least


def expect_result(stream, cpus, times=1):
    """All checks passed, and the storms were storms."""
    stream.expect(rf"^smp_gic: {cpus} CPUs$")
    result = stream.expect(RESULT, timeout=180 * (1 + times))
    assert result[2] == "0", stream.text
    assert int(result[1]) >= CHECKS[cpus]
    sent, came = map(int, re.search(r"one by one: sent (\d+), came (\d+)", stream.text).groups())
    assert sent == came > 2000 * cpus * times
    caught = int(re.search(r"(\d+) caught in the act", stream.text)[1])
    assert caught > 50 * times


@pytest.mark.parametrize("vm, cpus", [("four", 4), ("two", 2)])
def test_smp_gic_native(boot, vm, cpus):
    """The guest's idea of a GICv2 is QEMU's, too."""
    expect_result(boot.native(HERE / "smp_gic.dts", vm).machine, cpus)


@pytest.mark.xfail(strict=False, reason="the timer of a CPU that naps may come before the interrupt"
                   " that the check waits for, when another VM has had the core: the guest's to mend")
def test_smp_gic(boot):
    """Two guests, of four and of two CPUs; two of the cores have one of each."""
    text, count = re.subn(r"times=1", f"times={TIMES}", (HERE / "smp_gic.dts").read_text())
    assert count == 2
    path = build.TREE / "build/tests/smp_gic-run.dts"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    system = boot(path, vms=["four", "two"])
    expect_result(system.vm("two"), 2, TIMES)
    expect_result(system.vm("four"), 4, TIMES)
    system.expect_off()
