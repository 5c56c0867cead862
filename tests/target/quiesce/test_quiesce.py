# SPDX-License-Identifier: BSD-2-Clause
"""A bus master that is passed through writes into its VM's RAM when it has something to
write, be it long after that VM has restarted or was switched off: unless the hypervisor
has silenced it. Here it is a source of random numbers, and the test is its well.
"""

import array
import fcntl
import pathlib
import socket
import termios

import pytest

from lib.system import ESCAPE

HERE = pathlib.Path(__file__).parent
BUFFER = 0x40210000  # where guest.c has it
BYTES = 16
REQUEST = bytes([2, BYTES])  # of the entropy gathering daemon: so many bytes, and wait
SILENT = "0 bytes, 0 answers, 0 interrupts, status 0"


class Well:
    """The random numbers' other end."""

    def __init__(self, folder):
        self._path = folder / "well"
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(60)
        self.options = ["-object", "rng-egd,id=rng,chardev=well",
                        "-chardev", f"socket,id=well,path={self._path},server=on,wait=off",
                        "-device", "virtio-rng-device,rng=rng,bus=virtio-mmio-bus.31"]

    def connect(self):
        """Once QEMU runs."""
        self._socket.connect(str(self._path))

    def expect(self):
        """Waits for the device's wish."""
        assert self._socket.recv(len(REQUEST)) == REQUEST

    def give(self):
        """Fulfils it; waits until the device has what it wished for."""
        self._socket.sendall(b"\xa5" * BYTES)
        left = array.array("i", [1])
        while left[0]:
            fcntl.ioctl(self._socket, termios.TIOCOUTQ, left)

    def close(self):
        """No more of it."""
        self._socket.close()


@pytest.fixture(name="well")
def dig_well(tmp_path):
    """One for each QEMU."""
    well = Well(tmp_path)
    yield well
    well.close()


def start(boot, well, manifest):
    """Boots with the hypervisor where the ELF file says; the guest is ready."""
    system = boot(HERE / manifest, entry="elf", vms=["master", "other"], extra=well.options)
    well.connect()
    system.vm("master").expect("^quiesce: ready, device 4$")
    return system


def expect_works(system, well):
    """The device serves, as often as it is asked, and its interrupt comes once."""
    system.send(b"sa")
    well.expect()
    well.give()
    system.send(b"wl")
    system.vm("master").expect(f"^quiesce: {BYTES} bytes, 1 answers, 1 interrupts, status 7$")


def restart_by_menu(system):
    """The first VM, which gets the input, too."""
    system.send(ESCAPE + b"m1rf")


@pytest.mark.parametrize("end", ["r", "f"], ids=["reset", "fault"])
def test_quiesce_restart(boot, well, end):
    """It restarts with one interrupt active and a transfer under way: what comes then does
    not reach its next life."""
    system = start(boot, well, "quiesce.dts")
    master = system.vm("master")
    system.send(b"sa")
    well.expect()
    well.give()
    system.send(b"wk")
    master.expect("^quiesce: interrupt 79 is active$")
    system.send(b"a")
    well.expect()
    system.send(end.encode())
    master.expect("^quiesce: ready")
    well.give()
    system.send(b"l")
    master.expect(f"^quiesce: {SILENT}$")
    expect_works(system, well)


def test_quiesce_off(boot, well):
    """It is switched off with a transfer under way, and started again by the menu."""
    system = start(boot, well, "quiesce.dts")
    system.send(b"sa")
    well.expect()
    system.send(b"o")
    system.hypervisor.expect("^master: powered off$")
    well.give()
    assert system.driver.hmp(f"xp /4wx {BUFFER:#x}").split()[1:] == 4 * ["0x00000000"]
    restart_by_menu(system)
    system.vm("master").expect("^quiesce: ready")
    expect_works(system, well)


@pytest.mark.parametrize("end", ["r", "o"], ids=["reset", "off"])
def test_quiesce_restless(boot, well, end):
    """What can't be silenced keeps its VM from starting again, whoever tries."""
    system = start(boot, well, "restless.dts")
    own, other = system.hypervisor, system.vm("other")
    system.send(end.encode())
    own.expect("^master: powered off$")
    tries = 1 if end == "r" else 0
    assert own.text.count("not started again") == tries
    restart_by_menu(system)
    own.expect("^master: restarts$")
    own.expect("^master: not started again: nothing ends the transfers of$")
    own.expect(r"^ +/board/virtio@a003e00\. Give it a quiesce list")
    other.skip()
    other.expect("^hello: idle for")
    assert own.text.count("not started again") == tries + 1
    assert system.vm("master").text.count("ready") == 1
