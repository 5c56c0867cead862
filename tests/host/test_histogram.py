# SPDX-License-Identifier: BSD-2-Clause
"""tools/histogram draws what guests/control printed, and says when that is nothing."""

import pathlib
import subprocess
import xml.etree.ElementTree

TREE = pathlib.Path(__file__).resolve().parents[2]
LOG = """bulkhead: virt, 2 VMs on 1 cores\r
control| control: 0 .. 16 ns: 3\r
linux| control: a name like any other\r
control| control: 256 .. 272 ns: 9000\r
control| control: 21760 .. 22016 ns: 1\r
"""
SVG = "{http://www.w3.org/2000/svg}"


def histogram(*words, text=""):
    """Runs it with a log as its input."""
    return subprocess.run([TREE / "tools/histogram", *words], input=text, text=True,
                          capture_output=True, check=False)


def test_picture(tmp_path):
    """A bar for each line, higher and further right for more and later ones."""
    path = tmp_path / "picture.svg"
    done = histogram("-t", "a < b", "-o", path, text=LOG)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    root = xml.etree.ElementTree.parse(path).getroot()
    bars = [bar for bar in root.iter(f"{SVG}rect") if bar.find(f"{SVG}title") is not None]
    assert [bar.find(f"{SVG}title").text for bar in bars] == \
        ["0 .. 16 ns: 3", "256 .. 272 ns: 9000", "21760 .. 22016 ns: 1"]
    first, second, third = [float(bar.get("x")) for bar in bars]
    assert first < second < third < 870
    heights = [float(bar.get("height")) for bar in bars]
    assert heights[1] > heights[0] > heights[2] > 0
    assert "a < b: 9,004 releases, latest by 22,016 ns" in [text.text for text in root]


def test_nothing():
    """A log without a histogram, or none at all, is an error that says what to do."""
    done = histogram(text="control: 10 releases, one every 62500 ticks\n")
    assert done.returncode == 1 and "guests/control" in done.stderr and done.stdout == ""
    done = histogram("/nowhere")
    assert done.returncode == 1 and "/nowhere" in done.stderr
