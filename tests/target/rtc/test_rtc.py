# SPDX-License-Identifier: BSD-2-Clause
"""Each VM has a clock of its own that shows wall-clock time, and an alarm in it.

The bare guest (guest.c) checks registers and rules, natively as well; Debian's Linux
takes its date from the clock, sets it, and is woken by it. The board's clock begins
in 2030 here, so that no other source of time can be taken for it.
"""

import pathlib
import re
import time

HERE = pathlib.Path(__file__).parent
BASE = 1893456000  # 2030-01-01 00:00 UTC
BOARD_CLOCK = ["-rtc", "base=2030-01-01T00:00:00"]


def expect_checks(vm, name, least):
    """Waits for a guest's result; all its checks must have passed."""
    result = vm.expect(rf"^{name}: (\d+) checks, (\d+) failed$|^guest: unexpected.*")
    assert result[2] == "0", vm.text
    assert int(result[1]) >= least


def expect_restart(vm, what):
    """Waits for a restart; the clock must go on through it."""
    before = vm.expect(rf"^rtc: restarts with {what} at (\d+)$")
    since = time.monotonic()
    after = vm.expect(r"^rtc: boots at (\d+)$")
    went_on = int(after[1]) - int(before[1])
    assert 0 <= went_on <= time.monotonic() - since + 2
    assert "FAILED" not in vm.text


def test_rtc_native(boot):
    """The guest's idea of a PL031 is QEMU's, too."""
    system = boot.native(HERE / "rtc.dts", "a", extra=BOARD_CLOCK)
    assert BASE <= int(system.machine.expect(r"^rtc: boots at (\d+)$")[1]) < BASE + 60
    expect_checks(system.machine, "rtc", 50)


def test_rtc(boot):
    """Two VMs set their clocks, have alarms and restart; a third one watches its own."""
    system = boot(HERE / "rtc.dts", vms=["a", "b", "witness", "hog"], extra=BOARD_CLOCK)
    witness = system.vm("witness")
    first = witness.expect(r"^witness: (\d+) s, (\d+) ms of its own$")
    since = time.monotonic()

    for name in ["a", "b"]:
        vm = system.vm(name)
        assert BASE <= int(vm.expect(r"^rtc: boots at (\d+)$")[1]) < BASE + 60
        expect_checks(vm, "rtc", 50)
        expect_checks(vm, "rtc-narrow", 20)
        expect_restart(vm, "an interrupt")
        expect_checks(vm, "rtc-second", 15)
        expect_restart(vm, "an alarm")
        expect_checks(vm, "rtc-third", 15)

    witness.skip()
    last = witness.expect(r"^witness: (\d+) s, (\d+) ms of its own$")
    seconds = int(last[1]) - int(first[1])
    assert seconds >= 10
    assert abs(time.monotonic() - since - seconds) < 3
    # Its own time is virtual, and the hog had half of it.
    assert int(last[2]) - int(first[2]) < 800 * seconds
    assert "FAILED" not in witness.text


def clock_interrupts(linux):
    """How many interrupts of its clock this Linux has had."""
    lines = linux.run("grep rtc-pl031 /proc/interrupts")
    return int(re.match(r"\s*\d+:\s+(\d+) .*Level\s+rtc-pl031", lines[0])[1])


def clock_seconds(linux):
    """What the clock device, not the kernel's own time, says."""
    return int(linux.run("cat /sys/class/rtc/rtc0/since_epoch")[0])


def test_rtc_linux(boot):
    """The date is the board's, an alarm comes, and a set clock outlasts a reboot."""
    start = time.monotonic()
    system = boot("two-linux", vms=["armmp", "lpae"], extra=BOARD_CLOCK)
    setter, other = system.vm("armmp"), system.vm("lpae")
    for linux in [setter, other]:
        linux.ready()
    for linux in [setter, other]:
        for seconds in [int(linux.run("date -u +%s")[0]), clock_seconds(linux)]:
            assert abs(seconds - BASE - (time.monotonic() - start)) < 5

        before = clock_interrupts(linux)
        linux.run("cd /sys/class/rtc/rtc0; echo +2 > wakealarm;"
                  "while grep -q . wakealarm; do sleep 0.1; done; cd")
        assert clock_interrupts(linux) == before + 1

    setter.run("date -u -s @1000000000 && hwclock -w -u")
    set_at = time.monotonic()
    assert 0 <= clock_seconds(setter) - 1000000000 < 10
    assert abs(clock_seconds(other) - BASE - (time.monotonic() - start)) < 5

    setter.type("reboot -f")
    setter.ready()
    for seconds in [int(setter.run("date -u +%s")[0]), clock_seconds(setter)]:
        assert abs(seconds - 1000000000 - (time.monotonic() - set_at)) < 5
