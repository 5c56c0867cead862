# SPDX-License-Identifier: BSD-2-Clause
"""The trace of two Linux guests that boot: read out in each of the ways there are, and
telling what is known to have happened. Instructions are counted, so that slices have
the same length on any machine.
"""

import re
import statistics
import subprocess
import sys

from lib import build

SYSTEM = "trace-two-linux"
VMS = ["armmp", "lpae"]
ICOUNT = ["-icount", "shift=0,sleep=off"]
KINDS = {"EXIT", "IRQ", "RETURN", "SWITCH", "INJECT", "WAKE", "BLOCK", "IDLE", "FAULT", "START",
         "STOP"}
HOLE = "0x0b000000"  # an address with nothing behind it
RUNS = 5             # of a recording, until none is missed

sys.path.insert(0, str(build.TREE / "tools/trace"))

# pylint: disable=wrong-import-position
import layout    # noqa: E402
import machine   # noqa: E402
import rings     # noqa: E402
import spans     # noqa: E402


def bhtrace(*arguments):
    """Runs it on the system; its output, which must fit a terminal."""
    command, *rest = map(str, arguments)
    done = subprocess.run(["tools/bhtrace", command, "-s", SYSTEM, *rest], check=False,
                          cwd=build.TREE, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


class Dumps:
    """Dumps of one run, in a folder."""

    def __init__(self, system, folder):
        self._driver, self.folder = system.driver, folder
        self._address, self._size = layout.Layout(SYSTEM).place()
        self._count = 0

    def take(self):
        """With the machine stopped, as the manual says."""
        path = self.folder / f"{self._count}.dump"
        self._count += 1
        self._driver.query("stop")
        self._driver.query("pmemsave", val=self._address, size=self._size, filename=str(path))
        self._driver.query("cont")
        return path


def read(*paths):
    """{core: [Event]}, [Core]"""
    made = layout.Layout(SYSTEM)
    joined = rings.join(machine.load(paths, made), made)
    decoded = rings.decode(joined, made)
    starts = {ring.core: ring.start for ring in joined if ring.is_from_start}
    return decoded, spans.analyse(decoded, starts, made)


def check_shares(text):
    """Those of the summary add up, as printed."""
    parts = [float(part) for part in re.findall(r"^  (?!total)\S+ +([\d.]+) % ", text, re.M)]
    assert len(parts) == 4  # two VMs, hypervisor, idle
    assert abs(sum(parts) - 100) < 1e-6
    assert min(parts[:2]) > 1
    assert max(map(len, text.splitlines())) <= 80


def babeltrace_events(folder):
    done = subprocess.run(["babeltrace2", folder], check=True, capture_output=True, text=True)
    others = [line for line in done.stderr.splitlines() if "Tracer discarded" not in line]
    return len(done.stdout.splitlines()), others, done.stderr


def check_slices(core):
    """While both are busy, each has the core for 33 ms, in turn."""
    turns = [turn for turn in spans.turns(core) if turn.start > core.spans[0].end][1:-1]
    lengths = [(turn.end - turn.start) / 62.5e3 for turn in turns]
    assert len(turns) > 50
    assert 32.9 < statistics.median(lengths) < 33.1
    assert sum(32 < length < 34 for length in lengths) >= 0.95 * len(lengths)
    assert all(earlier.vcpu != later.vcpu for earlier, later in zip(turns, turns[1:]))


def test_two_linux(boot, tmp_path):
    """From the first event until one VM is off."""
    system = boot(SYSTEM, vms=VMS, extra=ICOUNT)
    dumps = Dumps(system, tmp_path)
    system.hypervisor.expect("2 VMs on 1 cores")
    dumps.take()
    for vm in VMS:
        system.vm(vm).expect("Booting Linux on physical CPU")
    both_boot = dumps.take()
    for vm in VMS:
        system.vm(vm).ready()
    dumps.take()
    system.vm("armmp").run(f"devmem {HOLE}")
    dumps.take()
    system.vm("lpae").type("poweroff -f")
    system.hypervisor.expect("lpae: powered off")
    last = dumps.take()

    decoded, (core,) = read(tmp_path)
    assert {event.name for event in decoded[0]} == KINDS
    assert sorted(event.a for event in decoded[0] if event.name == "START") == [1, 2]
    assert [event.a for event in decoded[0] if event.name == "STOP"] == [2]
    times = [event.time for event in decoded[0]]
    assert times == sorted(times)
    faults = [mark for mark in core.marks if mark.name == "FAULT"]
    assert faults and {mark.vcpu for mark in faults} == {0}
    assert all(earlier.end <= later.start
               for earlier, later in zip(core.spans, core.spans[1:]))
    check_shares(bhtrace("summary", both_boot))
    bhtrace("summary", last)

    text = bhtrace("ctf", tmp_path, "-o", tmp_path / "ctf")
    count, complaints, _ = babeltrace_events(tmp_path / "ctf")
    assert f": {count} events" in text and count == len(decoded[0])
    assert complaints == []


def test_record(tmp_path):
    """A run of its own, from the first event on, none missed; the same from a socket."""
    build.image(SYSTEM)
    for _ in range(RUNS):  # a busy host looks at the ring too late, and counts what it missed
        bhtrace("record", "--icount", "--until", "Booting Linux", "--times", 2, "--seconds", 150,
                "-o", tmp_path)
        decoded, (core,) = read(tmp_path)
        if core.lost == 0:
            break
    events = decoded[0]
    assert [event.name for event in events[:2]] == ["START", "START"]
    assert core.lost == 0 and core.spans[0].cause == "boot"
    check_slices(core)
    check_shares(bhtrace("summary", tmp_path))
    bhtrace("ctf", tmp_path, "-o", tmp_path / "ctf")
    count, _, said = babeltrace_events(tmp_path / "ctf")
    assert said == "" and count == len(events)


def test_running_machine(tmp_path):
    """Read through the human monitor, and through QMP, while it runs."""
    command = build.qemu_command(SYSTEM)
    plain = command[:command.index("-monitor")]
    with subprocess.Popen(
            [*plain, "-nodefaults", "-serial", "stdio",
             "-monitor", f"unix:{tmp_path}/hmp,server=on,wait=off",
             "-qmp", f"unix:{tmp_path}/qmp,server=on,wait=off"],
            cwd=build.TREE, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        try:
            assert any(b"2 VMs on 1 cores" in line for line in process.stdout)
            assert "START 2" in bhtrace("summary", tmp_path / "hmp")
            bhtrace("dump", tmp_path / "qmp", "-o", tmp_path / "memory")
            early, _ = read(tmp_path / "memory")
            assert [event.name for event in early[0][:2]] == ["START", "START"]
            assert any(b"Booting Linux" in line for line in process.stdout)  # it went on
        finally:
            process.kill()
