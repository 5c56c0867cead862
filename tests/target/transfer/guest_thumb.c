// SPDX-License-Identifier: BSD-2-Clause
#include "tests/target/transfer/guest.c"
