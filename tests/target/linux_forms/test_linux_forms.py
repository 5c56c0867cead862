# SPDX-License-Identifier: BSD-2-Clause
"""Linux in other forms than the usual: little memory and periodic ticks, much memory.

Also that user space, which is Thumb-2 on armhf, computes what it should in both, and
that each can restart itself.
"""

import hashlib
import pathlib
import re

HERE = pathlib.Path(__file__).parent


def memory_kib(linux, field):
    """A figure of /proc/meminfo."""
    line = linux.run(f"grep ^{field}: /proc/meminfo")[-1]
    return int(line.split()[1])


def timer_interrupts(linux):
    """How many timer interrupts this Linux says it has had."""
    line = linux.run("grep arch_timer /proc/interrupts | head -n 1")[-1]
    return int(re.match(r"\s*\d+:\s+(\d+)", line)[1])


def ticks_in_a_nap(linux):
    """Timer interrupts while it sleeps for two seconds."""
    before = timer_interrupts(linux)
    linux.run("sleep 2")
    return timer_interrupts(linux) - before


def check_thumb(linux):
    """Busybox begins in Thumb (bit 0 of its entry), and gets a long sum right."""
    entry = int(linux.run("hexdump -s 24 -n 4 -e '\"%08x\"' /bin/busybox; echo")[-1], 16)
    assert entry & 1, f"busybox's entry, 0x{entry:x}, is not Thumb"
    text = "".join(f"{number}\n" for number in range(1, 20001))
    digest = linux.run("seq 1 20000 | gzip | gunzip | sha256sum")[-1].split()[0]
    assert digest == hashlib.sha256(text.encode()).hexdigest()
    total = linux.run("seq 1 20000 | awk '{ s += $1 * $1 } END { printf \"%.0f\\n\", s }'")[-1]
    assert int(total) == sum(number ** 2 for number in range(1, 20001))


def test_linux_forms(boot):
    """Both at work side by side."""
    system = boot(HERE / "linux_forms.dts", vms=["small", "large"])
    small, large = system.vm("small"), system.vm("large")
    small.ready()
    large.ready()

    assert 30000 < memory_kib(small, "MemTotal") < 65536
    assert "nohz=off" in small.run("cat /proc/cmdline")[-1]
    # A tick each 4 ms, idle or not; the other one ticks when there is something to do.
    assert ticks_in_a_nap(small) > 400
    assert ticks_in_a_nap(large) < 300

    assert memory_kib(large, "MemTotal") > 1400 * 1024
    ranges = "\n".join(large.run("grep 'System RAM' /proc/iomem"))
    assert "40000000-9fffffff" in ranges
    # More than what lies on one side of 0x80000000.
    large.run("mount -t tmpfs -o size=1200m tmpfs /tmp")
    large.run("dd if=/dev/zero of=/tmp/full bs=1M count=1100 2>/dev/null")
    assert memory_kib(large, "MemFree") < 400 * 1024
    assert large.run("dd if=/tmp/full bs=1M skip=1099 2>/dev/null | tr -d '\\000' | wc -c; rm /tmp/full")[-1] == "0"

    for linux in [small, large]:
        check_thumb(linux)
    for linux in [small, large]:
        linux.type("reboot -f")
        linux.ready()
        check_thumb(linux)
        assert not re.search(r"stall|lockup|\bBUG\b|Oops", linux.text)
