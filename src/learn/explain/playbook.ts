/** Score and reasons → what to do: the first rule of a versioned playbook whose conditions all hold. */
import { DEFAULT_PLAYBOOK } from '../../data/schema/defaults.ts';
import type { PlaybookRule } from '../../data/schema/types.ts';
import type { Direction } from './types.ts';

export interface Situation {
  readonly band: string;
  readonly reasons: readonly { readonly signal: string; readonly direction: Direction }[];
}

/** How a score names the rule that gave its action. */
export const ruleId = (rule: PlaybookRule): string => `${rule.name}@${rule.version}`;

/** Undefined when no rule of the playbook holds; an empty playbook is the default one. */
export function chooseAction(
  playbook: readonly PlaybookRule[],
  situation: Situation,
): PlaybookRule | undefined {
  const rules = playbook.length === 0 ? DEFAULT_PLAYBOOK : playbook;
  return rules.find((rule) => holds(rule.when, situation));
}

function holds(when: PlaybookRule['when'], { band, reasons }: Situation): boolean {
  if (when.band && !when.band.includes(band)) return false;
  if (!when.signal && !when.direction) return true;
  return reasons.some(
    (r) =>
      (!when.signal || when.signal.includes(r.signal)) && (!when.direction || when.direction === r.direction),
  );
}
