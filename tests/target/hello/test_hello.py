# SPDX-License-Identifier: BSD-2-Clause
"""Guests of our own, a raw binary and an ELF file, run beside a Debian Linux."""

import pathlib

HERE = pathlib.Path(__file__).parent


def test_hello_beside_linux(boot):
    """All three live: timer interrupts in the small ones, a shell in the large one."""
    system = boot(HERE / "hello.dts", vms=["raw", "elf", "linux"])
    for name in ["raw", "elf"]:
        hello = system.vm(name)
        hello.expect(r"^hello: this is a bare-metal guest, mode svc$")
        hello.expect(r"^hello: MIDR 0x414fc0f0 MPIDR 0x80000000$")
        hello.expect(r"^hello: counter at 62500000 Hz$")
        for number in range(1, 11):
            hello.expect(rf"^hello: timer interrupt {number}$")
        hello.expect(r"^hello: idle for 1 s$")
    linux = system.vm("linux")
    linux.ready()
    assert linux.run("uname -r")[0].endswith("-armmp-lpae")
    for name in ["raw", "elf"]:
        system.vm(name).skip()
        system.vm(name).expect(r"^hello: idle for \d+ s$")


def test_console_input_to_the_deaf(boot):
    """A guest that never reads its UART can't keep the input from the others."""
    system = boot(HERE / "hello.dts", vms=["raw", "elf", "linux"])
    linux = system.vm("linux")
    linux.ready()
    system.send(b"\x1d1")
    system.hypervisor.expect(r"raw")
    system.send(b"x" * 3000)
    assert linux.run("echo still here", timeout=30)[-1] == "still here"
