# SPDX-License-Identifier: BSD-2-Clause
"""Devices of a Versatile Express that belong to one VM, driven by Debian's own drivers.

The system is config/vexpress-two-linux.dts, the one users boot, from reset: one Linux
with Ethernet, keyboard and mouse, another with the card slot. ETHERNET_MB=150 moves
10^5 packets.
"""

import os
import re

import pytest
from conftest import Boots

from lib.vexpress import Card, Server, checksum, noise

VMS = ["armmp", "lpae"]
ETHERNET_MB = int(os.environ.get("ETHERNET_MB", "10"))
TRANSFER_SECONDS = 120 + ETHERNET_MB


@pytest.fixture(name="server", scope="module")
def start_server():
    """What the guest loads."""
    server = Server(noise(ETHERNET_MB << 20, 1))
    yield server
    server.close()


@pytest.fixture(name="card", scope="module")
def make_card(tmp_path_factory):
    """A card with a file."""
    return Card(tmp_path_factory.mktemp("card"), given=noise(1 << 20, 2))


@pytest.fixture(name="system", scope="module")
def boot_devices(card):
    """One machine for all these tests."""
    boots = Boots("vexpress_devices")
    system = boots("vexpress-two-linux", entry="flash", vms=VMS,
                   extra=card.options)
    for name in VMS:
        system.vm(name).ready()
        system.vm(name).run("dmesg -n 1")  # nothing among a command's lines
    yield system
    boots.close()


def interrupts(linux, what):
    """How many a device has had."""
    lines = [line for line in linux.run("cat /proc/interrupts") if line.endswith(f" {what}")]
    return sum(int(line.split()[1]) for line in lines)


def test_ethernet(system, server):
    """A lease by DHCP; megabytes arrive, and go, as they are; the other VM sees nothing."""
    linux = system.vm("armmp")
    said = "\n".join(linux.run("udhcpc -n -q -i eth0"))
    assert "lease of 10.0.2.15 obtained" in said, said
    assert linux.run(f"wget -q -O - {server.url} | sha256sum",
                     timeout=TRANSFER_SECONDS) == [f"{checksum(server.data)}  -"]
    linux.run("base64 /dev/urandom | head -c 1000000 >/tmp/noise")
    linux.run(f"wget -q -O /dev/null --post-file=/tmp/noise {server.url}")
    assert linux.run("sha256sum </tmp/noise") == [f"{checksum(server.received)}  -"]
    status = "\n".join(linux.run("ifconfig eth0"))
    assert len(re.findall(r"errors:0 dropped:0 overruns:0", status)) == 2, status
    assert interrupts(linux, "eth0") > 100
    assert not system.vm("lpae").run("ls -d /sys/class/net/eth0 2>/dev/null")


def test_card(system, card):
    """A file system made here is read and written there; here it is whole again."""
    linux = system.vm("lpae")
    linux.run("until [ -b /dev/mmcblk0 ]; do sleep 0.1; done; mkdir /mnt;"
              "mount -t ext4 /dev/mmcblk0 /mnt")
    assert linux.run("sha256sum </mnt/given") == [f"{checksum(noise(1 << 20, 2))}  -"]
    written = linux.run("dd if=/dev/urandom bs=64k count=48 2>/dev/null | tee /mnt/made |"
                        "sha256sum; umount /mnt")
    card.check()
    assert written == [f"{checksum(card.read('made'))}  -"]
    assert len(card.read("made")) == 3 << 20
    assert interrupts(linux, "mmci-pl18x (cmd)") > 0
    assert not system.vm("armmp").run("ls -d /sys/class/mmc_host/* 2>/dev/null")


def open_events(linux, name):
    """Keeps what a device of this name says from now on."""
    names = "/sys/class/input/event*/device/name"
    linux.run(f"until grep -q '{name}' {names}; do sleep 0.1; done")
    number = re.search(r"event(\d+)", linux.run(f"grep -l '{name}' {names}")[0])[1]
    linux.run(f"exec 3</dev/input/event{number}")


def read_events(linux, last):
    """As far as the one called last; each as two words: code and type, and value."""
    lines = linux.run("while :; do set -- $(dd bs=16 count=1 <&3 2>/dev/null |"
                      "hexdump -v -e '4/4 \"%08x \" \"\\n\"');"
                      f"echo $3 $4; [ \"$3 $4\" = '{last}' ] && break; done")
    return [line for line in lines if not line.startswith("00000000")]  # EV_SYN


def test_keyboard(system):
    """A key that is pressed outside arrives as an event: KEY_B, down and up."""
    linux = system.vm("armmp")
    open_events(linux, "keyboard")
    system.driver.hmp("sendkey b")
    events = read_events(linux, "00300001 00000000")
    assert "00300001 00000001" in events
    assert interrupts(linux, "kmi-pl050") > 0


def test_mouse(system):
    """So does a movement: REL_X and REL_Y; and BTN_LEFT."""
    linux = system.vm("armmp")
    open_events(linux, "Mouse")
    system.driver.hmp("mouse_move 10 5")
    system.driver.hmp("mouse_button 1")
    events = read_events(linux, "01100001 00000001")
    assert events == ["00000002 0000000a", "00010002 00000005", "01100001 00000001"]
