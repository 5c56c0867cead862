# SPDX-License-Identifier: BSD-2-Clause
"""What a guest with four CPUs asks of PSCI: codes, states, races, its end.

The guest checks itself, natively as well (guest.c). SMP_RACES says how many times
several CPUs start one at once (1000; the long form: 20000), SMP_LIVES how often a
guest resets itself with all its CPUs at work (10; the long form: 200).
"""

import os
import pathlib

from lib import build

HERE = pathlib.Path(__file__).parent
CPUS = 4
RACES = int(os.environ.get("SMP_RACES", "100"))
LIVES = int(os.environ.get("SMP_LIVES", "10"))
RESULT = r"^smp_psci: (\d+) checks, (\d+) failed$|^guest: .*"
END = rf"^smp_psci: CPU (\d) of {CPUS} ends it$|^guest: .*"


def manifest(name, old, new):
    """A manifest of this folder, with one thing changed."""
    text = (HERE / name).read_text()
    assert old in text
    path = build.TREE / "build/tests" / f"{pathlib.Path(name).stem}-run.dts"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace(old, new))
    return path


def expect_check(stream, races):
    """All checks of role 0 have passed."""
    stream.expect(rf"^smp_psci: {CPUS} CPUs$")
    result = stream.expect(RESULT, timeout=180 + races / 20)
    assert result[2] == "0", stream.text
    assert int(result[1]) > 3 * races


def expect_life(stream):
    """One life has begun as it must; returns which CPU will end it."""
    result = stream.expect(RESULT)
    assert result[2] == "0", stream.text
    assert int(result[1]) == 5 + 9 * CPUS
    return stream.expect(END)[1]


def test_smp_psci_native(boot):
    """The guest's idea of PSCI is QEMU's, too."""
    expect_check(boot.native(HERE / "smp_psci.dts", "check").machine, 1000)


def test_smp_lives_native(boot):
    """Five lives."""
    machine = boot.native(HERE / "lives.dts", "reset").machine
    for _ in range(5):
        expect_life(machine)


def test_smp_off_native(boot):
    """A single one."""
    system = boot.native(HERE / "lives.dts", "off")
    expect_life(system.machine)
    system.expect_off()


def test_smp_psci(boot):
    """The specified codes, races with one winner; the neighbour's seconds go on."""
    path = manifest("smp_psci.dts", "rounds=1000", f"rounds={RACES}")
    system = boot(path, vms=["check", "steady"])
    expect_check(system.vm("check"), RACES)
    steady = system.vm("steady")
    steady.skip()
    steady.expect(r"^steady: \d+ s$")
    seconds = [line for line in steady.lines() if line.startswith("steady")]
    assert seconds == [f"steady: {second} s" for second in range(1, len(seconds) + 1)]


def test_smp_lives(boot):
    """A reset from any CPU with all of them busy is a reset; a power-off an end."""
    system = boot(HERE / "lives.dts", vms=["reset", "off", "steady"])
    reset, off, steady = (system.vm(name) for name in ["reset", "off", "steady"])
    enders = [expect_life(reset) for _ in range(LIVES)]
    assert LIVES < 10 or len(set(enders)) > 1
    expect_life(off)
    system.hypervisor.expect(r"off: powered off")
    steady.skip()
    steady.expect(r"^steady: \d+ s$")
    expect_life(reset)
    assert len(off.text.splitlines()) == 2
    seconds = [line for line in steady.lines() if line.startswith("steady")]
    assert seconds == [f"steady: {second} s" for second in range(1, len(seconds) + 1)]
