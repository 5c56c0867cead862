# SPDX-License-Identifier: BSD-2-Clause
"""Parallel flash memory passed through: a bare guest queries, erases and writes it, also
when the hypervisor itself was started from the bank beside it; its file shows the rest."""

import pathlib
import struct

import pytest

HERE = pathlib.Path(__file__).parent
BYTES, BLOCK = 64 << 20, 256 << 10
BUFFER = 4096  # of both chips together
WORD, LAST = 0x12345678, 0x1a57


def words(first, count):
    """So many words that count up."""
    return struct.pack(f"<{count}I", *range(first, first + count))


def make_file(path):
    """What the bank has before: in its third block the numbers of its words, in the fourth
    something to erase, and a last word."""
    with path.open("wb") as file:
        file.truncate(BYTES)
        file.seek(2 * BLOCK)
        file.write(words(0, BLOCK // 4) + bytes(range(256)) * (BLOCK // 256))
        file.seek(BYTES - 4)
        file.write(struct.pack("<I", LAST))


def check_file(path):
    """The fourth block was erased, half of it written, first a word and then all that is
    behind a buffer's length; nothing else has changed."""
    content = path.read_bytes()
    assert len(content) == BYTES
    target = content[3 * BLOCK:4 * BLOCK]
    assert target[:BUFFER] == struct.pack("<I", WORD) + b"\xff" * (BUFFER - 4)
    assert target[BUFFER:BLOCK // 2] == words(BUFFER // 4, (BLOCK // 2 - BUFFER) // 4)
    assert target[BLOCK // 2:] == b"\xff" * (BLOCK // 2)
    assert content[2 * BLOCK:3 * BLOCK] == words(0, BLOCK // 4)
    assert not any(content[:2 * BLOCK]) and not any(content[4 * BLOCK:-4])
    assert content[-4:] == struct.pack("<I", LAST)


@pytest.mark.parametrize("entry", ["kernel", "pflash"])
def test_vexpress_flash(boot, tmp_path, entry):
    """CFI query, erase and write; the file afterwards."""
    path = tmp_path / "flash1"
    make_file(path)
    system = boot(HERE / "vexpress_flash.dts", entry, vms=["a"],
                  extra=["-drive", f"if=pflash,unit=1,format=raw,file={path}"])
    result = system.vm("a").expect(r"^flash: (\d+) checks, (\d+) failed$|^guest: unexpected.*")
    assert result[2] == "0" and int(result[1]) > 50, system.vm("a").text
    system.expect_off()
    system.close()
    check_file(path)
