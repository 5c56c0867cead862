# SPDX-License-Identifier: BSD-2-Clause
"""Two Debian kernels with two CPUs each: on two cores crosswise, and on four.

Both bring all CPUs up, take each off and on again SMP_HOTPLUGS times (5; the long form:
100) idle and under load, have more to do than they can for SMP_LOAD_SECONDS (10; the
long form: 600), and restart alone. The same is done natively, where the guest's script
is judged, not the hypervisor.
"""

import os
import re
import time

import pytest

HOTPLUGS = int(os.environ.get("SMP_HOTPLUGS", "5"))
LOAD_SECONDS = int(os.environ.get("SMP_LOAD_SECONDS", "10"))
VMS = ["armmp", "lpae"]
CPUS = 2
LONG = 600  # seconds, for what depends on how busy this machine is
TROUBLE = re.compile(r"lockup|hung task|blocked for more|rcu.*(stall|starved)|\bBUG\b|\bOops\b|"
                     r"failed to (boot|come online)|didn't (die|die\?)|WARNING:|Call trace", re.I)

# Spinning, computing through a pipe, forking, and bytes that go from hand to hand.
LOAD = ["while :; do :; done",
        "dd if=/dev/zero bs=64k 2>/dev/null | sha256sum >/dev/null",
        "while :; do sh -c :; done",
        "yes | cat | cat | cat >/dev/null",
        "while :; do echo | cat | cat | cat >/dev/null; done"]

# Each CPU that can be taken off, in turn; prints those that could not.
HOTPLUG = ("for round in $(seq {rounds}); do for file in /sys/devices/system/cpu/cpu*/online; do"
           " echo 0 >$file || echo failed: off; echo 1 >$file || echo failed: on; done; done")


def online(linux):
    """Which CPUs are on, as the kernel lists them."""
    return linux.run("cat /sys/devices/system/cpu/online")[-1]


def busy_ticks(linux):
    """Of each CPU: ticks that were not idle since it booted."""
    lines = linux.run("grep ^cpu[0-9] /proc/stat", timeout=LONG)
    rows = [list(map(int, line.split()[1:])) for line in lines if line.startswith("cpu")]
    return [sum(row) - row[3] - row[4] for row in rows]


def expect_all_up(linux):
    """Every CPU was started and is one."""
    linux.ready()
    linux.run("dmesg -n 4")  # errors only: others cut through what the shell prints
    assert online(linux) == f"0-{CPUS - 1}"
    assert linux.run("grep -c ^processor /proc/cpuinfo")[-1] == str(CPUS)
    # Interrupts of other CPUs reach each one: those that wake it to schedule.
    counts = next(line for line in linux.run("cat /proc/interrupts")
                  if "Rescheduling" in line).split()[1:1 + CPUS]
    assert all(int(count) > 0 for count in counts)


def count_killed(linux):
    """How often the kernel has seen a CPU go off, as PSCI tells."""
    return int(linux.run("dmesg | grep -c 'CPU[0-9] killed'", timeout=LONG)[-1])


def hotplug(linux, rounds):
    """Takes each CPU off and on again."""
    file_count = int(linux.run("ls /sys/devices/system/cpu/cpu*/online | wc -l")[-1])
    assert file_count >= CPUS - 1
    before = count_killed(linux)
    printed = linux.run(HOTPLUG.format(rounds=rounds), timeout=LONG + 20 * rounds)
    assert not [line for line in printed if "failed" in line or "error" in line], printed
    assert count_killed(linux) == before + rounds * file_count
    assert online(linux) == f"0-{CPUS - 1}"


def begin_load(linux):
    """In the background, for good."""
    for command in LOAD:
        linux.run(f"{{ ( {command} ) & }} 2>/dev/null", timeout=LONG)


def expect_no_trouble(linux):
    """Nothing on the console, nothing in the kernel's log."""
    text = linux.text + "\n".join(linux.run("dmesg", timeout=LONG))
    found = TROUBLE.search(text)
    assert not found, text[max(0, found.start() - 200):found.end() + 2000]


def expect_progress(linuxes, seconds):
    """Under load each CPU of each works, and a second of sleep ends."""
    before = [busy_ticks(linux) for linux in linuxes]
    end = time.monotonic() + seconds
    naps = 0
    while time.monotonic() < end or naps < 2:
        for linux in linuxes:
            linux.run("sleep 1", timeout=LONG)
        naps += 1
    for linux, first in zip(linuxes, before):
        worked = [after - earlier for after, earlier in zip(busy_ticks(linux), first)]
        assert min(worked) > 10, f"{linux.name}: ticks at work by CPU: {worked}"


def test_smp_linux_native(boot):
    """The kernel, the scripts and QEMU without us."""
    linux = boot.native("smp-linux", "armmp").machine
    expect_all_up(linux)
    hotplug(linux, 3)
    begin_load(linux)
    hotplug(linux, 1)
    expect_progress([linux], 2)
    expect_no_trouble(linux)


@pytest.mark.parametrize("system_name", ["smp-linux", "smp4-linux"])
def test_smp_linux(boot, system_name):
    """Up, hotplug, load, hotplug under load, one restarts while the other works, off."""
    system = boot(system_name, vms=VMS)
    linuxes = [system.vm(vm) for vm in VMS]
    for linux in linuxes:
        expect_all_up(linux)
    for linux in linuxes:
        hotplug(linux, HOTPLUGS)
        begin_load(linux)
    expect_progress(linuxes, LOAD_SECONDS)
    for linux in linuxes:
        hotplug(linux, max(HOTPLUGS // 5, 1))

    restarting, steady = linuxes
    expect_no_trouble(restarting)
    restarting.type("reboot -f")
    restarting.expect("Booting Linux on physical CPU", timeout=LONG)
    expect_all_up(restarting)
    expect_progress([steady], 2)
    assert len(re.findall("Booting Linux on physical CPU", steady.text)) == 1
    hotplug(restarting, 1)
    for linux in linuxes:
        expect_no_trouble(linux)
        linux.type("poweroff -f")
        system.hypervisor.expect(rf"{linux.name}: powered off", timeout=LONG)
    system.expect_off()
