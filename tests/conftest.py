# SPDX-License-Identifier: BSD-2-Clause
"""Fixtures of the target tests.

    def test_something(boot):
        system = boot(HERE / "case.dts", vms=["a", "b"])
        system.vm("a").expect("hello")

Each QEMU is ended after its test, its console is kept in build/tests/, and the end
of it is shown when the test fails. Run them with /usr/bin/pytest: Debian's python
has labgrid.
"""

import fcntl
import os
import re
import signal
import sys

import pytest

from lib import build, qemu
from lib.system import System

LOGS = build.TREE / "build" / "tests"
TAIL_LINES = 60


# Those that take longest begin first, so that no worker is left with one of them at the
# end.
LONG = ("smp_gic", "reboot", "smp_linux", "bench", "console_server", "vexpress", "smp_psci",
        "mksystem", "control_and_linux", "console", "vexpress_lcd", "dmesg_native", "load",
        "plan", "vtime", "lines", "menu", "slow_wire", "hyp_map")


def folder_of(item):
    """The name of a test's folder."""
    return item.path.parent.name


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """For tools/test, which has several workers: the tests of a folder go to one, for they
    share what they build, and what a module boots once."""
    order = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: order.get(folder_of(item), len(order)))
    for item in items:
        item.add_marker(pytest.mark.xdist_group(folder_of(item)))


def pytest_configure():
    """Command lines name files relative to the tree; `timeout` must leave no QEMU."""
    os.chdir(build.TREE)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


class Boots:
    """Starts systems for one test and remembers them."""

    def __init__(self, name):
        self._name = re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-")
        self.systems = []
        self.logs = []
        LOGS.mkdir(parents=True, exist_ok=True)
        self._machine = (LOGS.parent / "tests.machine").open("w")
        self._is_alone = False

    def __call__(self, system, entry="kernel", vms=(), extra=()):
        """Boots a manifest (a path, or a name in config/) by the given entry."""
        return self.command(build.qemu_command(system, entry), vms, extra)

    def native(self, system, vm, extra=()):
        """Boots a VM's guest without the hypervisor."""
        return self.command(build.native_command(system, vm), (), extra)

    def command(self, command, vms=(), extra=()):
        """Starts any QEMU command line."""
        self._take_machine(command)
        number = f".{len(self.logs)}" if self.logs else ""
        path = LOGS / f"{self._name}{number}.log"
        path.unlink(missing_ok=True)  # another run may still write to the old one
        log = path.open("wb")
        self.logs.append(path)
        started = System(qemu.start(command, extra), log, vms)
        self.systems.append(started)
        return started

    def _take_machine(self, command):
        """One with several cores runs alone on this machine, whoever else tests: with a
        thread for each it needs them all, or its guests complain of stolen time."""
        self._is_alone |= "-smp 1 " not in " ".join(command) + " "
        fcntl.flock(self._machine, fcntl.LOCK_EX if self._is_alone else fcntl.LOCK_SH)

    def close(self):
        """Ends all of them."""
        for system in self.systems:
            system.close()
        self._machine.close()


@pytest.fixture
def boot(request):
    """A function that builds and boots a system, and cleans up after the test."""
    name = request.node.name.removeprefix("test_")
    boots = Boots(f"{folder_of(request.node)}-{name}")
    request.node.boots = boots
    yield boots
    boots.close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Adds the end of each console to the report of a failed test."""
    outcome = yield
    report = outcome.get_result()
    boots = getattr(item, "boots", None)
    if call.when != "call" or not report.failed or boots is None:
        return
    for path in boots.logs:
        text = path.read_bytes().decode("utf-8", "replace")
        tail = "\n".join(text.replace("\r", "").splitlines()[-TAIL_LINES:])
        report.sections.append((f"end of {path.relative_to(build.TREE)}", tail))
