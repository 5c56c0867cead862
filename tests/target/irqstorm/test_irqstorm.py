# SPDX-License-Identifier: BSD-2-Clause
"""No interrupt is lost, none doubled, none spurious, whatever is under way.

Two VMs (guest.c) share STORM_COUNT interrupts (200000; 1000000 for the long form) of
all kinds; STORM_SEED=n is another storm. Instructions are counted, and the real-time
clock counts with them: a run is one and the same each time.
"""

import os
import pathlib
import re

HERE = pathlib.Path(__file__).parent
ICOUNT = ["-icount", "shift=0,sleep=off", "-rtc", "clock=vm"]
COUNT = int(os.environ.get("STORM_COUNT", "200000"))
SEED = int(os.environ.get("STORM_SEED", "0"))
RESULT = (r"^irqstorm: asked (\d+), came (\d+), lost (\d+), doubled (\d+), spurious (\d+), late (\d+)$"
          r"|^guest: unexpected.*")


def test_irqstorm_native(boot):
    """The guest's idea of an interrupt is QEMU's, too."""
    system = boot.native(HERE / "irqstorm.dts", "a", extra=ICOUNT)
    asked, came, *bad = map(int, system.machine.expect(RESULT).groups())
    assert asked == came >= 10000 and bad == [0, 0, 0, 0]
    assert int(system.machine.expect(r"device (\d+), nested")[1]) > 100


def test_irqstorm(boot):
    """Each interrupt comes once, in both, and at once if nothing is in its way."""
    folder = HERE.parents[2] / "build" / "tests"
    folder.mkdir(parents=True, exist_ok=True)
    text, count = re.subn(r"seed=(\d) count=\d+", rf"seed={SEED}\1 count={COUNT // 2}",
                          (HERE / "irqstorm.dts").read_text())
    assert count == 2
    path = folder / "irqstorm-run.dts"
    path.write_text(text)
    system = boot(path, vms=["a", "b"], extra=ICOUNT)
    for name in ["a", "b"]:
        result = system.vm(name).expect(RESULT, timeout=60 + COUNT // 2000)
        assert result[1], system.vm(name).text
        asked, came, *bad = map(int, result.groups())
        assert bad == [0, 0, 0, 0], system.vm(name).text
        assert asked == came >= COUNT // 2
        more = system.vm(name).expect(r"timers (\d+) and (\d+), clock (\d+), device (\d+), "
                                      r"nested (\d+) deep$")
        timer, physical, clock, device, deep = map(int, more.groups())
        assert min(timer, physical) > COUNT // 100
        assert clock >= 1 and deep >= 3
        assert device > COUNT // 100 if name == "a" else device == 0
