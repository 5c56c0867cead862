# SPDX-License-Identifier: BSD-2-Clause
"""Fixtures of the target tests.

    def test_something(boot):
        system = boot(HERE / "case.dts", vms=["a", "b"])
        system.vm("a").expect("hello")

Each QEMU is ended after its test, its console is kept in build/tests/, and the end
of it is shown when the test fails. Run them with /usr/bin/pytest: Debian's python
has labgrid.
"""

import os
import re
import signal
import sys

import pytest

from lib import build, qemu
from lib.system import System

LOGS = build.TREE / "build" / "tests"
TAIL_LINES = 60


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

    def __call__(self, system, entry="kernel", vms=(), extra=()):
        """Boots a manifest (a path, or a name in config/) by the given entry."""
        return self.command(build.qemu_command(system, entry), vms, extra)

    def native(self, system, vm, extra=()):
        """Boots a VM's guest without the hypervisor."""
        return self.command(build.native_command(system, vm), (), extra)

    def command(self, command, vms=(), extra=()):
        """Starts any QEMU command line."""
        LOGS.mkdir(parents=True, exist_ok=True)
        number = f".{len(self.logs)}" if self.logs else ""
        path = LOGS / f"{self._name}{number}.log"
        path.unlink(missing_ok=True)  # another run may still write to the old one
        log = path.open("wb")
        self.logs.append(path)
        started = System(qemu.start(command, extra), log, vms)
        self.systems.append(started)
        return started

    def close(self):
        """Ends all of them."""
        for system in self.systems:
            system.close()


@pytest.fixture
def boot(request):
    """A function that builds and boots a system, and cleans up after the test."""
    boots = Boots(request.node.name.removeprefix("test_"))
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
