# SPDX-License-Identifier: BSD-2-Clause
"""Where dumps come from: files, and the monitor of a running QEMU, be it QMP or the
human one. The machine stands still while its memory is read.
"""

import json
import os
import pathlib
import socket
import stat
import tempfile

import printed
from layout import TraceError

ANSWER_SECONDS = 20
PROMPT = b"(qemu) "


class Monitor:
    """QEMU's monitor at a UNIX socket: which of the two it is, its greeting says."""

    def __init__(self, path):
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(ANSWER_SECONDS)
        self._data = b""
        try:
            self._socket.connect(str(path))
            while b"\n" not in self._data and PROMPT not in self._data:
                self._receive()
        except OSError as error:
            raise TraceError(f"{path}: no monitor answers ({error}): start QEMU with"
                             " -qmp unix:FILE,server=on,wait=off") from error
        self._is_qmp = self._data.startswith(b'{"QMP"')
        if self._is_qmp:
            self._data = self._data.split(b"\n", 1)[1]
            self._query("qmp_capabilities")
        else:
            self._until_prompt()

    def close(self):
        """QEMU goes on."""
        self._socket.close()

    def command(self, line):
        """A command of the human monitor; its answer."""
        if self._is_qmp:
            return self._query("human-monitor-command", {"command-line": line})
        self._socket.sendall(line.encode() + b"\n")
        return self._until_prompt().split("\n", 1)[-1]

    def read(self, address, size):
        """Physical memory, with the machine stopped meanwhile."""
        was_running = "VM status: running" in self.command("info status")
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "memory")
            self.command("stop")
            text = self.command(f'pmemsave {address:#x} {size} "{path}"')
            if was_running:
                self.command("cont")
            if not os.path.exists(path):
                raise TraceError(f"QEMU did not save its memory: {text.strip()}")
            return pathlib.Path(path).read_bytes()

    def _receive(self):
        data = self._socket.recv(65536)
        if not data:
            raise TraceError("QEMU has closed its monitor")
        self._data += data

    def _until_prompt(self):
        while PROMPT not in self._data:
            self._receive()
        text, self._data = self._data.split(PROMPT, 1)
        return text.decode(errors="replace").replace("\r", "")

    def _query(self, name, arguments=None):
        request = {"execute": name, **({"arguments": arguments} if arguments else {})}
        self._socket.sendall(json.dumps(request).encode() + b"\n")
        while True:
            while b"\n" not in self._data:
                self._receive()
            line, self._data = self._data.split(b"\n", 1)
            answer = json.loads(line)
            if "error" in answer:
                raise TraceError(f"QEMU refuses {name}: {answer['error'].get('desc')}")
            if "return" in answer:
                return answer["return"]


def _read_file(path, layout):
    data = path.read_bytes()
    return printed.convert(data, layout) if printed.is_printed(data) else data


def load(paths, layout):
    """The dumps behind the user's arguments: files, folders with such, and sockets."""
    dumps = []
    for path in map(pathlib.Path, paths):
        try:
            if stat.S_ISSOCK(path.stat().st_mode):
                monitor = Monitor(path)
                dumps.append(monitor.read(*layout.place()))
                monitor.close()
            elif path.is_dir():
                dumps += [one.read_bytes() for pattern in ("*.trace", "*.dump")
                          for one in sorted(path.glob(pattern))]
            else:
                dumps.append(_read_file(path, layout))
        except OSError as error:
            raise TraceError(f"{path}: {error.strerror or error}") from error
    if not dumps:
        raise TraceError(f"no *.trace and no *.dump in {' '.join(map(str, paths))}:"
                         " `bhtrace record` makes one")
    return dumps
