// SPDX-License-Identifier: BSD-2-Clause
/*
 * What of a guest's output reaches the terminal: the rule of kernel/source.h, by a
 * table of what is written and what comes out, with and without the focus; and that
 * random bytes bring nothing else.
 */
#include <string.h>

#include "arch/uart.h"
#include "kernel/console.h"
#include "kernel/source.h"
#include "tests/host/unit/unit.h"

#define SEEDS      400u
#define OUT_BYTES  4096u
#define CLEAN_HEAD "\030" /* CAN: how what makes a terminal clean begins */

bool console_has_colours;
static struct source source;
static char out[OUT_BYTES];
static uint32_t out_length;

bool uart_is_full(void)
{
	return true;
}

static void drain(bool is_free)
{
	for (int c = source_next(&source, is_free); c >= 0; c = source_next(&source, is_free))
		if (c && out_length < OUT_BYTES - 1)
			out[out_length++] = (char)c;
	out[out_length] = '\0';
}

static void start(void)
{
	static const char *const heads[] = { "vm| ", "\033[32mvm| \033[m" };

	source = (struct source){ .heads = heads };
	out_length = 0;
	source_open_line(&source, true);
	drain(true);
	out_length = 0;
}

static void put(const char *words, uint32_t length)
{
	while (length--)
		source_put(&source, *words++);
}

static const struct {
	const char *what, *written, *with_focus, *without;
} rows[] = {
	{ "text", "text ~\t.", "text ~\t.", "text ~\t." },
	{ "UTF-8", "\303\244 \342\224\200 \360\237\230\200",
	  "\303\244 \342\224\200 \360\237\230\200", "\303\244 \342\224\200 \360\237\230\200" },
	{ "C1 controls as UTF-8", "a\302\2331mb", "a\302?1mb", "a\302?1mb" },
	{ "C1 controls as bytes", "a\2331mb", "a?1mb", "a?1mb" },
	{ "controls", "a\001\005\016\017\177b", "ab", "ab" },
	{ "return and backspace", "ab\b\r!", "ab\b\r!", "ab!" },
	{ "bell", "\a", "\a", "" },
	{ "colours", "\033[1;31mred\033[m", "\033[1;31mred\033[m", "red" },
	{ "cursor", "\033[2J\033[1;1Hx", "\033[2J\033[1;1Hx", "x" },
	{ "two-character sequences", "\0337x\033(0\033c", "\0337x\033(0\033c", "x" },
	{ "a title", "\033]0;evil\ax", "\033\030x", "x" },
	{ "a title, ended by ST", "\033]2;evil\033\\x", "\033\030x", "x" },
	{ "the clipboard", "\033]52;c;ZXZpbA==\ax", "\033\030x", "x" },
	{ "device strings", "\033Pq\033\\x\033_a\033\\\033^b\033\\\033Xc\033\\y",
	  "\033\030x\033\030\033\030\033\030y", "xy" },
	{ "window reports", "\033[21tx", "\033[21\030x", "x" },
	{ "a control within a sequence", "\033[3\001x", "\033[3\030x", "x" },
};

static void check_row(uint32_t i, bool is_free)
{
	const char *want = is_free ? rows[i].with_focus : rows[i].without;

	start();
	put(rows[i].written, (uint32_t)strlen(rows[i].written));
	drain(is_free);
	unit_check(strcmp(out, want) == 0, "%s %s the focus: '%s', not '%s'", rows[i].what,
		   is_free ? "with" : "without", out, want);
}

static void the_rule(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(rows); i++) {
		check_row(i, true);
		check_row(i, false);
	}
}

/* What leaves something on the terminal, and what doesn't. */
static void paint(void **state)
{
	static const struct {
		const char *written;
		bool is_painted, has_screen;
	} cases[] = {
		{ "text", false, false },
		{ "\033[K\033[3D\033[6n", false, false },
		{ "\033[31m", true, false },
		{ "\033[31m\033[K", true, false },
		{ "\033[5;5H", true, false },
		{ "\033[?1049h", true, true },
		{ "\033[?1049h\033[?1049l", true, false },
		{ "\033[?25l", true, false },
		{ "\033(0", true, false },
		{ "\033[3", true, false },
		{ "\033", true, false },
	};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(cases); i++)
		for (uint32_t is_free = 0; is_free < 2; is_free++) {
			start();
			put(cases[i].written, (uint32_t)strlen(cases[i].written));
			drain(is_free);
			unit_check(source.is_painted == (is_free && cases[i].is_painted),
				   "case %u, focus %u: painted %u", i, is_free, source.is_painted);
			unit_check(source.has_screen == (is_free && cases[i].has_screen),
				   "case %u, focus %u: screen %u", i, is_free, source.has_screen);
		}
}

/* A sequence without end ends with the line, and may be broken off. */
static void nothing_is_without_end(void **state)
{
	static const char *const begun[] = { "\033", "\033[12", "\033]0;title", "\033]0;\033" };

	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(begun); i++) {
		start();
		put(begun[i], (uint32_t)strlen(begun[i]));
		drain(true);
		unit_check(source_break_line(&source), "case %u can't be broken off", i);
		start();
		put(begun[i], (uint32_t)strlen(begun[i]));
		put("\nnext", 5);
		drain(true);
		unit_check(strstr(out, "\r\nnext") != NULL, "case %u swallows the next line", i);
	}
}

/* What is repeated is text only, as it stood there. */
static void what_is_repeated(void **state)
{
	static const char line[] = "old\rp\033[1mro\033[mmpx\b> \a";

	(void)state;
	start();
	put(line, sizeof(line) - 1);
	drain(true);
	assert_true(source_break_line(&source));
	drain(true);
	out_length = 0;
	source_open_line(&source, true);
	drain(false);
	assert_string_equal(out, "vm| promp> ");
	source_open_line(&source, false);
	out_length = 0;
	drain(true);
	assert_int_equal(out[0], CLEAN_HEAD[0]);
	assert_non_null(strstr(out, "vm| "));
}

/* Of random bytes, without focus: no controls but tabs and ends of line, and no C1. */
static void run_random(void)
{
	static const char often[] = "\033[]P0;?mtHh\a\\\302\233\n";
	char last = '\0';

	start();
	for (uint32_t n = 0; n < 900; n++)
		source_put(&source, unit_once_in(2) ? often[unit_below(sizeof(often) - 1)]
						    : (char)unit_word());
	drain(false);
	for (uint32_t i = 0; i < out_length; i++) {
		char c = out[i];

		unit_check(c >= ' ' || c == '\t' || c == '\n' || (c == '\r' && out[i + 1] == '\n'),
			   "0x%02x comes through", c);
		unit_check(c != 0x7f, "DEL comes through");
		unit_check(c < 0x80 || c > 0x9f || (last >= 0x80 && last != 0xc2),
			   "0x%02x comes through behind 0x%02x", c, last);
		last = c;
	}
}

static void random_bytes(void **state)
{
	(void)state;
	unit_each_seed(SEEDS, run_random);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rule),
		cmocka_unit_test(paint),
		cmocka_unit_test(nothing_is_without_end),
		cmocka_unit_test(what_is_repeated),
		cmocka_unit_test(random_bytes),
	};

	return unit_run(argc, argv, tests);
}
