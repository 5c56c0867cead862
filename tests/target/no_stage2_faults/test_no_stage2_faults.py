# SPDX-License-Identifier: BSD-2-Clause
"""Two Linux guests boot to user space without a single stage-2 fault on their RAM.

Counted from outside, in QEMU's own log of exceptions (-d int): all of them are in it,
whatever the hypervisor makes of them, and nothing of ours takes part in the count.
The log has the syndrome but no IPA. It needs none: the fault status has the level at
which the walk ended (ARM ARM DDI 0406C, B3.13.3), and a device's page is found missing
at level 3, while for RAM, which is mapped by level-2 descriptors, no walk ever gets
there. So any other abort than a translation fault at level 3 may be one on RAM; that
no level-2 descriptor of RAM points to a level-3 table is looked up in the machine.
(A breakpoint on fault_guest() would see only what the hypervisor itself calls a fault.)
"""

import collections
import re

from target.hyp_map import walk
from target.hyp_map.outside import BLOCK, SYSTEM, VMS, Machine, Map, read_symbols

EXCEPTION = re.compile(r"Taking exception \d+ \[(?P<name>[^\]]+)\] on CPU \d+\n"
                       r"\.\.\.from EL[01] to EL2\n"
                       r"\.\.\.with ESR 0x[0-9a-f]+/0x(?P<syndrome>[0-9a-f]+)\n")
ABORTS = {0x20, 0x24}  # exception classes: of a fetch, of a data access
CLASSES = {0x01: "WFI", 0x03: "CP15, 32 bits", 0x04: "CP15, 64 bits", 0x05: "CP14",
           0x07: "VFP", 0x12: "HVC", 0x13: "SMC", 0x20: "fetch abort", 0x24: "data abort"}
TRANSLATION_LEVEL_3 = 0x07
FAULT_STATUS = 0x3f


def read_log(path):
    """All exits from a guest: how many of each class, and the aborts' fault status."""
    classes, statuses = collections.Counter(), collections.Counter()
    for match in EXCEPTION.finditer(path.read_text()):
        if match["name"] in ("IRQ", "FIQ"):  # their syndrome is the last one's
            classes[match["name"]] += 1
            continue
        syndrome = int(match["syndrome"], 16)
        number = syndrome >> 26
        classes[CLASSES.get(number, f"class 0x{number:02x}")] += 1
        if number in ABORTS:
            statuses[syndrome & FAULT_STATUS] += 1
    return classes, statuses


def assert_ram_in_blocks(machine):
    """No level-2 descriptor of RAM leads to a level-3 table, in either VM."""
    symbols = read_symbols()
    for number, vm in enumerate(Map().vms):
        ram = [found for found in vm.ipa if found.label.startswith("RAM at PA ")]
        table = machine.table(symbols[f"vm{number}_stage2"].address, 2048)
        blocks = [block for found in ram for block in range(found.start // BLOCK,
                                                            found.end // BLOCK)]
        assert len(blocks) == 128
        for block in blocks:
            assert walk.bit(table[block], 1) == 0, f"{vm.name}: a table at 0x{block * BLOCK:08x}"


def test_no_stage2_faults(boot, tmp_path):
    """Nothing but device accesses: no abort at level 1 or 2, no permission fault."""
    log = tmp_path / "int.log"
    system = boot(SYSTEM, vms=VMS, extra=["-d", "int", "-D", str(log)])
    for vm in VMS:
        system.vm(vm).ready()
    machine = Machine(system)
    machine.stop()
    assert_ram_in_blocks(machine)
    system.close()

    classes, statuses = read_log(log)
    print(f"{sum(classes.values())} exits while both boot:")
    for name, count in classes.most_common():
        print(f"{count:8d}  {name}")
    # The log is of this boot: what every Linux does to its devices is in it.
    assert classes["data abort"] > 10000 and classes["IRQ"] > 100 and classes["HVC"] >= 2
    others = {f"0x{status:02x}": count for status, count in statuses.items()
              if status != TRANSLATION_LEVEL_3}
    assert not others, f"stage-2 faults that are no device's, by fault status: {others}"
