# SPDX-License-Identifier: BSD-2-Clause
"""The window is closed again after an instruction was fetched through it.

The transfer guests use every form of access that must be decoded. When both have powered
off the machine stands still in hyp, and nothing of a VM may be left in its map.
"""

from lib import build
from target.hyp_map import walk
from target.hyp_map.outside import Machine

WINDOWS = 0xf0000000


def test_window_is_closed_after_emulation(boot):
    """No block at the windows' addresses after the last access was emulated."""
    system = boot(build.TREE / "tests/target/transfer/transfer.dts", vms=["a", "b"])
    system.expect_off()
    machine = Machine(system)
    registers = machine.registers()
    leaves = walk.stage1(machine.table, registers["HTTBR"],
                         registers["HMAIR1"] << 32 | registers["MAIR_EL2"])
    assert leaves and [leaf for leaf in leaves if leaf.start >= WINDOWS] == []
