# SPDX-License-Identifier: BSD-2-Clause
"""A timer that is set into the past before its interrupt is ended fires again.

The guest is alone: no slice's end, no other VM's interrupt comes to the rescue.
(QEMU 7.2's interrupt controller doesn't look at a physical line again when the end
of a virtual interrupt deactivates it; the hypervisor must make it look.)
"""

import pathlib

HERE = pathlib.Path(__file__).parent


def test_rearm(boot):
    """All interrupts come, to a spinning guest and to a sleeping one."""
    system = boot(HERE / "rearm.dts", vms=["late"])
    system.vm("late").expect(r"^rearm: 50 interrupts, spinning$", timeout=30)
    system.vm("late").expect(r"^rearm: 50 interrupts, sleeping$", timeout=30)
    system.expect_off()
