# SPDX-License-Identifier: BSD-2-Clause
"""bhtrace's commands on a story made by hand, whose figures are known to the tick."""

import html.parser
import json
import re
import subprocess
import xml.etree.ElementTree

import pytest
import synthetic
from synthetic import HZ, TREE, analyse, entry, ring, story

import lanes
import layout
import recorder
import summary
import timeline

HYPERVISOR, GUEST, IDLE = "hypervisor", "guest", "idle"


@pytest.fixture(name="folder")
def fixture_folder(tmp_path):
    return synthetic.system(tmp_path / "made")


def test_causes_are_classes():
    """Whatever has words of its own is named in arch/hsr.h, where bhtrace looks."""
    classes = layout.parse_classes((TREE / "arch/hsr.h").read_text())
    assert classes[0x06] == "debug register"
    assert set(layout.CAUSES.values()) <= set(classes.values())


def bhtrace(*arguments):
    """Runs it; the result has stdout and stderr."""
    return subprocess.run([TREE / "tools/bhtrace", *map(str, arguments)], check=False,
                          capture_output=True, text=True)


@pytest.fixture(name="run")
def fixture_run(folder, tmp_path):
    """Runs a command on a dump of the story on both cores."""
    dump = tmp_path / "memory"
    dump.write_bytes(story(0) + story(1, shift=50))

    def run(command, *more):
        done = bhtrace(command, "-s", folder, dump, *more)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout
    return run


def test_spans_of_the_story(folder):
    (core,), _ = analyse(folder, story())
    assert [(s.start, s.end, s.kind, s.vcpu, s.cause, s.is_switch) for s in core.spans] == [
        (900, 1200, HYPERVISOR, None, "boot", True), (1200, 1500, GUEST, 0, None, False),
        (1500, 1510, HYPERVISOR, 0, "hypercall", False), (1510, 2000, GUEST, 0, None, False),
        (2000, 2040, HYPERVISOR, 0, "device write", False),
        (2040, 3000, GUEST, 0, None, False),
        (3000, 3100, HYPERVISOR, 0, "irq 26 timeout", True),
        (3100, 3600, GUEST, 1, None, False),
        (3600, 3630, HYPERVISOR, 1, "irq 27 vtimer", False),
        (3630, 4000, GUEST, 1, None, False),
        (4000, 4100, HYPERVISOR, 1, "WFI", True), (4100, 5000, GUEST, 0, None, False),
        (5000, 5050, HYPERVISOR, 0, "WFI", False), (5050, 9000, IDLE, None, None, False),
        (9000, 9100, HYPERVISOR, None, "irq 27 vtimer", True),
        (9100, 9600, GUEST, 1, None, False),
        (9600, 9640, HYPERVISOR, 1, "device read", False),
        (9640, 9900, GUEST, 1, None, False),
        (9900, 9990, HYPERVISOR, 1, "hypercall", False),
        (9990, 9990, IDLE, None, None, False)]


def test_latencies_of_the_story(folder):
    (core,), _ = analyse(folder, story())
    assert core.injections == [(3600, 3620, 1), (9000, 9050, 1)]
    assert core.wakes == [(9010, 9100, 1)]
    assert synthetic.spans.turns(core) == [
        (1200, 3000, 0), (3100, 4000, 1), (4100, 5000, 0), (9100, 9900, 1)]


def test_shares_of_the_story(folder):
    (core,), layout = analyse(folder, story())
    parts = summary.shares(core, layout)
    assert parts == {"one": 300 + 490 + 960 + 900, "two.0": 500 + 370 + 500 + 260,
                     HYPERVISOR: 300 + 10 + 40 + 100 + 30 + 100 + 50 + 100 + 40 + 90,
                     IDLE: 3950}
    assert sum(parts.values()) == 9990 - 900


def test_loaded_vcpu_is_known_before_the_first_switch(folder):
    """The first switch says whom it switched from."""
    (core,), _ = analyse(folder, ring([entry(5, "RETURN")] + [
        entry(10 * n, "WAKE", 0) for n in range(1, 70)] + [
        entry(800, "EXIT", synthetic.WFI), entry(810, "SWITCH", 1, 0), entry(820, "RETURN")]))
    assert core.spans[0].vcpu == 1 and core.spans[0].kind == HYPERVISOR


def test_nothing_is_concluded_across_lost_events(folder):
    early = ring([entry(100, "SWITCH", synthetic.NOBODY, 0), entry(200, "RETURN")])
    late = ring([entry(300 + n, "INJECT", 0, 27) for n in range(100)])
    (core,), _ = analyse(folder, early, late)
    assert core.lost == 34
    assert [(s.start, s.end, s.kind) for s in core.spans] == [
        (0, 200, HYPERVISOR), (336, 399, HYPERVISOR)]


def test_only_the_first_injection_answers_an_interrupt(folder):
    (core,), _ = analyse(folder, ring([
        entry(10, "IRQ", 26), entry(20, "INJECT", 0, 27), entry(30, "INJECT", 1, 27),
        entry(40, "RETURN"), entry(50, "IRQ", 26), entry(60, "RETURN"),
        entry(70, "EXIT", synthetic.WRITE), entry(80, "INJECT", 0, 33)]))
    assert core.injections == [(10, 20, 0)]


def test_a_guest_s_time_ends_with_any_event(folder):
    """Only the hypervisor writes events, whichever way it was entered."""
    (core,), _ = analyse(folder, ring([
        entry(10, "SWITCH", synthetic.NOBODY, 0), entry(20, "RETURN"), entry(50, "FAULT"),
        entry(60, "RETURN"), entry(80, "EXIT", synthetic.HVC)]))
    assert [(s.start, s.end, s.cause) for s in core.spans if s.kind == HYPERVISOR][1] == \
        (50, 60, "untraced entry")


@pytest.mark.parametrize("parts", [[1, 1, 1], [1, 2, 3, 4, 5, 6], [9999, 1, 0], [1], [7, 0, 11]])
def test_percentages_add_up(parts):
    rounded = summary.percentages(dict(enumerate(parts)))
    assert sum(rounded.values()) == 10000
    assert all(abs(rounded[n] - part * 10000 / sum(parts)) < 1 for n, part in enumerate(parts))


def test_summary(run):
    text = run("summary")
    lines = text.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0] == "core 0: 145 us, 32 events"
    assert re.search(r"^  one +29\.15 % +42\.4 us", text, re.M)
    assert re.search(r"^  idle +43\.46 %", text, re.M)
    assert text.count("  total                100.00 %") == 2
    assert re.search(r"^  irq 27 vtimer +idle +2 +1\.6 us +1\.6 us +3\.2 us$", text, re.M)
    assert "interrupt to injection: 4\n  least 320 ns, median 800 ns" in text
    assert "wake to run: 2\n  least 1.44 us" in text


def test_part_of_the_time(run):
    text = run("summary", "--from", 20e-6, "--to", 40e-6)  # ticks 2150 to 3400 after 900
    assert "core 0: 20 us, 3 events" in text
    assert re.search(r"two\.0 +24\.00 %", text)


def test_svg_is_well_formed_and_shows_each_vcpu(run):
    tree = xml.etree.ElementTree.fromstring(run("svg"))
    texts = [element.text for element in tree.iter("{http://www.w3.org/2000/svg}text")]
    for name in ["one", "two.0", "two.1", HYPERVISOR, IDLE, "core 0: 32 events"]:
        assert name in texts
    assert len(tree.findall(".//{http://www.w3.org/2000/svg}title")) >= 3


class Balance(html.parser.HTMLParser):
    """Elements must be closed, in order; scripts are kept."""
    VOID = ("meta",)

    def __init__(self):
        super().__init__()
        self.open, self.scripts, self.links = [], [], []

    def handle_starttag(self, tag, attrs):
        self.links += [value for name, value in attrs if name in ("src", "href")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert tag in self.VOID or self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] == ["script"]:
            self.scripts.append(data)


def test_html_is_well_formed_and_whole(run, folder):
    parser = Balance()
    parser.feed(run("html"))
    parser.close()
    assert parser.open == [] and parser.links == []
    data = json.loads(parser.scripts[0])
    cores, layout = analyse(folder, story(0) + story(1, shift=50))
    for core, shown in zip(cores, data["cores"]):
        for lane, drawn in zip(lanes.of_core(core, layout), shown["lanes"]):
            time, found = 0, []
            for gap, length, name in zip(*[iter(drawn["spans"])] * 3):
                found.append((time + gap + 900, time + gap + length + 900, data["names"][name]))
                time += gap + length
            assert found == lane.spans


def test_json_for_perfetto(run):
    data = json.loads(run("json"))["traceEvents"]
    by_thread = {}
    for event in data:
        assert event["ph"] in "MXisf"
        if event["ph"] == "X":
            by_thread.setdefault((event["pid"], event["tid"]), []).append(event)
    assert set(by_thread) == {(1, 0), (1, 1), (2, 0), (3, 0), (3, 1)}
    for events in by_thread.values():
        for earlier, later in zip(events, events[1:]):
            assert earlier["ts"] + earlier["dur"] <= later["ts"] + 0.002
    total = sum(event["dur"] for event in by_thread[1, 0] + by_thread[2, 0]) + sum(
        event["dur"] for event in by_thread[3, 0])
    assert total == pytest.approx((9990 - 900) / HZ * 1e6, abs=0.05)
    assert len([event for event in data if event["ph"] == "s"]) == 2


def babeltrace(folder):
    """(lines, warnings)"""
    done = subprocess.run(["babeltrace2", "--clock-cycles", folder], check=True,
                          capture_output=True, text=True)
    return done.stdout.splitlines(), done.stderr


def test_babeltrace_reads_the_same(run, tmp_path):
    assert "64 events" in run("ctf", "-o", tmp_path / "ctf")
    lines, warnings = babeltrace(tmp_path / "ctf")
    assert warnings == "" and len(lines) == 64
    words = [(int(line[1:21]), line.split(": ")[0].split()[-1]) for line in lines]
    assert [word for word in words if word[0] <= 1010] == [(1000, "start"), (1010, "start")]
    assert sorted(words) == sorted((time + shift, name.lower()) for shift in (0, 50)
                                   for time, name, *_ in synthetic.STORY)
    text = "\n".join(lines)
    assert 'switch: { cpu_id = 1 }, { from = ( "nobody" : container = 4294967295 ),' in text
    assert 'hsr = 0x90000040, pc = 0x8008, cause = ( "data abort"' in text


def test_babeltrace_hears_of_lost_events_and_of_long_times(folder, tmp_path):
    step = 2 ** 31 - 5
    (tmp_path / "a").write_bytes(ring([entry(n * step, "WAKE", 0) for n in range(4)]))
    (tmp_path / "b").write_bytes(ring([entry(n * step, "WAKE", 0) for n in range(100)]))
    assert bhtrace("ctf", "-s", folder, tmp_path / "a", tmp_path / "b", "-o",
                   tmp_path / "ctf").returncode == 0
    lines, warnings = babeltrace(tmp_path / "ctf")
    assert "discarded 32 events" in warnings
    times = [int(line[1:21]) for line in lines]
    assert times[:4] == [0, step, 2 * step, 3 * step]
    # How often the counter went round meanwhile, nobody knows.
    assert [later - earlier for earlier, later in zip(times[4:], times[5:])] == [step] * 63


@pytest.mark.parametrize("dump, words", [
    (b"nothing", "no ring of made in it"),
    (ring([]), "is empty: no event happened yet"),
    (story()[:99], "the dump ends within the ring of core 0"),
], ids=["none", "empty", "cut"])
def test_errors_say_what_to_do(folder, tmp_path, dump, words):
    (tmp_path / "memory").write_bytes(dump)
    done = bhtrace("summary", "-s", folder, tmp_path / "memory")
    assert done.returncode == 1 and done.stdout == ""
    assert words in done.stderr and "Traceback" not in done.stderr


def test_a_system_without_trace(tmp_path):
    done = bhtrace("summary", "-s", synthetic.system(tmp_path / "mute", capacity=0), "x")
    assert done.returncode == 1
    assert "write `trace-events = <8192>;` into /bulkhead" in done.stderr


def test_a_system_that_was_not_built():
    done = bhtrace("where", "-s", "no-such-system")
    assert done.returncode == 1
    assert "make image SYSTEM=no-such-system" in done.stderr


def test_ticks_are_round():
    assert timeline.ticks(0, 10) == list(range(11))
    assert timeline.ticks(5.4, 5.65) == pytest.approx([5.4, 5.45, 5.5, 5.55, 5.6, 5.65])


def test_coverage_adds_up():
    spans = [(0, 7), (10, 11), (30, 100)]
    parts = lanes.coverage(spans, 0, 100, 9)
    assert sum(parts) == pytest.approx(78 / 100 * 9)
    assert parts[8] == pytest.approx(1)


def test_recorder_takes_no_event_that_may_have_been_overwritten():
    """A ring in live memory, written on between two looks."""
    whole = [entry(n * 10, "WAKE", n) for n in range(400)]
    memory = bytearray(ring(whole[:40]))
    # pylint: disable=protected-access
    live = recorder._LiveRing(memory, 0, synthetic.CAPACITY)
    for count in (40, 60, 90, 190, 200):
        memory[:] = ring(whole[:count])
        live.take()
    live.take(is_stopped=True)
    assert {number: one[2] for number, one in live.entries.items()} == \
        {number: number for number in live.entries}
    missed = sorted(set(range(200)) - set(live.entries))
    assert missed == list(range(74, 142))  # 90 to 190 was more than the ring holds
