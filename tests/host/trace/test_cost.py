# SPDX-License-Identifier: BSD-2-Clause
"""What the trace costs: an event less than 25 instructions, and nothing at all in a
system without it: its code is the same as if the trace points were not there."""

import re
import subprocess

import pytest

from lib import build

MOST_INSTRUCTIONS = 25
POINT = """#include "kernel/trace.h"
struct vcpu { struct core *core; uint32_t hsr, pc; };
void point(struct vcpu *vcpu);
void point(struct vcpu *vcpu)
{
	TRACE(vcpu->core, EXIT, vcpu->hsr, vcpu->pc);
}
"""


def variable(name, system):
    done = subprocess.run(["make", "--no-print-directory", f"print-{name}", f"SYSTEM={system}"],
                          cwd=build.TREE, check=True, capture_output=True, text=True)
    return done.stdout.split()


def code(source, system, scratch):
    """The instructions of a source text, compiled as the system's sources are."""
    compiled = scratch / "point.o"
    flags = [word for word in variable("CFLAGS", system) if word != "-g"] + ["-fno-lto"]
    subprocess.run([*variable("CC", system), *flags, "-x", "c", "-c", "-o", compiled, "-"],
                   cwd=build.TREE, check=True, input=source, text=True)
    listing = subprocess.run(["arm-none-eabi-objdump", "-dr", "--no-show-raw-insn", compiled],
                             check=True, capture_output=True, text=True).stdout
    return re.findall(r"^(?: +[0-9a-f]+:\t|\t+)(.*)$", listing, re.M)


def test_instructions_of_an_event(tmp_path):
    build.image("trace-two-linux")
    instructions = [line for line in code(POINT, "trace-two-linux", tmp_path)
                    if not re.search(r"R_ARM|^(push|pop|bx)\b", line)]
    assert 10 < len(instructions) < MOST_INSTRUCTIONS, "\n".join(instructions)


def sources_with_points():
    paths = [path for folder in ("arch", "kernel", "vgic", "vtimer", "ivc")
             for path in (build.TREE / folder).rglob("*.c")]
    found = [path for path in paths if re.search(r"^\s+TRACE\(", path.read_text(), re.M)]
    assert len(found) >= 5
    return sorted(found)


@pytest.mark.parametrize("path", sources_with_points(), ids=lambda path: path.stem)
def test_without_it_not_one_instruction(path, tmp_path):
    build.image("two-linux")
    text = path.read_text()
    bare, points = re.subn(r"^\s+TRACE\([^;]*\);", "", text, flags=re.M)
    assert points
    assert code(text, "two-linux", tmp_path) == code(bare, "two-linux", tmp_path)


def test_without_it_no_symbol():
    build.image("two-linux")
    text = subprocess.run(["arm-none-eabi-nm", "build/systems/two-linux/bulkhead.elf"],
                          cwd=build.TREE, check=True, capture_output=True, text=True).stdout
    assert "exit_table" in text
    assert not re.search(r"trace", text)
