# SPDX-License-Identifier: BSD-2-Clause
"""Asks the Makefile: to build a system, and how to start it.

Everything is built once a session; a failing build fails each test that needs it,
with make's own words.
"""

import fcntl
import functools
import os
import pathlib
import shlex
import subprocess

TREE = pathlib.Path(__file__).resolve().parents[2]
BUILD_SECONDS = 600


class BuildError(Exception):
    """make failed; the message is what it printed."""


def _make(*arguments):
    command = ["make", "-s", "--no-print-directory", *arguments]
    # Inside `make test` we must not inherit that make's job server and flags.
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    (TREE / "build").mkdir(exist_ok=True)
    with (TREE / "build/tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one worker of tools/test at a time
        done = subprocess.run(command, cwd=TREE, env=environment, text=True, check=False,
                              timeout=BUILD_SECONDS, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise BuildError(f"{shlex.join(command)} failed:\n{done.stdout}")
    return done.stdout


def system_argument(system):
    """A manifest as make's SYSTEM= wants it: a name, or a path below the tree."""
    if isinstance(system, pathlib.Path):
        system = system.relative_to(TREE)
    return f"SYSTEM={system}"


@functools.lru_cache(maxsize=None)
def bare_guests():
    """Builds every bare-metal guest."""
    _make("bare-guests")


@functools.lru_cache(maxsize=None)
def image(system, variables=()):
    """Builds a system's image, with variables of make's: "NAME=value"."""
    bare_guests()
    _make("image", system_argument(system), *variables)


@functools.lru_cache(maxsize=None)
def qemu_command(system, entry="kernel", variables=()):
    """Builds a system and returns the command that starts it, as a list."""
    image(system, variables)
    output = _make("qemu-cmd", system_argument(system), f"ENTRY={entry}", *variables)
    return shlex.split(output.strip().splitlines()[-1])


@functools.lru_cache(maxsize=None)
def native_command(system, vm):
    """The command that boots one VM's own images without the hypervisor."""
    image(system)
    name = system.stem if isinstance(system, pathlib.Path) else system
    done = subprocess.run(["tools/qemu-cmd", "-c", "none", "-n", vm, f"build/systems/{name}"],
                          cwd=TREE, text=True, check=False, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise BuildError(f"tools/qemu-cmd -n {vm} failed:\n{done.stdout}")
    return shlex.split(done.stdout.strip().splitlines()[-1])
