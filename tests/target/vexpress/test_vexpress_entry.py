# SPDX-License-Identifier: BSD-2-Clause
"""A Versatile Express: by every entry, on several cores, in secure state and without.

A raw kernel finds the other cores parked by QEMU, until SYS_FLAGS says where to go; from
an ELF file and from reset all of them run at once. The guests are those of the "virt"
board: nothing that they see is the board's.
"""

import pathlib

import pytest

HERE = pathlib.Path(__file__).parent
SECURE_OFF = ["-M", "vexpress-a15,secure=off"]  # and thus in hyp mode


@pytest.mark.parametrize(("entry", "extra"), [
    ("kernel", []),
    ("elf", []),
    ("flash", []),
    ("pflash", []),
    ("kernel", SECURE_OFF),
], ids=["kernel", "elf", "flash", "pflash", "kernel-hyp"])
def test_vexpress_entry(boot, entry, extra):
    """A guest runs on each of two cores, and its timer."""
    system = boot(HERE / "vexpress-hello.dts", entry=entry, vms=["one", "two"], extra=extra)
    for name in ["one", "two"]:
        hello = system.vm(name)
        hello.expect(r"^hello: this is a bare-metal guest, mode svc$")
        hello.expect(r"^hello: counter at 62500000 Hz$")
        hello.expect(r"^hello: timer interrupt 10$")


@pytest.mark.parametrize(("extra", "problem", "remedy"), [
    (["-M", "vexpress-a15,virtualization=off"], "no Virtualization Extensions",
     "Cortex-A7 or A15"),
    (["-m", "8M"], "RAM that is not there", "give the board more"),
], ids=["no-virtualization", "little-ram"])
def test_vexpress_wrong(boot, extra, problem, remedy):
    """A board that can't run the image says so on its UART."""
    system = boot(HERE / "vexpress-hello.dts", extra=extra)
    system.hypervisor.expect(problem)
    system.hypervisor.expect(remedy)
    assert not system.vm("one").text + system.vm("two").text, "a VM runs"
