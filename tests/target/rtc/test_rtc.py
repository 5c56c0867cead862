# SPDX-License-Identifier: BSD-2-Clause
"""Each VM has a clock of its own that shows wall-clock time, and an alarm in it.

The bare guest (guest.c) checks registers and rules, natively as well; Debian's Linux
takes its date from the clock, sets it, and is woken by it. The board's clock begins
in 2030 here, so that no other source of time can be taken for it.
"""

import pathlib
import re
import time

from lib import build

HERE = pathlib.Path(__file__).parent
BASE = 1893456000  # 2030-01-01 00:00 UTC
BOARD_CLOCK = ["-rtc", "base=2030-01-01T00:00:00"]
# Counter and clock follow the instructions executed: a busy host stretches no second.
EXACT = ["-icount", "shift=4,sleep=off", "-rtc", "base=2030-01-01T00:00:00,clock=vm"]


def expect_checks(vm, name, least):
    """Waits for a guest's result; all its checks must have passed."""
    result = vm.expect(rf"^{name}: (\d+) checks, (\d+) failed$|^guest: unexpected.*")
    assert result[2] == "0", vm.text
    assert int(result[1]) >= least


def expect_restart(vm, what):
    """Waits for a restart; the clock must go on through it."""
    before = vm.expect(rf"^rtc: restarts with {what} at (\d+)\n")
    after = vm.expect(r"^rtc: boots at (\d+)\n")
    assert int(after[1]) - int(before[1]) in (0, 1, 2)
    assert "FAILED" not in vm.text


def test_rtc_native(boot):
    """The guest's idea of a PL031 is QEMU's, too."""
    system = boot.native(HERE / "rtc.dts", "a", extra=EXACT)
    assert int(system.machine.expect(r"^rtc: boots at (\d+)\n")[1]) in (BASE, BASE + 1)
    expect_checks(system.machine, "rtc", 50)


def test_rtc(boot):
    """Two VMs set their clocks, have alarms and restart; a third one watches its own."""
    system = boot(HERE / "rtc.dts", vms=["a", "b", "witness", "hog"], extra=EXACT)
    for name in ["a", "b"]:
        vm = system.vm(name)
        assert int(vm.expect(r"^rtc: boots at (\d+)\n")[1]) in (BASE, BASE + 1)
        expect_checks(vm, "rtc", 50)
        expect_checks(vm, "rtc-narrow", 20)
        expect_restart(vm, "an interrupt")
        expect_checks(vm, "rtc-second", 15)
        expect_restart(vm, "an alarm")
        expect_checks(vm, "rtc-third", 15)

    witness = system.vm("witness")
    witness.skip()
    last = witness.expect(r"^witness: (\d+) s, (\d+) ms of its own$")
    assert int(last[1]) >= 30
    # Its own time is virtual, and the hog had half of it.
    assert int(last[2]) < 600 * int(last[1])
    assert "FAILED" not in witness.text


def test_rtc_alarms(boot):
    """Alarms come in their second though nobody asks for the time, and cost nothing
    until then: a third VM has all the rest."""
    system = boot(HERE / "alarm.dts", vms=["late", "early", "hog"], extra=EXACT)
    hog = system.vm("hog")
    first = hog.expect(r"^hog: (\d+) rounds$")
    expect_checks(system.vm("early"), "alarm", 24)
    expect_checks(system.vm("late"), "alarm", 8)
    hog.skip()
    for _ in range(4):  # nor when no alarm is left
        hog.expect(r"^hog: \d+ rounds$")
    for rounds in re.findall(r"^hog: (\d+) rounds$", hog.text, re.M)[1:]:
        assert int(rounds) > 0.9 * int(first[1])


class Span:
    """Something happened between two moments of the host's time."""

    def __init__(self, what):
        self.begin = time.monotonic()
        self.result = what()
        self.end = time.monotonic()

    def expect_since(self, setting, value, is_slow=False):
        """The result must be what a clock shows that showed `value` at the setting. The
        guest's own time is virtual: slow, for it stands still while others run."""
        seconds = int(self.result[0]) - value
        assert seconds <= self.end - setting.begin + 1
        assert seconds >= (0 if is_slow else self.begin - setting.end - 1)


def expect_time(linux, setting, value):
    """Both the date and the clock device must go on from there."""
    Span(lambda: linux.run("cat /sys/class/rtc/rtc0/since_epoch")).expect_since(setting, value)
    Span(lambda: linux.run("date -u +%s")).expect_since(setting, value, is_slow=True)


def clock_interrupts(linux):
    """How many interrupts of its clock this Linux has had."""
    lines = linux.run("grep rtc-pl031 /proc/interrupts")
    return int(re.match(r"\s*\d+:\s+(\d+) .*Level\s+rtc-pl031", lines[0])[1])


def test_rtc_linux(boot):
    """The date is the board's, an alarm comes, and a set clock outlasts a reboot."""
    build.image("two-linux")  # what takes time now is QEMU's start
    start = Span(lambda: boot("two-linux", vms=["armmp", "lpae"], extra=BOARD_CLOCK))
    setter, other = (start.result.vm(name) for name in ["armmp", "lpae"])
    for linux in [setter, other]:
        linux.ready()
    for linux in [setter, other]:
        expect_time(linux, start, BASE)
        before = clock_interrupts(linux)
        linux.run("cd /sys/class/rtc/rtc0; echo +2 > wakealarm;"
                  "while grep -q . wakealarm; do sleep 0.1; done; cd")
        assert clock_interrupts(linux) == before + 1

    setting = Span(lambda: setter.run("date -u -s @1000000000 && hwclock -w -u"))
    expect_time(setter, setting, 1000000000)
    expect_time(other, start, BASE)

    setter.type("reboot -f")
    setter.ready()
    expect_time(setter, setting, 1000000000)
    expect_time(other, start, BASE)
