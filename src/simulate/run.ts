/** Runs a company from its first day to its last: rows to a sink, true probabilities at the dates asked for. */
import type { RunControl } from '../util/progress.ts';
import { createWorld } from './create.ts';
import { drained } from './pace.ts';
import { step } from './step.ts';
import type { combineRecorders } from './tables/combine.ts';
import { plainTables } from './tables/plain.ts';
import { livedFutures, type Truth, type TruthOptions } from './truth.ts';
import { type CompanyOptions, DAY, type Recorder, type Sink, type World } from './types.ts';

export interface TruthAt {
  /** ms; the state before anything of that day. */
  readonly at: number;
  readonly truth: Truth;
  /** As it stands: to be read before the run goes on. */
  readonly world: World;
}

/** Accounts whose life is written: nothing happens to them but what the script lets happen. */
export interface Script {
  /** Every morning, before anything else. */
  morning(world: World, recorder: Recorder): void;
  written(account: number): boolean;
}

export interface SimulateOptions extends CompanyOptions {
  /** Days, ms since epoch 00:00 UTC, at which true probabilities are wanted, and how. */
  readonly truthAt?: readonly number[];
  readonly truth?: TruthOptions;
  /** Day on which the tables are written, ms; default the end. What happens until then is the same. */
  readonly until?: number;
  /** Default: all plain tables. */
  readonly tables?: (sink: Sink) => ReturnType<typeof combineRecorders>;
  readonly script?: Script;
}

/** Pauses after every day and every imagined future, so that whoever drives it can stop. */
export function* companyDays(
  options: SimulateOptions,
  sink: Sink,
  onTruth: (truth: TruthAt) => void = () => {},
  control: RunControl = {},
): Generator<undefined, World> {
  const world = createWorld(options);
  const days = Math.round(((options.until ?? options.to) - options.from) / DAY);
  const recorder = (options.tables ?? plainTables)(sink);
  const { script } = options;
  const wanted = new Set((options.truthAt ?? []).map((at) => Math.round((at - options.from) / DAY)));
  for (let day = 0; day <= days; day++) {
    control.signal?.throwIfAborted();
    control.progress?.({ stage: 'simulate', done: day, total: days, unit: 'days' });
    script?.morning(world, recorder);
    if (wanted.has(day)) {
      const at = options.from + day * DAY;
      const truth = yield* livedFutures(world, { horizon: 90, ...options.truth }, control);
      onTruth({ at, truth, world });
    }
    if (day < days) step(world, { recorder, ...(script ? { written: script.written } : {}) });
    yield;
  }
  recorder.finish(world);
  return world;
}

/** The same at one go. */
export function simulateCompany(...given: Parameters<typeof companyDays>): World {
  return drained(companyDays(...given));
}
