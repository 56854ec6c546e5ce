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
  let startedAt = 0;
  let shownAt = Number.NEGATIVE_INFINITY;
  const report = (event: ProgressEvent): void => {
    const now = io.clock();
    if (event.stage !== stage) {
      stage = event.stage;
      startedAt = now;
      shownAt = Number.NEGATIVE_INFINITY;
    }
    if (now - shownAt < (io.isTty ? REDRAW_MS : PLAIN_MS)) return;
    shownAt = now;
    const text = describe(event, (now - startedAt) / 1000);
    io.err.write(io.isTty ? `\r\x1b[2K${withBar(event, text).slice(0, io.columns - 1)}` : `${text}\n`);
  };
  return { report, clear: () => (io.isTty && stage !== '' ? io.err.write('\r\x1b[2K') : undefined) };
}

/** `trees: 42 %, 84,000 of 200,000 rows, 12 s left` */
export function describe(event: ProgressEvent, elapsedSeconds: number): string {
  const unit = event.unit ? ` ${event.unit}` : '';
  if (event.total === undefined || event.total <= 0)
    return event.done > 0 ? `${event.stage}: ${count(event.done)}${unit}` : `${event.stage} …`;
  const share = Math.min(1, event.done / event.total);
  const left = share > 0 && share < 1 ? `, ${duration((elapsedSeconds * (1 - share)) / share)} left` : '';
  return `${event.stage}: ${Math.floor(share * 100)} %, ${count(event.done)} of ${count(event.total)}${unit}${left}`;
}

function withBar(event: ProgressEvent, text: string): string {
  if (!event.total) return text;
  const filled = Math.round(Math.min(1, event.done / event.total) * BAR_WIDTH);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${text}`;
}
