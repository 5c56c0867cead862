# SPDX-License-Identifier: BSD-2-Clause
"""A machine that resets into the image and can't run it is told so on the UART."""

import pytest


@pytest.mark.parametrize(("extra", "problem", "remedy"), [
    (["-M", "virt,secure=on"], "no Virtualization Extensions", "Cortex-A7 or A15"),
    (["-M", "virt,secure=on,virtualization=on", "-m", "64M"], "RAM that is not there",
     "give the board more"),
], ids=["no-virtualization", "little-ram"])
def test_wrong_reset(boot, extra, problem, remedy):
    """It is told what is wrong, once for all cores, and then what to do."""
    system = boot("two-linux", entry="flash", extra=["-smp", "1", *extra])
    system.hypervisor.expect(problem, timeout=30)
    system.hypervisor.expect(remedy, timeout=30)
    system.pump_for(1)
    assert not system.vm("armmp").text + system.vm("lpae").text, "a VM runs"
