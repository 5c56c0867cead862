# SPDX-License-Identifier: BSD-2-Clause
"""The Makefile: what it says, and that it rebuilds what must be rebuilt, no more."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

TREE = pathlib.Path(__file__).resolve().parents[2]


def make(*arguments):
    """Runs make as a user would, also from inside `make test`."""
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    return subprocess.run(["make", "--no-print-directory", *map(str, arguments)], cwd=TREE,
                          env=environment, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


@pytest.fixture(name="manifest")
def make_manifest(tmp_path):
    """A manifest of its own, beside its own guest image, and where it is built."""
    (tmp_path / "guest.bin").write_bytes(bytes(64))
    path = tmp_path / "makefile-test.dts"
    path.write_text((TREE / "config/two-linux.dts").read_text())
    built = TREE / "build/systems/makefile-test"
    shutil.rmtree(built, ignore_errors=True)
    yield path, built
    shutil.rmtree(built, ignore_errors=True)


def make_tables(manifest, *arguments):
    """Builds the tables; returns whether the manifest compiler had to run."""
    done = make("tables", f"SYSTEM={manifest}", *arguments)
    assert done.returncode == 0, done.stdout
    return "MKSYSTEM" in done.stdout


def test_help_lists_every_target_that_is_meant_for_users():
    text = make("help").stdout
    for target in ("run", "test", "check", "image", "qemu-cmd", "gdb", "loc", "size", "native",
                   "memmap", "clean", "help"):
        assert re.search(rf"^  {target} +\w", text, re.M), target
    for variable in ("SYSTEM", "ENTRY", "KERNEL", "INITRD"):
        assert re.search(rf"^  {variable}= +\w", text, re.M), variable
    assert max(map(len, text.splitlines())) <= 80


def test_unknown_system_is_refused_with_the_known_ones():
    done = make("image", "SYSTEM=no-such")
    assert done.returncode == 2
    assert "no config/no-such.dts" in done.stdout and "two-linux" in done.stdout


def test_unknown_device_is_named(manifest):
    path, _ = manifest
    path.write_text(path.read_text().replace("cpus = <0>;", "cpus = <0>; devices = <&nosuch>;", 1))
    done = make("tables", f"SYSTEM={path}")
    assert done.returncode == 2
    assert re.search(rf'^{re.escape(str(path))}:\d+.*/bulkhead/vm-\w+: .*label "nosuch"$',
                     done.stdout, re.M), done.stdout
    assert "given are in config/boards/*.dtsi" in done.stdout


def test_unknown_entry_is_refused():
    done = make("qemu-cmd", "ENTRY=rom")
    assert done.returncode == 2
    assert "ENTRY=rom" in done.stdout and "pflash" in done.stdout


def test_manifest_compiler_runs_when_something_changed_and_only_then(manifest):
    path, _ = manifest
    assert make_tables(path)
    assert not make_tables(path)
    path.write_text(path.read_text().replace("<33>", "<34>"))
    assert make_tables(path)
    assert not make_tables(path)


def test_changed_include_of_the_manifest_is_noticed(manifest):
    path, _ = manifest
    include = path.with_name("own.dtsi")
    shutil.copy(TREE / "config/boards/virt.dtsi", include)
    path.write_text(path.read_text().replace('"boards/virt.dtsi"', '"own.dtsi"'))
    assert make_tables(path)
    assert not make_tables(path)
    os.utime(include)
    assert make_tables(path)


def test_own_kernel_replaces_the_manifest_s_and_back(manifest):
    path, built = manifest
    make_tables(path)
    assert "vmlinuz-armmp\n" in (built / "map.txt").read_text()
    assert make_tables(path, "KERNEL=build/guests/debian/vmlinuz-armmp-lpae")
    assert "vmlinuz-armmp\n" not in (built / "map.txt").read_text()
    assert make_tables(path)
    assert "vmlinuz-armmp\n" in (built / "map.txt").read_text()


def test_changed_image_is_noticed_wherever_it_lies(manifest):
    path, _ = manifest
    kernel = path.with_name("zImage")
    shutil.copy(TREE / "build/guests/debian/vmlinuz-armmp", kernel)
    assert make_tables(path, f"KERNEL={kernel}")
    assert not make_tables(path, f"KERNEL={kernel}")
    os.utime(kernel)
    assert make_tables(path, f"KERNEL={kernel}")


def test_broken_manifest_ends_the_build_with_its_messages(manifest):
    path, built = manifest
    path.write_text(path.read_text().replace("slice-ms", "slice-mz"))
    done = make("image", f"SYSTEM={path}")
    assert done.returncode == 2
    assert "slice-mz" in done.stdout and path.name in done.stdout
    assert not (built / "system.c").exists()


def test_native_command_boots_the_vm_s_own_files(manifest):
    path, built = manifest
    done = make("native-cmd", f"SYSTEM={path}", "VM=lpae", "CONSOLE=none")
    command = done.stdout.splitlines()[-1]
    assert command.startswith("qemu-system-arm -M virt ")
    assert f"-dtb {built.relative_to(TREE)}/vm-lpae.dtb" in command
    assert "-kernel build/guests/debian/vmlinuz-armmp-lpae" in command
