// SPDX-License-Identifier: BSD-2-Clause
/*
 * Takes all the time it can get.
 */
#include <stdio.h>

int main(void)
{
	puts("busy: begins");
	for (;;)
		;
}
