# SPDX-License-Identifier: BSD-2-Clause
"""The tools around the build: QEMU's command line, set-up, the guest's initramfs."""

import gzip
import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

from lib import qemu

TREE = pathlib.Path(__file__).resolve().parents[2]

MANIFEST = """/dts-v1/;
/ {
	board { compatible = "bulkhead,board-virt"; };
	bulkhead {
		slice-ms = <33>;
		vm-one {
			cpus = <0 2>; kernel = "debian/vmlinuz"; initrd = "linux/initrd";
			memory { size = <0x8000000>; };
		};
		vm-two { cpus = <1>; kernel = "hello/hello.elf"; memory { size = <0x400000>; }; };
	};
};
"""


def run(*words, **options):
    """Runs a command; returns what it printed, both streams."""
    return subprocess.run([str(word) for word in words], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)


def words_after(command, option):
    """The words that follow each occurrence of an option."""
    words = command.split()
    return [words[i + 1] for i, word in enumerate(words) if word == option]


# ---- tools/qemu-cmd ----------------------------------------------------------

@pytest.fixture(name="system")
def make_system(tmp_path):
    """A folder as the build leaves it, as far as qemu-cmd reads it."""
    (tmp_path / "generated").mkdir()
    (tmp_path / "generated/board.h").write_text("#define BOARD_RAM_USED_END 0x60000000u\n")
    (tmp_path / "manifest.dts").write_text(MANIFEST)
    done = run("dtc", "-q", "-O", "dtb", "-o", tmp_path / "manifest.dtb",
               tmp_path / "manifest.dts")
    assert done.returncode == 0, done.stdout
    return tmp_path


def qemu_command(*arguments):
    """tools/qemu-cmd's one line."""
    done = run(TREE / "tools/qemu-cmd", *arguments)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("\n") == 1
    return done.stdout.strip()


@pytest.mark.parametrize("entry,machine,cores,option,file", [
    ("kernel", "virt,virtualization=on", "3", "-kernel", "bulkhead.bin"),
    ("elf", "virt,virtualization=on", "3", "-kernel", "bulkhead.elf"),
    ("flash", "virt,secure=on,virtualization=on", "4", "-bios", "bulkhead.bin"),
    ("pflash", "virt,secure=on,virtualization=on", "4", "-drive", "bulkhead.pflash"),
])
def test_qemu_command_for_each_entry(system, entry, machine, cores, option, file):
    command = qemu_command("-e", entry, system)
    assert command.startswith("qemu-system-arm ")
    assert words_after(command, "-M") == [machine]
    assert words_after(command, "-smp") == [cores]
    assert words_after(command, "-m") == ["1024M"]
    assert words_after(command, option)[0].endswith(f"{system}/{file}")
    assert words_after(command, "-nic") == ["none"]


def test_qemu_command_leaves_every_key_to_the_guests(system):
    command = qemu_command(system)
    assert "stdio,id=c,mux=off,signal=off" in words_after(command, "-chardev")
    assert words_after(command, "-monitor") == ["none"]


def test_qemu_command_without_console_leaves_the_serial_port_free(system):
    command = qemu_command("-c", "none", system)
    assert not words_after(command, "-serial") and not words_after(command, "-chardev")


@pytest.mark.parametrize("end,ram", [("0x40000000", "1024M"), ("0x80100000", "1025M"),
                                     ("0x80100001", "1026M"), ("0xffffffff", "3072M")])
def test_qemu_command_has_ram_for_all_that_was_placed(system, end, ram):
    (system / "generated/board.h").write_text(f"#define BOARD_RAM_USED_END {end}u\n")
    assert words_after(qemu_command(system), "-m") == [ram]


def test_qemu_command_for_devices_of_a_versatile_express(system):
    (system / "manifest.dts").write_text(MANIFEST.replace("board-virt", "board-vexpress"))
    run("dtc", "-q", "-O", "dtb", "-o", system / "manifest.dtb", system / "manifest.dts")
    command = qemu_command(system)
    assert words_after(command, "-nic") == ["none"] and not words_after(command, "-drive")
    (system / "map.txt").write_text("  0x1a000000..0x1a00ffff  64 KiB  ethernet@1a000000: vm-one\n")
    command = qemu_command("-s", "card.img", system)
    assert words_after(command, "-nic") == ["user,model=lan9118"]
    assert words_after(command, "-drive") == ["if=sd,format=raw,file=card.img"]


def test_qemu_command_for_a_vm_without_the_hypervisor(system):
    command = qemu_command("-n", "one", system)
    assert words_after(command, "-M") == ["virt"]
    assert words_after(command, "-smp") == ["2"]
    assert words_after(command, "-m") == ["128M"]
    assert words_after(command, "-kernel") == ["build/guests/debian/vmlinuz"]
    assert words_after(command, "-initrd") == ["build/guests/linux/initrd"]
    assert words_after(command, "-dtb") == [f"{system}/vm-one.dtb"]
    assert "bulkhead.bin" not in command


def test_qemu_command_for_a_vm_takes_the_kernel_that_make_was_given(system):
    (system / "arguments").write_text("--kernel my/zImage \n")
    command = qemu_command("-n", "one", system)
    assert words_after(command, "-kernel") == ["my/zImage"]
    assert words_after(command, "-initrd") == ["build/guests/linux/initrd"]


@pytest.mark.parametrize("arguments,message", [
    (["-e", "rom"], "unknown entry 'rom'"),
    (["-n", "three"], "no VM 'three' here; there are: one two"),
    (["-c", "vga"], "usage"),
])
def test_qemu_command_refuses(system, arguments, message):
    done = run(TREE / "tools/qemu-cmd", *arguments, system)
    assert done.returncode == 2
    assert message in done.stdout


def test_several_cores_are_not_counted():
    """A test that asks for both is told so, before it waits in vain."""
    command = "qemu-system-arm -M virt -cpu cortex-a15 -smp 2 -nic none".split()
    with pytest.raises(ValueError, match="-icount with -smp 2"):
        qemu.start(command, ["-icount", "shift=0,sleep=off"])


# ---- The guest's initramfs ---------------------------------------------------

def make_initrd(busybox, output, recipe=TREE / "guests/linux", **options):
    """Packs an initramfs; returns its bytes."""
    done = run(recipe / "make-initrd", busybox, output, **options)
    assert done.returncode == 0, done.stdout
    return output.read_bytes()


@pytest.fixture(name="elsewhere")
def make_elsewhere():
    """A folder on another file system, which anybody may write to."""
    folder = pathlib.Path(tempfile.mkdtemp(dir="/dev/shm"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


def test_initramfs_is_the_same_whenever_wherever_and_whoever_makes_it(tmp_path, elsewhere):
    (tmp_path / "busybox").write_bytes(os.urandom(5000))
    first = make_initrd(tmp_path / "busybox", tmp_path / "initrd.gz")
    assert sorted(os.listdir(tmp_path)) == ["busybox", "initrd.gz"]
    shutil.copy(tmp_path / "busybox", elsewhere / "busybox")
    os.utime(elsewhere / "busybox", (1e9, 1e9))
    recipe = shutil.copytree(TREE / "guests/linux", elsewhere / "linux")
    other = {"user": 65534, "group": 65534} if os.getuid() == 0 else {}
    again = make_initrd(elsewhere / "busybox", elsewhere / "x.gz", recipe, umask=0o077, **other)
    assert again == first


def test_initramfs_has_what_the_kernel_starts(tmp_path):
    busybox = tmp_path / "busybox"
    busybox.write_bytes(b"\x7fELF")
    archive = gzip.decompress(make_initrd(busybox, tmp_path / "initrd.gz"))
    listing = subprocess.run(["cpio", "-tv", "--quiet"], input=archive, check=True,
                             capture_output=True).stdout.decode()
    for line in listing.splitlines():
        assert line.startswith(("d", "-")), "a device node needs root to make it"
        assert " root " in line
        assert " 1970 " in line
    assert "-rwxr-xr-x" in [line.split()[0] for line in listing.splitlines()
                            if line.endswith(" init")]


# ---- tools/setup and tools/fetch-debian --------------------------------------

FAKES = {
    "dpkg-query": 'for word; do case $word in -*|make) ;; *) echo "$word installed";; esac; done',
    "apt-get": 'echo "apt-get $*" >>"$CALLS"; echo "pmstatus:make:50.0:Unpacking" >&3; exit $APT',
    "sudo": 'echo sudo >>"$CALLS"; exec "$@"',
    "id": 'echo "$USER_ID"',
}


@pytest.fixture(name="machine")
def make_machine(tmp_path):
    """A copy of the set-up on a machine whose apt, dpkg, id and sudo are pretended: make
    alone is missing there, and the Debian guests have been fetched."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "tools").mkdir()
    for name, body in FAKES.items():
        path = tmp_path / "bin" / name
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
    for name in ("setup", "fetch-debian"):
        shutil.copy(TREE / "tools" / name, tmp_path / "tools" / name)
    guests = tmp_path / "build/guests/debian"
    for folder in ("modules-armmp", "modules-armmp-lpae"):
        (guests / folder).mkdir(parents=True)
    for name in ("vmlinuz-armmp", "vmlinuz-armmp-lpae", "vexpress-v2p-ca15-tc1.dtb", "busybox",
                 "modules-armmp/order", "modules-armmp-lpae/order", "versions"):
        (guests / name).write_text("there")
    return tmp_path


def run_setup(machine, *arguments, user="0", apt="0"):
    """Runs tools/setup there; returns it and what was called."""
    calls = machine / "calls"
    calls.write_text("")
    environment = dict(os.environ, PATH=f"{machine}/bin:/usr/bin:/bin", CALLS=str(calls),
                       USER_ID=user, APT=apt)
    done = run(machine / "tools/setup", *arguments, env=environment)
    return done, calls.read_text().splitlines()


def test_setup_installs_what_is_missing_and_nothing_else(machine):
    done, calls = run_setup(machine, "run")
    assert done.returncode == 0, done.stdout
    assert [call.split()[-1] for call in calls] == ["update", "make"]
    assert "--no-install-recommends" in calls[1]
    assert "setup: installing   50 %" in done.stdout


def test_setup_uses_sudo_only_when_not_root(machine):
    assert "sudo" not in run_setup(machine, "run")[1]
    done, calls = run_setup(machine, "run", user="1000")
    assert done.returncode == 0, done.stdout
    assert calls.count("sudo") == 2


def test_setup_says_what_to_do_without_root_and_sudo(machine):
    (machine / "bin/sudo").unlink()
    if shutil.which("sudo", path="/usr/bin:/bin"):
        pytest.skip("this machine has a sudo of its own")
    done, calls = run_setup(machine, "run", user="1000")
    assert done.returncode == 1 and not calls
    assert "no sudo" in done.stdout


def test_setup_with_everything_there_calls_no_apt(machine):
    (machine / "bin/dpkg-query").write_text(
        '#!/bin/sh\nfor word; do echo "$word installed"; done\n')
    done, calls = run_setup(machine)
    assert (done.returncode, done.stdout, calls) == (0, "", [])


def test_setup_fails_when_apt_fails(machine):
    done, _ = run_setup(machine, "run", apt="100")
    assert done.returncode == 1
    assert "apt-get update failed" in done.stdout and "build/apt.log" in done.stdout


ONE_LINE = """# deb http://comment/debian bookworm main
deb http://plain/debian bookworm main contrib # note
deb-src http://source/debian bookworm main
deb [arch=amd64 signed-by=/key.gpg] http://option/debian stable main
deb http://security/debian-security bookworm-security main
deb http://other/linux bookworm stable
"""
DEB822 = """Types: deb deb-src
URIs: http://deb822/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 key

# comment
Types: deb
URIs: http://security822/debian-security
Suites: bookworm-security
Components: main

Enabled: no
Types: deb
URIs: http://disabled822/debian
Suites: bookworm
Components: main

Types: deb-src
URIs: http://source822/debian
Suites: bookworm
Components: main
"""


def test_debian_sources_are_the_main_suite_s_in_both_forms(tmp_path):
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list").write_text(ONE_LINE)
    (tmp_path / "sources.list.d/debian.sources").write_text(DEB822)
    done = run(TREE / "tools/debian-sources", tmp_path, "bookworm")
    stanzas = done.stdout.strip().split("\n\n")
    assert [words_after(stanza, "URIs:") for stanza in stanzas] == [
        ["http://deb822/debian"], ["http://plain/debian"], ["http://option/debian"]]
    for stanza in stanzas:
        assert words_after(stanza, "Types:") == ["deb"]
        assert words_after(stanza, "Suites:") == ["bookworm"]
        assert words_after(stanza, "Components:") == ["main"]
    assert stanzas[0].endswith(" -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n key")
    assert "Signed-By" not in stanzas[1]
    assert words_after(stanzas[2], "Signed-By:") == ["/key.gpg"]
