# SPDX-License-Identifier: BSD-2-Clause
"""What the machine's display shows, as QEMU's screendump has it; and what it should show
of given memory, by the manual of the PL111 (DDI 0293, 3.2)."""

import pathlib
import re
import struct
import tempfile
import zlib

from lib.system import ESCAPE

PL111 = 0x1c1f0000


class Picture:
    """Width, height, and three bytes a pixel: red, green, blue."""

    def __init__(self, width, height, pixels):
        assert len(pixels) == 3 * width * height
        self.width, self.height, self.pixels = width, height, pixels

    def __eq__(self, other):
        return vars(self) == vars(other)

    def __repr__(self):
        return f"<{self.width} x {self.height}, CRC {zlib.crc32(self.pixels):08x}>"

    @property
    def is_black(self):
        """Nothing is to be seen."""
        return not any(self.pixels)

    def cell(self, column, row, width=8, height=16):
        """The pixels of a character of a text console."""
        lines = (self.width * (row * height + line) + column * width for line in range(height))
        return b"".join(self.pixels[3 * at:3 * (at + width)] for at in lines)

    def png(self):
        """As a PNG file's bytes."""
        def chunk(kind, data):
            return (struct.pack(">I", len(data)) + kind + data +
                    struct.pack(">I", zlib.crc32(kind + data)))

        lines = b"".join(b"\0" + self.pixels[at:at + 3 * self.width]
                         for at in range(0, len(self.pixels), 3 * self.width))
        return (b"\x89PNG\r\n\x1a\n" +
                chunk(b"IHDR", struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)) +
                chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b""))


class Screen:
    """A system's display, which its VMs may share."""

    def __init__(self, system, has_menu=False):
        self._system, self._has_menu = system, has_menu

    def look(self):
        """What it shows now."""
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "screen.ppm"
            self._system.driver.hmp(f"screendump {path}")
            kind, size, depth, pixels = path.read_bytes().split(b"\n", 3)
        assert (kind, depth) == (b"P6", b"255")
        return Picture(*map(int, size.split()), pixels)

    def give(self, number, name):
        """To a VM: by the menu, or by the keys that give it the input, and the display."""
        digit = str(number).encode()
        self._system.send(ESCAPE + (b"m" + digit + b"dq" if self._has_menu else
                                    digit + ESCAPE + b"d"))
        self._system.hypervisor.expect(rf"^{name}: has the display$")
        if self._has_menu:
            self._system.hypervisor.expect(r"^input goes to ")

    def registers(self):
        """What the PL111 itself has: from LCDTiming0 to LCDControl."""
        words = self._system.driver.hmp(f"xp /7wx {PL111:#x}")
        return [int(word, 16) for word in re.findall(r" (0x\w{8})", words)]


BGR = 0x100
BPP_8, BPP_32, BPP_565 = 3 << 1, 5 << 1, 6 << 1
CHANNELS = {  # (shift, bits) of red, green, blue
    BPP_8: ((0, 5), (5, 5), (10, 5)),  # in the palette
    BPP_32: ((0, 8), (8, 8), (16, 8)),
    BPP_565: ((0, 5), (5, 6), (11, 5)),
}


def of_frame(memory, width, height, control, palette=()):
    """Of a frame in memory, as LCDControl says; palette: half-words, for 8 bits a pixel."""
    depth, count = control & 0xe, width * height
    channels = CHANNELS[depth][::-1 if control & BGR else 1]
    values = struct.unpack_from(f"<{count}{ {BPP_8: 'B', BPP_32: 'I', BPP_565: 'H'}[depth]}",
                                memory)
    if depth == BPP_8:
        values = [palette[value] for value in values]
    pixels = bytearray(3 * count)
    for colour, (shift, bits) in enumerate(channels):
        mask = (1 << bits) - 1
        pixels[colour::3] = bytes((value >> shift & mask) << 8 - bits for value in values)
    return Picture(width, height, bytes(pixels))
