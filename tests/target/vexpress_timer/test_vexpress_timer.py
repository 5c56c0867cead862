# SPDX-License-Identifier: BSD-2-Clause
"""A dual timer of a Versatile Express passed through: no interrupt is lost, none comes
that the device did not ask for, and a guest that treats its own badly harms nobody else.

Instructions are counted where one core will do: a run is one and the same each time.
TIMER_TICKS: how many ticks (20000; 100000 for the long form).
"""

import os
import pathlib
import re

from lib import build

HERE = pathlib.Path(__file__).parent
EXACT = ["-icount", "shift=0,sleep=off"]
TICKS = int(os.environ.get("TIMER_TICKS", "20000"))
LIVES = 7
# What is done to an interrupt whose device asks for it every 20 us, and how often it may
# come for that in 120 ms: once, or once in each slice of its guest's, 1 ms of every 2 (61
# such slices can begin or end in that time).
FORMS = {"never ends": 1, "never deactivates": 1, "masks the device": 1,
         "leaves the line high": 61, "disables while active": 1, "never enables": 0}


def changed(name, *changes):
    """A copy of a manifest with other boot arguments; returns its path."""
    text = (HERE / f"{name}.dts").read_text()
    for pattern, replacement in changes:
        text, count = re.subn(pattern, replacement, text)
        assert count == 1
    path = build.TREE / f"build/tests/{name}-run.dts"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def expect_checks(vm, name):
    """The result of a life, in which all checks must have passed."""
    result = vm.expect(rf"^{name}: (\d+) checks, (\d+) failed$|^guest: unexpected.*")
    assert result[2] == "0", vm.text
    return int(result[1])


def test_vexpress_timer(boot):
    """As many interrupts as the device has had periods, whatever was done to it before,
    and whatever a life left behind."""
    path = changed("vexpress_timer", (r"ticks=\d+", f"ticks={TICKS}"))
    system = boot(path, vms=["rt", "witness"], extra=EXACT)
    timer = system.vm("rt")
    for life in range(LIVES):
        result = timer.expect(r"^timer: (\d+) interrupts in (\d+) periods$|^timer: FAILED.*")
        assert result[1] and int(result[1]) >= (1000 if life else TICKS), timer.text
        assert int(result[2]) - int(result[1]) in (0, 1)
        assert expect_checks(timer, "timer") >= (8 if life else 1000)
    system.hypervisor.expect("rt: powered off")


def test_vexpress_timer_rude(boot):
    """An interrupt that is never ended, masked in the midst, or left high comes no more
    often than its guest lets it, and costs the others nothing."""
    system = boot(HERE / "vexpress_timer_rude.dts", vms=["rude", "witness"], extra=EXACT)
    system.hypervisor.expect("rude: powered off")
    log = boot.logs[-1].read_text().replace("\r", "")
    alone = max(map(int, re.findall(r"(\d+) rounds\n", log)))
    assert "FAILED" not in log and log.count("rude: 11 checks, 0 failed") == 1 + len(FORMS)
    for form, most in FORMS.items():
        during = re.search(rf"begins: {form}\n(.*?)ends: {form}: (\d+) came\n", log, re.S)
        assert int(during[2]) <= most, log
        # The first window begins before the form does.
        rounds = [int(count) for count in re.findall(r"(\d+) rounds\n", during[1])[1:]]
        assert len(rounds) >= 4 and min(rounds) > 0.999 * alone, (form, rounds)


def test_vexpress_timer_smp(boot):
    """Each interrupt comes once, on the vCPU that it was aimed at last."""
    system = boot(HERE / "vexpress_timer_smp.dts", vms=["smp", "witness"])
    timer = system.vm("smp")
    for _ in range(2):
        result = timer.expect(r"^smp_timer: asked (\d+), came (\d+)\n|^guest: .*")
        assert result[1] == result[2] and int(result[1]) >= 300, timer.text
        assert expect_checks(timer, "smp_timer") > 500
    system.hypervisor.expect("smp: powered off")
