# SPDX-License-Identifier: BSD-2-Clause
"""Runs a system in a QEMU of its own and keeps its whole trace.

The machine's RAM is a file that we look into while it runs: it is neither stopped nor
slowed down. New events are copied out before their ring has gone round; where we come
too late, they are counted as lost. The result is one file, a long ring for each core.
"""

import contextlib
import mmap
import os
import pathlib
import re
import shlex
import subprocess
import tempfile
import time

from layout import TREE, TraceError
from machine import ANSWER_SECONDS, Monitor
from rings import ENTRY, HEADER, Header, long_ring

LOOK_SECONDS = 0.05     # at the console and QEMU's state
POLL_SECONDS = 0.0005   # at the rings
UNSETTLED = 16          # events near the place of writing that may not be whole yet
SHARED_MEMORY = "/dev/shm"


class _LiveRing:
    """One core's ring in the memory of a running machine."""

    def __init__(self, memory, offset, capacity):
        self._memory, self._offset, self._capacity = memory, offset, capacity
        self._next = 0
        self.entries = {}

    def header(self):
        """As it is now."""
        return Header(*HEADER.unpack_from(self._memory, self._offset))

    def take(self, is_stopped=False):
        """Copies what is new and settled."""
        until = self.header().count - (0 if is_stopped else UNSETTLED)
        first = max(self._next, until - self._capacity)
        found = {number: ENTRY.unpack_from(self._memory, self._place(number))
                 for number in range(first, until)}
        # Meanwhile the oldest ones may have been overwritten.
        if not is_stopped:
            first = max(first, self.header().count - self._capacity + UNSETTLED)
        self.entries.update((number, entry) for number, entry in found.items()
                            if number >= first)
        self._next = max(self._next, until)

    def _place(self, number):
        return self._offset + HEADER.size + number % self._capacity * ENTRY.size


class Recorder:
    """Of one run. extra: more options for QEMU."""

    def __init__(self, layout, folder, extra=()):
        self._layout = layout
        self._folder = pathlib.Path(folder)
        self._extra = list(extra)
        self._rings = []
        self._monitor = None
        self.console = self._folder / "console.log"
        self.path = self._folder / "run.trace"

    def run(self, seconds, until, times):
        """Records for so many seconds, or until the console has said `until` so often.
        True: it has."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self.console.write_bytes(b"")
        with contextlib.ExitStack() as stack:
            self._start(stack)
            has_said = self._watch(time.monotonic() + seconds, until, times)
            self._monitor.command("stop")
            self._take(is_stopped=True)
            self.path.write_bytes(b"".join(long_ring(ring.header(), ring.entries)
                                           for ring in self._rings if ring.entries))
        return has_said

    def _command(self, ram, socket):
        line = subprocess.run([TREE / "tools/qemu-cmd", "-c", "none", self._layout.folder],
                              check=True, text=True, stdout=subprocess.PIPE, cwd=TREE).stdout
        words = shlex.split(line)
        size = words[words.index("-m") + 1]
        return words + self._extra + [
            "-object", f"memory-backend-file,id=ram,size={size},mem-path={ram},share=on",
            "-machine", "memory-backend=ram", "-S", "-no-shutdown", "-monitor", "none",
            "-serial", f"file:{self.console.resolve()}",
            "-qmp", f"unix:{socket},server=on,wait=off"]

    def _start(self, stack):
        shared = SHARED_MEMORY if os.path.isdir(SHARED_MEMORY) else None
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(dir=shared)))
        command = self._command(folder / "ram", folder / "qmp")
        said = stack.enter_context(tempfile.TemporaryFile("w+"))
        process = stack.enter_context(subprocess.Popen(
            command, cwd=TREE, stdin=subprocess.DEVNULL, stdout=said, stderr=said))
        stack.callback(process.terminate)
        end = time.monotonic() + ANSWER_SECONDS
        while not (folder / "qmp").exists():
            if process.poll() is not None or time.monotonic() > end:
                said.seek(0)
                raise TraceError(f"QEMU did not start: {said.read().strip()}\n"
                                 + shlex.join(command))
            time.sleep(0.01)
        self._monitor = Monitor(folder / "qmp")
        with open(folder / "ram", "r+b") as file:
            memory = stack.enter_context(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        place, _ = self._layout.place()
        offset = place - self._layout.ram_base
        ring_bytes = HEADER.size + self._layout.capacity * ENTRY.size
        self._rings = [_LiveRing(memory, offset + core * ring_bytes, self._layout.capacity)
                       for core in range(self._layout.core_count)]
        self._monitor.command("cont")

    def _take(self, is_stopped=False):
        for ring in self._rings:
            ring.take(is_stopped)

    def _watch(self, end, until, times):
        next_look = 0
        while time.monotonic() < end:
            self._take()
            if time.monotonic() >= next_look:
                next_look = time.monotonic() + LOOK_SECONDS
                if until and self._has_said(until, times):
                    return True
                if "shutdown" in self._monitor.command("info status"):
                    break
            time.sleep(POLL_SECONDS)  # nothing tells us that memory was written
        return not until or self._has_said(until, times)

    def _has_said(self, until, times):
        said = self.console.read_text(errors="replace")
        return len(re.findall(until, said, re.M)) >= times
