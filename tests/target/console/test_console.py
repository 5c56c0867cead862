# SPDX-License-Identifier: BSD-2-Clause
"""The shared console at work: two Debian guests that print a megabyte each, what is typed
and pasted, and a full-screen editor."""

import hashlib
import re

import pytest

from lib import build, megabyte
from lib.screen import ESCAPE, Screen

VMS = ["armmp", "lpae"]

PASTE_BYTES = 65536


def boot_to_shells(boot):
    """Both Debian guests, at their prompts."""
    system = boot("two-linux", vms=VMS)
    for vm in VMS:
        system.vm(vm).ready()
        system.vm(vm).run("true")
    return system


def test_a_megabyte_each(boot):
    """Printed at once: every byte is there, lines whole, order kept."""
    system = boot_to_shells(boot)
    megabyte.expect_from_each(system, VMS, boot.logs[0])


def test_paste(boot):
    """64 KiB, faster than the guest reads, and no character is lost."""
    system = boot_to_shells(boot)
    text = bytes(ord("!") + number * number % 89 for number in range(PASTE_BYTES))
    for vm in VMS:
        linux = system.vm(vm)
        linux.type(f"stty raw -echo; echo rea''dy; head -c {PASTE_BYTES} | md5sum; stty sane")
        linux.expect(r"^ready")
        system.send(text)
        assert linux.expect(r"^\s*([0-9a-f]{32})  -")[1] == hashlib.md5(text).hexdigest()


def test_focus_in_midline(boot):
    """Half a command for one, then something for the other, then the other half."""
    system = boot_to_shells(boot)
    first, second = (system.vm(vm) for vm in VMS)
    first.focus()
    system.send(b"echo half ")
    assert second.run("echo other")[-1] == "other"
    first.focus()
    system.send(b"and ha''lf\n")
    first.expect(r"^half and half$")


@pytest.fixture(name="screen")
def fixture_screen():
    """Both Debian guests on a terminal."""
    screen = Screen(build.qemu_command("two-linux"))
    for number, vm in enumerate(VMS, 1):
        screen.type(ESCAPE, str(number))  # whose answer a boot's log may scroll away
        screen.expect(rf"^{vm}\| guest:/root#")
    yield screen
    screen.close()


@pytest.mark.parametrize("number,vm", enumerate(VMS, 1))
def test_vi(screen, number, vm):
    """A full-screen editor has the screen while its VM has the focus, and leaves it tidy:
    what comes then are lines at the bottom, from the left, without its colours."""
    other = 3 - number
    screen.type(ESCAPE, str(number))
    screen.expect(rf"^bulkhead: input goes to {vm}")
    screen.write("vi /tmp/file")
    screen.type("Enter")
    screen.expect(r"^~\n~")
    screen.write("isome words")
    screen.expect(r"^some words")
    screen.type("Escape")
    screen.expect(r"^- /tmp/file")  # an escape and a key at once would be one
    screen.write(":w")
    screen.type("Enter")
    screen.expect(r"/tmp/file.* 1L, \d+C")
    assert "bulkhead" not in screen.text()

    screen.type(ESCAPE, str(other))
    screen.expect(r"^bulkhead: input goes to ")
    screen.write("echo tidy")
    screen.type("Enter")
    screen.expect(r"^\w+\| tidy$")
    assert not re.search(r"^~", screen.text(), re.M)

    screen.type(ESCAPE, str(number))
    screen.type("C-l")
    screen.expect(r"^some words")
    screen.write(":q")
    screen.type("Enter")
    screen.write("cat /tmp/fi*")
    screen.type("Enter")
    screen.expect(r"some words\n(.*\n)*.*guest:/root#")


def test_colours(screen):
    """Heads are in a colour for each VM once the terminal has answered; a guest's own
    colours end with its line."""
    screen.type(ESCAPE, "1")
    screen.write(r"printf '\033[45mpainted'; sleep 1; echo")
    screen.type("Enter", ESCAPE, "2")
    screen.expect(r"^bulkhead: input goes to lpae")
    text = screen.text(is_coloured=True)
    assert "\x1b[32marmmp| \x1b[39m" in text and "\x1b[36mlpae| \x1b[39m" in text
    last = text[text.rindex("input goes to"):]
    assert "\x1b[45m" not in last
