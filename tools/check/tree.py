# SPDX-License-Identifier: BSD-2-Clause
"""What the checks share: which files there are, and running a command for each.

A check is a program in tools/check that prints its findings, one a line, as
file:line: what, and exits with 1 if there are any. It works on the tree it is given
(the one it lies in if none is given), after `make image` there.
"""
import concurrent.futures
import os
import pathlib
import subprocess
import sys

HYPERVISOR = ("arch", "kernel", "vgic", "vtimer", "ivc")
# Whose tables and generated headers the checks compile against.
SYSTEM = "two-linux"
BUILT = pathlib.Path("build/systems", SYSTEM)


def enter():
    """Change to the tree to be checked: the argument, or the one this file is in."""
    own = pathlib.Path(__file__).resolve().parents[2]
    os.chdir(sys.argv[1] if len(sys.argv) > 1 else own)


def files(folders, *suffixes):
    """All files below these folders with one of these suffixes, as sorted paths."""
    found = []
    for folder in folders:
        found += [path for path in pathlib.Path(folder).rglob("*")
                  if path.suffix in suffixes and path.is_file()]
    return sorted(found)


def c_files():
    """All C sources and headers of the tree."""
    return files(HYPERVISOR + ("config", "guests", "tools", "tests"), ".c", ".h")


def compiler(*variables):
    """A compiler and its flags, from the Makefile's variables, as a list of words."""
    words = []
    for name in variables:
        words += subprocess.run(
            ["make", "--no-print-directory", f"print-{name}", f"SYSTEM={SYSTEM}"],
            check=True, capture_output=True, text=True).stdout.split()
    return [word for word in words if word not in ("-MMD", "-MP")]


def run_each(commands):
    """Run the commands, one a core at a time; their outputs where they failed."""
    def run(command):
        text = command[1] if isinstance(command, tuple) else None
        words = command[0] if isinstance(command, tuple) else command
        done = subprocess.run(words, input=text, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode == 0:
            return None
        return done.stdout.strip() or f"{' '.join(words)}: exit code {done.returncode}"

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return [output for output in pool.map(run, commands) if output]


def finish(findings, summary):
    """Print the findings and leave with 1, or print what was looked at."""
    for finding in findings:
        print(finding)
    if findings:
        sys.exit(1)
    print(summary)
