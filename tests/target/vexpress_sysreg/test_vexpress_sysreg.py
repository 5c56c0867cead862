# SPDX-License-Identifier: BSD-2-Clause
"""The emulated system registers of a Versatile Express, checked by a bare guest (guest.c)
in each of three lives: it resets itself, reboots and goes off, all by these registers."""

import pathlib

HERE = pathlib.Path(__file__).parent


def test_vexpress_sysreg(boot):
    """Every register, in the VM's own time; the other VM notices nothing."""
    system = boot(HERE / "vexpress_sysreg.dts", vms=["a", "b"])
    guest = system.vm("a")
    for life in (1, 2, 3):
        result = guest.expect(r"^sysreg: (\d+) checks, (\d+) failed$|^guest: unexpected.*")
        assert result[2] == "0" and int(result[1]) == 39, guest.text
        guest.expect(rf"^sysreg: life {life} ends$")
    system.hypervisor.expect(r"^a: powered off")
    system.vm("b").skip()
    system.vm("b").expect(r"^hello: idle for \d+ s$")
