# SPDX-License-Identifier: BSD-2-Clause
"""The display of a Versatile Express, shared: bare guests do to it what is typed here
(guest.c), and the machine's screen is looked at. tests/host/unit/test_vpl111.c does the
same to all registers, at random, on a model."""

import pathlib
import struct

import pytest

from lib import picture
from lib.picture import BPP_8, BPP_32, BPP_565
from lib.system import ESCAPE

HERE = pathlib.Path(__file__).parent
LCD = 0x1c1f0000
TIMING0, TIMING1, UPBASE, LPBASE, CONTROL, IMSC, PALETTE = (0, 4, 0x10, 0x14, 0x18, 0x1c, 0x200)
WIDTH, HEIGHT = 320, 240
ON, VCOMP = 0x821, 8
RAM, RAM_END, FAR, FAR_END = 0x40000000, 0x40400000, 0x40400000, 0x40600000
FRAME = 4 * WIDTH * HEIGHT
HAND_OVERS = 20
REFUSED = "is not all in its RAM"


def noise(words, seed):
    """What the guest paints."""
    values = (((i + seed) * 2654435761) & 0xffffffff for i in range(words))
    return struct.pack(f"<{words}I", *(value ^ value >> 15 for value in values))


class Painter:
    """A guest, and what it has of a display."""

    def __init__(self, system, name):
        self.system, self.vm = system, system.vm(name)

    def do(self, *words):
        """A line; returns the answer."""
        self.vm.type(" ".join(map(str, words)))
        return int(self.vm.expect(r"^= (\w+)\n")[1], 0)

    def write(self, offset, value, size=4):
        """Of a register."""
        self.do("w", LCD + offset, value, size)

    def read(self, offset, size=4):
        """Of a register."""
        return self.do("r", LCD + offset, size)

    def paint(self, address, seed, words=FRAME // 4):
        """Returns how it should look."""
        self.do("p", address, words, seed)
        return picture.of_frame(noise(words, seed), WIDTH, HEIGHT, BPP_32)

    def switch_on(self, base, width=WIDTH, height=HEIGHT, depth=BPP_32):
        """A mode, as a driver sets it."""
        self.write(CONTROL, 0)
        self.do("m", LCD, (width // 16 - 1) << 2, height - 1, 0, 0)
        self.write(UPBASE, base)
        self.write(CONTROL, ON | depth)


@pytest.fixture(name="rig")
def boot_painters(boot):
    """(a, b, the screen)."""
    system = boot(HERE / "vexpress_lcd.dts", vms=["a", "b"])
    for name in "ab":
        system.vm(name).expect(r"^painter: ready$")
    return Painter(system, "a"), Painter(system, "b"), picture.Screen(system, has_menu=True)


def test_frame(rig):
    """A frame is seen where the guest put it, moved, and in every place that is right."""
    a, _, screen = rig
    seen = a.paint(RAM + 0x100000, 1)
    a.switch_on(RAM + 0x100000)
    assert screen.look() == seen
    for seed, base in ((2, RAM_END - FRAME), (3, FAR), (4, FAR_END - FRAME)):
        seen = a.paint(base, seed)
        a.write(UPBASE, base)
        assert screen.look() == seen
        assert a.read(UPBASE) == a.read(0x2c) == base  # LCDUPCURR, too
    assert screen.registers()[4] == 0xa0000000 + 0x200000 - FRAME
    assert REFUSED not in a.system.hypervisor.text


@pytest.mark.parametrize("base", [RAM - 8, RAM_END - FRAME + 8, FAR_END - FRAME + 8, 0x80000000,
                                  0, 0xfffffff8, FAR_END, 0x1c1f0000])
def test_frame_elsewhere(rig, base):
    """What is not all in the VM's RAM, or in one piece of it, is not shown; the guest goes
    on, it is said once, and the next right frame is shown."""
    a, _, screen = rig
    seen = a.paint(RAM + 0x100000, 1)
    a.switch_on(RAM + 0x100000)
    for _ in range(2):
        a.write(UPBASE, base)
        assert screen.look().is_black
        assert 0x80000000 < screen.registers()[4] < 0xc0000000
        a.write(UPBASE, RAM + 0x100000)
        assert screen.look() == seen
    told = a.system.hypervisor
    told.expect(rf"^a: its frame at {base:#x} {REFUSED}")
    assert (told.text + told.partial).count(REFUSED) == 1


@pytest.mark.parametrize("register, small, large", [
    (TIMING0, (WIDTH // 16 - 1) << 2, (WIDTH // 16) << 2),
    (TIMING1, HEIGHT - 1, HEIGHT),
    (CONTROL, ON | BPP_565, ON | BPP_32),
], ids=["width", "height", "depth"])
def test_frame_grows(rig, register, small, large):
    """A frame that was right does not stay if it gets larger afterwards, until it is
    small again."""
    a, _, screen = rig
    depth = small if register == CONTROL else ON | BPP_32
    a.switch_on(RAM, depth=depth & 0xe)
    a.write(UPBASE, RAM_END - (FRAME // 2 if register == CONTROL else FRAME))
    a.paint(RAM_END - FRAME, 1)
    seen = screen.look()
    assert not seen.is_black
    a.write(register, large)
    assert screen.look().is_black
    a.write(register, small)
    assert screen.look() == seen


def test_palette(rig):
    """A palette, whole and by bytes; it goes away and comes back with the display."""
    a, b, screen = rig
    a.switch_on(RAM + 0x100000, depth=BPP_8)
    a.do("p", LCD + PALETTE, 128, 7)
    a.do("p", RAM + 0x100000, WIDTH * HEIGHT // 4, 8)

    def look(entries):
        return picture.of_frame(noise(WIDTH * HEIGHT // 4, 8), WIDTH, HEIGHT, BPP_8,
                                struct.unpack("<256H", entries))

    entries = bytearray(noise(128, 7))
    seen = [look(entries)]
    assert screen.look() == seen[0]
    a.write(PALETTE + 5, 0x12, 1)
    a.write(PALETTE + 0x102, 0x3456, 2)
    entries[5], entries[0x102:0x104] = 0x12, b"\x56\x34"
    seen.append(look(entries))
    assert screen.look() == seen[1] != seen[0]
    screen.give(2, "b")
    b.switch_on(RAM + 0x100000, depth=BPP_8)
    b.do("p", LCD + PALETTE, 128, 9)
    a.do("p", LCD + PALETTE, 128, 7)  # whose it is not
    screen.give(1, "a")
    assert screen.look() == seen[0]


def test_narrow(rig):
    """Bytes and half-words of registers, and several at once: each part is what it was."""
    a, _, screen = rig
    seen = a.paint(RAM + 0x123400, 1)
    a.switch_on(RAM)
    a.write(UPBASE + 1, 0x34, 1)
    a.write(UPBASE + 2, 0x12, 1)
    assert screen.look() == seen
    assert a.read(UPBASE) == RAM + 0x123400
    assert [a.read(UPBASE + at, 1) for at in range(4)] == [0, 0x34, 0x12, 0x40]
    a.write(UPBASE + 2, 0xffff, 2)
    assert screen.look().is_black and a.read(UPBASE, 2) == 0x3400
    assert a.read(0xfe0) == 0x11 and a.read(0xff8, 1) == 0x05
    a.do("m", LCD + UPBASE - 4, 0, RAM + 0x123400, RAM_END, ON | BPP_32)
    assert screen.look() == seen


def test_hand_over(rig):
    """The display goes from VM to VM, each finds its picture, and who has it not changes
    nothing on it; what is written meanwhile is shown afterwards."""
    a, b, screen = rig
    pictures = {}
    for vm in (a, b):
        pictures[vm] = vm.paint(RAM + 0x100000, id(vm) % 1000)
        vm.switch_on(RAM + 0x100000)
    before = screen.registers()
    assert screen.look() == pictures[a]
    b.write(UPBASE, 0xfffff000)  # it has not the display, and is not even told
    b.write(UPBASE, RAM + 0x200000)
    b.write(TIMING1, 99)
    assert screen.registers() == before and b.read(UPBASE) == RAM + 0x200000
    b.write(TIMING1, HEIGHT - 1)
    pictures[b] = b.paint(RAM + 0x200000, 5)
    screen.give(2, "b")
    assert screen.look() == pictures[b]
    screen.give(1, "a")
    assert screen.look() == pictures[a] and screen.registers() == before
    screen.give(2, "b")
    b.write(CONTROL, 0)
    assert screen.look().is_black
    screen.give(1, "a")
    assert screen.look() == pictures[a]
    assert REFUSED not in a.system.hypervisor.text


def test_hand_over_while_busy(rig):
    """The same while a VM on another core writes all the time."""
    a, b, screen = rig
    bases = RAM + 0x100000, FAR
    seen = {a: [a.paint(base, base >> 20) for base in bases], b: [b.paint(RAM + 0x100000, 7)]}
    for vm in (b, a):
        vm.switch_on(RAM + 0x100000)
    a.vm.type(f"f {bases[0]} {bases[1]}")
    shown = set()
    for _ in range(HAND_OVERS):
        screen.give(2, "b")
        assert screen.look() == seen[b][0]
        screen.give(1, "a")
        shown.add(seen[a].index(screen.look()))
    a.vm.type("")
    a.vm.expect(r"^= 0\n")
    assert shown == {0, 1}, "it was not busy"


def test_vertical_interrupt(rig):
    """The vertical interrupt is the VM's that has the display, as often as it answers."""
    a, b, screen = rig
    for vm in (a, b):
        vm.switch_on(RAM + 0x100000)
        vm.write(IMSC, VCOMP)
    a.do("i", 20)
    assert b.read(0x20) == b.read(0x24) == 0
    screen.give(2, "b")
    count = a.do("i", 0)
    b.do("i", 20)
    assert a.do("i", 0) == count
    b.write(IMSC, 0)
    count = b.do("i", 0)
    screen.give(1, "a")
    a.do("i", 20)
    assert b.do("i", 0) == count


def test_restart(rig):
    """A VM that begins anew, or ends, has a black display, and the other one keeps its
    picture."""
    a, b, screen = rig
    a.switch_on(RAM + 0x100000)
    a.paint(RAM + 0x100000, 1)
    seen = b.paint(RAM + 0x100000, 2)
    b.switch_on(RAM + 0x100000)
    assert not screen.look().is_black
    a.vm.type("x")
    a.vm.expect(r"^painter: ready$")
    assert screen.look().is_black and a.read(UPBASE) == 0
    screen.give(2, "b")
    assert screen.look() == seen
    a.vm.type("x")
    a.vm.expect(r"^painter: ready$")
    assert screen.look() == seen
    a.system.send(ESCAPE + b"m2o")
    a.system.hypervisor.expect(r"^b: powered off")
    assert screen.look().is_black
