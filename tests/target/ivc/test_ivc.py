# SPDX-License-Identifier: BSD-2-Clause
"""Messages and doorbells between VMs keep their rules."""

import os
import pathlib
import re

import pytest

from lib import build

HERE = pathlib.Path(__file__).parent
MESSAGES = int(os.environ.get("IVC_MESSAGES", "30000"))  # the long form: 1000000
LIVES = int(os.environ.get("IVC_LIVES", "40"))           # the long form: 1000
SECONDS = 60 + MESSAGES // 2000 + LIVES


def checks(vm):
    """Waits for a guest's last line; returns how many checks it made."""
    result = vm.expect(r"^[\w-]+: (\d+) checks, (\d+) failed$|^guest: unexpected.*|.*too many.*")
    assert result[2] == "0" and "FAILED" not in vm.text, vm.text
    return int(result[1])


def test_rules(boot):
    """Who is who, who may send to whom; BUSY, EMPTY, CLOSED; lives; by call and page."""
    system = boot(HERE / "ivc.dts", vms=["a", "b", "c", "d", "e"])
    for name, least in (("a", 1000), ("b", 150), ("c", 100), ("d", 200), ("e", 20)):
        assert checks(system.vm(name)) > least


def variant(name, cores, **values):
    """A manifest of this folder with other boot arguments, and other cores for its VMs."""
    text = (HERE / f"{name}.dts").read_text()
    for key, value in values.items():
        text, count = re.subn(rf"\b{key}=\d+", f"{key}={value}", text)
        assert count > 0
    numbers = iter(cores)
    text = re.sub(r"cpus = <0>", lambda _: f"cpus = <{next(numbers)}>", text)
    folder = HERE.parents[2] / "build" / "tests"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"ivc-{name}-{len(set(cores))}.dts"
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
    return path


@pytest.mark.parametrize("cores", ["0000", "0011"])
def test_storm(boot, cores):
    """Everyone sends to everyone: each message comes once, whole and in order."""
    each = MESSAGES // 12
    names = ["a", "b", "c", "d"]
    system = boot(variant("storm", cores, count=each), vms=names)
    for name in names:
        vm = system.vm(name)
        figures = vm.expect(r"^storm-\w: sent (.*), received (.*), busy (\d+)$|.*FAILED.*", SECONDS)
        assert figures[1] == figures[2] == f"{each} {each} {each}", vm.text
        assert checks(vm) >= 9 * each


@pytest.mark.parametrize("cores", ["000", "011"])
def test_restart(boot, cores):
    """One restarts amid traffic: nothing stale comes, and its peers always recover."""
    system = boot(variant("restart", cores, lives=LIVES), vms=["a", "b", "c"])
    for name in ["b", "c"]:
        vm = system.vm(name)
        eras = vm.expect(r"^restart: peer \d saw (\d+) eras$|.*FAILED.*", SECONDS)
        assert eras[1] and LIVES // 2 < int(eras[1]), vm.text
        assert checks(vm) > 5000
    a = system.vm("a")
    a.expect(r"^restart-a: (\d{4,}) checks, 0 failed$")
    assert "FAILED" not in a.text, a.text
    assert len(re.findall("^restart-a: .* 0 failed$", a.text, re.M)) >= LIVES // 2


@pytest.mark.parametrize("cores", ["000", "011"])
def test_end(boot, cores):
    """One switches itself off, one is halted: their peer hears of both."""
    system = boot(variant("end", cores), vms=["a", "b", "c"])
    assert checks(system.vm("c")) >= 18
    system.hypervisor.expect("^a: powered off$")
    assert "FAILED" not in system.vm("a").text + system.vm("b").text


def garbage(system):
    """QEMU's arguments that leave something in each buffer's memory before boot."""
    build.image(system)
    text = (build.TREE / "build/systems" / system.stem / "map.txt").read_text()
    physical = text.split("/bulkhead/")[0]
    starts = re.findall(r"0x(\w+)\.\.0x(\w+) .* buffer \w+$", physical, re.M)
    assert len(starts) == 2
    return [word for start, end in starts
            for at in (int(start, 16), (int(start, 16) + int(end, 16)) // 2 & ~3, int(end, 16) - 3)
            for word in ("-device", f"loader,addr={at:#x},data=0xdeadbeef,data-len=4")]


def test_buffers(boot):
    """Shared as the manifest says: zero at first, read-only, never executed, not for all."""
    manifest = HERE / "buffers.dts"
    system = boot(manifest, vms=["a", "b", "c"], extra=garbage(manifest))
    for name, least in (("b", 7000), ("c", 1000), ("a", 6000), ("a", 6000)):
        assert checks(system.vm(name)) > least
