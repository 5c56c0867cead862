# SPDX-License-Identifier: BSD-2-Clause
"""The model of IVC's slots: it keeps its promises, and none of its rules is idle."""

import pathlib
import re
import subprocess

import pytest

MODEL = pathlib.Path(__file__).with_name("ivc.pml")
RULES = sorted(set(re.findall(r"WITHOUT_\w+", MODEL.read_text())) - {"WITHOUT_"})
STATES = 1000000 # at least, of the whole model


def check(folder, *defines):
    """Searches all states; returns what the verifier says."""
    commands = (["spin", *defines, "-a", str(MODEL)],
                ["gcc", "-O2", "-DSAFETY", "-o", "pan", "pan.c"], ["./pan", "-m100000"])
    for command in commands:
        done = subprocess.run(command, cwd=folder, text=True, check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout


def test_model(tmp_path):
    """No interleaving of messages and new lives loses, doubles or mixes up anything."""
    said = check(tmp_path, "-DLIVES=3", "-DMESSAGES=5")
    assert "errors: 0" in said and "max search depth too small" not in said, said
    assert int(re.search(r"(\d+) states, stored", said)[1]) > STATES
    # Every statement was reached, but the ends of those that go on for ever.
    unreached = re.findall(r"^\t.*pml:.*$", said, re.M)
    assert all('"-end-"' in line for line in unreached), said


@pytest.mark.parametrize("rule", RULES)
def test_rule_is_needed(tmp_path, rule):
    """With a rule left out the model finds what goes wrong."""
    said = check(tmp_path, f"-D{rule}")
    assert re.search(r"errors: [1-9]", said), said
