# SPDX-License-Identifier: BSD-2-Clause
"""Full load in one Linux while the other keeps its time.

Runs for LOAD_SECONDS (20; 600 for the long form). The time is the point here, so
this is the one test that waits by the clock.
"""

import os
import re
import time

SECONDS = int(os.environ.get("LOAD_SECONDS", "20"))
TROUBLE = re.compile(r"soft lockup|hung task|rcu.*(stall|starved)|\bBUG\b|\bOops\b|stall", re.I)
LOAD = ["{ while :; do :; done & }",
        "{ dd if=/dev/zero of=/dev/null bs=64k 2>/dev/null & }",
        "{ while :; do dd if=/dev/urandom bs=64k count=16 2>/dev/null | gzip -9 >/dev/null; done & }"]


def uptime(linux):
    """Seconds since this Linux booted, and of these, idle ones."""
    words = linux.run("cat /proc/uptime")[-1].split()
    return float(words[0]), float(words[1])


def test_load(boot):
    """The quiet VM's second stays a second, the loaded one works, neither complains."""
    system = boot("two-linux", vms=["armmp", "lpae"])
    loaded, quiet = system.vm("armmp"), system.vm("lpae")
    loaded.ready()
    quiet.ready()
    for command in LOAD:
        loaded.run(command)
    loaded_before = uptime(loaded)

    end = time.monotonic() + SECONDS
    naps = 0
    while time.monotonic() < end:
        before = uptime(quiet)[0]
        quiet.run("sleep 1")
        naps += 1
        # Its own clock: a nap is a second, and typing takes far less than another.
        assert 1.0 <= uptime(quiet)[0] - before < 2.0
    assert naps >= SECONDS / 4

    passed, idled = (after - before for after, before in zip(uptime(loaded), loaded_before))
    assert passed >= SECONDS / 4
    assert idled < passed / 10, "the loaded VM was idle"
    for linux in [loaded, quiet]:
        found = TROUBLE.search(linux.text + "\n".join(linux.run("dmesg")))
        assert not found, f"{linux.name}: {found[0]}"
