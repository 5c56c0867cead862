// SPDX-License-Identifier: BSD-2-Clause
/*
 * Every register of the generic timer, as User mode may or may not see it.
 */
#include "guests/lib/form.inc"

	.syntax	unified

	forms	timers_user
	a32	"mrc CNTFRQ", "mrc p15, 0, r2, c14, c0, 0"
	a32	"mrrc CNTPCT", "mrrc p15, 0, r2, r3, c14"
	a32	"mrrc CNTVCT", "mrrc p15, 1, r2, r3, c14"
	a32	"mrc CNTP_TVAL", "mrc p15, 0, r2, c14, c2, 0"
	a32	"mrc CNTP_CTL", "mrc p15, 0, r2, c14, c2, 1"
	a32	"mcr CNTP_CTL", "mcr p15, 0, r0, c14, c2, 1"
	a32	"mrrc CNTP_CVAL", "mrrc p15, 2, r2, r3, c14"
	a32	"mcrr CNTP_CVAL", "mcrr p15, 2, r2, r3, c14"
	a32	"mrc CNTV_TVAL", "mrc p15, 0, r2, c14, c3, 0"
	a32	"mrc CNTV_CTL", "mrc p15, 0, r2, c14, c3, 1"
	a32	"mcr CNTV_CTL", "mcr p15, 0, r0, c14, c3, 1"
	a32	"mrrc CNTV_CVAL", "mrrc p15, 3, r2, r3, c14"
	t32	"mrrc CNTPCT", "mrrc p15, 0, r2, r3, c14"
	t32	"mrc CNTP_CTL", "mrc p15, 0, r2, c14, c2, 1"
	t32	"mrrceq CNTPCT in IT", "it eq; mrrceq p15, 0, r2, r3, c14", 2
	a32	"mrc CNTKCTL", "mrc p15, 0, r2, c14, c1, 0"
	a32	"mcr CNTKCTL", "mcr p15, 0, r0, c14, c1, 0"
	a32	"mcr CNTFRQ", "mcr p15, 0, r0, c14, c0, 0"
	forms_end
