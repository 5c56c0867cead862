# SPDX-License-Identifier: BSD-2-Clause
"""What is around a Versatile Express: a network with a server, a card in its slot."""

import functools
import hashlib
import http.server
import pathlib
import random
import subprocess
import threading

CARD_BYTES = 16 << 20
HOST = "10.0.2.2"  # as QEMU's user network calls the machine that it runs on


def checksum(data):
    """As sha256sum prints it."""
    return hashlib.sha256(data).hexdigest()


def noise(count, seed):
    """So many bytes that no compression and no accident makes."""
    return random.Random(seed).randbytes(count)


class _Handler(http.server.BaseHTTPRequestHandler):
    """GET: the server's data; POST: kept in `received`."""

    def __init__(self, server, *arguments):
        self.files = server
        super().__init__(*arguments)

    def do_GET(self):  # pylint: disable=invalid-name
        """All of it, whatever it is called."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.files.data)))
        self.end_headers()
        try:
            self.wfile.write(self.files.data)
        except OSError:
            pass  # a guest that restarts has other cares

    def do_POST(self):  # pylint: disable=invalid-name
        """Anything."""
        self.files.received = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_arguments):
        """Says nothing."""


class Server:
    """An HTTP server that a guest reaches through QEMU's user network."""

    def __init__(self, data):
        self.data, self.received = data, None
        self._http = http.server.ThreadingHTTPServer(("127.0.0.1", 0),
                                                     functools.partial(_Handler, self))
        self.url = f"http://{HOST}:{self._http.server_port}/data"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def close(self):
        """No more answers."""
        self._http.shutdown()
        self._http.server_close()


class Card:
    """A card's image with an ext4 file system on it, without partitions."""

    def __init__(self, folder, **files):
        self.path = folder / "card.img"
        root = folder / "card"
        root.mkdir()
        for name, data in files.items():
            (root / name).write_bytes(data)
        with self.path.open("wb") as image:
            image.truncate(CARD_BYTES)
        self._run("/sbin/mke2fs", "-q", "-F", "-t", "ext4", "-d", root, self.path)
        self.options = ["-drive", f"if=sd,format=raw,file={self.path}"]

    @staticmethod
    def _run(*words):
        done = subprocess.run([str(word) for word in words], text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert done.returncode == 0, done.stdout

    def check(self):
        """Nothing is wrong with the file system."""
        self._run("/sbin/e2fsck", "-f", "-n", self.path)

    def read(self, name):
        """A file's content."""
        copy = pathlib.Path(f"{self.path}.{name}")
        self._run("/sbin/debugfs", "-R", f"dump /{name} {copy}", self.path)
        return copy.read_bytes()
