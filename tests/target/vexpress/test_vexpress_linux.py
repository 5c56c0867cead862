# SPDX-License-Identifier: BSD-2-Clause
"""Two unmodified Debian kernels on a Versatile Express, on its own device tree.

The system is config/vexpress-linux.dts, the one users boot, from reset and from a raw
kernel. Linux drives its clocks, its power and its first clock source through the system
registers; one of the two has the board's clock to itself.
"""

import re

import pytest

VMS = ["armmp", "lpae"]
TROUBLE = re.compile(r"\bBUG\b|\bOops\b|WARNING:|Call trace|lockup|probe of .* failed|"
                     r"deferred probe|error -", re.I)


@pytest.fixture(name="system", params=["kernel", "flash"])
def boot_linux(boot, request):
    """Both in user space."""
    system = boot("vexpress-linux", entry=request.param, vms=VMS)
    for name in VMS:
        system.vm(name).ready()
    return system


def test_vexpress_linux(system):
    """Both run on the board's tree, with the devices that the VM has, and end by it."""
    for name, kernel in zip(VMS, ["armmp", "armmp-lpae"]):
        linux = system.vm(name)
        assert linux.run("uname -r")[0].endswith(f"-{kernel}")
        assert linux.run("grep -c V2P-CA15 /proc/device-tree/model") == ["1"]
        assert re.search(r"sched_clock: 32 bits at 24MHz", linux.text), "no SYS_24MHZ"
        assert not TROUBLE.search(linux.text), TROUBLE.search(linux.text)[0]
        seconds = int(linux.run("cut -d. -f1 /proc/uptime")[0])
        linux.run("sleep 1")
        assert int(linux.run("cut -d. -f1 /proc/uptime")[0]) > seconds
        rates = linux.run("mount -t debugfs none /sys/kernel/debug; cd /sys/kernel/debug/clk;"
                          " cat v2m:oscclk1/clk_rate v2m:oscclk2/clk_rate oscclk6/clk_rate")
        assert [int(rate) for rate in rates] == [23750000, 24000000, 50000000]


def test_vexpress_linux_clock(system):
    """The clock is one VM's, with its alarm; the other does not even see it."""
    armmp, lpae = (system.vm(name) for name in VMS)
    assert not armmp.run("ls /sys/class/rtc")
    lpae.run("echo +2 >/sys/class/rtc/rtc0/wakealarm")
    lpae.run("while [ -n \"$(cat /sys/class/rtc/rtc0/wakealarm)\" ]; do :; done")
    count = next(line for line in lpae.run("cat /proc/interrupts") if "rtc-pl031" in line)
    assert int(count.split()[1]) == 1


def test_vexpress_linux_power(system):
    """A VM restarts, and is switched off, as the tree's nodes for it say; then the board."""
    armmp, lpae = (system.vm(name) for name in VMS)
    armmp.type("reboot -f")
    armmp.ready()
    lpae.run("true")
    for linux in (armmp, lpae):
        linux.type("poweroff -f")
        system.hypervisor.expect(rf"{linux.name}: powered off")
    system.expect_off()
