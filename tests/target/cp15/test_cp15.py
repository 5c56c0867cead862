# SPDX-License-Identifier: BSD-2-Clause
"""What the identification, debug and implementation-defined registers show a guest.

The guest prints them, read and written, privileged and not. STATED is what they must
be; all others are what the bare core says, except for what DIFFERENCES explains.
"""

import pathlib
import re

HERE = pathlib.Path(__file__).parent

# As a privileged guest reads it on a Cortex-A15 (QEMU's is r2p1-like).
STATED = {
    "MIDR": "0x414fc0f0",      # VPIDR: the core's own
    "MPIDR": "0x80000000",     # VMPIDR: the vCPU's number, multiprocessor format
    "CTR": "0x8444c004",       # lines of 64 bytes, as the core's
    "CLIDR": "0x0a200023",
    "ACTLR": "0x00000040",     # SMP, for good
    "ACTLR written": "0x00000040",
    "DBGDIDR": "0x00000000",   # no debug unit: all of CP14's debug registers RAZ/WI
    "DBGBCR0 written": "0x00000000",
    "CNTFRQ": "0x03b9aca0",    # 62.5 MHz
    "CNTFRQ written": "undefined",
    "SCR": "undefined",
    "HCR": "undefined",
    "VPIDR": "undefined",
    "JIDR": "0x00000000",      # trivial Jazelle
    "JMCR written": "0x00000000",
}

# Native and guest, and why.
DIFFERENCES = {
    "svc ID_PFR1": ("0x00010001", "0x00011001"),  # the core has hyp mode; TID3 never traps here
    "svc ACTLR": ("0x00000000", "0x00000040"),    # QEMU has none, a Cortex-A15 has SMP
    "svc ACTLR written": ("0x00000000", "0x00000040"),
    "svc CNTFRQ written": ("0xffffffff", "undefined"),  # for the highest level only
    "svc DBGDIDR": ("0x3515f021", "0x00000000"),  # debug is not given to guests
    "usr DBGDIDR": ("0x3515f021", "0x00000000"),
    "svc DBGDSCRext written": ("0xffffffff", "0x00000000"),
    "svc DBGBVR0 written": ("0xffffffff", "0x00000000"),
    "svc DBGBCR0 written": ("0xffffffff", "0x00000000"),
    "svc DBGOSLSR": ("0x0000000a", "0x00000000"),
}


def read_registers(stream):
    """What the guest prints, by mode and name."""
    stream.expect(r"^cp15: done$")
    found = re.findall(r"^cp15: (?:(svc|usr) )?(.*?):? (\S+)$", stream.text, re.M)
    return {f"{mode} {name}".strip(): value for mode, name, value in found}


def test_cp15(boot):
    """The stated values hold in both VMs; the rest is the bare core's."""
    native = read_registers(boot.native(HERE / "cp15.dts", "a").machine)
    system = boot(HERE / "cp15.dts", vms=["a", "b", "c"])
    for name in ["a", "b"]:
        guest = read_registers(system.vm(name))
        stated = {key: guest[f"svc {key}"] for key in STATED}
        assert stated == STATED
        assert guest.keys() == native.keys() and len(guest) > 180
        differences = {key: (native[key], guest[key]) for key in guest
                       if native[key] != guest[key]}
        assert differences == DIFFERENCES
        assert guest["cycles counted"] == "yes" and guest["cycles when off"] == "no"
    without = read_registers(system.vm("c"))  # the manifest gives it no PMU
    differences = {key: without[key] for key in without if without[key] != guest[key]}
    assert set(differences.values()) == {"undefined"}
    assert {key.split()[1] for key in differences} == {"PMOVSR"}
    system.expect_off()
