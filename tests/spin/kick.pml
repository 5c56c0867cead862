// SPDX-License-Identifier: BSD-2-Clause
/*
 * kernel/request.c against kernel/sched.c as a model for Spin: two cores leave requests
 * for a third one, its vCPUs and itself, while the windows of its time plan alternate
 * between the VMs of its two vCPUs. Each statement is one atomic access to memory.
 * What is asserted: when nothing moves any more (the core runs a guest that never
 * traps, or sleeps), no request waits but for a vCPU whose window it is not; and a kick
 * in a foreign window is of one who asked before that began, one each at most.
 *
 * test_spin.py checks it, and again with each WITHOUT_...: a rule left out.
 */
#ifndef POSTS
#define POSTS 2 /* of each of the other cores */
#endif
#ifndef WINDOWS
#define WINDOWS 2 /* that begin, at most */
#endif

#define VCPUS 1   /* CORE_REQUEST_VCPUS */
#define CONSOLE 2 /* CORE_REQUEST_CONSOLE: any other */

#define SGIS  48  /* VCPU_REQUEST_SGI of poster 0 and 1; they have bit 0 and 1 for others */
#define OTHER (255 - SGIS)

/* struct core and its two vCPUs, in memory. */
byte requests;         /* core.requests */
byte vcpu_requests[2]; /* vcpu.requests */
byte vms_allowed = 1;  /* 1 << vCPU */

/* The hardware: a software-generated interrupt is pending. */
bool sgi;

/* Ghosts. */
byte windows_left;
bool is_late[2]; /* a window has begun since this poster began to ask */

inline kick()
{
	atomic {
		sgi = true;
		assert(!wanted || (vms_allowed & wanted) || is_late[me]);
		is_late[me] = is_late[me] && (vms_allowed & wanted)
	}
}

/* request_vcpu(), on another core. */
inline request_vcpu(v)
{
	is_late[me] = false;
	if
	:: bits = 1 << me
	:: bits = 16 << me
	fi;
#ifdef WITHOUT_POSTER_ORDER
	kick();
#endif
	atomic {
		before = vcpu_requests[v];
		vcpu_requests[v] = before | bits;
		if
		:: before -> goto posted
		:: else
		fi
	};
#ifdef WITHOUT_POSTER_ORDER
	goto posted;
#endif
	if
#ifndef WITHOUT_WINDOW_CHECK
	:: ((vms_allowed >> v) & 1) == 0 -> goto posted
	:: (vms_allowed >> v) & 1
#else
	:: true
#endif
	fi;
	kick();
	goto posted
}

/* request_core(), on another core. */
inline request_core(what)
{
	atomic {
		before = requests;
		requests = requests | what;
		if
		:: before -> goto posted
		:: else
		fi
	};
	kick()
}

proctype Poster(byte me)
{
	byte posts, before, wanted, bits;

	do
	:: posts < POSTS ->
		atomic { posts++; before = 0 };
		if
		:: wanted = 1; request_vcpu(0)
		:: wanted = 2; request_vcpu(1)
		:: request_core(CONSOLE)
		:: posts = POSTS
		fi;
posted:
		atomic { before = 0; wanted = 0; bits = 0 }
	:: else -> break
	od
}

/* request_vcpu(), on the core itself: as stop_one() asks for STOPPED. */
inline request_own()
{
	atomic { what = vcpu_requests[0]; vcpu_requests[0] = what | 4 };
	if
	:: what == 0 -> requests = requests | VCPUS
	:: else
	fi
}

/* request_serve(): what had been asked of the core, then of its vCPUs. */
inline request_serve()
{
#ifndef WITHOUT_SERVER_ORDER
	requests = 0;
#endif
	vcpu_requests[0] = 0;
	vcpu_requests[1] = 0;
	if
	:: !has_asked -> has_asked = true; request_own()
	:: true
	fi;
#ifdef WITHOUT_SERVER_ORDER
	requests = 0
#endif
}

/* request_irq(), up to its end. */
inline request_irq()
{
#ifdef WITHOUT_BARRIER
	/* All is read before the acknowledge. */
	what = requests | (vcpu_requests[0] & (loaded -> 255 : OTHER)) |
	       (vcpu_requests[1] & (loaded -> OTHER : 255));
#endif
	sgi = false;
	vcpu_requests[loaded] = vcpu_requests[loaded] & OTHER; /* serve_sgis() */
#ifndef WITHOUT_BARRIER
	what = requests;
#ifndef WITHOUT_REST
	what = what | vcpu_requests[0];
	what = what | vcpu_requests[1];
#endif
#endif
	if
	:: what -> requests = requests | VCPUS
	:: else -> goto guest /* who goes on without sched_run() */
	fi
}

/* What sched_run() does between one interrupt and the next. */
active proctype Core()
{
	byte what, loaded;
	bool has_asked;

	do
	:: what = requests; /* sched_run() */
		do
		:: what ->
			request_serve();
#ifdef WITHOUT_SERVING_AGAIN
			what = 0
#else
			what = requests
#endif
		:: else -> break
		od;
#ifdef WITHOUT_WINDOW_ORDER
		vms_allowed = 1 + windows_left % 2;
#endif
		if
		:: loaded = 0
		:: loaded = 1
		fi;
		/* A guest runs, or wfi(): until there is an interrupt. */
guest:
end:		if
		:: sgi -> request_irq()
		:: atomic {
				windows_left -> /* timeout_irq(), plan_next_window() */
				windows_left--;
				is_late[0] = true;
				is_late[1] = true;
#ifndef WITHOUT_WINDOW_ORDER
				vms_allowed = 1 + windows_left % 2
#endif
			};
#ifndef WITHOUT_WINDOW_LOOK
			requests = requests | VCPUS
#else
			skip
#endif
		fi
	od
}

/* When nothing moves any more, nothing was forgotten. */
active proctype Watch()
{
	timeout ->
	assert((requests & CONSOLE) == 0);
	assert((vms_allowed & 1) == 0 || vcpu_requests[0] == 0);
	assert((vms_allowed & 2) == 0 || vcpu_requests[1] == 0)
}

init {
	atomic {
		select(windows_left : 0 .. WINDOWS);
		vms_allowed = 1 + windows_left % 2;
		run Poster(0);
		run Poster(1)
	}
}
