# SPDX-License-Identifier: BSD-2-Clause
"""A guest's interrupt controller is a GICv2, register by register, state by state.

The guest checks itself (guest.c and its parts), natively as well. Instructions are
counted: how long it waits to see that nothing comes is the same on any machine.
"""

import pathlib

HERE = pathlib.Path(__file__).parent
ICOUNT = ["-icount", "shift=0,sleep=off"]
RESULT = r"^gic: (\d+) checks, (\d+) failed$|^guest: unexpected.*"


def test_gic_native(boot):
    """The guest's idea of a GICv2 is QEMU's, too, where QEMU's is the manual's."""
    result = boot.native(HERE / "gic.dts", "a", extra=ICOUNT).machine.expect(RESULT)
    assert result[2] == "0"
    assert int(result[1]) > 2000


def test_gic(boot):
    """Two of them, switched away from every millisecond in whatever state they are."""
    system = boot(HERE / "gic.dts", vms=["a", "b"], extra=ICOUNT)
    for name in ["a", "b"]:
        result = system.vm(name).expect(RESULT)
        assert result[2] == "0", f"{name}:\n" + system.vm(name).text
        assert int(result[1]) > 5000
    system.expect_off()
