import { setImmediate } from 'node:timers/promises';
import { LeadlightError } from '../../../errors.ts';
import type { RunControl } from '../../../util/progress.ts';

/** Lets timers and signals in between two stretches of computing; throws CANCELLED when the caller gave up. */
export async function checkpoint(control: RunControl | undefined): Promise<void> {
  await setImmediate();
  if (control?.signal?.aborted) throw new LeadlightError('CANCELLED', {});
}
