import { LeadlightError } from '../../errors.ts';
import type { RunControl } from '../../util/progress.ts';
import type { Engine } from './types.ts';

/** Throws when the caller has asked to stop. */
export function throwIfCancelled(control: RunControl): void {
  if (control.signal?.aborted) throw new LeadlightError('CANCELLED', {});
}

/** Runs `work`, interrupting the engine's statement when the caller asks to stop. */
export async function cancellable<T>(
  engine: Engine,
  control: RunControl,
  work: () => Promise<T>,
): Promise<T> {
  throwIfCancelled(control);
  const stop = (): void => engine.interrupt();
  control.signal?.addEventListener('abort', stop);
  try {
    return await work();
  } finally {
    control.signal?.removeEventListener('abort', stop);
  }
}
