/** Money: plain arithmetic from counts and shares, every range carried from its low to its high end. */

export interface Range {
  readonly low: number;
  readonly high: number;
}

export interface FunnelInput {
  /** Leads in a period. */
  readonly leads: number;
  /** Share of leads that sales accepts. */
  readonly accepted: number;
  /** Share of accepted leads that are won. */
  readonly won: number;
}

/** Deals a funnel closes in a period. */
export const dealsOf = ({ leads, accepted, won }: FunnelInput): number => leads * accepted * won;

export interface ValueInput {
  /** Deals closed in a period without the change. */
  readonly deals: number;
  /** Relative gain in deals: 0.15 is 15 % more. */
  readonly gain: Range;
  /** Revenue of one deal. */
  readonly dealValue: number;
}

export interface Value {
  readonly deals: Range;
  /** Deals beyond those closed anyway. */
  readonly more: Range;
  /** Revenue of the deals beyond. */
  readonly revenue: Range;
}

/** 320 deals, 15 to 40 % more, at 50,000 each: 368 to 448 deals, 2.4 to 6.4 million. */
export function value({ deals, gain, dealValue }: ValueInput): Value {
  const more = { low: deals * gain.low, high: deals * gain.high };
  return {
    deals: { low: deals + more.low, high: deals + more.high },
    more,
    revenue: { low: more.low * dealValue, high: more.high * dealValue },
  };
}

export interface LabourInput {
  /** Leads worked in a period. */
  readonly worked: number;
  /** Of those, won. */
  readonly wins: number;
  readonly callsPerLead: number;
  readonly costPerCall: number;
}

export interface Labour {
  readonly cost: number;
  /** Cost of the calls to leads that were not won. */
  readonly wasted: number;
  /** Cost of the calls behind one win; infinite without a win. */
  readonly perWin: number;
}

export function labour({ worked, wins, callsPerLead, costPerCall }: LabourInput): Labour {
  const cost = worked * callsPerLead * costPerCall;
  return {
    cost,
    wasted: Math.max(0, worked - wins) * callsPerLead * costPerCall,
    perWin: wins > 0 ? cost / wins : Number.POSITIVE_INFINITY,
  };
}

/** Expected revenue of open cases: Σ probability × value of a deal. */
export function pipelineValue(probability: ArrayLike<number>, dealValue: number): number {
  let sum = 0;
  for (let i = 0; i < probability.length; i++) sum += probability[i]!;
  return sum * dealValue;
}
