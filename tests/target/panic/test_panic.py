# SPDX-License-Identifier: BSD-2-Clause
"""A bug of the hypervisor's own ends in a panic that says where: registers and stack,
of which tools/bhsym makes names and lines. On any core.

No guest can bring one about, so gdb does: it spoils an instruction of the hypervisor, or
lets a core that is in it go on at address 0.
"""

import re

import pytest

from lib import panic

CALLER = r"  \w+ \((irq|trap)\.c:\d+\)$"  # of the scheduler: an interrupt's way, or a trap's


def test_exception(boot, monkeypatch):
    """An undefined instruction in the hypervisor's code: which one, and who called."""
    monkeypatch.setattr("lib.system.PANIC", "nothing")
    system = boot("two-linux", vms=["armmp", "lpae"])
    system.vm("armmp").expect("Booting Linux")
    text = panic.expect_exception(system, boot.logs[0], "two-linux")
    assert re.search(CALLER, text, re.M)


@pytest.mark.parametrize("name,core", [("two-linux", 0), ("smp-linux", 1)])
def test_wild_jump(boot, monkeypatch, name, core):
    """A core of the hypervisor finds itself at address 0: which core, called from where."""
    monkeypatch.setattr("lib.system.PANIC", "nothing")
    system = boot(name, vms=["armmp", "lpae"])
    system.vm("armmp").expect("Booting Linux")
    panic.gdb(system,
              f"hbreak *{panic.symbol(name, 'sched_run'):#x} if $_thread == {core + 1}",
              "continue", "set $pc = 0", "delete")
    text = panic.read(system, boot.logs[0], name)
    assert re.search(rf"PANIC: exception in the hypervisor\n.*  core {core}, .* pc 00000000", text)
    assert re.search(CALLER, text, re.M)
    where = panic.gdb(system, f"file build/systems/{name}/bulkhead.elf",
                      "thread apply all info symbol $pc")
    assert len(re.findall(r"^(panic|console)_\w+", where, re.M)) == core + 1, where  # none goes on
