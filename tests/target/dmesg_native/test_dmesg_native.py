# SPDX-License-Identifier: BSD-2-Clause
"""Linux says the same at boot with and without the hypervisor, line by line.

Both boots have the same kernel, initramfs and device tree. A line that only one of
them has must match a regular expression in `explained`, which gives the reason.
"""

import collections
import pathlib
import re

HERE = pathlib.Path(__file__).parent
VMS = ["armmp", "lpae"]
TIMESTAMP = re.compile(r"^\[ *\d+\.\d+\] ")


def read_explained():
    """The differences that have a reason: compiled expressions, and if they must occur."""
    rows = []
    for number, line in enumerate((HERE / "explained").read_text().splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        expression, tab, reason = line.partition("\t")
        assert tab and reason.strip(), f"explained:{number}: EXPRESSION<tab>REASON"
        rows.append((re.compile(expression.removeprefix("?")), not expression.startswith("?")))
    return rows


def read_dmesg(linux):
    """The boot messages, without time stamps; the guest is ready."""
    linux.run("dmesg -n 1")  # from here on the console is the shell's alone
    lines = [TIMESTAMP.sub("", line) for line in linux.run("dmesg")]
    assert len(lines) > 50, "that is no dmesg"
    return collections.Counter(lines)


def expect_same(native_lines, guest_lines):
    """No line differs without a reason, and no reason is left over."""
    differences = [f"- {line}" for line in native_lines - guest_lines] + \
                  [f"+ {line}" for line in guest_lines - native_lines]
    explained = read_explained()
    unexplained = [line for line in differences
                   if not any(regex.search(line) for regex, _ in explained)]
    assert not unexplained, "unexplained (- native only, + guest only):\n" + \
        "\n".join(unexplained)
    unused = [regex.pattern for regex, must_occur in explained
              if must_occur and not any(map(regex.search, differences))]
    assert not unused, "explained, but no difference any more:\n" + "\n".join(unused)


def test_dmesg(boot):
    """Both kernels, each beside the other one."""
    system = boot("two-linux", vms=VMS)
    for vm in VMS:
        system.vm(vm).ready()  # no line of the other comes in between
    guests = {vm: read_dmesg(system.vm(vm)) for vm in VMS}
    system.close()
    for vm in VMS:
        native = boot.native("two-linux", vm)
        native.machine.ready()
        expect_same(read_dmesg(native.machine), guests[vm])
        native.close()
