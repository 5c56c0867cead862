// SPDX-License-Identifier: BSD-2-Clause
/*
 * Whole files, read and written.
 */
#ifndef BULKHEAD_MKSYSTEM_FILE_H
#define BULKHEAD_MKSYSTEM_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct file {
	const char *path;
	const uint8_t *bytes; /* followed by a NUL that is not counted */
	size_t length;
};

/* False, with errno set, if it can't be read; then *file is unchanged. */
bool file_read(const char *path, struct file *file);

/* Make `path` contain exactly these bytes; its time stays if it does already,
 * so that make rebuilds nothing. False, with errno set, if it can't be done. */
bool file_write_if_changed(const char *path, const void *bytes, size_t length);

/* A folder and those above it; it may exist. False, with errno set. */
bool file_make_folder(const char *path);

#endif
