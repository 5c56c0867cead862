# SPDX-License-Identifier: BSD-2-Clause
"""The instruction decoder (arch/decode.c), built with sanitizers for this machine:
against examples worked out by hand, and against capstone over a large sample.

DECODE_SAMPLES=50000000 DECODE_SEED=7 /usr/bin/pytest tests/host/decode draws more,
and others, than the two million encodings of A32 and of T32 that are the default.
"""

import pathlib
import subprocess

import pytest

TREE = pathlib.Path(__file__).resolve().parents[3]
HERE = pathlib.Path(__file__).resolve().parent.relative_to(TREE)
OUT = pathlib.Path("build/host/tests/decode")
# The 2 million of the default take some 5 s; a larger sample has no limit.
PROGRAMS = {"cases": [], "capstone": [HERE / "oracle.c"]}


def run(*words):
    """Runs a command in the tree; returns its exit status and what it printed."""
    done = subprocess.run([str(word) for word in words], cwd=TREE, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


def build(name):
    """A test program that stops at every bad access or overflow."""
    (TREE / OUT).mkdir(parents=True, exist_ok=True)
    status, output = run(
        "gcc", "-std=c11", "-D_GNU_SOURCE", "-g", "-O1", "-Wall", "-Wextra", "-Werror",
        "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-I.", "-o", OUT / name,
        "arch/decode.c", HERE / "compare.c", HERE / f"{name}.c", *PROGRAMS[name],
        "-lcmocka", "-lcapstone")
    assert status == 0, output
    return OUT / name


@pytest.mark.parametrize("name", PROGRAMS)
def test_decode(name):
    """Every test in the program passes; what it counted is shown with -s."""
    status, output = run(f"./{build(name)}")
    print(output)
    assert status == 0, output
    assert "PASSED" in output
