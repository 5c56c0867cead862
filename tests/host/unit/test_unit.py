# SPDX-License-Identifier: BSD-2-Clause
"""The hypervisor's pure logic, on this machine: its own sources with small fakes around
them, built with sanitizers. Each cmocka test of test_*.c here is a case of its own.

UNIT_SEED=7 pytest tests/host/unit -k NAME runs one seed of a random test again.
"""

import functools
import pathlib
import re
import subprocess

import pytest

HERE = pathlib.Path(__file__).resolve().parent
TREE = HERE.parents[2]
BUILD = TREE / "build/host/tests"
SECONDS = 60

# The real sources that each test is built from, then the helpers of this folder, and what
# the system has that most tests' has not.
VGIC = ("vgic/vgic.c", "vgic/raise.c", "vgic/list.c", "vgic/vgicd.c", "vgic/vgicc.c", "arch/gic.c",
        "vgic/remote.c", "kernel/request.c", "kernel/secondary.c", "machine.c", "machine_guest.c",
        "machine_cores.c", "oracle.c", "gic_model.c", "registers.c", "-DCONFIG_CORE_COUNT=2",
        "-no-pie", "-fno-pie")
CONSOLE = ("kernel/console.c", "kernel/source.c", "kernel/input.c", "kernel/vdev/vpl011.c",
           "registers.c", "console_rig.c", "uart_model.c", "wire.c", "keys.c")
PROGRAMS = {
    "test_vgic": VGIC + ("play.c",),
    "test_vgic_cases": VGIC,
    "test_life": ("kernel/vm.c", "kernel/pause.c", "kernel/request.c", "kernel/secondary.c",
                  "registers.c", "-DCONFIG_MENU=1"),
    "test_load": ("kernel/vm.c", "registers.c"),
    "test_sched": ("kernel/sched.c", "kernel/plan.c", "registers.c", "sched_rig.c"),
    "test_plan": ("kernel/sched.c", "kernel/plan.c", "kernel/timeout.c", "registers.c"),
    "test_trap": ("kernel/cp15.c", "vtimer/vtimer.c", "kernel/condition.c", "kernel/vcpu.c",
                  "arch/regfile.c", "registers.c"),
    "test_console": CONSOLE,
    "test_console_cases": CONSOLE,
    "test_console_client": ("kernel/console_client.c", "kernel/format.c"),
    "test_input": CONSOLE,
    "test_vpl011": CONSOLE,
    "test_format": ("kernel/format.c",),
    "test_source": ("kernel/source.c",),
    "test_mmio": ("kernel/mmio.c", "arch/regfile.c", "registers.c"),
    "test_calls": ("kernel/hypercall.c", "kernel/condition.c", "kernel/vcpu.c"),
    "test_fault": ("kernel/fault.c", "kernel/guest_ram.c", "registers.c", "fault_rig.c"),
    "test_ivc": ("ivc/ivc.c", "-DCONFIG_CORE_COUNT=2"),
    "test_vpl111": ("kernel/vdev/vpl111.c", "kernel/guest_ram.c"),
    "test_vsp804": ("vtimer/vsp804.c",),
    "test_vtimer": ("vtimer/vtimer.c", "kernel/cp15.c", "kernel/condition.c", "kernel/timeout.c",
                    "arch/regfile.c", "registers.c", "vtimer_rig.c"),
}

# Unused functions of a file, and what they would call, are left out. char is unsigned
# on the target, and its long has 32 bits: messages' arguments don't fit ours,
# and a table's address has no room in a register but for MAP_32BIT; a core's, without PIE.
CFLAGS = ("-std=gnu11 -O1 -g -funsigned-char -Wno-format -Wno-int-to-pointer-cast "
          "-fsanitize=address,undefined -fno-sanitize-recover=all "
          "-ffunction-sections -Wl,--gc-sections -Wall -Wextra -Wshadow -Wmissing-prototypes "
          "-Wstrict-prototypes -Wundef -Wvla -Wno-override-init -Werror "
          "-Itests/host/unit/fake -I.").split()


def place(name):
    """A source's path from the top of the tree: those without a folder are ours. Or an option."""
    return name if "/" in name or name.startswith("-") else f"tests/host/unit/{name}"


@functools.lru_cache(maxsize=None)
def build(program):
    """Builds a test program; returns its path, or the compiler's words as an error."""
    BUILD.mkdir(parents=True, exist_ok=True)
    output = BUILD / program
    sources = [place(name) for name in (f"{program}.c", "unit.c") + PROGRAMS[program]]
    done = subprocess.run(["gcc", *CFLAGS, "-o", output, *sources, "-lcmocka"], cwd=TREE,
                          text=True, check=False, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise RuntimeError(f"{program} can't be built:\n{done.stdout}")
    return output


def cases():
    """(program, test) for each cmocka_unit_test() in this folder."""
    for program in PROGRAMS:
        text = (HERE / f"{program}.c").read_text()
        for test in re.findall(r"cmocka_unit_test\((\w+)\)", text):
            yield pytest.param(program, test, id=f"{program[5:]}-{test}")


def test_every_program_is_listed():
    assert {path.stem for path in HERE.glob("test_*.c")} == set(PROGRAMS)


@pytest.mark.parametrize("program,test", cases())
def test_unit(program, test):
    done = subprocess.run([build(program), test], cwd=TREE, text=True, check=False,
                          timeout=SECONDS, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0 and f"[       OK ] {test}" in done.stdout, done.stdout[-12000:]
