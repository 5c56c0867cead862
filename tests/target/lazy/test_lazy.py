# SPDX-License-Identifier: BSD-2-Clause
"""The VFP is switched lazily: while one VM alone uses it, no switch costs a trap.

Counted in QEMU's log of exceptions: class 0x07 is an access to a coprocessor that is
closed (ARM ARM DDI 0406C, B3.13.6).
"""

import pathlib
import re

HERE = pathlib.Path(__file__).parent
ICOUNT = ["-icount", "shift=0,sleep=off"]
VFP_TRAP = re.compile(r"EL2\n\.\.\.with ESR 0x7/0x[0-9a-f]+$", re.M)


def test_vfp_owner_does_not_trap(boot, tmp_path):
    """Forty switches, and a few traps: where each guest starts, and the first use."""
    log = tmp_path / "int.log"
    system = boot(HERE / "lazy.dts", vms=["user", "other"],
                  extra=ICOUNT + ["-d", "int", "-D", str(log)])
    for name in ["user", "other"]:
        for _ in range(2):
            system.vm(name).expect(r"^lazy: 10 switches$")
    system.close()
    # An interrupt's entry shows the syndrome of the trap before it: leave those out.
    text = re.sub(r"Taking exception 5 \[IRQ\].*\n.*\n.*\n", "", log.read_text())
    assert 1 <= len(VFP_TRAP.findall(text)) <= 4
