# SPDX-License-Identifier: BSD-2-Clause
"""Linux's framebuffer console on the display of a Versatile Express: seen on the machine's
screen, for each of two VMs that share it, and on the board's own device tree."""

import pathlib
import re

from lib import build, picture

HERE = pathlib.Path(__file__).parent
BUSYBOX = build.TREE / "build/guests/debian/busybox"
WIDTH, HEIGHT = 640, 480
CONTROL = 6  # of Screen.registers()


def write(linux, text):
    """On a screen that is empty otherwise: nothing but the kernel's emergencies."""
    linux.run("dmesg -n 1; stty -F /dev/tty1 -opost;"
              rf" printf '\033[2J\033[H\033[?25l{text}' >/dev/tty1")


def check_text(seen):
    """'XX OX': the same where it is the same."""
    cells = [seen.cell(column, 0) for column in range(6)]
    assert any(cells[0]) and any(cells[3]) and cells[0] == cells[1] == cells[4] != cells[3]
    assert not any(cells[2]) and not any(cells[5]), "nothing was written there"


def paint(linux, screen, skip=0):
    """Something that we know on /dev/fb0: busybox itself, from somewhere on. Returns how it
    should look if the display is this VM's."""
    control = screen.registers()[CONTROL]
    size = WIDTH * HEIGHT * (4 if control & 0xe == picture.BPP_32 else 2)
    linux.run(f"tail -c +{skip + 1} /bin/busybox | head -c {size} >/dev/fb0")
    return picture.of_frame(BUSYBOX.read_bytes()[skip:], WIDTH, HEIGHT, control)


def test_display_of_two_linux(boot):
    """Each has its console and its pictures, and finds them when the display is its own
    again; also when one of them starts anew."""
    system = boot("vexpress-lcd", vms=["armmp", "lpae"])
    screen = picture.Screen(system)
    for name in ("armmp", "lpae"):
        linux = system.vm(name)
        linux.ready()
        assert "console [tty0] enabled" in linux.text
        write(linux, "XX OX")
    check_text(screen.look())
    before = screen.look()
    write(system.vm("lpae"), "OO XO")
    assert screen.look() == before
    screen.give(2, "lpae")
    assert screen.look().cell(0, 0) == before.cell(3, 0)
    seen = {"lpae": paint(system.vm("lpae"), screen)}
    assert screen.look() == seen["lpae"]
    screen.give(1, "armmp")
    check_text(screen.look())
    seen["armmp"] = paint(system.vm("armmp"), screen, skip=50000)
    for number, name in ((2, "lpae"), (1, "armmp"), (2, "lpae")):
        assert screen.look() == seen["armmp" if name == "lpae" else "lpae"]
        screen.give(number, name)
    system.vm("armmp").type("reboot -f")
    system.vm("armmp").ready()
    assert screen.look() == seen["lpae"]
    write(system.vm("armmp"), "XX OX")
    screen.give(1, "armmp")
    check_text(screen.look())
    assert "frame" not in system.hypervisor.text


def test_display_on_the_boards_tree(boot):
    """The board's tree has a bridge that Linux does not know: it gets a panel."""
    system = boot(HERE / "stock.dts", entry="flash", vms=["armmp"])
    linux, screen = system.vm("armmp"), picture.Screen(system)
    linux.ready()
    assert re.search(r"clcd@1f0000 hardware, 640x480@59 display", linux.text)
    write(linux, "XX OX")
    check_text(screen.look())
    assert linux.run("cat /sys/class/graphics/fb0/bits_per_pixel") == ["16"]
    seen = paint(linux, screen)
    assert screen.look() == seen
