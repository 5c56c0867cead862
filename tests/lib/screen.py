# SPDX-License-Identifier: BSD-2-Clause
"""A system on a terminal of 80 x 24, which is tmux's: what a user sees and types."""

import os
import re
import shlex
import subprocess
import time

from lib.system import EVENT_SECONDS

ESCAPE = "C-]"


class Screen:
    """One terminal; close it when done."""

    def __init__(self, command, columns=80, rows=24):
        self._socket = f"bulkhead-{os.getpid()}-{id(self)}"
        self._tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows),
                   shlex.join(command))

    def _tmux(self, *words):
        done = subprocess.run(["tmux", "-L", self._socket, *words], check=True, text=True,
                              stdout=subprocess.PIPE)
        return done.stdout

    def text(self, *, is_coloured=False):
        """What is on the screen now."""
        return self._tmux("capture-pane", "-p", *(["-e"] if is_coloured else []))

    def type(self, *keys):
        """Presses keys, by tmux's names."""
        self._tmux("send-keys", *keys)

    def write(self, text):
        """Types text as it is."""
        self._tmux("send-keys", "-l", text)

    def expect(self, pattern, timeout=EVENT_SECONDS):
        """Waits until the pattern is on the screen; returns the match."""
        end = time.monotonic() + timeout
        while True:
            match = re.search(pattern, self.text(), re.M)
            if match:
                return match
            assert time.monotonic() < end, f"/{pattern}/ is not on the screen:\n{self.text()}"
            time.sleep(0.05)  # tmux tells of nothing: it is asked

    def close(self):
        """Ends the terminal, and with it what runs there."""
        subprocess.run(["tmux", "-L", self._socket, "kill-server"], check=False)
