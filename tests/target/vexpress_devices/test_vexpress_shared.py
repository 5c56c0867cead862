# SPDX-License-Identifier: BSD-2-Clause
"""Emulated devices on a Versatile Express' own device tree, under two Debian kernels: the
board's one clock, which each believes to be its own, and for one of them the dual timer as
its only clock source and tick, fed by what its system controller says.

The board's clock begins in 2030, so that no other source of time can be taken for it.
"""

import pathlib
import time

import pytest

HERE = pathlib.Path(__file__).parent
VMS = ["armmp", "lpae"]
BASE = 1893456000  # 2030-01-01 00:00 UTC
SCCTRL = "0x1c020000"


@pytest.fixture(name="start", scope="function")
def boot_shared(boot):
    """Both in user space; and when the board was started, at the earliest."""
    earliest = time.monotonic()
    system = boot(HERE / "shared.dts", entry="flash", vms=VMS,
                  extra=["-rtc", "base=2030-01-01T00:00:00"])
    for name in VMS:
        system.vm(name).ready()
        system.vm(name).run("dmesg -n 1")  # nothing among a command's lines
    return system, earliest


def interrupts(linux, what):
    """How many a device has had."""
    lines = [line for line in linux.run("cat /proc/interrupts") if line.endswith(f" {what}")]
    return sum(int(line.split()[1]) for line in lines)


def expect_clock(linux, earliest):
    """It shows what the board's does; Linux took its date from it."""
    seconds = int(linux.run("cat /sys/class/rtc/rtc0/since_epoch")[0])
    assert 0 <= seconds - BASE <= time.monotonic() - earliest + 1
    assert linux.run("date -u +%Y") == ["2030"]


def expect_timer(linux):
    """The dual timer is all that Linux has, and goes right."""
    source = "/sys/devices/system/clocksource/clocksource0/available_clocksource"
    assert linux.run(f"cat {source}")[0].split() == ["arm,sp804"]
    before, start = interrupts(linux, "timer"), time.monotonic()
    linux.run("sleep 3")
    assert time.monotonic() - start > 2.9, "its time goes too fast"
    assert interrupts(linux, "timer") > before


def test_vexpress_shared(start):
    """Both see the clock, and each its own alarm, at the same time; one the timer."""
    system, earliest = start
    for name in VMS:
        expect_clock(system.vm(name), earliest)
        system.vm(name).run("echo +2 >/sys/class/rtc/rtc0/wakealarm")
    for name in VMS:
        linux = system.vm(name)
        linux.run("while grep -q . /sys/class/rtc/rtc0/wakealarm; do sleep 0.1; done")
        assert interrupts(linux, "rtc-pl031") == 1
    linux = system.vm("armmp")
    expect_timer(linux)
    # TIMCLK feeds the four timers, and a wish for something else is not heard.
    assert linux.run(f"devmem {SCCTRL}; devmem {SCCTRL} 32 0; devmem {SCCTRL}"
                     ) == ["0x002A8000", "0x002A8000"]
    assert linux.run("devmem 0x1c020fe0; devmem 0x1c020fe4") == ["0x00000010", "0x00000018"]
