// SPDX-License-Identifier: BSD-2-Clause
/*
 * PSCI CPU_ON as a model for Spin: vm_start_vcpu(), start_vcpu(), vm_stop_vcpu(),
 * vm_stop() and stop_one() of kernel/vm.c. Two vCPUs ask for a third one, which
 * switches itself off again, and the VM stops at any time; a core each. What the VM's lock
 * guards is one atomic step. That requests arrive is kick.pml's. What is asserted: an off
 * vCPU is started by one SUCCESS, once, at that one's entry; of a stopped VM nobody runs.
 *
 * test_spin.py checks it, and again with each WITHOUT_...: a rule left out.
 */
#ifndef CALLS
#define CALLS 2 /* of each of the two */
#endif
#ifndef ENDS
#define ENDS 2 /* CPU_OFFs of the third */
#endif

#define VCPUS 3
#define TARGET 2

#define STOP 8   /* VCPU_REQUEST_STOP */
#define START 32 /* VCPU_REQUEST_START */

mtype = { on, off, pending };
mtype power[VCPUS];
bool is_ready[VCPUS]; /* VCPU_READY, or VCPU_OFF */
byte requests[VCPUS];
byte stopping;        /* vm.stopping */
byte start_pc;        /* vcpu.start_pc of the third: who asked */

/* Ghosts. */
byte offs = 1, successes, starts;
byte winner; /* whose call turned it on */
bool is_stopped;

/* vm_start_vcpu(), and what cpu_on() answers. */
inline call_cpu_on()
{
#ifdef WITHOUT_ENTRY_IN_LOCK
	start_pc = me;
#endif
#ifdef WITHOUT_LOCK
	seen = power[TARGET];
	atomic {
#else
	atomic {
		seen = power[TARGET];
#endif
#ifdef WITHOUT_LOOKING_FOR_STOP
		skip;
#elif defined(WITHOUT_ANSWER_WHEN_STOPPING)
		if /* off, but not started: SUCCESS all the same */
		:: stopping -> goto answer
		:: else
		fi;
#else
		if
		:: stopping -> seen = pending
		:: else
		fi;
#endif
		if
		:: seen == off ->
#ifndef WITHOUT_PENDING
			power[TARGET] = pending;
#endif
#ifndef WITHOUT_ENTRY_IN_LOCK
			start_pc = me;
#endif
			winner = me
		:: else
		fi
	};
answer:
	if
	:: seen == off ->
		requests[TARGET] = requests[TARGET] | START;
		atomic {
			successes++;
			assert(successes <= offs);
			seen = on
		}
	:: else
	fi
}

/* start_vcpu() */
inline start_vcpu()
{
	atomic {
		seen = power[me];
		if
#ifdef WITHOUT_LOOKING_AGAIN
		:: true -> seen = pending; power[me] = on
#else
		:: seen == pending -> power[me] = on
#endif
		:: else
		fi
	};
	if
	:: seen == pending ->
		atomic {
			assert(!is_ready[me] && !is_stopped);
			assert(start_pc == winner);
			starts++;
			is_ready[me] = true
		}
	:: else
	fi
}

/* vm_stop_vcpu() */
inline stop_vcpu()
{
	is_ready[me] = false;
	atomic {
		offs = offs + (me == TARGET && power[me] == on);
		power[me] = off
	}
}

/* stop_one() */
inline stop_one()
{
	stop_vcpu();
	atomic {
		stopping--;
		if
		:: stopping == 0 -> is_stopped = true
		:: else
		fi
	}
}

proctype Core(byte me)
{
	byte calls, what;
	mtype seen = on;

end:	do
	:: atomic { requests[me] -> what = requests[me]; requests[me] = 0 };
		if
		:: what & STOP -> stop_one()
		:: else
		fi;
		if
		:: what & START -> start_vcpu()
		:: else
		fi;
		atomic { what = 0; seen = on }
	:: is_ready[me] && me != TARGET && calls < CALLS ->
		calls++;
		call_cpu_on()
	:: is_ready[me] && me == TARGET && calls < ENDS ->
		calls++;
		stop_vcpu()
	od
}

/* vm_stop(): the menu, or a guest's SYSTEM_OFF. */
active proctype Menu()
{
	byte i;

	if
	:: true
	:: stopping = VCPUS;
		do
		:: i < VCPUS -> requests[i] = requests[i] | STOP; i++
		:: else -> break
		od
	fi
}

active proctype Watch()
{
	timeout ->
	assert(stopping == 0 && requests[0] + requests[1] + requests[2] == 0);
	assert(power[TARGET] != pending);
	assert((power[TARGET] == on) == is_ready[TARGET]);
	if
	:: is_stopped -> assert(!is_ready[0] && !is_ready[1] && !is_ready[TARGET])
	:: else -> assert(starts == successes && successes > 0)
	fi
}

init {
	atomic {
		is_ready[0] = true;
		is_ready[1] = true;
		power[0] = on;
		power[1] = on;
		power[TARGET] = off;
		run Core(0);
		run Core(1);
		run Core(TARGET)
	}
}
