# SPDX-License-Identifier: BSD-2-Clause
"""The menu behind the escape key: each command, seen on a terminal of 80 x 24; and on one
that knows no escape sequences."""

import pathlib
import re

import pytest

from lib import build
from lib.screen import ESCAPE, Screen
from lib.system import ESCAPE as ESCAPE_BYTE

HERE = pathlib.Path(__file__).parent
ROW = r"^bulkhead: .{number} {name} +{state} +\d+%"


@pytest.fixture(name="screen")
def fixture_screen():
    """The system, its three guests in their usual states, and the menu open."""
    screen = Screen(build.qemu_command(HERE / "menu.dts"))
    screen.expect(r"^idle\| hello: idle for 1 s")
    screen.type(ESCAPE, "m")
    yield screen
    screen.close()


def expect_row(screen, number, name, state):
    """A VM's row in the last view."""
    return screen.expect(ROW.format(number=number, name=name, state=state))


def choose(screen, number, command):
    """A command on a VM."""
    screen.type(str(number), command)


def test_list(screen):
    """States, shares of the core, exits by cause, interrupts, restarts, faults; all of
    it new each second, in place."""
    expect_row(screen, 1, "idle", "idle")
    expect_row(screen, 3, "fault", "dead")
    # An idle VM's second has a timer interrupt; the other one has the core.
    screen.expect(r"^bulkhead: .1 idle +idle +0% +0 +0 +[1-9]\d* +\d+ +[1-9]")
    screen.expect(r"^bulkhead: .2 work +(running|ready) +(9\d|100)% +0 +0 +\d+ +[1-9]\d* ")
    screen.expect(r"^bulkhead: .3 fault +dead +0% +0 +1 ")
    assert max(map(len, screen.text().splitlines())) <= 80


def test_halt_and_continue(screen):
    """A VM stands still, without time passing for it, and goes on."""
    expect_row(screen, 2, "work", "(running|ready)")
    choose(screen, 2, "h")
    screen.expect(r"^bulkhead: work: halts")
    expect_row(screen, 2, "work", "halted")
    choose(screen, 2, "h")  # once more: still the same
    choose(screen, 2, "c")
    screen.expect(r"^bulkhead: work: goes on")
    expect_row(screen, 2, "work", "(running|ready)")
    choose(screen, 2, "c")
    screen.expect(r"^bulkhead: work: is not halted")


def test_halt_an_idle_vm(screen):
    """The timer of a halted VM doesn't wake it; afterwards it goes on where it was."""
    choose(screen, 1, "h")
    expect_row(screen, 1, "idle", "halted")
    choose(screen, 1, "c")
    screen.expect(r"^bulkhead: idle: goes on")
    expect_row(screen, 1, "idle", "idle")
    choose(screen, 1, "f")
    screen.expect(r"^idle\| hello: idle for \d+ s")


def test_restart(screen):
    """A VM starts afresh, again while it is just doing so, and after it has died."""
    choose(screen, 1, "r")
    screen.type("r", "q")
    screen.expect(r"^bulkhead: idle: restarts")
    screen.expect(r"^idle\| hello: this is a bare-metal guest")
    screen.type(ESCAPE, "m")
    screen.expect(r"^bulkhead: .1 idle +\w+ +\d+% +[12] ")
    choose(screen, 3, "r")
    screen.expect(r"^bulkhead: .3 fault +dead +\d+% +1 +2 ")


def test_restart_a_halted_vm(screen):
    """It is halted no more."""
    choose(screen, 2, "h")
    expect_row(screen, 2, "work", "halted")
    choose(screen, 2, "r")
    expect_row(screen, 2, "work", "(running|ready)")


def test_power_off(screen):
    """A VM is switched off, once."""
    choose(screen, 2, "o")
    screen.expect(r"^bulkhead: work: powered off")
    expect_row(screen, 2, "work", "off")
    screen.type("o")
    screen.expect(r"^bulkhead: work: is off")
    choose(screen, 2, "h")
    expect_row(screen, 2, "work", "off")


def test_last_fault(screen):
    """The last fault of a VM, as on the console when it happened."""
    choose(screen, 3, "l")
    screen.expect(r"^bulkhead: fault: read of 0xbad0000 at pc 0x[0-9a-f]+: last fault$")
    screen.expect(r"^bulkhead:   hsr [0-9a-f]{8}: translation fault, stage 2, read, word$")
    screen.expect(r"^bulkhead:   r12 ( [0-9a-f]{8}){4}$")
    screen.expect(r"^bulkhead:   exit now, hsr 9[0-9a-f]{7}, pc [0-9a-f]{8}")
    choose(screen, 1, "l")
    screen.expect(r"^bulkhead: idle: no fault so far")


def test_focus_and_leave(screen):
    """The menu goes with the focus, or leaves it where it was."""
    choose(screen, 3, "f")  # who is silent: what is expected stays on the screen
    screen.expect(r"^bulkhead: input goes to fault")
    screen.type(ESCAPE, "m", "q")
    screen.expect(r"^bulkhead: input goes to fault\n(.*\n)*bulkhead: input goes to fault")
    screen.type(ESCAPE, "m", ESCAPE, "1")
    screen.expect(r"^bulkhead: input goes to idle")


def test_help(screen):
    """Each key, and nothing for those that mean nothing."""
    screen.type("z", "Up", "F5")
    screen.type("?")
    for key in "fqhcrol":
        screen.expect(rf"^bulkhead: .*  {key}: ")


def test_no_terminal(boot):
    """Without one that answers: no colours, nothing moves the cursor, a view when asked
    for; a guest's painting comes as text."""
    system = boot(HERE / "menu.dts", vms=["idle", "work", "fault"])
    system.vm("idle").expect(r"^hello: idle for 1 s")
    for keys, answer in ((ESCAPE_BYTE + b"m", r"^>1 idle"), (b" ", r"^>1 idle"),
                         (b"?", r"^  l: "), (b"3", r"^>3 fault"), (b"l", r"^  exit before"),
                         (b"q", r"^input goes to idle")):
        system.send(keys)
        system.hypervisor.expect(answer)
    raw = boot.logs[0].read_bytes()
    assert set(re.findall(rb"\x1b.[0-9;]*.", raw)) == {b"\x1b[6n"}
    assert not re.search(rb"[\x00-\x09\x0b\x0c\x0e-\x1a\x7f]", raw)
    system.vm("work").expect(r"^red places \?1m$")
    assert max(len(line) for line in system.hypervisor.lines()) <= 70
    system.hypervisor.skip()
    system.pump_for(2.5)
    assert not system.hypervisor.lines()[-1].startswith(" "), "a view that nobody asked for"
