# SPDX-License-Identifier: BSD-2-Clause
"""Audio passed through: what a bare guest plays by its interrupt is in QEMU's wav file,
sample by sample."""

import pathlib
import struct

HERE = pathlib.Path(__file__).parent
FRAMES, PERIOD = 24000, 96
HEADER = 44


def tone(frame):
    """The left side: a triangle."""
    phase, half = frame % PERIOD, PERIOD // 2
    return (phase if phase < half else 2 * half - phase) * 1300 - half * 650


def noise():
    """The right side."""
    state = 1
    while True:
        state = (state * 1664525 + 1013904223) & 0xffffffff
        yield (state >> 16) - (0x10000 if state >> 31 else 0)


def test_vexpress_audio(boot, tmp_path):
    """All frames are there, in their order, with nothing between them."""
    path = tmp_path / "wav"
    system = boot(HERE / "vexpress_audio.dts", vms=["player", "busy"], extra=[
        "-audiodev", f"wav,id=wav,path={path},out.frequency=48000,out.format=s16",
        "-global", "pl041.audiodev=wav"])
    result = system.vm("player").expect(
        r"^audio: (\d+) frames, (\d+) strange interrupts of (\d+)\n|^guest: unexpected.*")
    assert int(result[1]) > FRAMES and result[2] == "0", system.vm("player").text
    assert 10 < int(result[3]) <= int(result[1]) // 120
    system.hypervisor.expect("player: powered off")
    system.close()  # the file is complete
    samples = path.read_bytes()[HEADER:]
    expected = b"".join(struct.pack("<hh", tone(frame), right)
                        for frame, right in zip(range(FRAMES), noise()))
    assert len(samples) >= len(expected)
    start = samples.find(expected[:64])
    assert start >= 0 and start % 4 == 0, samples[:256].hex(" ", 4)
    assert samples[start:start + len(expected)] == expected
