# SPDX-License-Identifier: BSD-2-Clause
"""A guest that restarts finds a machine as new, and nobody else notices.

A bare guest restarts 50 times with its timers, its clock and a device's interrupt
acknowledged and not finished; a Debian Linux several times beside another.
"""

import os
import pathlib
import re

HERE = pathlib.Path(__file__).parent
LIVES = int(os.environ.get("REBOOTS", "10")) # the long form: 50
LINUX_LIVES = 3


def test_reboot(boot):
    """Fifty lives; the witness's lines are whole, in order, and tell of no trouble."""
    system = boot(HERE / "reboot.dts", vms=["reboot", "witness"])
    reboot, witness = system.vm("reboot"), system.vm("witness")
    witness.expect(r"^witness: line \d+, ")
    for life in range(1, LIVES + 2):
        waiting = reboot.expect(r"^reboot: life (\d+) waits for the button$|.*FAILED.*")
        assert waiting[1] == str(life), reboot.text
        if life > LIVES:
            break
        system.driver.query("system_powerdown")
        result = reboot.expect(r"^reboot: (\d+) checks, (\d+) failed$|^guest: unexpected.*")
        assert result[2] == "0", reboot.text
        assert int(result[1]) > 40
    witness.skip()
    witness.expect(r"^witness: line \d+, ")
    witness.expect(r"^witness: line \d+, ")
    *lines, _ = witness.text.strip("\n").splitlines()
    for number, line in enumerate(lines, 1):
        assert re.fullmatch(rf"witness: line {number}, latest \d+ us, 0 spurious", line), line
    assert len(lines) > LIVES // 10


def test_reboot_linux(boot):
    """One Linux restarts itself; the other's uptime goes on."""
    system = boot("two-linux", vms=["armmp", "lpae"])
    restarting, steady = system.vm("armmp"), system.vm("lpae")
    restarting.ready()
    steady.ready()
    uptime = 0.0
    for _ in range(LINUX_LIVES):
        restarting.type("reboot -f")
        restarting.ready()
        assert float(restarting.run("cat /proc/uptime")[0].split()[0]) < 60
        now = float(steady.run("cat /proc/uptime")[0].split()[0])
        assert now > uptime
        uptime = now
    assert not re.search(r"stall|lockup|\bBUG\b|Oops", steady.text + restarting.text)
    assert len(re.findall(r"Booting Linux on", steady.text)) == 1
