# SPDX-License-Identifier: BSD-2-Clause
"""What a guest finds at its device addresses is what the manuals say.

The guests check themselves; natively on QEMU's board they pass as well.
"""

import pathlib

HERE = pathlib.Path(__file__).parent
VMS = {"gic": 80, "gic-thumb": 80, "bus": 80, "bus-thumb": 80}  # and checks, at least


def test_mmio(boot):
    """All pass every check, and power off."""
    system = boot(HERE / "mmio.dts", vms=list(VMS))
    for name, least in VMS.items():
        vm = system.vm(name)
        result = vm.expect(r"^\w+: (\d+) checks, (\d+) failed$|^guest: unexpected.*")
        assert result[2] == "0", f"{name}:\n" + vm.text
        assert int(result[1]) >= least
    system.expect_off()
