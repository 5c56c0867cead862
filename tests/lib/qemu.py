# SPDX-License-Identifier: BSD-2-Clause
"""labgrid's QEMUDriver, started with a complete command line.

labgrid 0.4.1 wants machine, CPU and memory as fields and adds its own serial port
and monitor; the rest of a command is passed on. Four of its habits are put right:
a QEMU that refuses its arguments must not hang on(), one that dies must end a
wait, QMP commands may have arguments, and off() must not need a living guest.
"""

import json
import pathlib
import shlex
import socket
import subprocess

from labgrid import Environment, Target
from labgrid.driver import QEMUDriver
from pexpect import EOF

START_SECONDS = 20
ENVIRONMENT = pathlib.Path(__file__).with_name("labgrid.yaml")

# Options that labgrid sets itself, and how many words each has.
FIELDS = {"-M": "machine", "-machine": "machine", "-cpu": "cpu", "-m": "memory"}
DROPPED = {"-nographic": 1, "-serial": 2, "-chardev": 2, "-monitor": 2, "-display": 2}


class Qemu(QEMUDriver):
    """One QEMU process, its first serial port and its monitor."""

    def on(self):
        self._socket.settimeout(START_SECONDS)
        try:
            super().on()
        except socket.timeout as error:
            raise OSError(f"QEMU did not start: {' '.join(self._cmd)}") from error

    def off(self):
        """Ends the process, whatever state it is in."""
        if self._child is None:
            return
        self.status = 0
        self._child.terminate()
        try:
            self._child.wait(10)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait(10)
        self._child = None

    def _read(self, size=1, timeout=10):
        data = super()._read(size, timeout)
        if not data:
            raise EOF("QEMU has ended")
        return data

    def _write(self, data):
        # The UART takes a byte when the guest has room for it: wait for that here.
        self._clientsocket.setblocking(True)
        self._clientsocket.sendall(data)
        self._clientsocket.setblocking(False)
        return len(data)

    def query(self, command, **arguments):
        """A QMP command with arguments; returns what it returns."""
        request = {"execute": command, "arguments": arguments}
        self.qmp.monitor_in.write(json.dumps(request).encode() + b"\n")
        self.qmp.monitor_in.flush()
        while True:
            # pylint: disable-next=protected-access
            answer = self.qmp._read_parse_json()
            if "error" in answer:
                raise OSError(f"QMP {command}: {answer['error']}")
            if "return" in answer:
                return answer["return"]

    def hmp(self, command):
        """A command of the human monitor; returns its text."""
        return self.query("human-monitor-command", **{"command-line": command})


def _split(command):
    """Sorts a command line into labgrid's fields and the remaining arguments."""
    fields, rest = {}, []
    words = iter(command[1:])
    for word in words:
        if word in FIELDS:
            value = next(words)
            joined = word in ("-M", "-machine") and fields.get("machine")
            fields[FIELDS[word]] = f"{joined},{value}" if joined else value
        elif word in DROPPED:
            for _ in range(DROPPED[word] - 1):
                next(words)
        else:
            rest.append(word)
    return fields, rest


def start(command, extra=()):
    """Starts a command line's QEMU, with extra options; `-M`, `-cpu` and `-m` there
    replace the command's own."""
    fields, rest = _split(command)
    replacing, more = _split(["", *extra])
    fields.update(replacing)
    rest += [*more, "-no-shutdown"]
    target = Target("main", env=Environment(str(ENVIRONMENT)))
    driver = Qemu(target, None, qemu_bin="qemu", machine=fields["machine"], cpu=fields["cpu"],
                  memory=fields.get("memory", "128"),
                  extra_args=shlex.join(rest))
    target.activate(driver)
    driver.on()
    return driver
