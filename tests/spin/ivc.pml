// SPDX-License-Identifier: BSD-2-Clause
/*
 * ivc/ivc.c as a model for Spin: one slot between a sender and a receiver on different
 * cores, both of which begin new lives at any time. Each statement is one atomic access
 * to memory, as there. What is asserted is the promise of ivc/abi.h: each message that
 * is received is whole; its sender's life is the one that the receiver has heard of
 * last; it was sent by one who had heard of the receiver's present life; and of one
 * such pair of lives all come, from the first on, in order. Nobody sleeps for ever.
 *
 * test_spin.py checks it, and again with each WITHOUT_...: a rule left out.
 */
#ifndef LIVES
#define LIVES 2 /* each side's new lives, besides its first */
#endif
#ifndef MESSAGES
#define MESSAGES 4
#endif

#define OPEN 1
#define FULL 2
#define LIFE 4
#define KEEP(flags) ((state & ~(OPEN | FULL)) + (state & (flags)))

/* In memory, between the two. */
byte state;                   /* of the slot */
byte words[2];                /* of the slot: the message's place in the ghosts */
bool sender_changed;          /* at the receiver */
bool receiver_changed;        /* at the sender */
bool sender_event = false;    /* an interrupt for it */
bool receiver_event = false;

/* Ghosts: what is true, and what each side has heard of. */
byte sender_life, receiver_life;
byte sender_heard, receiver_heard; /* of the other's life */
typedef message {
	byte sender_life;
	byte receiver_life; /* the one that its sender had heard of */
	byte number;        /* since either's began */
}
message messages[MESSAGES];
byte sent;                    /* messages ever */
bool is_sender_done;

/* IVC_EVENTS: clears the change. */
inline sender_clears()
{
	atomic {
		if
		:: receiver_changed -> number = 0
		:: else
		fi;
		receiver_changed = false;
		sender_heard = receiver_life
	}
}

inline receiver_clears()
{
	atomic {
		if
		:: sender_changed -> expected = 0
		:: else
		fi;
		sender_changed = false;
		receiver_heard = sender_life
	}
}

active proctype Sender()
{
	byte number, seen, lives;

	do
	:: lives < LIVES -> /* begin_life() */
		lives++;
		atomic { receiver_changed = false; sender_heard = receiver_life };
#ifdef WITHOUT_SENDER_LIFE
		state = KEEP(OPEN);
#elif defined(WITHOUT_TAKING_BACK)
		state = KEEP(OPEN | FULL) + LIFE;
#else
		state = KEEP(OPEN) + LIFE; /* renew() */
#endif
		atomic { sender_changed = true; sender_life++ };
		number = 0;
		receiver_event = true
	:: sent < MESSAGES -> /* send_to() */
		seen = state;
		if
		:: (seen & OPEN) == 0 -> goto closed
#ifndef WITHOUT_SENDER_CHANGE
		:: (seen & OPEN) && receiver_changed -> goto closed
		:: (seen & OPEN) && !receiver_changed
#else
		:: seen & OPEN
#endif
		fi;
		if
		:: seen & FULL ->
			/* BUSY: tries again, until there is room or the other's change */
			(state & FULL) == 0 || (state & OPEN) == 0 || receiver_changed;
			goto next
		:: else
		fi;
		words[0] = sent;
		words[1] = sent;
		atomic {
			if
			:: state == seen ->
				messages[sent].sender_life = sender_life;
				messages[sent].receiver_life = sender_heard;
				messages[sent].number = number;
				sent++;
				number++;
				state = state | FULL
			:: else -> goto next
			fi
		};
#ifndef WITHOUT_INTERRUPT
		receiver_event = true;
#endif
		goto next;
closed:
		atomic { sender_event -> sender_event = false };
		sender_clears();
next:
		skip
	:: sent == MESSAGES -> break
	od;
	is_sender_done = true;
	/* It stays, and lets go what comes. */
end:	do
	:: atomic { sender_event -> sender_event = false }
	od
}

active proctype Receiver()
{
	byte expected, lives, seen, first, second;
	bool is_open;

	do
	:: lives < LIVES || !is_open -> /* begin_life() */
		lives++;
		is_open = !is_open || lives % 2; /* opens, reopens, or closes */
#ifdef WITHOUT_RECEIVER_LIFE
		state = KEEP(0);
#else
		state = KEEP(0) + LIFE; /* renew() */
#endif
		atomic { sender_changed = false; receiver_heard = sender_life; expected = 0 };
#ifdef WITHOUT_ORDER
		if
		:: is_open -> state = state | OPEN
		:: else
		fi;
		atomic { receiver_changed = true; receiver_life++ };
#else
		atomic { receiver_changed = true; receiver_life++ };
		if
		:: is_open -> state = state | OPEN
		:: else
		fi;
#endif
		sender_event = true
	:: is_open ->
end:		atomic { receiver_event -> receiver_event = false };
		receiver_clears();
		do /* receive_from() */
		:: seen = state;
			if
			:: (seen & FULL) == 0 -> break
			:: else
			fi;
#ifndef WITHOUT_RECEIVER_CHANGE
			if
			:: sender_changed ->
				receiver_clears();
				goto again
			:: else
			fi;
#endif
			first = words[0];
			second = words[1];
			atomic {
				if
				:: state == seen ->
					state = state & ~FULL;
					assert(first == second);
					assert(messages[first].sender_life == receiver_heard);
					assert(messages[first].receiver_life == receiver_life);
					assert(messages[first].number == expected);
					expected++
				:: else -> break /* taken back meanwhile: IVC_EMPTY */
				fi
			};
again:
			skip
		od
	od
}

/* When nothing moves any more, nothing was forgotten. */
active proctype Watch()
{
	timeout ->
	assert(is_sender_done);
	assert((state & FULL) == 0)
}
