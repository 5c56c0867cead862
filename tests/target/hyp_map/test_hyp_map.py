# SPDX-License-Identifier: BSD-2-Clause
"""Who can reach what, read out of a running machine and judged by the manual.

Two Linux guests are booted to user space, the machine is stopped while a guest runs,
and its translation tables are decoded from physical memory. The hypervisor's map must
be exactly that of linker.ld and map.txt: nothing writable is executable, no guest RAM
is mapped. The VMs' maps must not meet.
"""

import pytest

from conftest import Boots
from target.hyp_map import walk
from target.hyp_map.outside import (BLOCK, BUILT, PAGE, SYSTEM, VMS, Machine, Map, read_sections,
                                    read_symbols)

WINDOWS = 0xf0000000  # from here on, a block a core
HSCTLR_BITS = {"M": 0, "C": 2, "I": 12, "WXN": 19}
HCR_BITS = {"VM": 0, "FMO": 3, "IMO": 4, "AMO": 5}


class Seen:
    """What was read from one machine, and what the build says about it."""

    def __init__(self, machine):
        self.machine = machine
        self.registers = machine.registers()
        self.map = Map()
        self.symbols = read_symbols()
        self.sections = read_sections()
        self.stage1 = walk.stage1(machine.table, self.registers["HTTBR"],
                                  self.registers["HMAIR1"] << 32 | self.registers["MAIR_EL2"])
        self.stage2 = [walk.stage2(machine.table, self.address(f"vm{n}_stage2"))
                       for n in range(len(VMS))]

    def address(self, symbol):
        """A symbol's address."""
        return self.symbols[symbol].address


@pytest.fixture(name="seen", scope="module", params=["kernel", "flash"])
def see_machine(request):
    """A stopped machine, by two ways in: hyp mode, and reset in secure state."""
    boots = Boots(f"hyp_map-{request.param}")
    system = boots(SYSTEM, entry=request.param, vms=VMS)
    for vm in VMS:
        system.vm(vm).ready()
    machine = Machine(system)
    machine.stop()
    yield Seen(machine)
    boots.close()


def overlap(start, end, other):
    """Do two ranges have an address in common?"""
    return start < other.end and other.start < end


def blocks_around(ranges):
    """The 2 MiB blocks that ranges touch, neighbours joined."""
    blocks = sorted({block for found in ranges
                     for block in range(found.start // BLOCK, (found.end - 1) // BLOCK + 1)})
    joined = []
    for block in blocks:
        if joined and joined[-1][1] == block * BLOCK:
            joined[-1] = (joined[-1][0], (block + 1) * BLOCK)
        else:
            joined.append((block * BLOCK, (block + 1) * BLOCK))
    return joined


# ---- The hypervisor's own map ------------------------------------------------

def test_translation_is_on(seen):
    """MMU, caches and WXN are on; all 32 bits of address through HTTBR."""
    registers = seen.registers
    for name, number in HSCTLR_BITS.items():
        assert walk.bit(registers["SCTLR_EL2"], number), f"HSCTLR.{name} is 0"
    for name, number in HCR_BITS.items():
        assert walk.bit(registers["HCR"], number), f"HCR.{name} is 0"
    assert registers["TCR_EL2"] & 7 == 0, "HTCR.T0SZ"
    start, end = seen.sections[".data"]
    assert start <= registers["HTTBR"] < end


def test_vectors_are_in_text(seen):
    """HVBAR has the table with the branch-predictor flush: this is a Cortex-A15."""
    start, end = seen.sections[".text"]
    assert start <= seen.registers["VBAR_EL2"] < end
    assert seen.registers["VBAR_EL2"] == seen.address("vectors_hardened")


def test_symbols_are_the_sections_borders(seen):
    """What stage1.c goes by is where linker.ld has put things, in whole pages."""
    sections, address = seen.sections, seen.address
    hypervisor = seen.map.labelled(r"^hypervisor$")[0]
    assert address("_start") == address("hyp_text_start") == sections[".text"][0]
    assert address("hyp_text_end") == sections[".text"][1] <= sections[".rodata"][0]
    assert address("hyp_rodata_end") == sections[".rodata"][1]
    for border in ["hyp_text_start", "hyp_text_end", "hyp_rodata_end"]:
        assert address(border) % PAGE == 0
    assert sections[".data"][0] >= address("hyp_rodata_end")
    assert (address("hyp_bss_start"), address("hyp_bss_end")) == sections[".bss"]
    assert address("hyp_end") <= hypervisor.end
    assert sections[".images"][0] == seen.map.labelled(r"^images")[0].start
    for symbol, section in [("vectors_hardened", ".text"), ("vectors_plain", ".text"),
                            ("config_vms", ".rodata"), ("vm0_stage2", ".rodata"),
                            ("irq_routes", ".rodata"), ("vm1_stage2", ".rodata"),
                            ("vcpus", ".data"), ("cores", ".bss"), ("vm0_image0", ".images")]:
        assert seen.symbols[symbol].section == section, symbol


def test_nothing_is_writable_and_executable(seen):
    """W^X by the descriptors themselves, without WXN's help; devices never executable."""
    assert [leaf for leaf in seen.stage1 if "W" in leaf.rights and "X" in leaf.rights] == []
    assert [leaf for leaf in seen.stage1 if leaf.kind == "device" and "X" in leaf.rights] == []


def test_map_is_linker_ld_s(seen):
    """Text RX, read-only data R, data RW, images R, devices RW as Device memory, each at
    its own address; and nothing else."""
    hypervisor = seen.map.labelled(r"^hypervisor$")[0]
    images = seen.map.labelled(r"^images")[0]
    text, rodata, data = (seen.address(name) for name in
                          ["hyp_text_start", "hyp_text_end", "hyp_rodata_end"])
    expected = [(text, rodata, text, "normal", "RX"),
                (rodata, data, rodata, "normal", "R"),
                (data, hypervisor.end, data, "normal", "RW"),
                (images.start, images.end, images.start, "normal", "R")]
    expected += [(start, end, start, "device", "RW")
                 for start, end in blocks_around(seen.map.hypervisors())]
    assert walk.join(seen.stage1) == sorted(expected)
    assert {leaf.shareable for leaf in seen.stage1 if leaf.kind == "normal"} == {3}


def test_no_guest_ram_is_mapped(seen):
    """No VM's RAM at any address: the windows are closed."""
    ram = seen.map.ram()
    assert len(ram) == len(VMS)
    for leaf in seen.stage1:
        assert leaf.start < WINDOWS, f"the window at 0x{leaf.start:08x} is open"
        for found in ram:
            assert not overlap(leaf.pa, leaf.pa + leaf.bytes, found), \
                f"0x{leaf.start:08x} shows {found.label}"


def test_text_and_tables_are_the_image_s(seen):
    """What can't be written hasn't been: text, read-only data and images in memory are
    those of the file, whatever has run in between."""
    file = (BUILT / "bulkhead.bin").read_bytes()
    base = seen.address("_start")
    images = seen.map.labelled(r"^images")[0]
    for start, end in [(base, seen.address("hyp_rodata_end")),
                       (images.start, seen.address("images_end"))]:
        assert seen.machine.memory(start, end - start) == file[start - base:end - base]


# ---- The VMs' maps -----------------------------------------------------------

def test_stage2_is_the_vm_s_own(seen):
    """The table in use is the one of a VM in map.txt, under that VM's number."""
    registers = seen.registers
    assert registers["VTCR"] & 0xc0 == 0, "VTCR.SL0: the walk starts at level 2"
    assert registers["VTCR"] & 0xf == 0, "VTCR.T0SZ: 32 bits of IPA"
    owners = {seen.address(f"vm{n}_stage2"): vm.vmid for n, vm in enumerate(seen.map.vms)}
    assert len(set(owners.values())) == len(VMS) and 0 not in owners.values()
    assert registers["VTTBR"] >> 48 == owners[registers["VTTBR"] & walk.ADDRESS]


@pytest.mark.parametrize("number", range(len(VMS)), ids=VMS)
def test_stage2_maps_ram_and_gicv(seen, number):
    """All of the VM's RAM in 2 MiB blocks, its GICC as pages of the GICV that can't be
    executed, and nothing else."""
    vm, leaves = seen.map.vms[number], seen.stage2[number]
    expected = []
    for found in vm.ipa:
        if found.label.startswith("RAM at PA "):
            pa = int(found.label.split()[-1], 16)
            expected.append((found.start, found.end, pa, "normal", "RWX"))
        elif found.label == "GICC: the board's GICV":
            gicv = seen.map.labelled(r"^GICV: every VM")[0]
            expected.append((found.start, found.end, gicv.start, "device", "RW"))
    assert sum(end - start for start, end, *_, rights in expected if "X" in rights) == 256 << 20
    assert walk.join(leaves) == sorted(expected)
    assert all(leaf.is_block == (leaf.kind == "normal") for leaf in leaves)
    assert {leaf.shareable for leaf in leaves if leaf.kind == "normal"} == {3}


def test_vms_share_nothing_but_gicv(seen):
    """No physical page is in two VMs' maps, nor in one's map and the hypervisor's."""
    gicv = seen.map.labelled(r"^GICV: every VM")[0]
    taken = [*seen.map.labelled(r"^hypervisor$|^images"), *seen.map.hypervisors()]
    pages = []
    for leaves in seen.stage2:
        mine = [leaf for leaf in leaves if not overlap(leaf.pa, leaf.pa + leaf.bytes, gicv)]
        pages.append({page for leaf in mine
                      for page in range(leaf.pa // PAGE, (leaf.pa + leaf.bytes) // PAGE)})
        for leaf in mine:
            for found in taken:
                assert not overlap(leaf.pa, leaf.pa + leaf.bytes, found), found.label
    assert all(pages) and not set.intersection(*pages)


# ---- The other cores ---------------------------------------------------------

def test_other_cores_sleep_in_flash(seen):
    """From reset all cores run: those that nobody uses stay in secure SVC, in flash."""
    start, end = seen.sections[".text"]
    for number in range(1, len(seen.machine.cores)):
        pc, mode = seen.machine.core(number)
        assert mode == "svc32", f"core {number}: {mode}"
        assert pc < end - start, f"core {number} is at 0x{pc:08x}"
