/**
 * How threads take turns: the main thread writes an operation and its arguments to a control block, raises TURN and does
 * part 0; worker k does part k and raises DONE. No messages: a leaf costs tens of microseconds, a message as much.
 */
export const TURN = 0;
export const OPERATION = 1;
export const COUNT = 2;
export const DONE = 3;
/** Set by the main thread to end the workers. */
export const STOP = 4;
/** Set by a worker whose part threw. */
export const FAILED = 5;

/** Looks before sleeping: about 20 µs, the gap between two operations on small leaves. */
export const SPINS = 2000;

const WORDS = 16;
const ARGUMENTS = 24;

export interface Control {
  readonly buffer: SharedArrayBuffer;
  readonly words: Int32Array;
  readonly args: Float64Array;
}

export function createControl(buffer?: SharedArrayBuffer): Control {
  const shared = buffer ?? new SharedArrayBuffer(WORDS * 4 + ARGUMENTS * 8);
  return {
    buffer: shared,
    words: new Int32Array(shared, 0, WORDS),
    args: new Float64Array(shared, WORDS * 4, ARGUMENTS),
  };
}

/** Waits until words[at] differs from `seen`; returns the new value. */
export function awaitChange(words: Int32Array, at: number, seen: number): number {
  for (let i = 0; i < SPINS; i++) {
    const now = Atomics.load(words, at);
    if (now !== seen) return now;
  }
  for (;;) {
    const now = Atomics.load(words, at);
    if (now !== seen) return now;
    Atomics.wait(words, at, seen);
  }
}
