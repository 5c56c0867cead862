// SPDX-License-Identifier: BSD-2-Clause
/*
 * What stands between start.S and a guest's main(), and below newlib: the call of
 * main, and the system calls that printf, malloc and exit need. A guest that
 * returns from main powers its machine off. CPU 0 only, no locks.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "guests/lib/console.h"
#include "guests/lib/cpu.h"
#include "guests/lib/devicetree.h"
#include "guests/lib/psci.h"

extern char guest_heap_start[], guest_heap_end[];

int main(void);
void __libc_init_array(void);
void guest_start(const void *tree);

void _init(void);
void _fini(void);

/* crti.o would have them; the array of constructors is all we use. */
void _init(void)
{
}

void _fini(void)
{
}

void guest_start(const void *tree)
{
	console_enable();
	devicetree_set(tree);
	__libc_init_array();
	exit(main());
}

void _exit(int status)
{
	if (status != 0) {
		printf("guest: exit status %d\n", status);
		fflush(stdout);
	}
	psci_call_hvc(PSCI_SYSTEM_OFF, 0, 0, 0);
	for (;;)
		cpu_wait_for_interrupt();
}

int _write(int file, const char *bytes, int count)
{
	(void)file;
	for (int i = 0; i < count; i++) {
		if (bytes[i] == '\n')
			console_put('\r');
		console_put(bytes[i]);
	}
	return count;
}

int _read(int file, char *bytes, int count)
{
	(void)file;
	if (count == 0)
		return 0;
	bytes[0] = console_get();
	return 1;
}

void *_sbrk(ptrdiff_t increment)
{
	static char *end = guest_heap_start;
	char *previous = end;

	if (increment > guest_heap_end - end || increment < guest_heap_start - end) {
		errno = ENOMEM;
		return (void *)-1;
	}
	end += increment;
	return previous;
}

int _close(int file)
{
	(void)file;
	return -1;
}

int _fstat(int file, struct stat *status)
{
	(void)file;
	status->st_mode = S_IFCHR;
	return 0;
}

int _isatty(int file)
{
	(void)file;
	return 1;
}

int _lseek(int file, int offset, int whence)
{
	(void)file, (void)offset, (void)whence;
	return 0;
}

int _kill(int pid, int signal)
{
	(void)pid, (void)signal;
	errno = EINVAL;
	return -1;
}

int _getpid(void)
{
	return 1;
}
