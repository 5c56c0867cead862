# SPDX-License-Identifier: BSD-2-Clause
"""A guest that floods a wire of 9600 baud makes nobody else's interrupts late.

QEMU can't show that by a slow character device: its PL011 holds up the whole machine
while that takes nothing. So the wire's speed is played behind arch/uart.h (uart.c): what
the hypervisor sees is a UART that is full nearly always, and interrupts when it has room.
Instructions are counted, one is a nanosecond: a run is one and the same on any machine.
"""

import pathlib

from lib import build

HERE = pathlib.Path(__file__).parent
ICOUNT = ["-icount", "shift=0,sleep=off"]
BYTES_PER_SECOND = 960
SECONDS = 1.56  # 12000 periods of 130 us

# Ticks of 16 ns. An entry of the UART's interrupt sends half a FIFO, 16 characters: the
# timer's may come behind one, as behind any other entry.
ENTRY = 125
AVERAGE = 8


def measure(boot, role):
    """How late the timer's interrupts are (ticks): at most, on average."""
    path = build.TREE / f"build/tests/slow-wire-{role}.dts"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text((HERE / "flood.dts").read_text().replace("role=0", f"role={role}"))
    uart = (HERE / "uart.c").relative_to(build.TREE)
    command = build.qemu_command(path, variables=(f"UART={uart}",))
    system = boot.command(command, vms=["flood", "timer"], extra=ICOUNT)
    match = system.vm("timer").expect(r"^late: (\d+) ticks at most, (\d+) on average$")
    return [int(match[1]), int(match[2]), system.vm("flood").lines()]


def test_slow_wire(boot):
    """Beside the flood, a timer is at most an entry later than beside a silent guest; the
    flood fills the wire, and none of its lines is lost or split."""
    worst, average, _ = measure(boot, 4)
    flood_worst, flood_average, lines = measure(boot, 0)
    print(f"late, in ticks of 16 ns: {worst} at most beside a silent guest, {flood_worst} beside a"
          f" flood; on average {average} and {flood_average}")
    assert flood_worst <= worst + ENTRY and flood_average <= average + AVERAGE
    for number, line in enumerate(lines, 1):
        assert line == f"flood {number} abcdefghijklmnopqrstuvwxyz0123456789 end"
    seconds = sum(len(f"flood| {line}\r\n") for line in lines) / BYTES_PER_SECOND
    assert 0.9 * SECONDS < seconds < 1.1 * SECONDS
