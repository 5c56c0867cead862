# SPDX-License-Identifier: BSD-2-Clause
"""labgrid's QEMUDriver, started with a complete command line.

labgrid 0.4.1 wants machine, CPU and memory as fields and adds its own serial port
and monitor; the rest of a command is passed on. Five of its habits are put right:
a QEMU that refuses its arguments must not hang on(), one that dies must end a
wait, QMP commands may have arguments, off() must not need a living guest, and the
console is always read: a QEMU whose console is full answers no QMP command.
"""

import json
import pathlib
import queue
import shlex
import socket
import subprocess
import threading

from labgrid import Environment, Target
from labgrid.driver import QEMUDriver
from pexpect import EOF, TIMEOUT

START_SECONDS = 20
ENVIRONMENT = pathlib.Path(__file__).with_name("labgrid.yaml")

# Options that labgrid sets itself, and how many words each has.
FIELDS = {"-M": "machine", "-machine": "machine", "-cpu": "cpu", "-m": "memory"}
DROPPED = {"-nographic": 1, "-serial": 2, "-chardev": 2, "-monitor": 2, "-display": 2}


class Qemu(QEMUDriver):
    """One QEMU process, its first serial port and its monitor."""

    _received = None  # a queue, once it runs

    def on(self):
        self._socket.settimeout(START_SECONDS)
        try:
            super().on()
        except socket.timeout as error:
            raise OSError(f"QEMU did not start: {' '.join(self._cmd)}") from error

    def monitor_command(self, command):
        """The first one, on()'s, lets QEMU run: from then on its console must be read, or
        it is full after some 300 characters, and the answer never comes."""
        if self._received is None:
            self._received = queue.Queue()
            self._clientsocket.setblocking(True)
            threading.Thread(target=self._receive, daemon=True).start()
        return super().monitor_command(command)

    def add_serial(self, serial):
        """One more serial port, behind the console's; before on()."""
        self._cmd += ["-serial", serial]

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

    def _receive(self):
        """Moves the console's output to a queue until QEMU closes it: then b""."""
        data = b"any"
        while data:
            try:
                data = self._clientsocket.recv(65536)
            except OSError:
                data = b""
            self._received.put(data)

    def _read(self, size=1, timeout=10):
        try:
            data = self._received.get(timeout=max(timeout, 0.001))
        except queue.Empty as error:
            raise TIMEOUT("the console is silent") from error
        while data and not self._received.empty():
            more = self._received.get()
            if not more:
                self._received.put(more)
                break
            data += more  # at once: each piece is looked through for what is expected
        if not data:
            self._received.put(data)  # it stays so
            raise EOF("QEMU has ended")
        return data

    def _write(self, data):
        # Waits while the UART is full, until the guest has read from it.
        self._clientsocket.sendall(data)
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


def _split(command, dropped):
    """Sorts a command line into labgrid's fields and the remaining arguments."""
    fields, rest = {}, []
    words = iter(command[1:])
    for word in words:
        if word in FIELDS:
            value = next(words)
            joined = word in ("-M", "-machine") and fields.get("machine")
            fields[FIELDS[word]] = f"{joined},{value}" if joined else value
        elif word in dropped:
            for _ in range(dropped[word] - 1):
                next(words)
        else:
            rest.append(word)
    return fields, rest


def _check_clock(words):
    """-icount lets one core run at a time, for as long as it likes: a guest's vCPU that
    spins for another's answer waits in vain."""
    cores = [words[i + 1] for i, word in enumerate(words) if word == "-smp"]
    if "-icount" in words and cores and cores[-1] != "1":
        raise ValueError(f"-icount with -smp {cores[-1]}: several cores need QEMU's threads;"
                         " leave -icount out, or pin all vCPUs to core 0")


def start(command, extra=()):
    """Starts a command line's QEMU, with extra options; `-M`, `-cpu` and `-m` there
    replace the command's own, `-serial` is the next port after the console's."""
    fields, rest = _split(command, DROPPED)
    replacing, more = _split(["", *extra], {"-serial": 2})
    fields.update(replacing)
    rest += [*more, "-no-shutdown"]
    _check_clock(rest)
    target = Target("main", env=Environment(str(ENVIRONMENT)))
    driver = Qemu(target, None, qemu_bin="qemu", machine=fields["machine"], cpu=fields["cpu"],
                  memory=fields.get("memory", "128"),
                  extra_args=shlex.join(rest))
    target.activate(driver)
    for option, value in zip(extra, extra[1:]):
        if option == "-serial":
            driver.add_serial(value)
    driver.on()
    return driver
