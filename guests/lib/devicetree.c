// SPDX-License-Identifier: BSD-2-Clause
/*
 * Finds properties in a flattened device tree (Devicetree Specification v0.4,
 * chapter 5); see devicetree.h. The tree comes from whoever started us: it
 * is only looked at if its magic number is right.
 */
#include <stdlib.h>
#include <string.h>

#include "guests/lib/devicetree.h"
#include "guests/lib/platform.h"

#define FDT_MAGIC      0xd00dfeedu
#define FDT_BEGIN_NODE 1u
#define FDT_END_NODE   2u
#define FDT_PROP       3u
#define FDT_END        9u

/* The header's words that we need, by index. */
enum { FDT_WORD_MAGIC = 0, FDT_WORD_STRUCT = 2, FDT_WORD_STRINGS = 3 };

static const uint32_t *devicetree;

void devicetree_set(const void *tree)
{
	devicetree = tree;
}

bool devicetree_find_native(void)
{
	if (devicetree != NULL)
		return false;
	devicetree = (const uint32_t *)PLATFORM_RAM;
	return true;
}

static uint32_t devicetree_word(const uint32_t *at)
{
	return __builtin_bswap32(*at);
}

static const uint32_t *devicetree_skip(const uint32_t *at, uint32_t bytes)
{
	return at + (bytes + 3) / 4;
}

static bool devicetree_is_named(const char *node, const char *name)
{
	size_t length = strlen(name);

	return strncmp(node, name, length) == 0 && (node[length] == '\0' || node[length] == '@');
}

const void *devicetree_property(const char *node, const char *name, uint32_t *bytes)
{
	if (devicetree == NULL || devicetree_word(&devicetree[FDT_WORD_MAGIC]) != FDT_MAGIC)
		return NULL;

	const char *base = (const char *)devicetree;
	const char *strings = base + devicetree_word(&devicetree[FDT_WORD_STRINGS]);
	const uint32_t *at =
		(const uint32_t *)(base + devicetree_word(&devicetree[FDT_WORD_STRUCT]));
	uint32_t depth = 0;
	bool is_found = false;

	for (;;) {
		switch (devicetree_word(at++)) {
		case FDT_BEGIN_NODE:
			depth++;
			is_found = depth == 2 && devicetree_is_named((const char *)at, node);
			at = devicetree_skip(at, strlen((const char *)at) + 1);
			break;
		case FDT_END_NODE:
			depth--;
			is_found = false;
			break;
		case FDT_PROP:
			if (is_found && strcmp(strings + devicetree_word(at + 1), name) == 0) {
				if (bytes != NULL)
					*bytes = devicetree_word(at);
				return at + 2;
			}
			at = devicetree_skip(at + 2, devicetree_word(at));
			break;
		case FDT_END:
			return NULL;
		}
	}
}

uint32_t devicetree_cell(const void *value, uint32_t index)
{
	return devicetree_word((const uint32_t *)value + index);
}

const char *devicetree_bootargs(void)
{
	const char *arguments = devicetree_property("chosen", "bootargs", NULL);

	return arguments == NULL ? "" : arguments;
}

uint32_t devicetree_argument(const char *name, uint32_t otherwise)
{
	size_t length = strlen(name);
	const char *at = devicetree_bootargs();

	while (*at != '\0') {
		if (strncmp(at, name, length) == 0 && at[length] == '=')
			return (uint32_t)strtoul(at + length + 1, NULL, 0);
		at += strcspn(at, " ");
		at += strspn(at, " ");
	}
	return otherwise;
}
