// SPDX-License-Identifier: BSD-2-Clause
/*
 * Reset and power-off of an SMP VM as a model for Spin: vm_stop(), stop_one(), go_on(),
 * begin_load() and finish_load() of kernel/vm.c. The menu and each vCPU ask, for one or
 * the other, at any time, on a core each. What the VM's lock guards is one atomic step.
 * What is asserted: whoever asks, and however often, the VM is loaded once when all its
 * vCPUs have stopped, and none runs until that is done; what was asked for last comes
 * to be; and powering off is told once.
 *
 * test_spin.py checks it, and again with each WITHOUT_...: a rule left out.
 */
#ifndef ASKS
#define ASKS 2 /* of the menu; each vCPU asks once */
#endif
#ifndef VCPUS
#define VCPUS 3 /* 0 is the boot vCPU */
#endif

#define STOP 8     /* VCPU_REQUEST_STOP */
#define STOPPED 16 /* VCPU_REQUEST_STOPPED */
#define START 32   /* VCPU_REQUEST_START */

mtype = { ready, loading, idle_off };
mtype state[VCPUS];
byte requests[VCPUS];

/* struct vm. */
byte stopping;
bool next_is_load;
bool is_pending; /* vCPU 1's power: VCPU_POWER_PENDING; it is started again */
bool is_off;
byte vms_on = 1;

/* Ghosts. */
bool wants_load = true; /* what was asked for last */

/* vm_stop() */
inline stop_all(is_load)
{
	atomic {
		is_first = stopping == 0;
#ifdef WITHOUT_LAST_WORD
		next_is_load = (is_first -> is_load : next_is_load);
#else
		next_is_load = is_load;
#endif
		wants_load = is_load;
#ifdef WITHOUT_FIRST
		is_first = true;
#endif
		if
#ifdef WITHOUT_BOOT_CORE
		:: is_first -> stopping = VCPUS
#else
		:: is_first -> stopping = VCPUS + 1 /* the boot vCPU's core goes on */
#endif
		:: else
		fi
	};
	i = 0;
	do
	:: is_first && i < VCPUS -> requests[i] = requests[i] | STOP; i++
	:: else -> break
	od;
	atomic { is_first = false; i = 0 }
}

/* stop_one() */
inline stop_one()
{
	state[me] = idle_off;
	atomic {
		is_pending = is_pending && me != 1;
		assert(stopping > 0);
		stopping--;
#ifdef WITHOUT_BOOT_CORE
		is_last = stopping == 0
#elif defined(WITHOUT_THE_OTHERS)
		is_last = me == 0
#else
		is_last = stopping == 1
#endif
	};
	if
	:: is_last -> requests[0] = requests[0] | STOPPED
	:: else
	fi;
	is_last = false
}

/* go_on(), begin_load(): the boot vCPU's core. */
inline go_on()
{
	atomic {
		is_load = next_is_load;
#ifndef WITHOUT_BOOT_CORE
		assert(stopping == 1);
		stopping = 0
#endif
	};
	if
	:: is_load ->
		atomic {
			for (i : 0 .. VCPUS - 1) {
				assert(state[i] == idle_off)
			};
			vms_on = vms_on + is_off;
			is_off = false;
			state[0] = loading
		}
	:: else ->
		atomic {
			vms_on = vms_on - !is_off;
			is_off = true
		}
	fi;
	atomic { is_load = false; i = 0 }
}

/* finish_load(): what all vCPUs share is as after power-on. */
inline finish_load()
{
	atomic {
		for (i : 1 .. VCPUS - 1) {
			assert(state[i] == idle_off)
		};
		i = 0;
		state[0] = ready
	};
}

proctype Core(byte me)
{
	byte what, i;
	bool is_first, is_last, is_load, has_asked;

end:	do
	:: atomic { requests[me] -> what = requests[me]; requests[me] = 0 };
		if
		:: what & STOP -> stop_one()
		:: else
		fi;
		if
		:: what & STOPPED -> go_on()
		:: else
		fi;
		if
		:: atomic {
				(what & START) && is_pending -> /* start_vcpu() */
				is_pending = false;
				state[me] = ready
			}
		:: else
		fi;
		what = 0
	:: state[me] == loading && !requests[me] -> finish_load()
	:: state[me] == ready && !has_asked ->
		has_asked = true;
		if
		:: stop_all(true)
		:: stop_all(false)
		fi
	:: atomic {
			/* vm_start_vcpu() */
			me == 0 && state[0] == ready && state[1] == idle_off && !is_pending && !stopping ->
			is_pending = true
		};
		requests[1] = requests[1] | START
	od
}

active proctype Menu()
{
	byte asks, i;
	bool is_first;

	do
	:: asks < ASKS -> asks++; stop_all(true)
	:: asks < ASKS -> asks++; stop_all(false)
	:: break
	od
}

active proctype Watch()
{
	timeout ->
	assert(stopping == 0 && requests[0] == 0);
	assert((state[0] == ready) == wants_load);
	assert(is_off == !wants_load && vms_on == wants_load)
}

init {
	atomic {
		byte v;

		for (v : 0 .. VCPUS - 1) {
			state[v] = ready;
			run Core(v)
		}
	}
}
