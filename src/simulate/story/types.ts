/** A written account: who is there, what they do on which day. From `until` on the simulator takes over. */
import type { Kind, Stage } from '../types.ts';

export interface WrittenPerson {
  readonly id: string;
  readonly title: string;
  /** As in DEPARTMENTS. */
  readonly department: string;
  /** 0 staff to 4 C-level. */
  readonly seniority: number;
  readonly name?: string;
  /** Comes as the lead, with so many points. */
  readonly points?: number;
  /** Hired from the longest-standing customer. */
  readonly fromCustomer?: boolean;
}

export interface WrittenAct {
  readonly on: string;
  /** Place in `people`. */
  readonly who: number;
  readonly kind: Kind;
  readonly times?: number;
}

/** Logins on every second day of a stretch. */
export interface WrittenUse {
  readonly who: number;
  readonly from: string;
  readonly to: string;
  readonly logins: number;
}

export interface WrittenDeal {
  readonly id: string;
  readonly amount: number;
  readonly stages: readonly { readonly on: string; readonly stage: Stage }[];
}

export interface WrittenAccount {
  /** In account tables; leads have their own. */
  readonly id: string;
  readonly lead?: string;
  readonly company: string;
  readonly industry: string;
  /** As printed, where the simulator has no such industry. */
  readonly printedIndustry?: string;
  readonly region: string;
  readonly employees: number;
  readonly technologies: readonly string[];
  readonly source: string;
  readonly born: string;
  readonly until: string;
  readonly need: 0 | 1 | 2 | 3;
  readonly people: readonly WrittenPerson[];
  readonly acts: readonly WrittenAct[];
  readonly uses?: readonly WrittenUse[];
  readonly deal?: WrittenDeal;
  /** Engagement scores by person, as of the day before `until`. */
  readonly engagement?: readonly number[];
}
