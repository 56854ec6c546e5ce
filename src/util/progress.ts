/** Progress of long work. `total` may be unknown (undefined). Reported often; the receiver throttles. */
export interface ProgressEvent {
  readonly stage: string;
  readonly done: number;
  readonly total?: number;
  readonly unit?: string;
}

export type Progress = (event: ProgressEvent) => void;

/** What long work needs from its caller: where to report and when to stop. */
export interface RunControl {
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}
