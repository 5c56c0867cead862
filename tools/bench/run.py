# SPDX-License-Identifier: BSD-2-Clause
"""Builds a system, runs it in QEMU under the counting plugin, and reads the counts.

Instructions are the clock (-icount), one core: the same counts each time. The bench
guest ends the run itself; a Linux guest powers off.
"""

import functools
import os
import pathlib
import shlex
import shutil
import subprocess

import counts
import symbols

TREE = pathlib.Path(__file__).resolve().parents[2]
OUT = TREE / "build" / "bench"
PLUGIN = "build/host/bench.so"
# Of one core. Two would take turns, and the one that waits would keep its turn.
CLOCK = ["-icount", "shift=0,sleep=off", "-rtc", "base=2024-01-01T00:00:00,clock=vm"]
RUN_SECONDS = 300


class RunError(Exception):
    """A run that came to nothing; the message says where to look."""


def make(*arguments):
    """Asks the Makefile; returns what it printed."""
    # Inside `make bench` we must not inherit that make's job server and flags.
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    done = subprocess.run(["make", "-s", "--no-print-directory", *arguments], cwd=TREE,
                          env=environment, text=True, check=False, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode:
        raise RunError(f"make {' '.join(arguments)} failed:\n{done.stdout}")
    return done.stdout


def build(system):
    """Builds tests/bench/SYSTEM.dts; returns the folder of the result."""
    make(PLUGIN)
    make("image", f"SYSTEM=tests/bench/{system}.dts")
    return TREE / "build" / "systems" / system


def execute(*command):
    """Runs a program of ours; returns what it printed."""
    return subprocess.run([str(word) for word in command], cwd=TREE, text=True, check=True,
                          stdout=subprocess.PIPE).stdout


def _plugin(names, out):
    words = [PLUGIN, f"out={out}", f"low={names.low:#x}", f"high={names.high:#x}"]
    words += [f"thumb={start:#x}-{end:#x}" for start, end in names.thumb]
    words += [f"look={address:#x}" for address in names.looks]
    return ",".join(words + [f"vector={address:#x}" for address in names.vectors])


def _execute(command, console):
    with open(console, "w", encoding="utf-8") as file:
        try:
            subprocess.run(command, cwd=TREE, stdin=subprocess.DEVNULL, stdout=file,
                           stderr=subprocess.STDOUT, check=False, timeout=RUN_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise RunError(f"no end after {RUN_SECONDS} s; its output is in {console}") from error


def _qemu(system, *options):
    """The command line, without a plugin."""
    folder = pathlib.Path("build") / "systems" / system
    line = execute("tools/qemu-cmd", "-c", "none", *options, folder)
    OUT.mkdir(parents=True, exist_ok=True)
    command = [*shlex.split(line), "-serial", "stdio", "-monitor", "none"]
    return command if _is_smp(command) else command + CLOCK


def _is_smp(command):
    return command[command.index("-smp") + 1] != "1"


def has_threads(system):
    """Does each of its cores run at its own pace? Then one may wait for a lock while
    the host has stopped the thread of the one who has it."""
    return _is_smp(_qemu(system))


def _count(command, plugin, out):
    """Runs a command line under the plugin."""
    out.unlink(missing_ok=True)
    command = [*command, "-plugin", plugin + (",threads=on" if _is_smp(command) else "")]
    _execute(command, out.with_suffix(".console"))
    if not out.exists():
        raise RunError(f"QEMU wrote no counts; its output is in {out.with_suffix('.console')}:\n"
                       f"  {shlex.join(command)}")
    return counts.read(out)


def run(system):
    """Builds a system and runs it once; returns Counts."""
    folder = build(system)
    out = OUT / f"{system}.counts"
    command = _qemu(system)
    # Later builds must not change what these counts are read by.
    shutil.copyfile(folder / "bulkhead.elf", OUT / f"{system}.elf")
    elf.cache_clear()
    return _count(command, _plugin(elf(system), out), out)


def run_native(system, vm):
    """Runs one VM's own images on the bare machine, of a system that was built; all
    instructions are a guest's."""
    out = OUT / f"{system}-{vm}-native.counts"
    return _count(_qemu(system, "-n", vm), f"{PLUGIN},out={out}", out)


def run_plain(system):
    """Runs a system without the plugin; returns what it printed."""
    build(system)
    console = OUT / f"{system}.console"
    _execute(_qemu(system), console)
    return console.read_text(encoding="utf-8")


def last(system):
    """The counts of the last run."""
    return counts.read(OUT / f"{system}.counts")


@functools.lru_cache(maxsize=None)
def elf(system):
    """The symbols of a system as it was when it last ran."""
    return symbols.Symbols(OUT / f"{system}.elf")
