# SPDX-License-Identifier: BSD-2-Clause
"""What mksystem makes of channels and buffers: good/channels.dts."""

import re
import shutil
import struct

import libfdt
import pytest

# pylint: disable-next=unused-import # fixtures
from test_mksystem import (HERE, MIB, PAGE, TREE, Compiler, build_mksystem, make_compiler, make_images, merge,
                           must, run, Stage2)

GICV = 0x08040000
# Behind the VMs' RAM: images have 2 MiB from 0x40200000, the VMs follow.
STATE, FRAMES = 0x40c00000, 0x40c03000


class SharedStage2(Stage2):
    """Also knows the attributes of shared pages: kind is "buffer-" and rights."""

    @staticmethod
    def leaf(descriptor):
        attributes = descriptor >> 2 & 0xf, descriptor >> 6 & 3, descriptor >> 8 & 3
        shared = {(5, 1, 3): "buffer ro", (5, 3, 3): "buffer rw", (15, 1, 3): "cached ro",
                  (15, 3, 3): "cached rw"}
        if descriptor >> 54 & 1 and attributes in shared:
            assert descriptor >> 10 & 1 == 1
            return shared[attributes]
        return Stage2.leaf(descriptor)


@pytest.fixture(name="channels", scope="module")
def compile_channels(mksystem, images, tmp_path_factory):
    """What becomes of good/channels.dts."""
    return Compiler(mksystem, images, tmp_path_factory.mktemp("channels")).make(
        HERE / "good/channels.dts")


@pytest.fixture(name="stage2", scope="module")
def assemble(channels, tmp_path_factory):
    """(symbols, bytes) of the stage-2 tables."""
    folder = tmp_path_factory.mktemp("assembled")
    obj, elf, raw = (folder / name for name in ("system.o", "system.elf", "raw"))
    must("arm-none-eabi-gcc", "-march=armv7ve", "-I.", f"-I{channels}", "-c", "-o", obj,
         channels / "system.S")
    script = folder / "script.ld"
    script.write_text("stage1_level3 = 0;"
                      "SECTIONS { .rodata.stage2 0x40000000 : { *(.rodata.stage2) } }")
    must("arm-none-eabi-ld", "-e", "0", "-T", script, "-o", elf, obj)
    must("arm-none-eabi-objcopy", "-O", "binary", "-j", ".rodata.stage2", elf, raw)
    symbols = {name: int(address, 16) for address, _, name in
               map(str.split, must("arm-none-eabi-nm", elf).splitlines())}
    return symbols, raw.read_bytes()


PLATFORM = [(0x08000000, PAGE, "region", 1), (0x08010000, PAGE, "device", GICV),
            (0x08011000, PAGE, "region", 2), (0x09000000, PAGE, "region", 3),
            (0x09010000, PAGE, "region", 4), (0x0a000000, PAGE, "region", 5)]


@pytest.mark.parametrize("vm, maps", [
    (0, [(0x0a1ff000, 3 * PAGE, "buffer rw", STATE),  # across two blocks
         (0x40000000, 2 * MIB, "ram", 0x40400000), (0x60000000, PAGE, "cached rw", FRAMES)]),
    (1, [(0x0a100000, 3 * PAGE, "buffer ro", STATE), (0x40000000, 2 * MIB, "ram", 0x40600000),
         (0x60000000, PAGE, "cached rw", FRAMES)]),
    (2, [(0x40000000, 2 * MIB, "ram", 0x40800000)]),
    (3, [(0x0b000000, PAGE, "cached ro", FRAMES), (0x40000000, 2 * MIB, "ram", 0x40a00000)]),
])
def test_buffers_are_mapped(stage2, vm, maps):
    """Each VM sees its buffers where it should, with its rights, and no other."""
    symbols, tables = stage2
    assert merge(SharedStage2(tables, symbols[f"vm{vm}_stage2"]).walk()) == PLATFORM + maps


def test_tables(channels):
    """Peers are numbered in the VMs' order; each slot has one sender; who is near."""
    system_c = (channels / "system.c").read_text()
    peers = {vm: re.findall(r"\[(\d)\] = { \.ivc = &vm(\d)_ivc, \.slot = &vm\2_slots\[(\d)\], "
                            r"\.bit = 0x(\d), \.is_near = (\d) }",
                            re.search(rf"vm{vm}_peers\[\] = {{\n(.*?)\n}};", system_c, re.S)[1])
             for vm in "012"}
    assert peers == {
        # number, its VM, our number there, as a bit, near
        "0": [("0", "1", "0", "1", "0"), ("1", "2", "0", "1", "1")],
        "1": [("0", "0", "0", "1", "0"), ("1", "2", "1", "2", "0")],
        "2": [("0", "0", "1", "2", "1"), ("1", "1", "1", "2", "0")],
    }
    assert "vm3_peers" not in system_c
    assert re.search(r"vm0_ivc = { \.vm = &vms\[0\], \.intid = 48, \.peers = vm0_peers, "
                     r"\.slots = vm0_slots, \.peer_count = 2 };", system_c)
    assert re.search(r"vm3_ivc = { \.vm = &vms\[3\], \.intid = 48 };", system_c)
    assert "config_call)(struct vcpu *vcpu) = ivc_hypercall;" in system_c
    assert re.findall(r"\.raw = (\w+) }, \.bytes = (\w+) }, /\* (?:state|frames) ", system_c) == [
        (f"0x{STATE:08x}", "0x00003000"), (f"0x{FRAMES:08x}", "0x00001000")]
    must("arm-none-eabi-gcc", "-std=c11", "-march=armv7ve", "-mgeneral-regs-only",
         "-mfloat-abi=soft", "-ffreestanding", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
         "-I.", f"-I{channels}", channels / "system.c")


def test_map(channels):
    """The map tells where the buffers are, and RAM reaches beyond them."""
    text = (channels / "map.txt").read_text()
    assert f"RAM used up to 0x{FRAMES + PAGE - 1:08x}" in text
    assert re.search(rf"0x{STATE:08x}\.\.0x{STATE + 3 * PAGE - 1:08x} +12 KiB  buffer state", text)
    assert re.search(r"0x0a100000\.\.0x0a102fff +12 KiB  buffer state, ro", text)
    assert re.search(r"0x60000000\.\.0x60000fff +4 KiB  buffer frames, rw", text)


def has(tree, node, name):
    """Is there such a property?"""
    return tree.getprop(node, name, libfdt.QUIET_NOTFOUND) != -libfdt.NOTFOUND


def cells(tree, node, name):
    """A property's numbers."""
    value = bytes(tree.getprop(node, name))
    return list(struct.unpack(f">{len(value) // 4}I", value))


def test_guest_tree(channels):
    """A guest finds its peers' names, and its buffers as the memory that Linux knows."""
    tree = libfdt.Fdt((channels / "vm-two.dtb").read_bytes())
    ivc = tree.path_offset("/ivc@a000000")
    assert bytes(tree.getprop(ivc, "peers")) == b"one\0three\0"
    assert not has(tree, ivc, "clocks")
    sram = tree.path_offset("/sram@a100000")
    assert tree.getprop(sram, "compatible").as_str() == "mmio-sram"
    assert tree.getprop(sram, "label").as_str() == "state"
    assert cells(tree, sram, "reg") == [0x0a100000, 0x3000]
    assert cells(tree, sram, "ranges") == [0, 0x0a100000, 0x3000]
    exported = tree.path_offset("/sram@a100000/buffer@0")
    assert has(tree, exported, "export")
    assert cells(tree, exported, "reg") == [0, 0x3000]
    alone = libfdt.Fdt((channels / "vm-four.dtb").read_bytes())
    assert not has(alone, alone.path_offset("/ivc@a000000"), "peers")


def validate(dtb):
    """What dt-validate has to say of the device, also that nothing describes it: nothing,
    if it is good. Other nodes' bindings come with Linux and are not here."""
    said = run("dt-validate", "-m", "-s", TREE / "config/bindings", dtb).stdout
    return "\n".join(line for line in said.splitlines() if "ivc@" in line or "bindings" in line)


def test_binding(channels, tmp_path):
    """The trees keep to the binding, and the binding can tell."""
    for name in ("one", "four"):
        assert validate(channels / f"vm-{name}.dtb") == ""
    bad = tmp_path / "bad.dtb"
    shutil.copy(channels / "vm-one.dtb", bad)
    must("fdtput", bad, "/ivc@a000000", "pears", "x")
    assert "'pears'" in validate(bad)
    shutil.copy(channels / "vm-one.dtb", bad)
    must("fdtput", "-d", bad, "/ivc@a000000", "interrupts")
    assert "'oneOf' conditional failed" in validate(bad)


def test_no_room(compiler):
    """The board's RAM is full."""
    text = (TREE / HERE / "good/channels.dts").read_text()
    text = text.replace("size = <0x200000>", "size = <0x30000000>", 1)
    text = text.replace("size = <0x200000>", "size = <0x2fe00000>")
    path = compiler.write(text.replace("<0x60000000>", "<0x30000000>"))
    done = compiler.compile(path)
    assert done.returncode == 1
    assert "buffer-state: size: the board has no 12 KiB of RAM left" in " ".join(
        done.stdout.split()), done.stdout
