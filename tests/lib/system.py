# SPDX-License-Identifier: BSD-2-Clause
"""A running system: its QEMU, and its one console taken apart into VMs again.

The hypervisor heads each line of a VM with `name| ` and its own with `bulkhead: `;
here each gets a Stream of its own, to be waited on by regular expression. All
waits are for an event; their limits are generous and only end a test that failed.
"""

import re
import time

from pexpect import EOF, TIMEOUT

EVENT_SECONDS = 180
LOOK_BACK = 10000  # characters: no pattern matches more lines than that
ESCAPE = b"\x1d"
HYPERVISOR = "bulkhead"
PANIC = "PANIC: exception"

HEAD = re.compile(r"(?:(?P<vm>[A-Za-z0-9_.-]+)\| ?|(?P<own>bulkhead): )(?P<text>.*)", re.S)
# Terminal control sequences: shells ask where the cursor is and colour their prompts.
CONTROL = re.compile(r"\x1b(?:\[[0-9;?!]*[A-Za-z]|[()][0-9A-Za-z]|[0-9=>A-Za-z])|[\x0e\x0f\x18]")


class ConsoleError(AssertionError):
    """What was waited for did not come."""


class Stream:
    """The text of one VM (or of the hypervisor, or of nobody), and a place in it up
    to which it has been read."""

    def __init__(self, system, name):
        self._system = system
        self.name = name
        self.text = ""     # whole lines
        self.partial = ""  # the line that is still being written
        self._read_to = 0

    def expect(self, pattern, timeout=EVENT_SECONDS):
        """Waits for the pattern after what was expected last; returns the match."""
        regex = re.compile(pattern, re.M)
        end = time.monotonic() + timeout
        start = self._read_to
        while True:
            text = self.text + self.partial
            match = regex.search(text, start)
            if match:
                self._read_to = match.end()
                return match
            # Only what is new can complete a match; long texts take long to search.
            start = max(start, self.text.rfind("\n", 0, -LOOK_BACK) + 1)
            self._system.pump(end, f"/{pattern}/ from {self.name or 'the machine'}")

    def skip(self):
        """Forgets what has come so far: expect() looks at what follows."""
        self._system.pump_available()
        self._read_to = len(self.text)

    def lines(self):
        """All whole lines so far."""
        return self.text.splitlines()


class Linux(Stream):
    """A VM with a Linux shell on its console."""

    def __init__(self, system, name, number):
        super().__init__(system, name)
        self._number = number
        self._commands = 0

    def ready(self, timeout=EVENT_SECONDS):
        """Waits for user space."""
        return self.expect(r"^bulkhead-guest: ready", timeout)

    def focus(self):
        """Lets this VM have the console's input; natively it always has."""
        if self._number:
            self._system.send(ESCAPE + str(self._number).encode())

    def type(self, line):
        """Types a line, without waiting for anything."""
        self.focus()
        self._system.send(line.encode() + b"\n")

    def run(self, command, timeout=EVENT_SECONDS):
        """Types a command; returns the lines it printed when it has ended."""
        self._commands += 1
        mark = f"{self.name or 'native'}-{self._commands}"
        self.type(f'echo be""gin {mark}; {command}; echo e""nd {mark}')
        self.expect(rf"^begin {mark}$", timeout)
        start = self._read_to
        match = self.expect(rf"^end {mark}$", timeout)
        return self.text[start:match.start()].strip("\n").splitlines()


class System:
    """A started system. Close it when done; the fixture in conftest.py does."""

    def __init__(self, driver, log, vms=()):
        self.driver = driver
        self._log = log
        self._pending = ""  # the unfinished last line of the console
        self._streams = {name: Linux(self, name, number)
                         for number, name in enumerate(vms, 1)}
        self._streams[""] = Linux(self, "", 0)

    def vm(self, name):
        """The stream of a VM; also of "bulkhead" and of "" (lines without a head)."""
        if name not in self._streams:
            self._streams[name] = Stream(self, name)
        return self._streams[name]

    @property
    def hypervisor(self):
        """The hypervisor's own lines."""
        return self.vm(HYPERVISOR)

    @property
    def machine(self):
        """Lines that nobody heads: a machine without the hypervisor."""
        return self.vm("")

    def send(self, data):
        """Sends raw bytes to the UART."""
        self.driver.write(data)

    def expect_off(self, timeout=EVENT_SECONDS):
        """Waits until the machine has powered itself off."""
        end = time.monotonic() + timeout
        while self.driver.query("query-status")["status"] != "shutdown":
            self.pump(end, "the machine to power off", step=0.2)

    def pump(self, end, what, step=1.0):
        """Takes in what the console says, for a step at most; fails past `end`."""
        left = end - time.monotonic()
        if PANIC in self.hypervisor.text:
            raise ConsoleError(f"the hypervisor panicked while waiting for {what}")
        if left <= 0:
            raise ConsoleError(f"waited in vain for {what}; the console's end is shown below")
        try:
            self._take(self.driver.read(timeout=min(left, step)))
        except TIMEOUT:
            pass
        except EOF as error:
            raise ConsoleError(f"QEMU ended while waiting for {what}") from error

    def pump_for(self, seconds):
        """Listens for a time: for tests that something goes on, or doesn't."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                self._take(self.driver.read(timeout=max(0.0, end - time.monotonic())))
            except TIMEOUT:
                pass

    def pump_available(self):
        """Takes in what is there already."""
        try:
            while True:
                self._take(self.driver.read(timeout=0.0))
        except TIMEOUT:
            pass

    def close(self):
        """Ends QEMU; the log keeps what it said."""
        self.driver.off()
        self._log.close()

    def _take(self, data):
        self._log.write(data)
        self._log.flush()
        text = CONTROL.sub("", (self._pending + data.decode("utf-8", "replace")))
        *lines, self._pending = text.replace("\r", "").split("\n")
        for stream in self._streams.values():
            stream.partial = ""
        for line in lines:
            stream, body = self._sort(line)
            stream.text += body + "\n"
        stream, body = self._sort(self._pending)
        stream.partial = body

    def _sort(self, line):
        match = HEAD.match(line)
        if not match:
            return self.machine, line
        return self.vm(match["vm"] or HYPERVISOR), match["text"]
