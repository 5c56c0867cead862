# SPDX-License-Identifier: BSD-2-Clause
"""Messages and doorbells between VMs keep their rules."""

import pathlib

HERE = pathlib.Path(__file__).parent


def checks(vm):
    """Waits for a guest's last line; returns how many checks it made."""
    result = vm.expect(r"^[\w-]+: (\d+) checks, (\d+) failed$|^guest: unexpected.*|.*too many.*")
    assert result[2] == "0" and "FAILED" not in vm.text, vm.text
    return int(result[1])


def test_rules(boot):
    """Who is who, who may send to whom; BUSY, EMPTY, CLOSED; lives; by call and page."""
    system = boot(HERE / "ivc.dts", vms=["a", "b", "c", "d", "e"])
    for name, least in (("a", 1000), ("b", 150), ("c", 100), ("d", 200), ("e", 20)):
        assert checks(system.vm(name)) > least
