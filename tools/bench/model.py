# SPDX-License-Identifier: BSD-2-Clause
"""The cost model: what each kind of work is thought to cost, in cycles.

Table 1 of Varanasi & Heiser, "Hardware-Supported Virtualization on ARM" (APSys
2011), at its midpoints, and what that table doesn't name. An instruction costs its
cycle, and what it does comes on top; a VFP register's costs include its memory.
Used by report, profile and the tests.
"""

from collections import namedtuple

# In the order in which the plugin writes them.
Cost = namedtuple("Cost", "instructions words devices reads writes maintenance vfp barriers")

WEIGHTS = Cost(1, 2.5, 100, 15, 100, 100, 15, 10)
ENTRY = 50

STATEMENT = f"""\
cycles: {WEIGHTS.instructions} an instruction, {WEIGHTS.words} a word loaded or stored, \
{WEIGHTS.devices} a device register,
{WEIGHTS.reads} a CP15 read, {WEIGHTS.writes} a CP15 write, {WEIGHTS.maintenance} a TLB or \
cache operation, {WEIGHTS.vfp} a VFP register,
{WEIGHTS.barriers} a barrier, {ENTRY} an entry to hyp mode (Table 1 of the paper, midpoints)"""


def cycles(cost, entries=1):
    """Estimated cycles of so many paths with this cost in all."""
    return round(sum(n * weight for n, weight in zip(cost, WEIGHTS)) + ENTRY * entries)


def add(costs):
    """The sum of several."""
    return Cost(*map(sum, zip(*costs))) if costs else Cost(*[0] * len(Cost._fields))
