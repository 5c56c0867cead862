# SPDX-License-Identifier: BSD-2-Clause
"""Each VM has what the time plan says, whatever the others do.

Judged from outside the guests: a QEMU plugin (plugin/shares.c) counts the instructions of each
VM's memory between two marks; instructions are the clock, one a nanosecond. The other
VM spins, sleeps and is woken, is interrupted all the time, sends itself SGIs, calls the
hypervisor, prints. PLAN_MS: how long (300).
"""

import os
import pathlib
import re
import subprocess

import pytest

from lib import build

HERE = pathlib.Path(__file__).parent
ICOUNT = ["-icount", "shift=0,sleep=off"]
MS = int(os.environ.get("PLAN_MS", "300"))
NS_A_TICK = 16
ROLES = {"spin": 1, "sleep": 2, "interrupts": 3, "sgis": 4, "calls": 5, "prints": 6}
SHARES = {"judge": 0.3, "honest": 0.2, "nasty": 0.4}
TOLERANCE = 0.001  # of a share; what a switch costs is a tenth of it
HYPERVISOR = {"spin": 0.001, "sleep": 0.015, "interrupts": 0.005}  # at most: it sleeps, too
ENTRY = 0.0025     # with an entry of the console in each window: 5 of 2000 us


def make_plugin():
    """Compiles it; returns the file."""
    made = build.TREE / "build/tests/shares.so"
    made.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["gcc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-I.", "-shared",
                    "-fPIC", "-fvisibility=hidden", "-o", made, HERE / "plugin/shares.c"],
                   cwd=build.TREE, check=True)
    return made


def manifest(role):
    """The system with a nasty VM of this kind."""
    text = (HERE / "plan.dts").read_text()
    assert "role=1 nasty" in text and "ms=2000" in text
    path = build.TREE / "build/tests" / f"plan-{role}.dts"
    path.write_text(text.replace("role=1 nasty", f"role={ROLES[role]}")
                    .replace("ms=2000", f"ms={MS}"))
    return path


def places(path):
    """The address of the hypervisor's first instruction, and where each VM's RAM is."""
    folder = build.TREE / "build/systems" / path.stem
    header = subprocess.run(["arm-none-eabi-readelf", "-h", folder / "bulkhead.elf"], text=True,
                            check=True, stdout=subprocess.PIPE).stdout
    rams = {name: start for start, name in
            re.findall(r"^  (0x[0-9a-f]+)\.\.0x[0-9a-f]+ .*vm-(\S+): RAM$",
                       (folder / "map.txt").read_text(), re.M)}
    assert list(rams) == list(SHARES)
    return re.search(r"Entry point address: *(0x[0-9a-f]+)", header)[1], list(rams.values())


def measure(boot, role):
    """The share of the core that each VM's instructions had, and the hypervisor's."""
    path = manifest(role)
    build.image(path)
    low, rams = places(path)
    out = build.TREE / "build/tests" / f"plan-{role}.counts"
    out.unlink(missing_ok=True)
    plugin = ",".join([f"{make_plugin()}", f"out={out}", f"low={low}",
                       *(f"vm={ram}" for ram in rams)])
    system = boot(path, vms=list(SHARES), extra=[*ICOUNT, "-plugin", plugin])
    ticks = int(system.vm("judge").expect(r"^plan: (\d+) ticks$", timeout=300)[1])
    assert ticks >= MS * 62500
    hypervisor, *counts = map(int, out.read_text().split())
    shares = {name: count / (ticks * NS_A_TICK) for name, count in zip(SHARES, counts)}
    return shares, hypervisor / (ticks * NS_A_TICK)


@pytest.mark.parametrize("role", ROLES)
def test_plan(boot, role):
    """The judge and the honest one lose nothing; the nasty one wins nothing."""
    shares, hypervisor = measure(boot, role)
    print({name: f"{share:.5f}" for name, share in shares.items()}, f"{hypervisor:.5f}")
    for name in ["judge", "honest"]:
        lost = 1 - shares[name] / SHARES[name]
        assert abs(lost) < (ENTRY if role == "prints" else TOLERANCE), shares
    if role == "spin":
        assert abs(shares["nasty"] / SHARES["nasty"] - 1) < TOLERANCE, shares
    assert 0 < shares["nasty"] < SHARES["nasty"] * (1 + TOLERANCE), shares
    assert hypervisor < HYPERVISOR.get(role, 1), hypervisor
    assert sum(shares.values()) + hypervisor < 0.905  # the last window is nobody's
