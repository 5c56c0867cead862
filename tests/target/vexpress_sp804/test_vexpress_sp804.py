# SPDX-License-Identifier: BSD-2-Clause
"""The emulated dual timer of a Versatile Express: a bare guest checks it against the
generic timer (guest.c; tests/host/unit/test_vsp804.c has every mode), and Debian's Linux
has it as its only clock and its tick."""

import pathlib
import time

HERE = pathlib.Path(__file__).parent
# The counter follows the instructions executed: a busy host stretches no period.
EXACT = ["-icount", "shift=4,sleep=off"]


def test_sp804_in_the_vms_time(boot):
    """Another VM takes half of the time, and none of it shows."""
    system = boot(HERE / "vexpress_sp804.dts", vms=["a", "busy"], extra=EXACT)
    result = system.vm("a").expect(r"^sp804: (\d+) checks, (\d+) failed$|^guest: unexpected.*")
    assert result[2] == "0" and int(result[1]) == 11, system.vm("a").text


def interrupts(linux):
    """How many the SP804 has had."""
    line = next(line for line in linux.run("cat /proc/interrupts") if line.endswith(" timer"))
    return int(line.split()[1])


def test_sp804_linux(boot):
    """It keeps Linux going, beside one that has the generic timer."""
    system = boot("vexpress-sp804", vms=["sp804", "generic"])
    linux, other = system.vm("sp804"), system.vm("generic")
    for vm in (linux, other):
        vm.ready()
    source = "cat /sys/devices/system/clocksource/clocksource0/available_clocksource"
    assert linux.run(source)[-1].split() == ["arm,sp804"]
    assert "arch_sys_counter" in other.run(source)[-1].split()
    before, start = interrupts(linux), time.monotonic()
    linux.run("sleep 3")
    assert time.monotonic() - start > 2.9, "its time goes too fast"
    assert interrupts(linux) > before
    for vm in (linux, other):
        vm.type("poweroff -f")
    system.expect_off()
