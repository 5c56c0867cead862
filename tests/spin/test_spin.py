# SPDX-License-Identifier: BSD-2-Clause
"""The models of what cores do to each other: each keeps its promises in all states, and
none of its rules is idle: with one left out Spin finds what goes wrong."""

import pathlib
import re
import subprocess

import pytest

HERE = pathlib.Path(__file__).parent
# Of each model: how large it is searched, and how many states that are, at least.
MODELS = {
    "cpu_on": (("CALLS=3", "ENDS=2"), 500000),
    "ivc": (("LIVES=3", "MESSAGES=5"), 1000000),
    "kick": (("POSTS=2", "WINDOWS=2"), 1000000),
    "relist": (("READS=2", "LIMIT=50"), 1000000),
    "reset": (("ASKS=2",), 500000),
}


def rules():
    """(model, rule) for each WITHOUT_... that a model knows."""
    for name in MODELS:
        text = (HERE / f"{name}.pml").read_text()
        for rule in sorted(set(re.findall(r"WITHOUT_\w+", text)) - {"WITHOUT_"}):
            yield pytest.param(name, rule, id=f"{name}-{rule[8:].lower()}")


def check(folder, name, *defines):
    """Searches all states; returns what the verifier says."""
    model = HERE / f"{name}.pml"
    commands = (["spin", *(f"-D{define}" for define in defines), "-a", str(model)],
                ["gcc", "-w", "-O2", "-DSAFETY", "-o", "pan", "pan.c"], ["./pan", "-m100000"])
    for command in commands:
        done = subprocess.run(command, cwd=folder, text=True, check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout


def test_every_model_is_listed():
    assert {path.stem for path in HERE.glob("*.pml")} == set(MODELS)


@pytest.mark.parametrize("name", MODELS)
def test_model(tmp_path, name):
    size, states = MODELS[name]
    said = check(tmp_path, name, *size)
    assert "errors: 0" in said and "max search depth too small" not in said, said
    assert int(re.search(r"(\d+) states, stored", said)[1]) > states
    # Every statement was reached, but the ends of those that go on for ever.
    unreached = re.findall(r"^\t.*pml:.*$", said, re.M)
    assert all('"-end-"' in line for line in unreached), said


@pytest.mark.parametrize("name,rule", rules())
def test_rule_is_needed(tmp_path, name, rule):
    said = check(tmp_path, name, rule)
    assert re.search(r"errors: [1-9]", said), said
