// SPDX-License-Identifier: BSD-2-Clause
/*
 * Reading and writing the pending state of interrupts that sit in other vCPUs' list
 * registers, as a model for Spin: read_state() and write_state() of vgic/vgicd.c,
 * vgic_are_fresh() of vgic/remote.c, vgic_relist_requested() of vgic/vgic.c, VCPU_WAITING
 * in kernel/trap.c and kernel/sched.c. Each vCPU holds one interrupt, clears the next one's
 * and reads all. What the VM's lock guards is one atomic step; a guest takes its interrupt
 * at any time between. That requests arrive is kick.pml's. What is asserted: a read
 * tells what was true at some time since it began, a write of one's own included; who
 * waits is answered; nobody waits for ever, whoever waits for whom.
 *
 * test_spin.py checks it, and again with each WITHOUT_...: a rule left out.
 */
#ifndef VCPUS
#define VCPUS 2
#endif
#ifndef READS
#define READS 1 /* of each vCPU */
#endif
#ifndef LIMIT
#define LIMIT 30 /* of relists, all in all */
#endif

#define RELIST 1 /* VCPU_REQUEST_RELIST */
#define RESUME 4 /* VCPU_REQUEST_RESUME */

/* Interrupt i is the one that vCPU i holds. */
bool truth[VCPUS];          /* pending, in its list register */
bool pending[VCPUS];        /* vgic_pending() of its bank */
bool clear_pending[VCPUS];  /* bank.clear_pending */
byte relists = 1;           /* vgic_vm */
byte askers;
byte relisted_at[VCPUS];    /* vgic_vcpu */
byte asked_at[VCPUS];
byte requests[VCPUS];       /* vcpu.requests */
bool is_waiting[VCPUS];     /* VCPU_WAITING */

/* Ghosts: was interrupt i pending, was it not, at some time since reader r began? */
typedef seen {
	bool on[VCPUS];
	bool off[VCPUS]
}
seen since[VCPUS];
byte answers;

inline note()
{
	for (r : 0 .. VCPUS - 1) {
		for (i : 0 .. VCPUS - 1) {
			if
			:: asked_at[r] ->
				since[r].on[i] = since[r].on[i] || truth[i];
				since[r].off[i] = since[r].off[i] || !truth[i]
			:: else
			fi
		}
	};
	r = 0;
	i = 0
}

/* vgic_collect(): no list register has a say, what was asked for is done. */
inline collect()
{
	truth[me] = truth[me] && !clear_pending[me];
	clear_pending[me] = false;
	note()
}

/* vgic_refill(): the bank is told. Each relist has another number; that they do not go
 * on and on is what bounds a read. */
inline refill()
{
	pending[me] = truth[me];
	relists++;
	assert(relists <= LIMIT);
	relisted_at[me] = relists
}

/* read_state(), vgic_are_fresh(): is_fresh if no other is to be waited for. */
inline read_state()
{
	atomic {
		collect();
		if
#ifdef WITHOUT_THE_NEXT
		:: asked_at[me] == 0 -> asked_at[me] = relists; note()
#else
		:: asked_at[me] == 0 -> asked_at[me] = relists + 1; note()
#endif
#ifdef WITHOUT_MEMORY
		:: else -> asked_at[me] = relists + 1
#else
		:: else
#endif
		fi;
		is_fresh = true;
		for (i : 0 .. VCPUS - 1) {
			if
			:: i != me && relisted_at[i] < asked_at[me] ->
				is_fresh = false;
				requests[i] = requests[i] | RELIST
			:: else
			fi
		};
#ifdef WITHOUT_WAIT
		is_fresh = true;
#endif
		if
		:: is_fresh ->
			for (i : 0 .. VCPUS - 1) {
				assert(i == me || (pending[i] -> since[me].on[i] : since[me].off[i]));
				since[me].on[i] = false;
				since[me].off[i] = false
			};
			answers++
		:: else -> askers = askers | (1 << me)
		fi;
		i = 0;
		refill()
	}
}

/* finish() and trap_again(): what becomes of the trap. Between the lock's release and
 * this, others may have answered: RESUME is a request, and kept. */
inline finish()
{
	atomic {
		if
		:: is_fresh -> asked_at[me] = 0
		:: else -> is_waiting[me] = true
		fi;
		is_fresh = false
	}
}

/* vgic_relist_requested() */
inline relist_requested()
{
	atomic {
		collect();
		refill();
		for (i : 0 .. VCPUS - 1) {
#ifdef WITHOUT_RESUME
			skip
#elif defined(WITHOUT_KEEPING)
			/* As if only who waits already had to be told. */
			requests[i] = requests[i] | ((askers >> i) & is_waiting[i] -> RESUME : 0)
#else
			requests[i] = requests[i] | ((askers >> i) & 1 -> RESUME : 0)
#endif
		};
		i = 0;
		askers = 0
	}
}

proctype Core(byte me)
{
	byte left = READS, what, i, r, writes = 1;
	bool is_fresh, is_again;

end:	do
	:: atomic { requests[me] -> what = requests[me]; requests[me] = 0 }; /* serve_vcpu() */
		if
#ifdef WITHOUT_SERVING_WHILE_WAITING
		:: (what & RELIST) && is_waiting[me] -> requests[me] = requests[me] | RELIST;
			!is_waiting[me]
		:: (what & RELIST) && !is_waiting[me] -> relist_requested()
#else
		:: what & RELIST -> relist_requested()
#endif
		:: else
		fi;
		if
		:: atomic { (what & RESUME) && is_waiting[me] -> is_waiting[me] = false; is_again = true }
		:: else
		fi;
		what = 0
	:: !is_waiting[me] && (is_again || left) -> /* a trap, or sched_run(): trap_again() */
		atomic { left = left - !is_again; is_again = false };
		read_state();
		finish()
	:: atomic { !is_waiting[me] && !is_again && writes -> /* write_state(), vgic_changed() */
		writes--;
		i = (me + 1) % VCPUS;
		clear_pending[i] = true;
		requests[i] = requests[i] | RELIST;
		i = 0 }
	:: atomic { truth[me] -> truth[me] = false; note() } /* the guest takes it */
	od
}

active proctype Watch()
{
	timeout ->
	assert(answers == VCPUS * READS);
	assert(is_waiting[0] + is_waiting[1] == 0)
}

init {
	atomic {
		byte v;

		for (v : 0 .. VCPUS - 1) {
			truth[v] = true;
			pending[v] = true;
			run Core(v)
		}
	}
}
