# SPDX-License-Identifier: BSD-2-Clause
"""What a VM asks of its firmware concerns that VM alone.

One resets itself over and over and finds a pristine machine each time (guest.c
checks), one powers off, and a third goes on through all of it.
"""

import pathlib

HERE = pathlib.Path(__file__).parent


def test_psci(boot):
    """Five lives of one guest, the end of another, an undisturbed third."""
    system = boot(HERE / "psci.dts", vms=["reset", "off", "steady"])
    reset, off, steady = (system.vm(name) for name in ["reset", "off", "steady"])

    off.expect(r"^off: going$")
    for _ in range(5):
        result = reset.expect(r"^psci: (\d+) checks, (\d+) failed$|^guest: unexpected.*")
        assert result[2] == "0", reset.text
        assert int(result[1]) >= 25
    for seconds in range(1, 6):  # in order: it was never restarted
        assert steady.expect(r"^steady: (\d+) s$")[1] == str(seconds)
    assert off.text.strip() == "off: going"
    assert system.driver.query("query-status")["status"] == "running"
