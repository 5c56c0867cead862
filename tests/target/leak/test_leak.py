# SPDX-License-Identifier: BSD-2-Clause
"""Nothing of one VM's registers is ever in another's, and nothing outlasts a restart.

Two guests (guest.c) with complementary canaries in every register restart themselves
again and again. Instructions are counted: each spin is longer than a slice.
"""

import pathlib

HERE = pathlib.Path(__file__).parent
ICOUNT = ["-icount", "shift=0,sleep=off"]
LIVES = 5


def test_leak(boot):
    """Several lives of both; each begins as after a reset."""
    system = boot(HERE / "leak.dts", vms=["a", "b"], extra=ICOUNT)
    for _ in range(LIVES):
        for seed, name in enumerate(["a", "b"]):
            result = system.vm(name).expect(
                rf"^leak-{seed}: (\d+) checks, (\d+) failed$|^guest: unexpected.*|FAILED: .*")
            assert result[2] == "0", f"{name}:\n" + system.vm(name).text
            assert int(result[1]) > 2000
