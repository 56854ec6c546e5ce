/** Runs a company from its first day to its last: rows to a sink, true probabilities at the dates asked for. */
import type { RunControl } from '../util/progress.ts';
import { createWorld, daysOf } from './create.ts';
import { step } from './step.ts';
import { plainTables } from './tables/plain.ts';
import { type Truth, type TruthOptions, truthOf } from './truth.ts';
import { type CompanyOptions, DAY, type Sink, type World } from './types.ts';

export interface TruthAt {
  /** ms; the state before anything of that day. */
  readonly at: number;
  readonly truth: Truth;
  /** As it stands: to be read before the run goes on. */
  readonly world: World;
}

export interface SimulateOptions extends CompanyOptions {
  /** Days, ms since epoch 00:00 UTC, at which true probabilities are wanted, and how. */
  readonly truthAt?: readonly number[];
  readonly truth?: TruthOptions;
}

export function simulateCompany(
  options: SimulateOptions,
  sink: Sink,
  onTruth: (truth: TruthAt) => void = () => {},
  control: RunControl = {},
): World {
  const world = createWorld(options);
  const days = daysOf(options);
  const recorder = plainTables(sink);
  const wanted = new Set((options.truthAt ?? []).map((at) => Math.round((at - options.from) / DAY)));
  for (let day = 0; day <= days; day++) {
    control.signal?.throwIfAborted();
    control.progress?.({ stage: 'simulate', done: day, total: days, unit: 'days' });
    if (wanted.has(day)) {
      const at = options.from + day * DAY;
      onTruth({ at, truth: truthOf(world, { horizon: 90, ...options.truth }, control), world });
    }
    if (day < days) step(world, { recorder });
  }
  recorder.finish(world);
  return world;
}
