# SPDX-License-Identifier: BSD-2-Clause
"""A control loop and a Linux share buffers: what each sees of the other, and may do."""

import re

LINE = re.compile(r"cycle (\d+): setpoint (-?\d+), value (-?\d+), output (-?\d+); "
                  r"at most (\d+) us late, (\d+) missed")
ICOUNT = ["-icount", "shift=0,sleep=off"]


def test_control_and_linux(boot):
    """Linux sees the loop's data, asks for a setpoint, and the loop gets there; Linux
    can't write what it may only read, and the loop does not notice that it tried."""
    system = boot("control-and-linux", vms=["control", "linux"], extra=ICOUNT)
    control = system.vm("control")
    control.expect(r"^control: a cycle each 1000 us$")
    linux = system.vm("linux")
    linux.ready()

    def look():
        lines = linux.run("loop-data")
        match = LINE.fullmatch(lines[-1])
        assert len(lines) == 1 and match, lines
        return [int(number) for number in match.groups()]

    cycle, setpoint, value, *_ = look()
    assert cycle > 500 and setpoint == value == 0
    for wish in (42000, -7000, 123456789):
        linux.run(f"loop-data {wish}")
        wish = min(wish, 1000000)  # what the plant can bear
        control.expect(rf"^control: cycle \d+: setpoint {wish}; 0 missed$")
        before, now = cycle, look()
        while abs(now[2] - wish) > 100:
            assert now[0] > before and now[0] - cycle < 60000, now
            before, now = now[0], look()
        cycle = now[0]
        assert now[1] == wish and now[4] < 1000 and now[5] == 0, now

    # Writing is root's in sysfs; stage 2 says no, and only the writer is gone.
    file = linux.run("echo /sys/bus/platform/devices/a100000.sram/*.sram")[-1]
    linux.run(f"dd if=/dev/zero of={file} bs=32 count=1 conv=notrunc")
    assert "external abort" in linux.text
    linux.run("loop-data 77")
    control.expect(r"^control: cycle \d+: setpoint 77; 0 missed$")
    # A wish in a buffer that is not for wishes was not heard.
    assert (control.text + control.partial).count("setpoint") == 4
