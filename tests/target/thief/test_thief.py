# SPDX-License-Identifier: BSD-2-Clause
"""A guest acknowledges its timer and never finishes it; Linux beside it goes on.

The interrupt's physical active state belongs to the thief and must leave the
distributor with it at each world switch, or nobody else gets PPI 27 again.
"""

import pathlib

HERE = pathlib.Path(__file__).parent


def test_thief(boot):
    """Linux boots beside the thief, and its timers work."""
    system = boot(HERE / "thief.dts", vms=["thief", "linux"])
    thief, linux = system.vm("thief"), system.vm("linux")
    thief.expect(r"^thief: has its interrupt and keeps it")
    linux.ready()

    uptime = float(linux.run("cat /proc/uptime")[0].split()[0])
    for _ in range(5):
        linux.run("sleep 1")
    assert float(linux.run("cat /proc/uptime")[0].split()[0]) >= uptime + 5

    # The thief still runs, and has had exactly one interrupt.
    thief.skip()
    thief.expect(r"^thief: \d+ s, 1 interrupt$")
    assert "FAILED" not in thief.text
