# SPDX-License-Identifier: BSD-2-Clause
"""Two Linux guests of a Versatile Express, from reset, each with devices of its own that
never rest: neither is harmed when the other restarts, nor by its own restart, in the
middle of whatever its devices are at.

REBOOTS=20 restarts each of them twenty times, ten where each has a core.
"""

import os
import pathlib

import pytest

from lib import build, picture
from lib.vexpress import Card, Server, checksum, noise

HERE = pathlib.Path(__file__).parent
VMS = ["armmp", "lpae"]
REBOOTS = int(os.environ.get("REBOOTS", "2"))
GIVEN = noise(1 << 18, 3)

# Each round of work leaves a line: the checksum of what a device has brought.
LOAD = "until [ -e /tmp/stop ]; do wget -q -O - {url} | sha256sum; done >/tmp/done 2>&1 & true"
MOUNT = ("until [ -b /dev/mmcblk0 ]; do sleep 0.1; done; mkdir -p /mnt;"
         "mount -t ext4 /dev/mmcblk0 /mnt")
COPY = ("until [ -e /tmp/stop ]; do cp /mnt/given /mnt/copy; sync; echo 3 >/proc/sys/vm/drop_caches;"
        "sha256sum </mnt/copy; done >/tmp/done 2>&1 & true")
RESTART = "echo b >/proc/sysrq-trigger"  # no driver is asked to let its device go first
# The card's data is asked for all the time: a restart comes with an interrupt under way.
READ = ("until [ -e /tmp/stop ]; do dd if=/dev/mmcblk0 of=/dev/null bs=64k count=32 2>/dev/null;"
        "echo 3 >/proc/sys/vm/drop_caches; done & true")
ALARM = ("cd /sys/class/rtc/rtc0; until [ -e /tmp/stop ]; do echo +1 >wakealarm;"
         "while grep -q . wakealarm; do sleep 0.1; done; echo alarm; done >/tmp/alarms & cd")


# The display is painted all the time, with something that we know: busybox itself.
WIDTH, HEIGHT = 640, 480
BUSYBOX = build.TREE / "build/guests/debian/busybox"
PAINT = (r"printf '\033[2J\033[H\033[?25l' >/dev/tty1; until [ -e /tmp/stop ]; do"
         f" head -c {2 * WIDTH * HEIGHT} /bin/busybox >/dev/fb0; sleep 0.1; done & true")


def expect_picture(system):
    """The painter's frame, whole, is on the machine's screen; for a while there may be less,
    after its VM has begun to load anew."""
    screen = picture.Screen(system)
    for _ in range(600):
        control = screen.registers()[6]
        if screen.look() == picture.of_frame(BUSYBOX.read_bytes(), WIDTH, HEIGHT, control):
            return
        system.pump_for(0.2)
    raise AssertionError(f"the display shows {screen.look()}")


@pytest.fixture(name="server")
def start_server():
    """What the guest loads."""
    server = Server(noise(1 << 18, 4))
    yield server
    server.close()


class Worker:
    """A Linux whose devices are busy."""

    def __init__(self, linux, commands, expected):
        self.linux = linux
        self._commands = commands
        self._expected = [f"{checksum(expected)}  -"]

    def start(self):
        """Waits for user space; puts the devices to work."""
        self.linux.ready()
        self.linux.run("dmesg -n 1")  # nothing among a command's lines
        for command in self._commands:
            self.linux.run(command)

    def expect_progress(self, file="/tmp/done"):
        """Two more rounds: one began after this was called; every one was right."""
        self.linux.run(f"end=$(($(wc -l <{file}) + 2));"
                       f"while [ $(wc -l <{file}) -lt $end ]; do sleep 0.1; done")
        assert self.linux.run("sort -u /tmp/done") == self._expected


@pytest.mark.parametrize("manifest,reboots", [
    ("vexpress-two-linux", REBOOTS),
    (HERE / "two_cores.dts", (REBOOTS + 1) // 2),
], ids=["one-core", "two-cores"])
def test_vexpress_reboots(boot, server, tmp_path, manifest, reboots):
    """They restart in turn; in the end the card's file system is whole."""
    card = Card(tmp_path, given=GIVEN)
    system = boot(manifest, entry="flash", vms=VMS, extra=card.options)
    network = Worker(system.vm("armmp"),
                     ["udhcpc -n -q -i eth0", LOAD.format(url=server.url), PAINT], server.data)
    storage = Worker(system.vm("lpae"), [MOUNT, COPY, READ, ALARM], GIVEN)
    for worker in (network, storage):
        worker.start()
    for _ in range(reboots):
        for worker, other in ((network, storage), (storage, network)):
            worker.expect_progress()
            worker.linux.type(RESTART)
            other.expect_progress()
            worker.start()
            other.expect_progress()
            expect_picture(system)
    storage.expect_progress("/tmp/alarms")
    storage.linux.run("touch /tmp/stop; wait; umount /mnt")
    for worker in (network, storage):
        worker.linux.type("poweroff -f")
    system.expect_off()
    card.check()
    assert card.read("given") == GIVEN
