# SPDX-License-Identifier: BSD-2-Clause
"""Each check of tools/check passes a small sound tree and finds a fault put into it."""

import pathlib
import shutil
import subprocess

import pytest

TREE = pathlib.Path(__file__).resolve().parents[2]
BUILT = "build/systems/two-linux"
LICENCE = "// SPDX-License-Identifier: BSD-2-Clause\n"

# A hypervisor of two functions that all checks are content with.
SOUND = {
    "arch/add.h": LICENCE + """#ifndef ADD_H
#define ADD_H

#include "kernel/types.h"

uint32_t add_one(uint32_t value);

#endif
""",
    "arch/add.c": LICENCE + """#include "arch/add.h"

uint32_t add_one(uint32_t value)
{
	return value + 1;
}
""",
    "arch/vfp.S": LICENCE + """.syntax unified
.fpu neon
.global vfp_save
vfp_save:
	vstm r0, {d0-d15}
	bx lr
""",
    "kernel/types.h": LICENCE + "#pragma once\n#include <stdint.h>\n",
    "kernel/main.c": LICENCE + """#include "arch/add.h"
#include "generated/board.h"

uint32_t main_start(void);

uint32_t main_start(void)
{
	return add_one(BOARD_CORES);
}
""",
    f"{BUILT}/generated/board.h": "#define BOARD_CORES 4u\n",
    f"{BUILT}/system.c": "extern const unsigned table[];\nconst unsigned table[] = { 1 };\n",
    "linker.ld": "/* SPDX-License-Identifier: BSD-2-Clause */\n",
    "tools/hello": "#!/bin/sh\n# SPDX-License-Identifier: BSD-2-Clause\necho hello\n",
}
TAKEN_OVER = ("Makefile", ".clang-format", "guests/lib/guest.mk")


def write(tree, files):
    """Writes {path: text} into the tree."""
    for name, text in files.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def link(tree):
    """Links the tree's sources as the Makefile would, with map and dependencies."""
    objects = []
    for source in ("kernel/main.c", "arch/add.c", "arch/vfp.S"):
        obj = f"{BUILT}/obj/{source}.o"
        (tree / obj).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["arm-none-eabi-gcc", "-march=armv7ve", "-marm", "-mfloat-abi=soft", "-O2", "-I.",
             f"-I{BUILT}", "-MMD", "-c", "-o", obj, source], cwd=tree, check=True)
        objects.append(obj)
    archive = f"{BUILT}/libbulkhead.a"
    subprocess.run(["arm-none-eabi-ar", "rcsT", archive, *objects[1:]], cwd=tree, check=True)
    subprocess.run(
        ["arm-none-eabi-gcc", "-nostdlib", "-Wl,-e,main_start", "-Wl,-u,vfp_save",
         f"-Wl,-Map={BUILT}/bulkhead.map", "-o", f"{BUILT}/bulkhead.elf", objects[0], archive],
        cwd=tree, check=True)


def check(tree, name):
    """Runs a check over a tree; returns exit code and output."""
    done = subprocess.run([TREE / "tools/check" / name, tree], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


@pytest.fixture(name="tree")
def make_tree(tmp_path):
    """A sound tree of its own for each test."""
    write(tmp_path, SOUND)
    for name in TAKEN_OVER:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(TREE / name, tmp_path / name)
    return tmp_path


CHECKS = ("format", "headers", "includes", "length", "licence", "shell", "cppcheck", "clang",
          "analyzer", "vfp", "loc")


def test_no_check_is_forgotten_here_or_in_make_check():
    programs = {path.name for path in (TREE / "tools/check").iterdir()
                if path.is_file() and path.suffix == ""} - {"all"}
    assert programs == set(CHECKS)
    listed = [line for line in (TREE / "tools/check/all").read_text().splitlines()
              if line.startswith("CHECKS=")]
    assert set(listed[0].split('"')[1].split()) == set(CHECKS)


@pytest.mark.parametrize("name", CHECKS)
def test_sound_tree_passes(tree, name):
    link(tree)
    code, output = check(tree, name)
    assert code == 0, output


ADD = SOUND["arch/add.c"]
MAIN = SOUND["kernel/main.c"]
LONG_BODY = "\tvalue++;\n" * 58

# check, what replaces a file of the sound tree, what the check must say.
FAULTS = [
    ("format", {"arch/add.c": ADD.replace("\treturn", "    return")}, "arch/add.c:5"),
    ("headers", {"arch/add.h": SOUND["arch/add.h"].replace('#include "kernel/types.h"', "")},
     "uint32_t"),
    ("headers", {"arch/twice.h": LICENCE + "enum twice { TWICE };\n"}, "redeclar"),
    ("includes", {"arch/add.c": '#include "vgic/vgic.h"\n' + ADD, "vgic/vgic.h": LICENCE},
     'arch/add.c:1: "vgic/vgic.h": arch/ may not include this'),
    ("includes", {"kernel/main.c": '#include "add.h"\n' + MAIN}, "not a path from the top"),
    ("includes", {"kernel/main.c": "#include <stdio.h>\n" + MAIN}, "freestanding"),
    ("includes", {"guests/x/x.c": LICENCE + '#include "arch/add.h"\n'}, "guests/ may not"),
    ("length", {"arch/add.c": ADD.replace("{\n", "{\n" + LONG_BODY + "\n")}, "60 lines"),
    ("length", {"tools/x": "#!/bin/sh\nlong() {\n" + "\ttrue\n" * 60 + "}\n"}, "long: 60"),
    ("length", {"tools/x.py": "def long():\n" + "    pass\n" * 60}, "long: 60"),
    ("licence", {"arch/add.c": ADD.replace(LICENCE, "")}, "arch/add.c:1: no 'SPDX"),
    ("shell", {"tools/hello": SOUND["tools/hello"] + "rm $1\n"}, "SC2086"),
    ("cppcheck", {"arch/add.c": ADD.replace("return value", "int a[2]; a[2] = 0; return value")},
     "arrayIndexOutOfBounds"),
    ("clang", {"arch/add.c": ADD.replace("value + 1", "(value == value) + 1u")},
     "self-comparison"),
    ("clang", {"arch/add.c": ADD + "\nstatic void nobody_calls(void)\n{\n}\n"},
     "unused-function"),
    ("clang", {"arch/add.S": LICENCE + ".arch armv7ve\n"}, "Unknown Arch"),
    ("analyzer", {"arch/add.c": ADD.replace(
        "\treturn", "\tuint32_t *null = 0;\n\n\tif (value)\n\t\t*null = 1;\n\treturn")},
     "CWE-476"),
    ("analyzer", {"arch/add.c": ADD.replace("value + 1", "(int)value + 1")},
     "sign-conversion"),
]


@pytest.mark.parametrize("name,files,message", FAULTS,
                         ids=[f"{fault[0]}-{number}" for number, fault in enumerate(FAULTS)])
def test_fault_is_found(tree, name, files, message):
    write(tree, files)
    code, output = check(tree, name)
    assert code == 1, output
    assert message in output


@pytest.mark.parametrize("instruction", ["vmov.f64 d0, d1", "vmrs r0, fpscr", "fldmiax r0, {d0}",
                                         "vadd.i32 q0, q1, q2"])
def test_vfp_instruction_elsewhere_is_found(tree, instruction):
    code = f'__asm__ volatile(".fpu neon\\n{instruction}");'
    write(tree, {"arch/add.c": ADD.replace("\treturn", f"\t{code}\n\treturn")})
    link(tree)
    code, output = check(tree, "vfp")
    assert code == 1, output
    assert "add_one" in output


@pytest.mark.parametrize("lines,message", [(5990, "small links 60"), (5970, None)])
def test_too_many_linked_lines_are_found(tree, lines, message):
    """In any system of config/."""
    write(tree, {"config/small.dts": "/dts-v1/;\n",
                 "arch/add.c": ADD + "extern int padding;\n" * lines})
    link(tree)
    shutil.copytree(tree / BUILT, tree / "build/systems/small")
    write(tree, {f"{BUILT}/bulkhead.map": (tree / BUILT / "bulkhead.map").read_text()
                 .replace("(obj/arch/add.c.o)", "").replace("add.c", "vfp.S")})
    code, output = check(tree, "loc")
    assert code == (1 if message else 0), output
    assert message is None or message in output


def test_too_many_lines_in_the_tree_are_found(tree):
    write(tree, {"kernel/unused.c": LICENCE + "extern int padding;\n" * 8500})
    link(tree)
    code, output = check(tree, "loc")
    assert code == 1, output
    assert "the hypervisor has 85" in output
