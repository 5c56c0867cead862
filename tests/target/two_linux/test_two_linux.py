# SPDX-License-Identifier: BSD-2-Clause
"""Two unmodified Debian kernels share one core, by every way into the image.

The system is config/two-linux.dts, the one users boot. From a raw kernel the guests
are also used by hand: the input is moved from one to the other, time advances in
both, and the machine goes off when both have powered off.
"""

import re

import pytest

VMS = ["armmp", "lpae"]


def boot_to_ready(boot, entry):
    """Boots to user space in both VMs."""
    system = boot("two-linux", entry=entry, vms=VMS)
    for vm in VMS:
        system.vm(vm).ready()
    return system


def timer_interrupts(linux):
    """How many timer interrupts this Linux says it has had."""
    for line in linux.run("cat /proc/interrupts"):
        match = re.match(r"\s*\d+:\s+(\d+)\s.*arch_timer", line)
        if match:
            return int(match[1])
    raise AssertionError(f"{linux.name}: no arch_timer in /proc/interrupts")


def uptime_seconds(linux):
    """The first number of /proc/uptime."""
    return float(linux.run("cat /proc/uptime")[0].split()[0])


@pytest.mark.parametrize("entry", ["elf", "flash", "pflash"])
def test_two_linux_ready(boot, entry):
    """Both reach user space by this entry, and the machine can be switched off."""
    system = boot_to_ready(boot, entry)
    for vm in VMS:
        system.vm(vm).run("true")
        system.vm(vm).type("poweroff -f")
        system.hypervisor.expect(rf"{vm}: powered off")
    system.expect_off()


def test_two_linux_shells(boot):
    """Both can be used, side by side, and powered off."""
    system = boot_to_ready(boot, "kernel")
    linuxes = [system.vm(vm) for vm in VMS]

    before = {linux.name: (uptime_seconds(linux), timer_interrupts(linux)) for linux in linuxes}
    for linux, kernel in zip(linuxes, ["armmp", "armmp-lpae"]):
        assert re.search(r"load average", linux.run("uptime")[0])
        assert linux.run("uname -r")[0].endswith(f"-{kernel}")
        assert any("ARMv7 Processor" in line for line in linux.run("cat /proc/cpuinfo"))
        linux.run("sleep 1")
    for linux in linuxes:
        uptime, interrupts = before[linux.name]
        assert uptime_seconds(linux) > uptime + 1
        assert timer_interrupts(linux) > interrupts

    linuxes[0].type("poweroff -f")
    linuxes[1].run("sleep 1")  # one goes on without the other
    assert system.driver.query("query-status")["status"] == "running"
    linuxes[1].type("poweroff -f")
    system.expect_off()


def test_console_escape(boot):
    """Ctrl-] h prints help, Ctrl-] twice reaches the guest as one."""
    system = boot_to_ready(boot, "kernel")
    system.send(b"\x1dh")
    system.hypervisor.expect(r"(?i)ctrl-\]")

    linux = system.vm("armmp")
    linux.type("stty raw -echo; echo rea''dy; head -c 1 | hexdump -C; stty sane")
    linux.expect(r"^ready")
    system.send(b"\x1d\x1d")
    linux.expect(r"^\s*00000000  1d ")
