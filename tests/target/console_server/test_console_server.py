# SPDX-License-Identifier: BSD-2-Clause
"""The console, served by a VM: two Debian guests on it as on the hypervisor's, a server
that is restarted amid their output, and clients that mean it ill."""

import hashlib
import itertools
import pathlib
import re

import pytest

from lib import megabyte, panic

HERE = pathlib.Path(__file__).parent
VMS = ["armmp", "lpae"]

PASTE_BYTES = 16384
RESTARTS = 8


def boot_to_shells(boot):
    """Both Debian guests, at their prompts."""
    system = boot("console-server", vms=VMS)
    for vm in VMS:
        system.vm(vm).ready()
        system.vm(vm).run("dmesg -n 1")  # its kernel writes in the midst of others' lines
    return system


def numbered(vm):
    """The numbered lines that came whole."""
    return [line for line in vm.lines() if re.fullmatch(rf"\d{{7}} {megabyte.WORDS}", line)]


def test_a_megabyte_each(boot):
    """Printed at once: every byte is there, lines whole, order kept; and both can be
    used, and switched off: then the board is."""
    system = boot_to_shells(boot)
    megabyte.expect_from_each(system, VMS, boot.logs[0])
    for vm, kernel in zip(VMS, ["armmp", "armmp-lpae"]):
        assert system.vm(vm).run("uname -r")[0].endswith(f"-{kernel}")
        system.vm(vm).type("poweroff -f")
        system.hypervisor.expect(rf"^{vm}: powered off$")
    system.hypervisor.expect("^all VMs are off: switching the board off$")
    system.expect_off()


def test_paste(boot):
    """Faster than the guest reads, and no character is lost; the server's own keys."""
    system = boot_to_shells(boot)
    text = bytes(ord("!") + number * number % 89 for number in range(PASTE_BYTES))
    for vm in VMS:
        linux = system.vm(vm)
        linux.type(f"stty raw -echo; echo rea''dy; head -c {PASTE_BYTES} | md5sum; stty sane")
        linux.expect(r"^ready")
        system.send(text)
        assert linux.expect(r"^\s*([0-9a-f]{32})  -")[1] == hashlib.md5(text).hexdigest()
    system.send(b"\x1dh")
    system.vm("console").expect(r"^Ctrl-\] and a digit")
    system.vm("console").expect(r"^  2 lpae \(has the input\)$")
    linux.type("stty raw -echo; echo rea''dy; head -c 1 | hexdump -C; stty sane")
    linux.expect(r"^ready")
    system.send(b"\x1d\x1d")
    linux.expect(r"^\s*00000000  1d ")


def variant(role, cores):
    """clients.dts with another role for the bad one, and other cores for the clients."""
    text = (HERE / "clients.dts").read_text()
    text = text.replace("bad role=1", f"role={role}")
    numbers = iter(cores)
    text = re.sub(r"cpus = <0>", lambda _: f"cpus = <{next(numbers, 0)}>", text)
    folder = HERE.parents[2] / "build" / "tests"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"clients-{role}-{cores}.dts"
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
    return path


def whole(vm):
    """The numbers of a client's lines; each line of the form must be whole."""
    lines = [line for line in vm.lines() if line.startswith("line ")]
    matches = [re.fullmatch(r"line (\d+) abcdefghijklmnopqrstuvwxyz0123456789 end", line)
               for line in lines]
    assert all(matches), [line for line, match in zip(lines, matches) if not match]
    return [int(match[1]) for match in matches]


@pytest.mark.parametrize("cores", ["000", "111"])
@pytest.mark.parametrize("role", ["flood", "deaf", "nonsense", "restart", "lie"])
def test_bad_client(boot, role, cores):
    """One that floods, never listens, writes nonsense into its page, restarts in the midst
    of a line, or lies about its ring is nobody's misfortune but its own."""
    roles = ["", "flood", "deaf", "nonsense", "restart", "lie"]
    system = boot(variant(roles.index(role), cores), vms=["native", "uart", "bad"])
    native, uart = system.vm("native"), system.vm("uart")
    for vm in (native, uart):
        vm.expect("^line 10 ")
    if role == "deaf":
        system.send(b"\x1d3" + 2000 * b"x")  # more than its page and the wire hold
    else:
        system.send(b"\x1d3")
    system.vm("console").expect("^input goes to bad$")
    system.send(b"\x1d1y")
    native.expect("^typed: y$")
    for vm in (native, uart):
        last = len(vm.lines())
        vm.expect(rf"^line {last + 200} ")
        numbers = whole(vm)
        assert numbers == list(range(1, len(numbers) + 1))


def test_restart(boot):
    """The server is restarted amid the output of both: each line comes whole, in order,
    and none is lost (the open one comes again); then both can be used."""
    system = boot_to_shells(boot)
    count = megabyte.LINES // 4
    for vm in VMS:
        system.vm(vm).skip()
        system.vm(vm).type(megabyte.command(count))
    for restart in range(RESTARTS):
        system.vm(VMS[0]).expect(rf"^0*{(restart + 1) * 300} ")
        system.send(b"\x1dr")
    for vm in VMS:
        system.vm(vm).expect(r"^end$")
        lines = numbered(system.vm(vm))
        again = sum(a == b for a, b in zip(lines, lines[1:]))
        assert again <= RESTARTS
        assert [line for line, _ in itertools.groupby(lines)] == [
            megabyte.line(number) for number in range(count)]
        assert system.vm(vm).run("echo alive")[-1] == "alive"


def test_last_words(boot, monkeypatch):
    """A panic takes the UART from the server: what waited comes out, and then where it
    was, all with its head; and tools/bhsym can read it."""
    monkeypatch.setattr("lib.system.PANIC", "nothing")
    system = boot("console-server", vms=VMS)
    system.vm("armmp").expect("Booting Linux")
    panic.expect_exception(system, boot.logs[0], "console-server")
    assert all(line.startswith(("armmp| ", "lpae| ", "console| ", "bulkhead: ")) or not line
               for line in boot.logs[0].read_bytes().decode("utf-8", "replace")
               .replace("\r", "").splitlines() if "\x1b" not in line)
