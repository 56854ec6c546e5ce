/** Several recorders as one. */
import type { Recorder, World } from '../types.ts';

interface Finishing extends Recorder {
  /** Once, after the last day. */
  finish(world: World): void;
}

/** A recorder of some of what happens. */
export type TableRecorder = Partial<Finishing>;

export function combineRecorders(parts: readonly TableRecorder[]): Finishing {
  const each = (tell: (part: TableRecorder) => void): void => {
    for (const part of parts) tell(part);
  };
  return {
    account: (...a) => each((p) => p.account?.(...a)),
    person: (...a) => each((p) => p.person?.(...a)),
    action: (...a) => each((p) => p.action?.(...a)),
    use: (...a) => each((p) => p.use?.(...a)),
    lead: (...a) => each((p) => p.lead?.(...a)),
    opened: (...a) => each((p) => p.opened?.(...a)),
    moved: (...a) => each((p) => p.moved?.(...a)),
    closed: (...a) => each((p) => p.closed?.(...a)),
    evening: (...a) => each((p) => p.evening?.(...a)),
    finish: (...a) => each((p) => p.finish?.(...a)),
  };
}
