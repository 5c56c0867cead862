# SPDX-License-Identifier: BSD-2-Clause
"""The manifest compiler: what it makes of a good manifest, checked by other means
than its own, and what it says about bad ones.

A file in bad/ says what must be reported, in comments:
    // errors: 2             how many errors, in one run
    // expect: TEXT          a part of the output; line ends count as spaces, `*`
                             stands for any word, %MARK for the file, line and
                             column of the line that ends with the comment // MARK
"""

import pathlib
import re
import shutil
import struct
import subprocess

import libfdt
import pytest

TREE = pathlib.Path(__file__).resolve().parents[3]
HERE = pathlib.Path(__file__).resolve().parent.relative_to(TREE)
MKSYSTEM = TREE / "build/host/sanitized/mksystem"
EVERYTHING = HERE / "good/everything.dts"
CORE_1_NOTE = (f"{EVERYTHING}:15:11: /bulkhead: note: core 1 has no work and is never started"
               " remedy: leave it so, or give it to a VM")
BAD = sorted((TREE / HERE / "bad").glob("*.dts"))

MIB = 1 << 20
BLOCK = 2 * MIB
PAGE = 4096


def run(*words, **options):
    """Runs a command in the tree; returns what it printed, both streams."""
    return subprocess.run([str(word) for word in words], cwd=TREE, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)


def must(*words):
    """Runs a command that has to succeed; returns its output."""
    done = run(*words)
    assert done.returncode == 0, f"{words}:\n{done.stdout}"
    return done.stdout


@pytest.fixture(name="mksystem", scope="session")
def build_mksystem():
    """The compiler, built to stop at every bad access, leak or overflow."""
    sources = sorted((TREE / "tools/mksystem").glob("*.c"))
    headers = sorted((TREE / "tools/mksystem").glob("*.h"))
    newest = max(path.stat().st_mtime for path in sources + headers)
    if not MKSYSTEM.exists() or MKSYSTEM.stat().st_mtime < newest:
        MKSYSTEM.parent.mkdir(parents=True, exist_ok=True)
        must("gcc", "-std=c11", "-D_GNU_SOURCE", "-g", "-O1", "-Wall", "-Wextra", "-Werror",
             "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-I.", "-o", MKSYSTEM,
             *sources, "-lfdt")
    return MKSYSTEM


# ---- The guests' files -------------------------------------------------------

UNPACKED_BYTES = 20 * MIB + 8
BSS_BYTES = 3 * MIB


def make_zimage():
    """A zImage's header as Linux writes it, in 8 KiB of nothing."""
    image = bytearray(8192)
    struct.pack_into("<3I", image, 0x24, 0x016f2818, 0, len(image))
    struct.pack_into("<2I", image, 0x34, 0x45454545, 0x100)
    struct.pack_into("<6I", image, 0x100, 6, 0x5a534c4b, 0x200, BSS_BYTES, 0x208000, 0x10000)
    struct.pack_into("<I", image, 0x200, UNPACKED_BYTES)
    return bytes(image)


def make_elf(machine=40, elf_type=2, segments=((0x40000000, b"\x01" * 100, 0x1000),
                                               (0x40010000, b"\x02" * 50, 50),
                                               (0x40020000, b"", 0x100))):
    """An ELF executable: segments are (address, bytes in the file, bytes in memory)."""
    offset = 52 + 32 * len(segments)
    headers, content = b"", b""
    for address, data, size in segments:
        headers += struct.pack("<8I", 1, offset + len(content), 0xdead0000, address, len(data),
                               size, 5, 4)
        content += data
    header = b"\x7fELF\x01\x01\x01" + bytes(9) + struct.pack(
        "<2H5I6H", elf_type, machine, 1, 0x40000011, 52, 0, 0x5000000, 52, 32, len(segments),
        0, 0, 0)
    return header + headers + content


@pytest.fixture(name="images", scope="session")
def make_images(tmp_path_factory):
    """A folder of guests' files, good ones and bad ones."""
    folder = tmp_path_factory.mktemp("images")
    files = {
        "zimage": make_zimage(),
        "initrd": bytes(range(256)) * 20 + b"end",
        "guest.elf": make_elf(),
        "no-entry.elf": make_elf(segments=((0x80000000, b"code", 4),)),
        "x86.elf": make_elf(machine=3),
        "pie.elf": make_elf(elf_type=3),
        "cut.elf": make_elf()[:60],
        "raw.bin": b"\xfe\xff\xff\xea" * 1024,
        "two-mib.bin": b"2" * 2 * MIB,
        "three-mib.bin": b"3" * 3 * MIB,
        "empty.bin": b"",
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    must("dtc", "-q", "-O", "dtb", "-o", folder / "stock.dtb", HERE / "stock.dts")
    return folder


# ---- Running it --------------------------------------------------------------

class Compiler:
    """dtc and mksystem for one test."""

    def __init__(self, mksystem, images, folder):
        self.mksystem, self.images, self.folder = mksystem, images, folder
        self.out = folder / "out"

    def compile(self, manifest, *arguments):
        """Compiles a manifest; returns the finished process."""
        dtb, dts = self.folder / "manifest.dtb", self.folder / "manifest.dts"
        dtc = ["dtc", "-q", "-i", "config", "-I", "dts"]
        must(*dtc, "-O", "dtb", "-o", dtb, manifest)
        must(*dtc, "-O", "dts", "-T", "-T", "-o", dts, manifest)
        return run(self.mksystem, "--dtb", dtb, "--source", dts, "--out", self.out,
                   "--images", self.folder / "no-such-folder", "--images", self.images,
                   *arguments)

    def make(self, manifest, *arguments, said=""):
        """Compiles a manifest that is good; returns the folder of the outputs."""
        done = self.compile(manifest, *arguments)
        assert done.returncode == 0 and done.stdout.split() == said.split(), done.stdout
        return self.out

    def write(self, text):
        """A manifest of the test's own; returns its path."""
        path = self.folder / "own.dts"
        path.write_text(text)
        return path


@pytest.fixture(name="compiler")
def make_compiler(mksystem, images, tmp_path):
    """A compiler with a folder of its own."""
    return Compiler(mksystem, images, tmp_path)


@pytest.fixture(name="everything", scope="module")
def compile_everything(mksystem, images, tmp_path_factory):
    """What becomes of good/everything.dts: made once, looked at by many tests."""
    compiler = Compiler(mksystem, images, tmp_path_factory.mktemp("everything"))
    return compiler.make(EVERYTHING, said=CORE_1_NOTE)


def contents(folder):
    """Every file of a folder, by name."""
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


ONE_VM = """/dts-v1/;
/include/ "boards/virt.dtsi"
/ {{ bulkhead {{ compatible = "bulkhead,system"; vm-one {{
	cpus = <0>;
	{properties}
	memory {{ ipa = <0x40000000>; size = <{size}>; }};
	/include/ "platforms/virt-guest.dtsi"
}}; }}; }};
"""


# ---- Bad manifests -----------------------------------------------------------

def read_expectations(manifest):
    """The comments on top of a bad manifest: how many errors, and their words."""
    lines = manifest.read_text().splitlines()
    marks = {}
    for number, line in enumerate(lines, 1):
        comment = re.search(r"[;{}] *// ([a-z ]+)$", line)
        for mark in comment.group(1).split() if comment else ():
            marks[mark] = rf"{re.escape(str(manifest.relative_to(TREE)))}:{number}:\d+"
    errors = int(next(line.split()[-1] for line in lines if line.startswith("// errors: ")))
    expected = []
    for line in lines:
        if line.startswith("// expect: "):
            pattern = re.escape(line[len("// expect: "):]).replace(r"\*", r"\S+")
            expected.append(re.sub(r"%(\w+)", lambda mark: marks[mark.group(1)], pattern))
    return errors, expected


@pytest.mark.parametrize("manifest", BAD, ids=lambda path: path.stem)
def test_bad_manifest(compiler, manifest):
    """Each error is reported with its places and a remedy; nothing is written."""
    errors, expected = read_expectations(manifest)
    assert expected
    done = compiler.compile(manifest.relative_to(TREE))
    assert done.returncode == 1, done.stdout
    words = " ".join(done.stdout.split())
    for pattern in expected:
        assert re.search(r"(^|\s)" + pattern, words), f"no {pattern!r} in:\n{done.stdout}"
    assert done.stdout.count("    remedy: ") == errors, done.stdout
    assert f"mksystem: {errors} error" in done.stdout.splitlines()[-1]
    assert not compiler.out.exists()


def test_bad_manifest_count():
    """The issue asks for at least twenty."""
    assert len(BAD) >= 22


@pytest.mark.parametrize("manifest", BAD, ids=lambda path: path.stem)
def test_bad_manifest_width(compiler, manifest):
    """Messages fit a terminal, unless a single word (a path) is longer."""
    for line in compiler.compile(manifest.relative_to(TREE)).stdout.splitlines():
        assert len(line) <= 80 or len(line.split()) <= 2, line


# ---- Stage 2 -----------------------------------------------------------------

class Stage2:
    """Walks a VM's table in memory like the hardware (DDI 0406C, B3.6), knowing
    nothing of arch/stage2.h. Answers are (kind, PA) by address."""

    BASE = 0x40000000

    def __init__(self, memory, root):
        assert root % 0x4000 == 0
        self.memory, self.root = memory, root

    def descriptor(self, table, index):
        """A descriptor of a table."""
        return struct.unpack_from("<Q", self.memory, table + 8 * index - self.BASE)[0]

    @staticmethod
    def leaf(descriptor):
        """What a page or block descriptor maps, by its attributes."""
        attributes = descriptor >> 2 & 0xf, descriptor >> 6 & 3, descriptor >> 8 & 3
        access_flag, xn = descriptor >> 10 & 1, descriptor >> 54 & 1
        assert access_flag == 1 and descriptor >> 40 & 0x3fff == 0
        return {((0xf, 3, 3), 0): "ram", ((0x1, 3, 2), 1): "device"}[attributes, xn]

    def walk(self):
        """Yields (ipa, bytes, kind, pa or region) of every valid or marked entry."""
        for index in range(2048):
            ipa, entry = index * BLOCK, self.descriptor(self.root, index)
            if entry & 3 == 1:
                assert entry & 0x1ff000 == 0
                yield ipa, BLOCK, self.leaf(entry), entry & 0xffe00000
            elif entry & 3 == 3:
                assert entry & 0xfff == 3 and entry >> 32 == 0
                yield from self.walk_table(ipa, entry & 0xfffff000)
            else:
                assert entry & 3 == 0
                if entry:
                    yield ipa, BLOCK, "region", entry // 16

    def walk_table(self, ipa, table):
        """The same for a level-3 table."""
        for index in range(512):
            page, entry = ipa + index * PAGE, self.descriptor(table, index)
            if entry & 3 == 3:
                yield page, PAGE, self.leaf(entry), entry & 0xfffff000
            else:
                assert entry & 3 == 0
                if entry:
                    yield page, PAGE, "region", entry // 16


def merge(entries):
    """Joins neighbours that go on where the one before ends."""
    merged = []
    for ipa, size, kind, value in entries:
        if merged:
            last_ipa, last_size, last_kind, last_value = merged[-1]
            goes_on = last_value if kind == "region" else last_value + last_size
            if last_ipa + last_size == ipa and last_kind == kind and goes_on == value:
                merged[-1] = (last_ipa, last_size + size, kind, last_value)
                continue
        merged.append((ipa, size, kind, value))
    return merged


@pytest.fixture(name="assembled", scope="module")
def assemble(everything, tmp_path_factory):
    """system.S as it will lie in memory: (symbols, bytes of stage 2, of images)."""
    folder = tmp_path_factory.mktemp("assembled")
    obj, elf = folder / "system.o", folder / "system.elf"
    must("arm-none-eabi-gcc", "-march=armv7ve", "-I.", f"-I{everything}", "-c", "-o", obj,
         everything / "system.S")
    script = folder / "script.ld"
    script.write_text("SECTIONS { .stage2 0x40000000 : { *(.rodata.stage2) }"
                      " .images 0x40200000 : { *(.images) } }")
    must("arm-none-eabi-ld", "-e", "0", "--defsym=stage1_level3=0", "-T", script, "-o", elf, obj)
    sections = []
    for name in (".stage2", ".images"):
        raw = folder / name.strip(".")
        must("arm-none-eabi-objcopy", "-O", "binary", "-j", name, elf, raw)
        sections.append(raw.read_bytes())
    symbols = {}
    for line in must("arm-none-eabi-nm", elf).splitlines():
        address, _, name = line.split()
        symbols[name] = int(address, 16)
    return symbols, *sections


# What good/everything.dts must come to. Images take 4 MiB from 0x40200000.
GICV, RTC, GPIO, WATCHDOG = 0x08040000, 0x09010000, 0x09030000, 0x09050000
STAGE2 = {
    "vm0": [
        (0x08000000, PAGE, "region", 1),
        (0x08010000, PAGE, "device", GICV),
        (0x08011000, PAGE, "region", 2),
        (0x09000000, PAGE, "region", 3),
        (RTC, PAGE, "region", 4),
        (WATCHDOG, PAGE, "device", WATCHDOG),
        (0x40000000, 64 * MIB, "ram", 0x40600000),
        (0x80000000, 4 * MIB, "ram", 0x70000000),
    ],
    "vm1": [
        (0x2c001000, PAGE, "region", 1),
        (0x2c1ff000, PAGE, "device", GICV),
        (0x2c200000, PAGE, "region", 2),  # in the next block
        (0x40000000, 2 * MIB, "ram", 0x44600000),
    ],
    "vm2": [
        (0x00000000, 6 * MIB, "ram", 0x44800000),
        (0x08000000, PAGE, "region", 1),
        (0x08010000, PAGE, "device", GICV),
        (0x08011000, PAGE, "region", 2),
        (0x09000000, PAGE, "region", 3),
        (RTC, PAGE, "region", 4),
        (GPIO, PAGE, "device", GPIO),
    ],
}


@pytest.mark.parametrize("vm", STAGE2)
def test_stage2(assembled, vm):
    """The tables map exactly what the manifest says, and nothing else."""
    symbols, tables, _ = assembled
    assert merge(Stage2(tables, symbols[f"{vm}_stage2"]).walk()) == STAGE2[vm]


SHARED_PAGE = """
/ { board {
	left: left@9050100 { compatible = "acme,left"; reg = <0x09050100 0x100>; };
	right: right@9050200 { compatible = "acme,right"; reg = <0x09050200 0xe00>; };
}; };
"""


def test_shared_page(compiler):
    """Devices of one page go together, and the VM is told where in it they are."""
    properties = 'kernel = "guest.elf"; devices = <&left &right>;'
    path = compiler.write(ONE_VM.format(properties=properties, size="0x200000") + SHARED_PAGE)
    out = compiler.make(path)
    pages = re.findall(r"\.word (0x0905\w+), 0x00400000\n", (out / "system.S").read_text())
    assert pages == ["0x090506c7"]
    tree = Tree(out / "vm-one.dtb")
    assert tree.cells("/left@9050100", "reg") == [0x09050100, 0x100]
    assert tree.cells("/right@9050200", "reg") == [0x09050200, 0xe00]


MASTERS = """
/ { board {
	dma: dma@9050000 { compatible = "acme,dma"; reg = <0x09050000 0x1000>;
		bus-master; quiesce = <0x70 0 0xffc 5>; };
	uart: uart@9051000 { compatible = "acme,uart"; reg = <0x09051000 0x1000>; };
	dma2: dma2@9052000 { compatible = "acme,dma"; reg = <0x09052000 0x1000>; bus-master; };
}; };
/ { bulkhead { vm-one { memory { ipa = <0x50000000>; pa = <0x50000000>; }; }; }; };
"""
MASTER_NOTE = (":5:2: /bulkhead/vm-one: devices: note: nothing stops the transfers of"
               " /board/dma2@9052000: once the VM has stopped, it does not start again remedy:"
               " leave it so, or give the device a quiesce list")


@pytest.mark.parametrize("devices,policy,restless", [
    ("&uart &dma", "restart", False), ("&dma2 &dma", "halt", True), ("&dma2", "inject", True)])
def test_bus_masters(compiler, devices, policy, restless):
    """A bus master is silenced by its list, in the list's order; without one its VM can't
    restart, which is said here, and by the system."""
    properties = (f'devices = <{devices}>; trust-dma; on-fault = "{policy}";'
                  ' kernel = "raw.bin"; load = <0x50000000>;')
    path = compiler.write(ONE_VM.format(properties=properties, size="0x200000") + MASTERS)
    out = compiler.make(path, said=f"{path}{MASTER_NOTE}" if restless else "")
    system_c = (out / "system.c").read_text()
    writes = re.findall(r"\.address = (\w+), \.value = (\w+) }", system_c)
    assert writes == ([("0x09050070", "0x0"), ("0x09050ffc", "0x5")] if "&dma " in devices + " "
                      else [])
    assert f".count = {len(writes)}" in system_c
    assert ('.restless = "/board/dma2@9052000"' in system_c) == restless


def test_no_bus_master(everything):
    """Whose devices rest by themselves has no such table."""
    assert "quiesce" not in (everything / "system.c").read_text()


def test_regions(everything):
    """What the tables' region numbers stand for: of what has functions for words, theirs."""
    system_c = (everything / "system.c").read_text()
    table = re.search(r"vm0_regions\[\] = {\n(.*?)\n};", system_c, re.S).group(1)
    assert [(int(i), *functions) for i, *functions in re.findall(
        r"\[(\d)\] = { \.access = (\w+), .*,\n"
        r"\t\t\.read = (\w+)_read, \.write = (\w+)_write }", table)] == [
            (0, "mmio_hole", "mmio", "mmio"), (1, "vgicd_access", "vgicd", "vgicd"),
            (2, "vgicc_access", "mmio", "mmio"), (3, "NULL", "vpl011", "vpl011"),
            (4, "vpl031_access", "mmio", "mmio")]


# ---- Images ------------------------------------------------------------------

def read_images(system_c, vm):
    """The images of a VM's table of fills in system.c: [(symbol, bytes, ipa)]. Before them
    all of its RAM, piece by piece, gets its zeroes."""
    ram, fills = (re.search(rf"vm{vm}_{name}\[\] = {{\n(.*?)\n}};", system_c, re.S)[1]
                  .splitlines() for name in ("ram", "fills"))
    pieces = [[int(word, 16) for word in re.findall(r"0x\w+", line)] for line in ram]
    zeroed = [[int(word, 16) for word in re.findall(r"0x\w+", line)]
              for line in fills if ".image" not in line]
    assert zeroed == [[pa, size] for _, pa, size in pieces]
    result = []
    for line in fills[len(zeroed):]:
        pa, size, symbol = re.search(
            r"\.raw = (\w+) }, \.bytes = (\d+), \.image = (\w+) }", line).groups()
        ipas = [ipa + int(pa, 16) - at for ipa, at, ram_bytes in pieces
                if at <= int(pa, 16) and int(pa, 16) + int(size) <= at + ram_bytes]
        result.append((symbol, int(size), *ipas))
    return result


def test_images(everything, assembled, images):
    """Each image is embedded, aligned, and loaded where it should be."""
    symbols, _, embedded = assembled
    system_c = (everything / "system.c").read_text()

    def loaded(vm):
        result = {}
        for symbol, size, ipa in read_images(system_c, vm):
            start = symbols[symbol] - 0x40200000
            assert start % 64 == 0
            result[ipa] = embedded[start:start + size]
        return result

    read = {path.name: path.read_bytes() for path in images.iterdir()}
    trees = [(everything / f"vm-{name}.dtb").read_bytes() for name in ("linux", "elf", "raw")]
    # Unpacked, the kernel ends below 32 MiB: there the zImage begins.
    assert loaded(0) == {0x42000000: read["zimage"], 0x43ffd000: read["initrd"],
                         0x43fff000: trees[0]}
    assert loaded(1) == {0x40000000: b"\x01" * 100, 0x40010000: b"\x02" * 50,
                         0x401ff000: trees[1]}
    assert loaded(2) == {0x10000: read["raw.bin"], 0x20004: read["raw.bin"],
                         0x200000: read["three-mib.bin"], 0x5ff000: trees[2]}
    assert symbols["vm2_image0"] == symbols["vm2_image1"]  # embedded once
    assert len(embedded) <= 4 * MIB


def test_boot_state(everything):
    """Where each VM starts, and with which registers."""
    system_c = (everything / "system.c").read_text()
    assert re.findall(r"\.boot_pc = (\w+)", system_c) == ["0x42000000", "0x40000011",
                                                          "0x00010020"]
    assert re.findall(r"\.boot_r = {(.*)}", system_c) == [
        " 0x0, 0xffffffff, 0x43fff000 ", " 0x0, 0xffffffff, 0x401ff000 ",
        " 0x0, 0xffffffff, 0x005ff000 "]


# ---- The tables in C ---------------------------------------------------------

def test_tables_compile(everything):
    """system.c agrees with the hypervisor's headers."""
    must("arm-none-eabi-gcc", "-std=c11", "-march=armv7ve", "-mgeneral-regs-only",
         "-mfloat-abi=soft", "-ffreestanding", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
         "-I.", f"-I{everything}", everything / "system.c")


def test_interrupt_routes(everything):
    """Every interrupt of the board has one handler."""
    system_c = (everything / "system.c").read_text()
    table = re.search(r"irq_routes\[\] = {\n(.*?)\n};", system_c, re.S).group(1).splitlines()
    special = {0: ".handle = request_irq", 1: ".handle = panic_irq",
               25: ".handle = vgic_maintenance_irq", 26: ".handle = timeout_irq",
               27: ".handle = vtimer_irq, .is_linked = true", 33: ".handle = console_irq",
               34: ".handle = vpl031_irq"}
    for intid, vcpu in ((39, 3), (52, 0)):
        special[intid] = (f".handle = irq_passthrough, .vcpu = &vcpus[{vcpu}], "
                          ".is_linked = true")
    assert table == [f"\t[{intid}] = {{ {special.get(intid, '.handle = irq_unexpected')} }},"
                     for intid in range(256)]


def test_vcpus(everything):
    """vCPUs are pinned, cores without one have no place in the tables."""
    system_c = (everything / "system.c").read_text()
    for line in ("struct core cores[2];", "\t[1] = { .mpidr = 0x000002",
                 "[2] = { .config = &config_vms[2] }", "config_slice_ms = 10;"):
        assert line in system_c
    for i, (vm, core, index, priority, bits) in enumerate(
            ((0, 0, 0, 7, "40000000"), (0, 1, 1, 9, "40000000"),
             (1, 1, 0, 100, "80000000"), (2, 0, 0, 100, "80000000"))):
        spis = f"\t\t.spi_banks = vm{vm}_spis,\n" if vm != 1 else ""
        assert (f"[{i}] = {{ .vm = &vms[{vm}], .stage2 = vm{vm}_stage2, .regions = "
                f"vm{vm}_regions, .vm_bit = {1 << vm:#x}, .vttbr_high = {vm + 1} << 16,\n{spis}"
                f"\t\t.bank_count = {2 if spis else 1}, .TYPER = "
                f"{(0x20 if vm == 0 else 0) + (1 if spis else 0):#x},\n\t\t.stack = "
                f"cores[{core}].stack + CORE_STACK_BYTES, .core = &cores[{core}], "
                f".index = {index}, .priority = {priority},\n"
                f"\t\t.bit = 0x{bits}, .equals = 0x{bits} }},\n") in system_c
    assert re.findall(r"\.time = (\w+)", system_c) == [
        "VM_TIME_REAL", "VM_TIME_VIRTUAL", "VM_TIME_VIRTUAL"]
    assert re.findall(r"\.on_fault = (\w+)", system_c) == [
        "VM_ON_FAULT_RESTART", "VM_ON_FAULT_HALT", "VM_ON_FAULT_INJECT"]


@pytest.mark.parametrize("cpus,time", [("0", "VIRTUAL"), ("0 1", "REAL")])
def test_time_of_several(compiler, cpus, time):
    """Several vCPUs have one time, which can't stand still for one of them."""
    path = compiler.write(ONE_VM.format(properties='kernel = "zimage";', size="0x4000000") +
                          f"/ {{ bulkhead {{ vm-one {{ cpus = <{cpus}>; }}; }}; }};\n")
    assert f".time = VM_TIME_{time}," in (compiler.make(path) / "system.c").read_text()


def test_plan(everything):
    """Windows in the order of time, each end to the nearest tick (62.5 a microsecond);
    a core without a plan has none."""
    system_c = (everything / "system.c").read_text()
    table = re.search(r"core1_windows\[\] = {\n(.*?)\n};", system_c, re.S).group(1)
    assert re.findall(r"\.end_ticks = (\d+), \.vms = (\w+) }, /\* (\S+) ", table) == [
        ("250063", "0x3", "window-both"), ("437563", "0x2", "window-elf"),
        ("625063", "0x0", "window-nobody")]
    assert ("[1] = { .mpidr = 0x000002, .window_count = 3, .windows = core1_windows }"
            in system_c)
    assert "[0] = { .mpidr = 0x000000 }" in system_c and "core0_windows" not in system_c
    assert re.search(r"CONFIG_HAS_PLAN +1\n", (everything / "generated/board.h").read_text())


@pytest.mark.parametrize("hz", [1000000, 24000000, 33333333, 62500000, 1000000000])
def test_plan_is_exact(compiler, hz):
    """Windows of an odd length, back to back: whatever the counter, no end is further
    than half a tick from where the manifest has it, and the last is the frame's."""
    length, count = 77, 60
    windows = "".join(f"window-{i} {{ start-us = <{i * length}>; length-us = <{length}>;"
                      ' vms = "one"; };\n' for i in range(count))
    path = compiler.write(ONE_VM.format(properties='kernel = "zimage";', size="0x4000000") +
                          f"/ {{ board {{ counter-hz = <{hz}>; }}; bulkhead {{ plan-x {{"
                          f" core = <0>; frame-us = <{count * length}>; {windows} }}; }}; }};\n")
    system_c = (compiler.make(path) / "system.c").read_text()
    ends = [int(end) for end in re.findall(r"\.end_ticks = (\d+)", system_c)]
    assert len(ends) == count
    for i, end in enumerate(ends, 1):
        assert abs(end * 1000000 - i * length * hz) * 2 <= 1000000


def test_longest_plan(compiler):
    """A frame of 2^31 ticks is the longest; its timeline keeps to 80 columns."""
    path = compiler.write(ONE_VM.format(properties='kernel = "zimage";', size="0x4000000") + """
        / { board { counter-hz = <1000000>; }; bulkhead {
            plan-x { core = <0>; frame-us = <0x80000000>;
                window-1 { start-us = <0>; length-us = <0x7fffff00>; vms = "one"; };
                window-2 { start-us = <0x7fffff00>; length-us = <0x100>; idle; };
        }; }; };""")
    out = compiler.make(path)
    assert ".end_ticks = 2147483648" in (out / "system.c").read_text()
    text = (out / "map.txt").read_text()
    assert max(len(line) for line in text.splitlines()) <= 80
    assert "    2147483392 .. 2147483648 us  ...........................#  (idle)" in text


def test_eight_vcpus(compiler):
    """As many as GICv2 has targets, each on its own core, in any order, for the VM and
    in its device tree."""
    path = compiler.write(ONE_VM.format(properties='priority = <1 2 3 4 5 6 7 8>; '
                                        'kernel = "zimage";', size="0x4000000") +
                          "/ { board { cores = <0 1 2 3 0x100 0x101 0x102 0x103>; };\n"
                          "bulkhead { vm-one { cpus = <7 6 5 4 3 2 1 0>; }; }; };\n")
    out = compiler.make(path)
    system_c = (out / "system.c").read_text()
    mpidrs = re.findall(r"\[(\d)\] = { \.mpidr = (\w+)", system_c)
    assert [int(mpidr, 16) for _, mpidr in mpidrs] == [0, 1, 2, 3, 0x100, 0x101, 0x102, 0x103]
    assert re.findall(r"&cores\[(.)\], \.index = (.), \.priority = (.),", system_c) == [
        (str(7 - i), str(i), str(i + 1)) for i in range(8)]
    assert "[0] = { .handle = request_irq }" in system_c
    tree = Tree(out / "vm-one.dtb")
    for cpu in range(8):
        assert tree.cells(f"/cpus/cpu@{cpu}", "reg") == [cpu]
        assert tree.strings(f"/cpus/cpu@{cpu}", "enable-method") == ["psci"]
    assert tree.node("/cpus/cpu@8") == -libfdt.NOTFOUND
    assert tree.cells("/timer", "interrupts")[2::3] == [0xff04] * 4


# Systems of config/: on which board core each vCPU is, a VM after the other; of those
# that are not here, two on the first.
SYSTEMS = {"smp-linux": [0, 1, 1, 0], "smp4-linux": [0, 1, 2, 3], "console-server": [0, 0, 0]}


@pytest.mark.parametrize("name", sorted(path.stem for path in (TREE / "config").glob("*.dts")))
def test_system(compiler, name):
    """It compiles without a word (but for what a stock tree's VM is not given), its vCPUs
    are where it says, and QEMU is given the cores that they need."""
    is_stock = name.startswith("vexpress")  # RAM elsewhere: an ELF file would not fit
    done = compiler.compile(f"config/{name}.dts", "--images", "build/guests", "--initrd", "initrd",
                            "--kernel", "zimage" if is_stock else "guest.elf")
    assert done.returncode == 0 and (is_stock or not done.stdout), done.stdout
    out = compiler.out
    system_c = (out / "system.c").read_text()
    cores = [int(core) for core in re.findall(r"\.core = &cores\[(\d)\]", system_c)]
    assert cores == SYSTEMS.get(name, [0, 0])
    shutil.copy(compiler.folder / "manifest.dtb", out)
    command = must("tools/qemu-cmd", out).split()
    assert command[command.index("-smp") + 1] == str(max(cores) + 1)
    assert "-icount" not in command


NO_CLOCK = """/dts-v1/;
/include/ "boards/virt.dtsi"
/ { bulkhead { compatible = "bulkhead,system"; vm-one {
	cpus = <0>; kernel = "guest.elf"; devices = <&rtc>;
	memory { ipa = <0x40000000>; size = <0x200000>; };
	platform {
		compatible = "acme,nothing";
		interrupt-controller@8000000 {
			compatible = "arm,cortex-a15-gic";
			reg = <0x08000000 0x1000>, <0x08010000 0x2000>;
			spis = <32>;
		};
		timer {
			compatible = "arm,armv7-timer";
			interrupts = <1 13 4>, <1 14 4>, <1 11 4>, <1 10 4>;
		};
	};
}; }; };
"""


def test_clock(everything, compiler):
    """The hypervisor drives the board's clock where it emulates one, and only there:
    else a VM can have it."""
    def inits(system_c):
        return re.search(r"config_inits\[\]\)\(void\) = {\n(.*?)\n};", system_c, re.S)[1]

    system_c = (everything / "system.c").read_text()
    assert inits(system_c) == "\tvpl031_init,\n\tNULL,"
    assert re.findall(r"\.rtc = (\S+),", system_c) == ["&vm0_rtc", "&vm2_rtc"]

    system_c = (compiler.make(compiler.write(NO_CLOCK)) / "system.c").read_text()
    assert inits(system_c) == "\tNULL," and "vpl031" not in system_c
    assert "[34] = { .handle = irq_passthrough, .vcpu = &vcpus[0]" in system_c


def test_control(compiler):
    """A board's system registers are the hypervisor's, and each board has its machine."""
    path = compiler.write(ONE_VM.format(properties='kernel = "guest.elf";', size="0x200000")
                          .replace("boards/virt.dtsi", "boards/vexpress-a15.dtsi"))
    out = compiler.make(path)
    stage1 = (out / "system.S").read_text().split("stage1_level2:\n")[1]
    assert "\t.word 0x1c000441, 0x00400000\n" in stage1
    assert (out / "system.mk").read_text().startswith("BOARD := vexpress\n")
    shutil.copy(compiler.folder / "manifest.dtb", out)
    assert " -M vexpress-a15 -cpu cortex-a15 -smp 1 -m 1024M " in must("tools/qemu-cmd", out)


def test_stage1(everything):
    """The hypervisor maps what it drives, two blocks of devices, the images, and its own
    block by pages. (What comes of it is tests/target/hyp_map's to see.)"""
    table = (everything / "system.S").read_text().split("stage1_level2:\n")[1]
    images = int(re.search(r"HYP_IMAGES +(\w+)", (everything / "generated/board.h").read_text())[1],
                 16)
    words = re.findall(r"\.word (\S+( \+ \d+)?), (\S+)|\.set entry, (0x\w+)", table)
    first = [word or entry for word, _, _, entry in words]
    assert first[:2] == ["0x08000441", "0x09000441"]
    assert "stage1_level3 + 3" in first and f"{images | 0x7c5:#010x}" in first
    assert first[-4:] == [f"stage1_level2 + {4096 * i + 3}" for i in range(4)]


def test_board_without_clock(compiler):
    """Then nothing emulates one, and the sources still compile."""
    path = compiler.write(NO_CLOCK.replace("devices = <&rtc>;", "") +
                          "/ { board { /delete-property/ wall-clock; }; };\n")
    text = (compiler.make(path) / "generated/board.h").read_text()
    assert re.search(r"BOARD_RTC +0xfffff000\n", text)


def test_board_header(everything, tmp_path):
    """The constants, as C and as assembly."""
    text = (everything / "generated/board.h").read_text()
    values = {name: value for name, value in re.findall(r"#define (\w+) +(.+)", text)}
    assert values["BOARD_NAME"] == '"virt"'
    expected = {
        "BOARD_LOAD": 0x40010000, "BOARD_RAM_BASE": 0x40000000, "BOARD_RAM_BYTES": 0xc0000000,
        "BOARD_RAM_USED_END": 0x70400000, "BOARD_COUNTER_HZ": 62500000,
        "BOARD_GICD": 0x08000000, "BOARD_GICC": 0x08010000, "BOARD_GICH": 0x08030000,
        "BOARD_GICV": 0x08040000, "BOARD_IRQ_COUNT": 256, "BOARD_IRQ_MAINTENANCE": 25,
        "BOARD_IRQ_HYP_TIMER": 26, "BOARD_IRQ_VIRTUAL_TIMER": 27, "BOARD_UART": 0x09000000,
        "BOARD_UART_IRQ": 33, "BOARD_UART_CLOCK_HZ": 24000000,
        "BOARD_RTC": 0x09010000, "BOARD_RTC_IRQ": 34, "HYP_BASE": 0x40000000,
        "HYP_BYTES": 0x200000, "HYP_IMAGES": 0x40200000, "HYP_IMAGES_BYTES": 0x400000,
        "CONFIG_VM_COUNT": 3, "CONFIG_VCPU_COUNT": 4, "CONFIG_CORE_COUNT": 2,
    }
    source, binary = tmp_path / "board.S", tmp_path / "board.o"
    source.write_text('#include "generated/board.h"\n' +
                      "".join(f".word {name}\n" for name in expected))
    must("arm-none-eabi-gcc", f"-I{everything}", "-c", "-o", binary, source)
    must("arm-none-eabi-objcopy", "-O", "binary", "-j", ".text", binary, tmp_path / "words")
    words = struct.unpack(f"<{len(expected)}I", (tmp_path / "words").read_bytes())
    assert dict(zip(expected, words)) == expected


# ---- The guests' device trees ------------------------------------------------

class Tree:
    """A device tree through libfdt."""

    def __init__(self, path):
        self.fdt = libfdt.FdtRo(path.read_bytes())

    def node(self, path):
        """A node's offset; -1 if there is none."""
        return self.fdt.path_offset(path, [libfdt.NOTFOUND])

    def raw(self, path, name):
        """A property's bytes, or None."""
        found = self.fdt.getprop(self.node(path), name, [libfdt.NOTFOUND])
        return None if isinstance(found, int) else bytes(found)

    def cells(self, path, name):
        """A property as numbers."""
        raw = self.raw(path, name)
        return list(struct.unpack(f">{len(raw) // 4}I", raw))

    def strings(self, path, name):
        """A property as strings."""
        return self.raw(path, name).decode().rstrip("\0").split("\0")


def test_tree_linux(everything, images):
    """What Linux needs to find is there."""
    tree = Tree(everything / "vm-linux.dtb")
    assert tree.strings("/", "compatible") == ["linux,dummy-virt"]
    assert tree.strings("/", "model") == ["bulkhead,linux"]
    assert tree.cells("/", "#address-cells") == tree.cells("/", "#size-cells") == [1]
    assert tree.strings("/chosen", "bootargs") == ["console=ttyAMA0 /* quiet */"]
    assert tree.strings("/chosen", "stdout-path") == ["/serial@9000000"]
    start, end = (tree.cells("/chosen", f"linux,initrd-{which}")[0] for which in
                  ("start", "end"))
    assert (start, end - start) == (0x43ffd000, (images / "initrd").stat().st_size)
    assert tree.cells("/memory@40000000", "reg") == [0x40000000, 64 * MIB]
    assert tree.cells("/memory@80000000", "reg") == [0x80000000, 4 * MIB]
    for cpu in (0, 1):
        assert tree.cells(f"/cpus/cpu@{cpu}", "reg") == [cpu]
        assert tree.strings(f"/cpus/cpu@{cpu}", "enable-method") == ["psci"]
        assert tree.strings(f"/cpus/cpu@{cpu}", "compatible") == ["arm,cortex-a15"]
    assert tree.node("/cpus/cpu@2") == -libfdt.NOTFOUND
    assert tree.strings("/psci", "compatible") == ["arm,psci-1.0", "arm,psci-0.2"]
    assert tree.strings("/psci", "method") == ["hvc"]


def test_tree_interrupts(everything):
    """The interrupt controller, the timer, and who is wired to them."""
    tree = Tree(everything / "vm-linux.dtb")
    gic = "/interrupt-controller@8000000"
    assert tree.cells(gic, "#interrupt-cells") == [3]
    assert tree.cells(gic, "reg") == [0x08000000, 0x1000, 0x08010000, 0x2000]
    assert tree.raw(gic, "interrupt-controller") == b""
    assert tree.cells(gic, "phandle") == tree.cells("/", "interrupt-parent")
    assert tree.strings("/timer", "compatible") == ["arm,armv7-timer"]
    assert tree.cells("/timer", "interrupts") == [1, 13, 0x304, 1, 14, 0x304, 1, 11, 0x304, 1,
                                                  10, 0x304]
    assert tree.cells("/serial@9000000", "interrupts") == [0, 1, 4]


def test_tree_devices(everything):
    """Emulated and passed-through devices, with clocks."""
    tree = Tree(everything / "vm-linux.dtb")
    clock = tree.cells("/apb-pclk", "phandle")
    assert tree.cells("/apb-pclk", "clock-frequency") == [24000000]
    assert tree.cells("/serial@9000000", "clocks") == clock * 2
    assert tree.strings("/serial@9000000", "clock-names") == ["uartclk", "apb_pclk"]
    assert tree.strings("/aliases", "serial0") == ["/serial@9000000"]
    assert tree.cells("/rtc@9010000", "reg") == [RTC, 0x1000]
    assert tree.cells("/rtc@9010000", "interrupts") == [0, 2, 4]
    assert tree.strings("/rtc@9010000", "compatible") == ["arm,pl031", "arm,primecell"]
    assert tree.cells("/rtc@9010000", "clocks") == clock
    assert tree.strings("/rtc@9010000", "clock-names") == ["apb_pclk"]
    assert tree.cells("/watchdog@9050000", "reg") == [WATCHDOG, 0x1000]
    assert tree.cells("/watchdog@9050000", "interrupts") == [0, 20, 4]
    assert tree.cells("/watchdog@9050000", "clocks") == clock
    assert tree.node("/gpio@9030000") == -libfdt.NOTFOUND
    tree = Tree(everything / "vm-raw.dtb")
    assert tree.cells("/gpio@9030000", "#gpio-cells") == [2]
    assert tree.raw("/gpio@9030000", "gpio-controller") == b""


def test_tree_small(everything):
    """A VM without console, initrd or arguments has no trace of them."""
    tree = Tree(everything / "vm-elf.dtb")
    assert tree.strings("/", "model") == ["Nothing"]
    assert tree.node("/aliases") == -libfdt.NOTFOUND
    for name in ("bootargs", "stdout-path", "linux,initrd-start"):
        assert tree.raw("/chosen", name) is None
    assert tree.cells("/timer", "interrupts")[2] == 0x104


@pytest.mark.parametrize("vm", ["linux", "elf", "raw"])
def test_tree_is_clean(everything, vm):
    """dtc has nothing to say against the trees."""
    assert must("dtc", "-I", "dtb", "-O", "dtb", "-o", "/dev/null",
                everything / f"vm-{vm}.dtb") == ""


DUAL_TIMER = """/ { bulkhead { vm-one { platform {
	/delete-node/ timer;
	dual-timer@a000000 {
		compatible = "arm,sp804", "arm,primecell";
		reg = <0x0a000000 0x1000>; interrupts = <0 9 4>; %s
	};
}; }; }; };
"""


@pytest.mark.parametrize(("clock", "hz"), [("", 24000000), ("clock-hz = <1000000>;", 1000000)])
def test_dual_timer(compiler, clock, hz):
    """A VM may have no timer but an SP804, which counts as fast as its clock says."""
    one = ONE_VM.format(properties='kernel = "zimage";', size="0x4000000")
    out = compiler.make(compiler.write(one + DUAL_TIMER % clock))
    system_c = (out / "system.c").read_text()
    assert f"static struct vsp804 vm0_timer = {{ .vm = &vms[0], .intid = 41, .clock_hz = {hz} }};" \
        in system_c
    assert '#include "vtimer/vsp804.h"' in system_c
    tree = Tree(out / "vm-one.dtb")
    assert tree.node("/timer") == -libfdt.NOTFOUND
    assert tree.strings("/dual-timer@a000000", "clock-names") == ["timclken1", "timclken2",
                                                                   "apb_pclk"]


HELD_LINE = """
/ { board { %s
	held: mmc@b000000 {
		compatible = "acme,mmc"; reg = <0x0b000000 0x1000>;
		interrupts = <0 9 4>; line-stays-high;
	};
}; };
"""


@pytest.mark.parametrize(("gic", "is_deaf"), [
    ("", 1), ("interrupt-controller@8000000 { /delete-property/ eoi-is-deaf; };", 0)])
def test_line_that_stays_high(compiler, gic, is_deaf):
    """Only a GIC that forgets it must be told of the ends of its interrupt."""
    one = ONE_VM.format(properties='kernel = "zimage"; devices = <&held>;', size="0x4000000")
    out = compiler.make(compiler.write(one + HELD_LINE % gic))
    route = re.search(r"\[41\] = (.*),\n", (out / "system.c").read_text())[1]
    assert (".hears_end = true" in route) == is_deaf and ".is_linked = true" in route
    assert re.search(rf"CONFIG_HEARS_ENDS +{is_deaf}\n", (out / "generated/board.h").read_text())


SYSTEM_CONTROLLER = """
/ { bulkhead { vm-one { platform {
	system-controller@a000000 {
		compatible = "arm,sp810", "arm,primecell"; reg = <0x0a000000 0x1000>;
	};
}; }; }; };
"""


def test_device_that_keeps_nothing(compiler):
    """Registers that only read have a region, but no object that a reset would set."""
    one = ONE_VM.format(properties='kernel = "zimage";', size="0x4000000")
    out = compiler.make(compiler.write(one + SYSTEM_CONTROLLER))
    text = (out / "system.c").read_text()
    assert "{ .access = vsp810_access, .device = NULL,\n" in text
    assert '#include "kernel/vdev/vsp810.h"' in text
    assert "vsp810_reset" not in text and "struct vsp810" not in text
    assert ".device_count = 2," in text  # UART and clock


STOCK = 'device-tree = "stock.dtb"; kernel = "zimage"; initrd = "initrd"; bootargs = "given";'
TAKEN_OUT = """own.dts:5:2: /bulkhead/vm-one: device-tree: note: taken out, for the VM has none:
    pmu, serial@300001000, clcd@300003000, i2c@300002000, ticker@300004000,
    counter@300005000, cpu@1, cpu@2
    remedy: leave it so, or give the VM a device by devices = <&label>"""
UART = "/bus@9000000/inner@3/serial@300000000"


@pytest.fixture(name="stock")
def compile_stock(compiler, images):
    """What becomes of a tree that the manifest names."""
    path = compiler.write(ONE_VM.format(properties=STOCK, size="0x4000000"))
    out = compiler.make(path, said=f"{path.parent}/{TAKEN_OUT}")
    assert f"  {images}/stock.dtb" in (out / "system.d").read_text()
    return Tree(out / "vm-one.dtb")


def test_stock_tree_keeps(stock):
    """What the VM has is as it was."""
    assert stock.strings("/", "model") == ["Stock"]
    for path in ("/clock", UART, f"{UART}/lamp@8", "/bus@9000000/inner@3/rtc@400000000"):
        assert stock.node(path) > 0, path
    assert stock.cells(UART, "interrupts") == [3]
    assert stock.strings("/aliases", "serial0") == [UART]


def test_stock_tree_takes_out(stock):
    """What the VM has not is gone, and names for it, too."""
    for path in ("/pmu", "/bus@9000000/inner@3/serial@300001000", "/cpus/cpu@1", "/cpus/cpu@2",
                 "/bus@9000000/inner@3/i2c@300002000", "/memory@80000000"):
        assert stock.node(path) == -libfdt.NOTFOUND, path
    assert stock.raw("/aliases", "serial1") is None
    gic = "/interrupt-controller@8000000"
    assert stock.cells(gic, "reg") == [0, 0x8000000, 0, 0x1000, 0, 0x8010000, 0, 0x2000]
    assert stock.raw(gic, "interrupts") is None


def test_stock_tree_puts_in(stock):
    """What only a VM has is there."""
    assert stock.cells("/memory@40000000", "reg") == [0, 0x40000000, 0, 0x4000000]
    assert stock.strings("/memory@40000000", "device_type") == ["memory"]
    assert stock.strings("/psci", "method") == ["hvc"]
    assert stock.strings("/cpus/cpu@0", "enable-method") == ["psci"]
    assert stock.raw("/timer", "always-on") == b""
    assert stock.strings("/chosen", "bootargs") == ["given"]
    assert stock.strings("/chosen", "stdout-path") == [UART]
    start, end = (stock.cells("/chosen", f"linux,initrd-{what}")[0] for what in ("start", "end"))
    assert 0x40000000 <= start < end <= 0x44000000 and end - start == 256 * 20 + 3


# ---- Displays ----------------------------------------------------------------

DISPLAY = """
/ { board {
	display = <&lcd>;
	lcd: lcd@9003000 {
		compatible = "arm,pl111"; reg = <0x09003000 0x1000>; interrupts = <0 14 4>;
	};
}; };
/ { bulkhead { vm-one { platform { lcd@9003000 {
	compatible = "arm,pl111", "arm,primecell"; reg = <0x09003000 0x1000>; interrupts = <0 14 4>;
}; }; }; }; };
"""


@pytest.mark.parametrize("properties, node", [
    ('kernel = "zimage";', "/lcd@9003000"),
    (STOCK, "/bus@9000000/inner@3/clcd@300003000"),
], ids=["ours", "stock"])
def test_display_panel(compiler, properties, node):
    """A display has a panel at the other end of its port, which Linux' driver knows, in a
    tree of ours and in place of what a board's own has there."""
    path = compiler.write(ONE_VM.format(properties=properties, size="0x4000000") + DISPLAY)
    assert compiler.compile(path).returncode == 0
    tree = Tree(compiler.out / "vm-one.dtb")
    ends = [f"{node}/port/endpoint", "/panel/port/endpoint"]
    for one, other in (ends, reversed(ends)):
        assert tree.cells(one, "remote-endpoint") == tree.cells(other, "phandle")
    assert tree.cells(ends[0], "arm,pl11x,tft-r0g0b0-pads") == [0, 8, 16]
    assert tree.raw(node, "memory-region") is None
    assert tree.strings("/panel", "compatible") == ["panel-dpi"]
    total = 1
    for axis in "hv":
        total *= sum(tree.cells("/panel/panel-timing", f"{axis}{what}")[0]
                     for what in ("active", "front-porch", "sync-len", "back-porch"))
    assert 59 < tree.cells("/panel/panel-timing", "clock-frequency")[0] / total < 61


def test_display_shared(compiler):
    """The board's controller is the hypervisor's own, and its interrupt; a VM has a
    pointer to its own one, and the menu a function to call."""
    path = compiler.write(ONE_VM.format(properties='kernel = "zimage";', size="0x4000000") +
                          DISPLAY)
    out = compiler.make(path)
    system_c = (out / "system.c").read_text()
    assert re.search(r"\[46\] = { .handle = vpl111_irq }", system_c)
    assert re.search(r"\.lcd = &vm0_lcd,", system_c)
    assert re.search(r"config_show\)\(.*\) = vpl111_show;", system_c)
    assert re.search(r"config_inits\[\]\)\(void\) = {\n\tvpl031_init,\n\tvpl111_init,\n\tNULL", system_c)
    assert "  0x09003000..0x09003fff       4 KiB  lcd@9003000: the hypervisor\n" in (
        out / "map.txt").read_text()
    board = (out / "generated/board.h").read_text()
    assert re.search(r"BOARD_LCD +0x09003000\n#define BOARD_LCD_IRQ +46\n", board)


# ---- Outputs as a whole ------------------------------------------------------

def test_map(everything):
    """The map names what there is, within 80 columns."""
    text = (everything / "map.txt").read_text()
    assert max(len(line) for line in text.splitlines()) <= 80
    for line in ("  0x40000000..0x401fffff       2 MiB  hypervisor",
                 "  0x40600000..0x445fffff      64 MiB  vm-linux: RAM",
                 "  0x70000000..0x703fffff       4 MiB  vm-linux: RAM",
                 "  0x09010000..0x09010fff       4 KiB  rtc@9010000: the hypervisor",
                 "  0x09010000..0x09010fff       4 KiB  rtc@9010000, emulated",
                 "  0x09050000..0x09050fff       4 KiB  watchdog@9050000: vm-linux",
                 "/bulkhead/vm-elf: VMID 2, 1 vCPUs, starts at 0x40000011",
                 "  0x42000000..0x42001fff       8 KiB    kernel zimage",
                 "    34  vpl031_irq            rtc@9010000",
                 "    52  irq_passthrough       vm-linux",
                 "  core 2, MPIDR 0x000002:",
                 "    vm-linux         vCPU 1, priority 9, real time",
                 "    vm-elf           vCPU 0, priority 100, virtual time",
                 "    plan-all: every 10001 us, 625063 ticks",
                 "             0 ..       4001 us  ###########.................  vm-linux",
                 "                                                               vm-elf",
                 "          4001 ..       7001 us  ...........########.........  vm-elf",
                 "          7001 ..      10001 us  ...................#########  (idle)",
                 "  core 3, MPIDR 0x000003: no work, never started"):
        assert line in text.splitlines()


def test_map_images(everything, assembled):
    """The images lie in memory where the map says."""
    symbols, _, embedded = assembled
    text = (everything / "map.txt").read_text()
    for symbol, what in (("vm0_image0", "kernel zimage"), ("vm0_image1", "initrd initrd"),
                         ("vm1_image0", "kernel guest.elf"), ("vm2_image3", "device tree")):
        assert re.search(rf"0x{symbols[symbol]:08x}\.\..* vm-\w+: {what}\n", text)
    assert f"..0x{0x40200000 + len(embedded) - 1:08x} " in text


def test_memory_below_hypervisor(compiler):
    """RAM below the hypervisor is left alone."""
    path = compiler.write(ONE_VM.format(properties='kernel = "zimage";', size="0x4000000") +
                          "/ { board { load = <0x48010000>; }; };\n")
    text = (compiler.make(path) / "generated/board.h").read_text()
    assert re.search(r"HYP_BASE +0x48000000\n", text)
    assert re.search(r"BOARD_RAM_USED_END +0x4c400000\n", text)


def test_make_files(everything, images):
    """make learns the board, the console and the files that were read."""
    assert (everything / "system.mk").read_text() == (
        "BOARD := virt\nCONSOLE_SOURCE := kernel/console.c\n")
    text = (everything / "system.d").read_text()
    assert text.startswith(f"{everything}/system.c: \\\n")
    for name in ("zimage", "initrd", "guest.elf", "raw.bin", "three-mib.bin"):
        assert text.count(f"  {images / name}") == 1
        assert f"\n{images / name}:\n" in text


def test_same_output(compiler):
    """The same input makes the same bytes, and files that stay are not touched."""
    out = compiler.make(EVERYTHING, said=CORE_1_NOTE)
    first, times = contents(out), {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    compiler.make(EVERYTHING, said=CORE_1_NOTE)
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == times
    shutil.rmtree(out)
    compiler.make(EVERYTHING, said=CORE_1_NOTE)
    assert contents(out) == first


def test_changed_image(compiler, tmp_path):
    """An image with new content and the old size changes system.S: make sees it."""
    kernel = tmp_path / "kernel"
    path = compiler.write(ONE_VM.format(properties='kernel = "missing";', size="0x4000000"))
    kernel.write_bytes(make_zimage())
    before = (compiler.make(path, "--kernel", kernel) / "system.S").read_text()
    kernel.write_bytes(make_zimage()[:-1] + b"x")
    assert (compiler.make(path, "--kernel", kernel) / "system.S").read_text() != before


def test_other_images(compiler, tmp_path):
    """--kernel and --initrd take the manifest's place where it has one."""
    initrd = tmp_path / "other"
    initrd.write_bytes(b"other initrd")
    path = compiler.write(ONE_VM.format(properties='kernel = "missing"; initrd = "missing";',
                                        size="0x4000000"))
    out = compiler.make(path, "--kernel", "zimage", "--initrd", initrd)
    assert [size for _, size, _ in read_images((out / "system.c").read_text(), 0)][:2] == [
        8192, 12]
    path = compiler.write(ONE_VM.format(properties='kernel = "zimage";', size="0x4000000"))
    out = compiler.make(path, "--initrd", initrd)
    assert len(read_images((out / "system.c").read_text(), 0)) == 2


@pytest.mark.parametrize("size, kernel, tree", [
    (63 * MIB + MIB, 0x42000000, 0x43fff000),
    (62 * MIB, 0x40008000, 0x43dff000),
    (512 * MIB, 0x42000000, 0x4ffff000),  # not above 256 MiB
])
def test_zimage_place(compiler, size, kernel, tree):
    """A zImage lies where it need not move, if the memory is large enough."""
    path = compiler.write(ONE_VM.format(properties='kernel = "zimage";', size=hex(size)))
    placed = read_images((compiler.make(path) / "system.c").read_text(), 0)
    assert [ipa for _, _, ipa in placed] == [kernel, tree]


@pytest.mark.parametrize("size, is_enough", [(26, True), (24, False)])
def test_zimage_needs(compiler, size, is_enough):
    """The unpacked kernel, the moved zImage and its heap must find room: 2.03 MiB
    of offset, 23 MiB of kernel and bss, 0.26 MiB of heap and image."""
    path = compiler.write(ONE_VM.format(properties='kernel = "zimage";',
                                        size=hex(size * MIB)))
    assert (compiler.compile(path).returncode == 0) == is_enough


@pytest.mark.parametrize("arguments", [(), ("--dtb",), ("--nonsense",),
                                       ("--dtb", "a", "--source", "b"),
                                       ("--dtb", "a", "--source", "b", "--out", "c", "d")])
def test_usage(mksystem, arguments):
    """A wrong command line gets the right one explained."""
    done = run(mksystem, *arguments)
    assert done.returncode == 2 and "usage: mksystem" in done.stdout


def test_unreadable(mksystem, tmp_path):
    """Inputs that are missing or no device tree."""
    nothing, text = tmp_path / "nothing", tmp_path / "text"
    text.write_text("no device tree")
    done = run(mksystem, "--dtb", nothing, "--source", text, "--out", tmp_path / "out")
    assert done.returncode == 2 and f"can't read {nothing}: No such file" in done.stdout
    done = run(mksystem, "--dtb", text, "--source", text, "--out", tmp_path / "out")
    assert done.returncode == 2 and "is no device tree" in done.stdout


def test_unwritable(compiler):
    """A file where the folder should be."""
    compiler.out.write_text("in the way")
    done = compiler.compile(EVERYTHING)
    assert done.returncode == 2 and "can't make" in done.stdout
