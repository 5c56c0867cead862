// SPDX-License-Identifier: BSD-2-Clause
/*
 * Where each node and property of the manifest was written, learnt from
 * `dtc -I dts -O dts -T -T`, which keeps the places as comments.
 */
#ifndef BULKHEAD_MKSYSTEM_SOURCE_H
#define BULKHEAD_MKSYSTEM_SOURCE_H

/* Read dtc's annotated text once, before the look-ups. */
void source_load(const char *annotated);

/* "file:line:column" of a property, or of the node if `property` is NULL or
 * not there; of the nearest node above if dtc made the node up. Never NULL. */
const char *source_find(const char *path, const char *property);

/* How a property's value is written: '"', '<', '[', or ';' if it has none;
 * '\0' if there is no such property. */
char source_form(const char *path, const char *property);

#endif
