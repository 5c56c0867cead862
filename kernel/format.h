// SPDX-License-Identifier: BSD-2-Clause
/*
 * The little of printf that the hypervisor's messages need: %s %c %lu %lx %%, with a
 * width, `-` before it for text, `0` for numbers.
 * No memory, no recursion. Pure.
 */
#pragma once

#include <stdarg.h>
#include <stdint.h>

/* Write at most bytes - 1 characters and a terminating NUL to buffer; what does
 * not fit is cut off. Returns the length written. bytes > 0. */
uint32_t format_text(char *buffer, uint32_t bytes, const char *format, va_list arguments);
