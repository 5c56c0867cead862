# SPDX-License-Identifier: BSD-2-Clause
"""UARTs of a Versatile Express passed through, beside the shared console: what the host
sends through each comes back from its own guest, and whole."""

import pathlib
import random
import socket
import string
import threading

HERE = pathlib.Path(__file__).parent
# On a busy host most interrupts end with the line high again, which QEMU's GIC sees after
# 34 ms only: so few that 16 at a time won't take long even then.
BYTES = 4000  # of the bare guest, as its boot argument says
LETTERS = 2000
SECONDS = 60


class Wire:
    """The host's end of a UART. It is always read: QEMU sends byte by byte, and waits, all
    of it, for room when some 300 are on their way."""

    def __init__(self, path):
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.connect(str(path))
        self._received = b""
        self._has_more = threading.Condition()
        threading.Thread(target=self._receive, daemon=True).start()

    def _receive(self):
        while data := self._socket.recv(65536):
            with self._has_more:
                self._received += data
                self._has_more.notify()

    def send(self, data):
        """Sends all of it."""
        self._socket.sendall(data)

    def receive(self, count):
        """What has come, so many bytes at least."""
        with self._has_more:
            assert self._has_more.wait_for(lambda: len(self._received) >= count, SECONDS), (
                f"only {len(self._received)} bytes of {count} have come back")
            return self._received


def test_vexpress_uart(boot, tmp_path):
    """A bare guest by its interrupt, and Linux' /dev/ttyAMA3, at the same time."""
    paths = [tmp_path / name for name in ("one", "two", "three")]
    serials = [word for path in paths for word in ("-serial", f"unix:{path},server=on,wait=off")]
    system = boot(HERE / "vexpress_uart.dts", vms=["bare", "linux"], extra=serials)
    first, third = Wire(paths[0]), Wire(paths[2])
    bare, linux = system.vm("bare"), system.vm("linux")
    bare.expect("^uart: listens")
    linux.ready()

    # Open from before the first byte to the last.
    linux.type("exec 3<>/dev/ttyAMA3; stty raw -echo <&3; echo liste''ns;"
               f"head -c {LETTERS} <&3 | tr a-z A-Z >&3; echo e''nd")
    linux.expect("^listens")
    dice = random.Random(1)
    letters = "".join(dice.choices(string.ascii_lowercase, k=LETTERS)).encode()
    data = dice.randbytes(BYTES)
    third.send(letters)
    first.send(data)
    assert first.receive(BYTES) == bytes(byte ^ 0xff for byte in data)
    assert third.receive(LETTERS) == letters.upper()
    result = bare.expect(r"^uart: (\d+) bytes, (\d+) strange interrupts of (\d+)\n")
    assert int(result[1]) == BYTES and result[2] == "0" and int(result[3]) <= BYTES
    linux.expect("^end")
