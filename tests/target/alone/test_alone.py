# SPDX-License-Identifier: BSD-2-Clause
"""A core with one runnable VM takes no ticks, and no trap when it sleeps.

Every interrupt that the GIC hands out is in QEMU's trace. While one VM spins and
another sleeps, the hyp timer may come when the sleeper is to wake, and at the end of
the slice that then begins; never just because 33 ms have passed.
"""

import pathlib
import re

HERE = pathlib.Path(__file__).parent
ICOUNT = ["-icount", "shift=0,sleep=off"]
ACKNOWLEDGED = re.compile(r"^gic_acknowledge_irq .*\birq (\d+)$", re.M)
MAINTENANCE, HYP_TIMER, VIRTUAL_TIMER = "25", "26", "27"
WFI_TRAP = re.compile(r"EL2\n\.\.\.with ESR 0x1/0x[0-9a-f]+$", re.M)
IRQ = re.compile(r"Taking exception 5 \[IRQ\].*\n.*\n.*\n")  # shows the last trap's syndrome
WAKES = 12  # three seconds: alone.dts says period=250
SLACK = 4   # wakes more or less: the machine runs while we count

SPIN = r"^spin: longest \d+ us"
IDLE = r"^idle: (\d+) wakes, latest \d+ us$"


def count_interrupts(log, intid):
    """How often this one has interrupted so far."""
    return ACKNOWLEDGED.findall(log.read_text()).count(intid)


def test_no_ticks_while_alone(boot, tmp_path):
    """Two hyp timer interrupts each time that the sleeper wakes, and no more."""
    log = tmp_path / "gic.log"
    trace = ["-trace", "gic_acknowledge_irq", "-D", str(log)]
    system = boot(HERE / "alone.dts", vms=["spinner", "sleeper", "off"], extra=ICOUNT + trace)
    system.hypervisor.expect(r"^off: powered off$")
    system.vm("spinner").expect(SPIN)
    sleeper = system.vm("sleeper")
    sleeper.expect(IDLE)
    sleeper.skip()
    before = count_interrupts(log, HYP_TIMER)
    wakes = 0
    while wakes < WAKES:
        wakes += int(sleeper.expect(IDLE)[1])
    ticks = count_interrupts(log, HYP_TIMER) - before
    print(f"{ticks} hyp timer interrupts for {wakes} wakes")
    assert wakes - SLACK <= ticks <= 2 * (wakes + SLACK)
    system.vm("spinner").expect(SPIN)  # it has the core and runs


def test_timer_end_costs_nothing(boot, tmp_path):
    """A guest ends its timer's interrupt without us: it is linked to the hardware's, and
    there is no maintenance interrupt."""
    log = tmp_path / "gic.log"
    system = boot(HERE / "idle.dts", vms=["sleeper", "off"],
                  extra=ICOUNT + ["-trace", "gic_acknowledge_irq", "-D", str(log)])
    wakes = 0
    while wakes < WAKES:
        wakes += int(system.vm("sleeper").expect(IDLE)[1])
    assert count_interrupts(log, VIRTUAL_TIMER) >= wakes - SLACK
    assert count_interrupts(log, MAINTENANCE) == 0


def count_wfi_traps(log):
    """How many WFIs have come to hyp so far."""
    return len(WFI_TRAP.findall(IRQ.sub("", log.read_text())))


def test_no_wfi_trap_while_alone(boot, tmp_path):
    """The last VM's WFI is its own, as soon as the other one has gone."""
    log = tmp_path / "int.log"
    system = boot(HERE / "idle.dts", vms=["sleeper", "off"],
                  extra=ICOUNT + ["-d", "int", "-D", str(log)])
    system.hypervisor.expect(r"^off: powered off$")
    sleeper = system.vm("sleeper")
    sleeper.skip()
    sleeper.expect(IDLE)
    before = count_wfi_traps(log)
    wakes = 0
    while wakes < WAKES:
        wakes += int(sleeper.expect(IDLE)[1])
    assert count_wfi_traps(log) == before
