// SPDX-License-Identifier: BSD-2-Clause
/*
 * What is wrong with a manifest. All messages of a run are collected and
 * printed together; the first one does not hide the second.
 */
#ifndef BULKHEAD_MKSYSTEM_REPORT_H
#define BULKHEAD_MKSYSTEM_REPORT_H

#include <stdbool.h>

/* A node, or one property of it (NULL: the node). */
struct place {
	const char *path;
	const char *property;
};

/* `format`: what is wrong, a sentence without a full stop. `remedy`: what to do. */
void report_error(struct place place, const char *remedy, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Printed like an error, but nothing is wrong: the manifest is compiled. */
void report_note(struct place place, const char *remedy, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Two places that contradict each other; both are named. */
void report_conflict(struct place first, struct place second, const char *remedy,
		     const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Was this very property (or node) complained about? Then its value is not used. */
bool report_has(struct place place);

/* Print all to stderr; returns how many errors. */
unsigned report_print(void);

#endif
