# SPDX-License-Identifier: BSD-2-Clause
"""Long-descriptor translation tables, decoded from the manual alone (ARM ARM DDI
0406C, B3.6): what the hardware makes of them, not what somebody meant to write.
"""

import collections

from target.hyp_map.outside import BLOCK, PAGE

GIB = 1 << 30
ADDRESS = 0xfffffff000  # bits [39:12]

# One mapped block or page. kind: "normal" or "device"; rights: a subset of "RWX";
# shareable: SH[1:0].
Leaf = collections.namedtuple("Leaf", "start bytes pa kind rights shareable is_block")


def bit(value, number):
    """One bit of a value."""
    return value >> number & 1


def _entries(read, root, level, count):
    """All valid last entries below a table: (input address, bytes, descriptor, and the
    limits that the tables above lay on it: read-only, execute-never)."""
    size = {1: GIB, 2: BLOCK, 3: PAGE}[level]
    for index, descriptor in enumerate(read(root, count)):
        if not bit(descriptor, 0):
            continue
        is_table = level < 3 and bit(descriptor, 1)
        assert level < 3 or bit(descriptor, 1), "a reserved descriptor at level 3"
        if not is_table:
            yield index * size, size, descriptor, False, False
            continue
        below = _entries(read, descriptor & ADDRESS, level + 1, 512)
        for start, count_bytes, leaf, is_read_only, is_xn in below:
            yield (index * size + start, count_bytes, leaf,
                   is_read_only or bit(descriptor, 62), is_xn or bit(descriptor, 60))


def _stage1_kind(descriptor, mair):
    """Memory type by AttrIndx (B4.1.104): both halves of a MAIR byte write-back."""
    attribute = mair >> 8 * (descriptor >> 2 & 7) & 0xff
    if attribute == 0xff:
        return "normal"
    assert attribute in (0x00, 0x04), f"memory attribute 0x{attribute:02x}"
    return "device"


def stage1(read, httbr, mair):
    """The leaves of the hypervisor's own translation (B3.7.1: no user, AP[2] alone says
    read-only; XN is bit 54)."""
    leaves = []
    for start, size, descriptor, is_read_only, is_xn in _entries(read, httbr & ADDRESS, 1, 4):
        assert bit(descriptor, 10), f"0x{start:08x}: no access flag, so a fault"
        rights = "R"
        if not (bit(descriptor, 7) or is_read_only):
            rights += "W"
        if not (bit(descriptor, 54) or is_xn):
            rights += "X"
        leaves.append(Leaf(start, size, descriptor & ADDRESS & -size,
                           _stage1_kind(descriptor, mair), rights, descriptor >> 8 & 3,
                           size != PAGE))
    return leaves


def _stage2_kind(descriptor):
    """MemAttr[3:0] (B3.6.2, table B3-20): Device, or Normal write-back."""
    attribute = descriptor >> 2 & 15
    if attribute == 15:
        return "normal"
    assert attribute in (0, 1), f"stage-2 memory attribute {attribute}"
    return "device"


def stage2(read, vttbr):
    """The leaves of a VM's translation: four level-2 tables in a row (VTCR.SL0 = 0)."""
    leaves = []
    for start, size, descriptor, _, _ in _entries(read, vttbr & ADDRESS, 2, 2048):
        assert bit(descriptor, 10), f"IPA 0x{start:08x}: no access flag, so a fault"
        rights = "".join(["R" * bit(descriptor, 6), "W" * bit(descriptor, 7),
                          "X" * (1 - bit(descriptor, 54))])
        leaves.append(Leaf(start, size, descriptor & ADDRESS & -size, _stage2_kind(descriptor),
                           rights, descriptor >> 8 & 3, size == BLOCK))
    return leaves


def join(leaves):
    """Neighbours that are alike as one: [(start, end, start of PA, kind, rights)]."""
    ranges = []
    for leaf in sorted(leaves):
        alike = (leaf.kind, leaf.rights)
        if ranges:
            start, end, pa, *last = ranges[-1]
            if end == leaf.start and pa + end - start == leaf.pa and tuple(last) == alike:
                ranges[-1] = (start, end + leaf.bytes, pa, *last)
                continue
        ranges.append((leaf.start, leaf.start + leaf.bytes, leaf.pa, *alike))
    return ranges
