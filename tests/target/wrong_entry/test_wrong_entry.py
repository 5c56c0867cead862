# SPDX-License-Identifier: BSD-2-Clause
"""A machine that can't run the image is told so on the UART, with a remedy."""

import pytest


@pytest.mark.parametrize(("extra", "problem", "remedy"), [
    (["-M", "virt"], "hyp", "virtualization=on"),
    (["-M", "virt,virtualization=on,gic-version=3"], "GIC", "gic-version=2"),
    (["-m", "64M"], "RAM that is not there", "give the board more"),
], ids=["no-hyp-mode", "gicv3", "little-ram"])
def test_wrong_entry(boot, extra, problem, remedy):
    """It is told what is wrong, and then what to do."""
    system = boot("two-linux", extra=extra)
    system.hypervisor.expect(problem)
    system.hypervisor.expect(remedy)
    system.pump_for(1)
    assert not system.vm("armmp").text + system.vm("lpae").text, "a VM runs"
