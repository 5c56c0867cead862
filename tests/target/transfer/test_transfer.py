# SPDX-License-Identifier: BSD-2-Clause
"""Loads and stores of every form do to a device what the manuals say.

One guest checks chosen forms (guest.c); another compares thousands of random ones with
what the core itself does to memory (guest_random.c). Natively that passes as well.
"""

import pathlib

HERE = pathlib.Path(__file__).parent
ROUNDS = 200 # of each of 26 encodings


def expect_checks(vm, name, least):
    """Waits for a guest's result; all its checks must have passed."""
    result = vm.expect(rf"^{name}: (\d+) checks, (\d+) failed$|^guest: unexpected.*")
    assert result[2] == "0", vm.text
    assert int(result[1]) > least


def expect_random(vm):
    """Of each encoding many did something; all did the same to a device as to memory."""
    least = vm.expect(r"^random: of each form (\d+) of (\d+) had an effect$"
                      r"|^random: too many failures$|^guest: unexpected.*")
    assert least[2] == str(ROUNDS), vm.text
    assert int(least[1]) > ROUNDS // 2
    expect_checks(vm, "random", 50 * ROUNDS)


def test_transfer(boot):
    """Both instances pass every check, and power off."""
    system = boot(HERE / "transfer.dts", vms=["a", "b"])
    for name in ["a", "b"]:
        expect_checks(system.vm(name), "transfer", 90)
    system.expect_off()


def test_random_native(boot):
    """The comparison holds where there is nothing to be compared: all is QEMU's."""
    vm = boot.native(HERE / "random.dts", "a").machine
    expect_checks(vm, "random", 500)


def test_random(boot):
    """Ten thousand forms, in two VMs that take each other's turn every millisecond."""
    system = boot(HERE / "random.dts", vms=["a", "b"])
    for name in ["a", "b"]:
        expect_random(system.vm(name))
    system.expect_off()
