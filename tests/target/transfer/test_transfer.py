# SPDX-License-Identifier: BSD-2-Clause
"""What a guest finds at its device addresses is what the manuals say.

The guest checks itself (guest.c); natively on QEMU's board it passes as well.
"""

import pathlib

HERE = pathlib.Path(__file__).parent


def test_transfer(boot):
    """Both instances pass every check, and power off."""
    system = boot(HERE / "transfer.dts", vms=["a", "b"])
    for name in ["a", "b"]:
        vm = system.vm(name)
        result = vm.expect(r"^transfer: (\d+) checks, (\d+) failed$|^guest: unexpected.*")
        assert result[2] == "0", f"{name}:\n" + vm.text
        assert int(result[1]) > 90
    system.expect_off()
