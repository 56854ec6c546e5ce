/**
 * Progress on the error stream: on a terminal one line that redraws itself, elsewhere a plain line when a stage begins
 * and every ten seconds after. Time left is the stage's own pace carried forward.
 */
import type { Progress, ProgressEvent } from '../../util/progress.ts';
import type { CliIo } from './io.ts';
import { count, duration } from './number-text.ts';

export interface ProgressDisplay {
  readonly report: Progress;
  /** Erases the live line, so that other text can follow. */
  readonly clear: () => void;
}

const REDRAW_MS = 100;
const PLAIN_MS = 10_000;
const BAR_WIDTH = 24;

export const silentProgress: ProgressDisplay = { report: () => {}, clear: () => {} };

export function createProgress(io: CliIo, quiet: boolean): ProgressDisplay {
  if (quiet) return silentProgress;
  let stage = '';
  let begun = { at: 0, done: 0 };
  let shownAt = Number.NEGATIVE_INFINITY;
  const report = (event: ProgressEvent): void => {
    const now = io.clock();
    if (event.stage !== stage) {
      stage = event.stage;
      begun = { at: now, done: event.done };
      shownAt = Number.NEGATIVE_INFINITY;
    }
    if (now - shownAt < (io.isTty ? REDRAW_MS : PLAIN_MS)) return;
    shownAt = now;
    const text = describe(event, { seconds: (now - begun.at) / 1000, done: event.done - begun.done });
    io.err.write(io.isTty ? `\r\x1b[2K${withBar(event, text).slice(0, io.columns - 1)}` : `${text}\n`);
  };
  return { report, clear: () => (io.isTty && stage !== '' ? io.err.write('\r\x1b[2K') : undefined) };
}

/** Work done in this stage since it began, from which the time left follows. */
export interface Pace {
  readonly seconds: number;
  readonly done: number;
}

/** `trees: 42 %, 84,000 of 200,000 rows, 12 s left` */
export function describe({ stage, done, total, unit }: ProgressEvent, pace: Pace): string {
  const what = unit ? ` ${unit}` : '';
  if (total === undefined || total <= 0) return done > 0 ? `${stage}: ${count(done)}${what}` : `${stage} …`;
  const share = Math.min(1, done / total);
  const counted = Number.isInteger(done) ? `, ${count(done)} of ${count(total)}${what}` : '';
  return `${stage}: ${Math.floor(share * 100)} %${counted}${timeLeft(total - done, pace)}`;
}

const timeLeft = (left: number, { seconds, done }: Pace): string =>
  seconds >= 1 && done > 0 && left > 0 ? `, ${duration((seconds / done) * left)} left` : '';

function withBar(event: ProgressEvent, text: string): string {
  if (!event.total) return text;
  const filled = Math.round(Math.min(1, event.done / event.total) * BAR_WIDTH);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${text}`;
}
