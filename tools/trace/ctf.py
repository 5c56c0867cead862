# SPDX-License-Identifier: BSD-2-Clause
"""The trace in the Common Trace Format 1.8, shaped as barectf's tracers write it, for
babeltrace2 and Trace Compass: a text that describes it, and a file of packets a core.

All numbers are little-endian and begin at bytes. A packet ends where events are
missing, for its successor then says how many.
"""

import pathlib
import struct

from layout import NOBODY

MAGIC = 0xc1fc1fc1
PACKET = struct.Struct("<IIQQQQQI")  # header: magic, stream; then the packet's context
HEADER = struct.Struct("<HI")
PACKET_EVENTS = 2048

METADATA = """/* CTF 1.8 */

typealias integer {{ size = 16; align = 8; signed = false; }} := uint16;
typealias integer {{ size = 32; align = 8; signed = false; }} := uint32;
typealias integer {{ size = 64; align = 8; signed = false; }} := uint64;
typealias integer {{ size = 32; align = 8; signed = false; base = 16; }} := hex32;

trace {{
	major = 1;
	minor = 8;
	byte_order = le;
	packet.header := struct {{
		uint32 magic;
		uint32 stream_id;
	}};
}};

env {{
	domain = "bare";
	tracer_name = "bulkhead";
	system = "{system}";
}};

clock {{
	name = counter;
	description = "the physical counter, CNTPCT";
	freq = {hz};
	precision = 0;
	offset = 0;
	absolute = false;
}};

typealias integer {{
	size = 64; align = 8; signed = false; map = clock.counter.value;
}} := time64;
typealias integer {{
	size = 32; align = 8; signed = false; map = clock.counter.value;
}} := time32;

typealias enum : uint32 {{ {vcpus} }} := vcpu;
typealias enum : uint32 {{ {vms} }} := vm;
typealias enum : uint16 {{ {causes} }} := cause;

stream {{
	id = 0;
	packet.context := struct {{
		time64 timestamp_begin;
		time64 timestamp_end;
		uint64 content_size;
		uint64 packet_size;
		uint64 events_discarded;
		uint32 cpu_id;
	}};
	event.header := struct {{
		uint16 id;
		time32 timestamp;
	}};
}};
"""

EVENT = """
event {{
	id = {id};
	name = "{name}";
	stream_id = 0;
	fields := struct {{
{fields}	}};
}};
"""

# The types of operands, by name; all others are plain numbers.
TYPES = {"hsr": "hex32", "pc": "hex32", "cpsr": "hex32", "address": "hex32",
         "from": "vcpu", "to": "vcpu", "vcpu": "vcpu", "vm": "vm"}


def _has_cause(definition):
    return definition.a == "hsr"


def _fields(definition):
    """[(type, name)] of an event; a syndrome is followed by its class in words."""
    operands = [name for name in (definition.a, definition.b) if name]
    found = [(TYPES.get(name, "uint32"), name) for name in operands]
    return found + ([("cause", "cause")] if _has_cause(definition) else [])


def _labels(names):
    return ", ".join(f'"{name}" = {number}' for number, name in names)


def metadata(layout):
    """The text that describes the streams."""
    vcpus = [(number, vcpu.name) for number, vcpu in enumerate(layout.vcpus)]
    text = METADATA.format(system=layout.name, hz=layout.counter_hz,
                           vcpus=_labels(vcpus + [(NOBODY, "nobody")]),
                           vms=_labels(layout.vmids()), causes=_labels(layout.classes.items()))
    for number, definition in enumerate(layout.events):
        # The underscore keeps names apart from TSDL's own words.
        fields = "".join(f"\t\t{kind} _{name};\n" for kind, name in _fields(definition))
        text += EVENT.format(id=number, name=definition.name.lower(), fields=fields)
    return text


def _payload(event, definition):
    words = [value for value, name in ((event.a, definition.a), (event.b, definition.b)) if name]
    data = struct.pack(f"<{len(words)}I", *words)
    return data + struct.pack("<H", event.a >> 26) if _has_cause(definition) else data


def _packets(events):
    """Lists of events without a gap in them."""
    packet = []
    for event in events:
        if packet and (event.lost or len(packet) == PACKET_EVENTS):
            yield packet
            packet = []
        packet.append(event)
    if packet:
        yield packet


def stream(core, events, layout):
    """The bytes of one core's file."""
    numbers = {definition.name: number for number, definition in enumerate(layout.events)}
    data, discarded = b"", 0
    for packet in _packets(events):
        body = b""
        for event in packet:
            number = numbers[event.name]
            body += HEADER.pack(number, event.time & 0xffffffff)
            body += _payload(event, layout.events[number])
        discarded += packet[0].lost
        bits = (PACKET.size + len(body)) * 8
        data += PACKET.pack(MAGIC, 0, packet[0].time, packet[-1].time, bits, bits, discarded,
                            core) + body
    return data


def write(folder, decoded, layout):
    """Writes the trace: metadata, and a stream for each core that has events."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("core*"):
        old.unlink()
    (folder / "metadata").write_text(metadata(layout))
    for core, events in decoded.items():
        if events:
            (folder / f"core{core}").write_bytes(stream(core, events, layout))
