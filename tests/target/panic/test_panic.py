# SPDX-License-Identifier: BSD-2-Clause
"""A bug of the hypervisor's own ends in a panic that says where: registers and stack,
of which tools/bhsym makes names and lines. On any core.

No guest can bring one about, so gdb does: it lets a core that is in the hypervisor go
on at panic(), or spoils an instruction of it.
"""

import re

import pytest

from lib import panic
from lib.system import ESCAPE


def test_exception(boot, monkeypatch):
    """An undefined instruction in the hypervisor's code: which one, and who called."""
    monkeypatch.setattr("lib.system.PANIC", "nothing")
    system = boot("two-linux", vms=["armmp", "lpae"])
    system.vm("armmp").expect("Booting Linux")
    text = panic.expect_exception(system, boot.logs[0], "two-linux")
    assert re.search(r"  (irq_from_guest|trap_\w+) \((irq|trap)\.c:\d+\)$", text, re.M)


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
    assert re.search(r"  (irq_from_guest|trap_\w+) \((irq|trap)\.c:\d+\)$", text, re.M)
    where = panic.gdb(system, f"file build/systems/{name}/bulkhead.elf",
                      "thread apply all info symbol $pc")
    assert len(re.findall(r"^(panic|console)_\w+", where, re.M)) == core + 1, where  # none goes on


def test_panic(boot, monkeypatch):
    """An assumption that does not hold, here of mksystem's tables as a VM is loaded again:
    its message, and who found out."""
    monkeypatch.setattr("lib.system.PANIC", "nothing")
    system = boot("trace-two-linux", vms=["armmp", "lpae"])
    system.vm("lpae").expect("Booting Linux")
    panic.gdb(system, "file build/systems/trace-two-linux/bulkhead.elf",
              "maintenance packet Qqemu.PhyMemMode:1", "set var vm0_images[0].ipa.raw = 0")
    system.send(ESCAPE + b"mr")  # the menu's restart
    text = panic.read(system, boot.logs[0], "trace-two-linux")
    assert "PANIC: an image lies outside of its VM's RAM" in text
    assert re.search(r"^    [0-9a-f]{8}  panic \(panic\.c:\d+\)$", text, re.M)
    assert re.search(r"^    in  *vm_load_piece \(vm\.c:\d+\)$", text, re.M)
