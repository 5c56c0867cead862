// SPDX-License-Identifier: BSD-2-Clause
/*
 * See wire.h.
 */
#include "tests/host/unit/wire.h"

#include <string.h>

#include "arch/cp15.h"
#include "kernel/source.h"
#include "tests/host/unit/console_rig.h"
#include "tests/host/unit/unit.h"

#define TEXT_BYTES   (256u * 1024u)
#define READINGS_MAX 64u
#define HEAD_BYTES   32u
#define LONG_LINE    256u /* characters on the wire */

enum phase { CLOSED, REPEATING, BODY, BREAKING };

/* One way to understand what a source has sent. */
struct reading {
	enum phase phase;
	bool is_broken;  /* the last line was, so it is repeated */
	uint32_t start;  /* of the line, in what was accepted */
	uint32_t sent;   /* of what was accepted */
	uint32_t opened; /* the same when the line began on the wire */
	uint32_t repeat; /* of the line, while REPEATING */
	char last;
};

static struct {
	const char *head;
	char accepted[TEXT_BYTES];
	uint32_t length;
	struct reading readings[READINGS_MAX];
	uint32_t reading_count;
	uint64_t waits_since;
} sources[WIRE_SOURCES];

static int open; /* whose line it is, or -1 */
static char head[HEAD_BYTES + 1];
static uint32_t head_length;
static char text[TEXT_BYTES];
static uint32_t text_length;
static uint32_t break_count;
static uint32_t opened_at; /* in text */

void wire_init(const char *const *heads)
{
	memset(sources, 0, sizeof(sources));
	for (uint32_t i = 0; i < WIRE_SOURCES; i++) {
		sources[i].head = heads[i];
		sources[i].reading_count = 1;
	}
	open = -1;
	head_length = text_length = break_count = 0;
}

void wire_accept(uint32_t source, char c)
{
	unit_check(sources[source].length < TEXT_BYTES, "the test writes too much");
	if (wire_pending(source) == 0)
		sources[source].waits_since = cp15.CNTPCT;
	sources[source].accepted[sources[source].length++] = c;
}

uint32_t wire_sent(uint32_t source)
{
	uint32_t sent = 0;

	for (uint32_t i = 0; i < sources[source].reading_count; i++)
		if (sources[source].readings[i].sent > sent)
			sent = sources[source].readings[i].sent;
	return sent;
}

uint32_t wire_pending(uint32_t source)
{
	return sources[source].length - wire_sent(source);
}

bool wire_has_line(uint32_t source)
{
	return memchr(sources[source].accepted + wire_sent(source), '\n', wire_pending(source));
}

const char *wire_text(void)
{
	return text;
}

uint32_t wire_length(void)
{
	return text_length;
}

uint32_t wire_breaks(void)
{
	return break_count;
}

/* ---- The readings of the open line ------------------------------------------ */

static void add(const struct reading *reading)
{
	uint32_t *count = &sources[open].reading_count;

	for (uint32_t i = 0; i < *count; i++)
		if (memcmp(&sources[open].readings[i], reading, sizeof(*reading)) == 0)
			return;
	unit_check(*count < READINGS_MAX, "too many readings");
	sources[open].readings[(*count)++] = *reading;
}

static void close_line(struct reading reading, bool is_broken)
{
	reading.phase = CLOSED;
	reading.is_broken = is_broken;
	reading.repeat = 0;
	reading.last = 0;
	if (!is_broken)
		reading.start = reading.sent;
	add(&reading);
}

static void follow_repeat(struct reading reading, char c)
{
	if (sources[open].accepted[reading.start + reading.repeat] != c)
		return;
	reading.last = c;
	reading.repeat++;
	add(&reading);
}

static void follow_body(struct reading reading, char c)
{
	const char *next = sources[open].accepted + reading.sent;
	bool has_next = reading.sent < sources[open].length;
	struct reading other = reading;

	reading.last = c;
	if (has_next && *next == c && c != '\n') {
		reading.sent++;
		add(&reading);
	} else if (has_next && *next == '\n' && c == '\n' && other.last == '\r') {
		reading.sent++;
		close_line(reading, false);
	} else if (has_next && *next == '\n' && c == '\r' && other.last != '\r') {
		add(&reading);
	}
	/* Who speaks has something to say, so a break comes after some of it. */
	if (c == '\r' && open != (int)WIRE_OWN && other.sent > other.opened) {
		other.phase = BREAKING;
		add(&other);
	}
}

static void follow(struct reading reading, char c)
{
	uint32_t length = reading.sent - reading.start;

	if (reading.phase == REPEATING && reading.repeat < length &&
	    reading.repeat < SOURCE_LINE_BYTES) {
		follow_repeat(reading, c);
		return;
	}
	if (reading.phase == BREAKING) {
		if (c == '\n')
			close_line(reading, true);
		return;
	}
	reading.phase = BODY;
	reading.repeat = 0;
	follow_body(reading, c);
}

/* A line is broken off for others only: who have waited long; or any, if it is a
 * long one; or us, who answer a key. */
static void check_break(void)
{
	uint64_t patience = (uint64_t)RIG_PATIENCE_MS * RIG_TICKS_PER_MS;
	bool is_long = text_length - opened_at >= LONG_LINE;

	break_count++;
	for (uint32_t i = 0; i < WIRE_SOURCES; i++)
		if ((int)i != open && wire_pending(i) &&
		    (is_long || i == WIRE_OWN || cp15.CNTPCT - sources[i].waits_since >= patience))
			return;
	unit_check(rig_is_flushing(), "a line of %d is broken off for nobody", open);
}

static void end_line(void)
{
	uint32_t count = sources[open].reading_count, broken = 0;

	for (uint32_t i = 0; i < count; i++)
		broken += sources[open].readings[i].is_broken;
	if (broken == count)
		check_break();
	open = -1;
	head_length = 0;
}

static void put_in_line(char c)
{
	struct reading before[READINGS_MAX];
	uint32_t count = sources[open].reading_count;
	bool is_closed = true;

	memcpy(before, sources[open].readings, sizeof(before));
	sources[open].reading_count = 0;
	for (uint32_t i = 0; i < count; i++)
		follow(before[i], c);
	count = sources[open].reading_count;
	unit_check(count != 0, "0x%02x is no character that '%s' has to send", c & 0xff,
		   sources[open].head);
	sources[open].waits_since = cp15.CNTPCT;
	for (uint32_t i = 0; i < count; i++)
		is_closed &= sources[open].readings[i].phase == CLOSED;
	if (is_closed)
		end_line();
}

/* ---- Whose line it is -------------------------------------------------------- */

static void open_line(int source)
{
	open = source;
	opened_at = text_length;
	for (uint32_t i = 0; i < sources[open].reading_count; i++) {
		struct reading *reading = &sources[open].readings[i];

		reading->phase = REPEATING;
		reading->opened = reading->sent;
		if (!reading->is_broken)
			reading->start = reading->sent;
		reading->is_broken = false;
	}
}

static void put_in_head(char c)
{
	bool is_known = false;

	head[head_length++] = c;
	for (uint32_t i = 0; i < WIRE_SOURCES && open < 0; i++) {
		is_known |= strncmp(sources[i].head, head, head_length) == 0;
		if (is_known && strlen(sources[i].head) == head_length &&
		    memcmp(sources[i].head, head, head_length) == 0)
			open_line((int)i);
	}
	unit_check(is_known, "a line begins with '%.*s', which is no head", (int)head_length, head);
}

void wire_put(char c)
{
	unit_check(text_length < TEXT_BYTES, "more is sent than ever was written");
	text[text_length++] = c;
	if (open < 0)
		put_in_head(c);
	else
		put_in_line(c);
}
