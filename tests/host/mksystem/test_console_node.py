# SPDX-License-Identifier: BSD-2-Clause
"""What mksystem makes of a console that a VM serves: good/console.dts."""

import re

import libfdt
import pytest

# pylint: disable-next=unused-import # fixtures
from test_mksystem import (HERE, TREE, Compiler, build_mksystem, make_images, must, run)
from test_channels import cells, has


@pytest.fixture(name="console", scope="module")
def compile_console(mksystem, images, tmp_path_factory):
    """What becomes of good/console.dts."""
    return Compiler(mksystem, images, tmp_path_factory.mktemp("console")).make(
        HERE / "good/console.dts")


def table(text, name):
    """The lines of a table in system.c."""
    return re.search(rf"{name}\[\w*\] = {{\n(.*?)\n}};", text, re.S)[1].splitlines()


def test_tables(console):
    """The server's peers: an emulated UART's end and the hypervisor's are the
    hypervisor's own; each end has one peer, the server, under its number there."""
    text = (console / "system.c").read_text()
    peers = [re.findall(r"&(\w+)_ivc, \.slot = &(\w+)_slots\[(\d)\], \.bit = 0x(\d), "
                        r"\.is_near = (\d)", line)[0] for line in table(text, "vm2_peers")]
    assert peers == [("vm1_console", "vm1_console", "0", "1", "0"),
                     ("vm2_console", "vm2_console", "0", "1", "0"),
                     ("vm3", "vm3", "1", "2", "1")]
    for vm, number in ((1, 0), (2, 1)):
        assert f".slot = &vm2_slots[{number}], .bit = 0x{1 << number}, .is_near = 0 }}" in \
            table(text, f"vm{vm}_console_peers")[0]
    assert [line.strip() for line in table(text, "console_ends")] == [
        "[0] = NULL,", "[1] = &vm1_console_ivc,", "[2] = &vm2_console_ivc,", "[3] = NULL,"]
    assert "console_client_poll, .device = &vm1_console_ivc }" in table(text, "vm1_devices")[0]
    assert text.count("console_client_reset") == 1
    assert re.search(r"\[33\] = { \.handle = irq_passthrough, \.vcpu = &vcpus\[2\], "
                     r"\.is_linked = true }", text)
    must("arm-none-eabi-gcc", "-std=c11", "-march=armv7ve", "-mgeneral-regs-only",
         "-mfloat-abi=soft", "-ffreestanding", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
         "-I.", f"-I{console}", console / "system.c")


def test_make(console):
    """The other console is linked, and knows who serves."""
    assert "CONSOLE_SOURCE := kernel/console_client.c\n" in (console / "system.mk").read_text()
    assert re.search(r"CONFIG_CONSOLE_SERVER +3\n", (console / "generated/board.h").read_text())


def test_pages_are_mapped(console):
    """Each client sees its own page, the server all of them, in its peers' order: cached,
    for reading and writing, not for execution; nobody else any."""
    leaves = re.split(r"^(vm\d)_stage2_leaf\d+:$", (console / "system.S").read_text(),
                      flags=re.M)
    pages = {}
    for vm, leaf in zip(leaves[1::2], leaves[2::2]):
        pages.setdefault(vm, []).extend(
            re.findall(r"^\t\.word console_pages \+ (\w+), (\w+)$", leaf, re.M))
    assert {vm: found for vm, found in pages.items() if found} == {
        "vm2": [("0x000017ff", "0x00400000"), ("0x000027ff", "0x00400000"),
                ("0x000037ff", "0x00400000")],
        "vm3": [("0x000037ff", "0x00400000")]}
    assert (console / "system.S").read_text().count("console_pages") == 4


def test_guest_trees(console):
    """Server and client find pages, names, and each other."""
    tree = libfdt.Fdt((console / "vm-server.dtb").read_bytes())
    pages = tree.path_offset("/console@60000000")
    assert cells(tree, pages, "reg") == [0x60000000, 0x3000] and not has(tree, pages, "server")
    ivc = tree.path_offset("/ivc@a000000")
    assert bytes(tree.getprop(ivc, "peers")) == b"uart\0bulkhead\0native\0"
    tree.path_offset("/serial@9000000")
    tree = libfdt.Fdt((console / "vm-native.dtb").read_bytes())
    pages = tree.path_offset("/console@50000000")
    assert cells(tree, pages, "reg") == [0x50000000, 0x1000]
    assert cells(tree, pages, "server") == [1]
    assert bytes(tree.getprop(tree.path_offset("/ivc@a000000"), "peers")) == b"silent\0server\0"


def test_binding(console, tmp_path):
    """The trees keep to the binding, and the binding can tell."""
    def validate(dtb):
        said = run("dt-validate", "-m", "-s", TREE / "config/bindings", dtb).stdout
        return "\n".join(line for line in said.splitlines() if "console@" in line)

    for name in ("server", "native"):
        assert validate(console / f"vm-{name}.dtb") == ""
    bad = tmp_path / "bad.dtb"
    bad.write_bytes((console / "vm-native.dtb").read_bytes())
    must("fdtput", bad, "/console@50000000", "serves", "x")
    assert "'serves'" in validate(bad)
