# SPDX-License-Identifier: BSD-2-Clause
"""Systems and memory dumps made up for the tests of tools/bhtrace: two VMs, one of
them with a vCPU on each of two cores, and rings of 64 events."""

import pathlib
import struct
import sys

TREE = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(TREE / "tools/trace"))

# pylint: disable=wrong-import-position
import layout  # noqa: E402
import rings   # noqa: E402
import spans   # noqa: E402

CAPACITY, HZ, MAGIC = 64, 62_500_000, 0x31544842
NOBODY = 0xffffffff
BOARD = f"""#define BOARD_RAM_BASE 0x40000000
#define BOARD_COUNTER_HZ {HZ}
#define CONFIG_CORE_COUNT 2
#define CONFIG_TRACE_EVENTS {{capacity}}
"""
TABLES = """
		.name = "one",
		.vmid = 1,
		.name = "two",
		.vmid = 2,
	[0] = { .vm = &vms[0], .stage2 = vm0_stage2,
		.stack = 0, .core = &cores[0], .index = 0, .priority = 100 },
	[1] = { .vm = &vms[1], .stage2 = vm1_stage2,
		.stack = 0, .core = &cores[0], .index = 0, .priority = 100 },
	[2] = { .vm = &vms[1], .stage2 = vm1_stage2,
		.stack = 0, .core = &cores[1], .index = 1, .priority = 100 },
	[26] = { .handle = timeout_irq },
	[27] = { .handle = vtimer_irq },
"""
WFI, HVC, READ, WRITE = 0x01 << 26, 0x12 << 26, 0x24 << 26, 0x24 << 26 | 1 << 6

NAMES = [event.name for event in
         layout.parse_events((TREE / "kernel/trace_ring.h").read_text())]


def system(folder, capacity=CAPACITY):
    """Writes what mksystem would have made; returns the Layout's folder."""
    (folder / "generated").mkdir(parents=True)
    (folder / "generated/board.h").write_text(BOARD.format(capacity=capacity))
    (folder / "system.c").write_text(TABLES)
    return folder


def entry(time, name, a=0, b=0):
    """The 16 bytes of an event; its time without the upper half."""
    return struct.pack("<4I", time % 2 ** 32, NAMES.index(name), a, b)


def ring(entries, core=0, start=0, capacity=CAPACITY, count=None):
    """The bytes of a ring into which all these were written, in order."""
    slots = [bytes(16)] * capacity
    for number, one in enumerate(entries):
        slots[number % capacity] = one
    count = len(entries) if count is None else count
    return struct.pack("<4I2Q", MAGIC, core, HZ, count % 2 ** 32, start, 0) + b"".join(slots)


def decode(folder, *dumps):
    """The events of dumps, by core."""
    made = layout.Layout(folder)
    return rings.decode(rings.join(dumps, made), made)


def analyse(folder, *dumps):
    """The Cores of dumps, and the Layout."""
    made = layout.Layout(folder)
    joined = rings.join(dumps, made)
    starts = {one.core: one.start for one in joined if one.is_from_start}
    return spans.analyse(rings.decode(joined, made), starts, made), made


# A story on core 0, in ticks from 1000 on; what it must be read as is in the tests.
STORY = [
    (1000, "START", 1, 0), (1010, "START", 2, 0),
    (1100, "SWITCH", NOBODY, 0), (1200, "RETURN", 0x8000, 0x13),
    (1500, "EXIT", HVC, 0x8004), (1510, "RETURN", 0x8004, 0x13),
    (2000, "EXIT", WRITE, 0x8008), (2040, "RETURN", 0x800c, 0x13),
    (3000, "IRQ", 26, 0), (3010, "SWITCH", 0, 1), (3100, "RETURN", 0x9000, 0x13),
    (3600, "IRQ", 27, 0), (3620, "INJECT", 1, 27), (3630, "RETURN", 0x9004, 0x13),
    (4000, "EXIT", WFI, 0x9008), (4010, "BLOCK", 1, 0), (4020, "SWITCH", 1, 0),
    (4100, "RETURN", 0x800c, 0x13),
    (5000, "EXIT", WFI, 0x8010), (5010, "BLOCK", 0, 0), (5050, "IDLE", 0, 0),
    (9000, "IRQ", 27, 0), (9010, "WAKE", 1, 0), (9020, "SWITCH", 0, 1),
    (9050, "INJECT", 1, 27), (9100, "RETURN", 0x900c, 0x13),
    (9600, "EXIT", READ, 0x9010), (9610, "FAULT", READ, 0xb0000000),
    (9640, "RETURN", 0x10, 0x17),
    (9900, "EXIT", HVC, 0x9100), (9950, "STOP", 2, 0), (9990, "IDLE", 0, 0),
]


def _on_core_1(name, a, b):
    """There it is all about the one vCPU of that core, number 2."""
    if name == "SWITCH":
        return name, 2 if a != NOBODY else a, 2
    return (name, 2, b) if name in ("INJECT", "BLOCK", "WAKE") else (name, a, b)


def story(core=0, start=900, shift=0):
    """The story as a ring."""
    rows = [(time, rest if core == 0 else _on_core_1(*rest)) for time, *rest in STORY]
    return ring([entry(time + shift, *rest) for time, rest in rows], core, start + shift)
