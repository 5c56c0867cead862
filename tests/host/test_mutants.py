# SPDX-License-Identifier: BSD-2-Clause
"""The runner of mutants (tests/mutants/run) tells a red one from all others."""

import pathlib
import re
import subprocess

TREE = pathlib.Path(__file__).resolve().parents[2]
MUTANTS = TREE / "tests/mutants"
TEST = "tests/host/test_tools.py::test_qemu_command_refuses"


def row(name, old, new, test=TEST, file="tools/qemu-cmd"):
    """A mutant as the table has it."""
    return (f"[[mutant]]\nname = '{name}'\nissue = 'none'\nfile = '{file}'\n"
            f"old = '''{old}'''\nnew = '''{new}'''\ntests = ['{test}']\n")


def run(table, *arguments):
    """Runs the mutants of a table; returns exit code and output."""
    done = subprocess.run([MUTANTS / "run", "--table", table, *arguments], text=True, check=False,
                          timeout=300, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


def test_mutant_runner_tells_red_from_the_rest(tmp_path):
    table, report = tmp_path / "own.toml", tmp_path / "report.md"
    table.write_text(row("self-red", "unknown entry '$entry'", "what?") +
                     row("self-survives", "# The board's name", "# Its name") +
                     row("self-stale", "no such text", "x") +
                     row("self-twice", "fail", "true"))
    code, output = run(table, "--report", report)
    assert code == 1
    found = {name: word for word, name in re.findall(r"^ +\d+ s  (\w+) +(self-\w+)$", output, re.M)}
    assert found == {"self-red": "red", "self-survives": "survived", "self-stale": "stale",
                     "self-twice": "stale"}, output
    assert "1 of 4 mutants red" in output
    assert report.read_text().count("| yes |") == 1


def test_mutant_runner_names_stale_entries(tmp_path):
    table = tmp_path / "own.toml"
    table.write_text(row("self-red", "unknown entry '$entry'", "what?") +
                     row("self-stale", "no such text", "x"))
    code, output = run(table, "--stale")
    assert code == 1
    assert output == "stale: self-stale: tools/qemu-cmd\n1 of 2 entries are stale\n"


def test_mutant_runner_wants_tests_that_can_run(tmp_path):
    table = tmp_path / "own.toml"
    table.write_text(row("self-red", "unknown entry", "what?", test=TEST + "[no-such]"))
    code, output = run(table)
    assert code == 1 and "can't be run without a mutant" in output
