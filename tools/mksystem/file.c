// SPDX-License-Identifier: BSD-2-Clause
/*
 * Reading and writing of whole files. Called by main.c for its inputs, by
 * image.c for the guests' files and by emit.c for the outputs.
 */
#include "tools/mksystem/file.h"
#include "tools/mksystem/arena.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool file_read_open(FILE *stream, struct file *file)
{
	struct stat status;

	if (fstat(fileno(stream), &status) != 0)
		return false;
	if (!S_ISREG(status.st_mode)) {
		errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
		return false;
	}

	size_t length = (size_t)status.st_size;
	uint8_t *bytes = arena_alloc(length + 1);

	errno = EIO; /* what a short read without an error means */
	if (fread(bytes, 1, length, stream) != length)
		return false;
	file->bytes = bytes;
	file->length = length;
	return true;
}

bool file_read(const char *path, struct file *file)
{
	FILE *stream = fopen(path, "rb");

	if (stream == NULL)
		return false;

	bool is_read = file_read_open(stream, file);
	int reason = errno;

	fclose(stream);
	errno = reason;
	if (is_read)
		file->path = path;
	return is_read;
}

static bool file_write(const char *path, const void *bytes, size_t length)
{
	FILE *stream = fopen(path, "wb");

	if (stream == NULL)
		return false;

	bool is_written = fwrite(bytes, 1, length, stream) == length;

	return fclose(stream) == 0 && is_written;
}

bool file_write_if_changed(const char *path, const void *bytes, size_t length)
{
	struct file old;

	if (file_read(path, &old) && old.length == length &&
	    (length == 0 || memcmp(old.bytes, bytes, length) == 0))
		return true;

	/* By a second name: whoever reads `path` never sees half a file. */
	const char *temporary = arena_printf("%s.new", path);

	return file_write(temporary, bytes, length) && rename(temporary, path) == 0;
}

bool file_make_folder(const char *path)
{
	char *part = arena_printf("%s", path);

	for (char *slash = strchr(part + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(part, 0777) != 0 && errno != EEXIST)
			return false;
		*slash = '/';
	}
	return mkdir(part, 0777) == 0 || errno == EEXIST;
}
