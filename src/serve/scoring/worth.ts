/** What an order is worth to a team: wins at its capacity against the order in use, and the money behind them. */
import { clusteredInterval } from '../../learn/metrics/bootstrap.ts';
import { callsOf, workedShares, workedWins } from '../../learn/metrics/capacity.ts';
import { Z95 } from '../../learn/metrics/rate.ts';
import { labour, pipelineValue, value } from '../../learn/metrics/value.ts';
import type { AuditOptions, CapacityView, Money, WorkedOrder } from './audit-types.ts';
import { estimateOf } from './backtest-pool.ts';
import type { HeldOut } from './evaluate.ts';

export interface Order {
  readonly name: string;
  readonly score: ArrayLike<number>;
}

const DEFAULTS = { weeks: 1, callsPerLead: 1 } as const;

export function capacityView(
  orders: readonly Order[],
  test: HeldOut,
  options: AuditOptions,
  seed: number,
): CapacityView | null {
  const { reps, calls } = options;
  if (reps === undefined || calls === undefined) return null;
  const weeks = options.weeks ?? DEFAULTS.weeks;
  const perList = leadsPerList(options);
  const finite = (x: number): number | null => (Number.isFinite(x) ? x : null);
  const worked = orders.map((o) => ({
    name: o.name,
    ...workedWins(
      { score: o.score, label: test.label, clusters: test.clusters, ...listOf(test) },
      perList,
      seed,
    ),
  }));
  const rows = worked.map(
    (w): WorkedOrder => ({
      name: w.name,
      threshold: finite(w.threshold),
      worked: w.rows,
      wins: estimateOf({ ...w.wins, standardError: Number.NaN }),
      more: estimateOf({ ...w.more, standardError: Number.NaN }),
    }),
  );
  const [lists, unordered] = [worked[0]?.lists ?? 0, worked[0]?.winsUnordered ?? 0];
  return {
    ...{ reps, calls, weeks, per_list: perList, lists },
    wins_unordered: unordered,
    orders: rows,
    sentence: capacitySentence(rows, { perList, lists, unordered, cases: test.rows.length }),
  };
}

/** Leads that can be worked from one list. */
const leadsPerList = ({ reps, calls, weeks, callsPerLead }: AuditOptions): number =>
  callsOf({ reps: reps ?? 0, calls: calls ?? 0, weeks: weeks ?? DEFAULTS.weeks }) /
  (callsPerLead ?? DEFAULTS.callsPerLead);

const listOf = (test: HeldOut) => (test.clusters.cutoff ? { list: test.clusters.cutoff } : {});

function capacitySentence(
  orders: readonly WorkedOrder[],
  of: {
    readonly perList: number;
    readonly lists: number;
    readonly unordered: number;
    readonly cases: number;
  },
): string {
  const best = orders.at(-1);
  if (!best || best.wins.value === null) return 'There is no case to work.';
  const range = best.wins.ci
    ? ` (95 % interval ${best.wins.ci[0].toFixed(1)} to ${best.wins.ci[1].toFixed(1)})`
    : '';
  const from =
    best.threshold === null
      ? 'every list is shorter than that, so all can be worked'
      : `work from a probability of ${(best.threshold * 100).toFixed(1)} % up`;
  return `${of.perList.toFixed(0)} leads a list: ${from}. In the order of ${best.name} that wins ${best.wins.value.toFixed(1)} a list${range}, in no order ${of.unordered.toFixed(1)}; ${of.lists} lists, ${of.cases} test cases.`;
}

/** `now`: the order in use. `model`: the highest rung, with probabilities. */
export function moneyView(
  now: Order,
  model: { readonly name: string; readonly score: Float32Array },
  test: HeldOut,
  options: AuditOptions,
  seed: number,
): Money | null {
  const { dealValue, costPerCall } = options;
  if (dealValue === undefined && costPerCall === undefined) return null;
  const gain = gainOf(now, model, test, options, seed);
  const range = gain?.ci ? { low: gain.ci[0], high: gain.ci[1] } : undefined;
  const deals = options.deals;
  const worth =
    range && deals !== undefined ? value({ deals, gain: range, dealValue: dealValue ?? 0 }) : undefined;
  const wasted = costPerCall === undefined ? null : wastedLabour(now, model, test, options, costPerCall);
  const pipeline = dealValue === undefined ? null : pipelineOf(model.score, test, dealValue);
  const pair = (r: { low: number; high: number }) => [r.low, r.high] as const;
  const money: Omit<Money, 'sentences'> = {
    deal_value: dealValue ?? null,
    cost_per_call: costPerCall ?? null,
    wasted,
    pipeline,
    gain: gain ?? null,
    deals: worth ? pair(worth.deals) : null,
    more_deals: worth ? pair(worth.more) : null,
    revenue: worth && dealValue !== undefined ? pair(worth.revenue) : null,
    against: now.name,
  };
  return { ...money, sentences: moneySentences(money, test, deals) };
}

/** Wins of the model's order over those of the present one, minus 1, both at the same capacity. */
function gainOf(
  now: Order,
  model: Order,
  test: HeldOut,
  options: AuditOptions,
  seed: number,
): Money['gain'] | undefined {
  const shares = sharesOf(options, test);
  if (!shares) return undefined;
  const [before, after] = [shares(now.score), shares(model.score)];
  const won = (share: Float64Array, weight?: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < share.length; i++) sum += (weight ? weight[i]! : 1) * share[i]! * test.label[i]!;
    return sum;
  };
  const metric = (weight?: Float64Array): number => {
    const base = won(before, weight);
    return base > 0 ? won(after, weight) / base - 1 : Number.NaN;
  };
  return estimateOf(clusteredInterval(metric, test.clusters, { seed }));
}

/** Without reps and calls, the best fifth of each list is worked: the share most teams route. */
function sharesOf(
  options: AuditOptions,
  test: HeldOut,
): ((score: ArrayLike<number>) => Float64Array) | undefined {
  if (test.rows.length === 0) return undefined;
  const lists = new Set(test.clusters.cutoff ? Array.from(test.clusters.cutoff) : [0]).size;
  const calls =
    options.reps === undefined || options.calls === undefined
      ? test.rows.length / lists / 5
      : leadsPerList(options);
  return (score) => workedShares(score, calls, listOf(test).list).share;
}

function wastedLabour(
  now: Order,
  model: Order,
  test: HeldOut,
  options: AuditOptions,
  costPerCall: number,
): Money['wasted'] {
  const shares = sharesOf(options, test);
  if (!shares) return null;
  const lists = new Set(test.clusters.cutoff ? Array.from(test.clusters.cutoff) : [0]).size;
  const of = (order: Order): number => {
    const share = shares(order.score);
    const worked = share.reduce((a, b) => a + b, 0) / lists;
    const wins = share.reduce((sum, s, i) => sum + s * test.label[i]!, 0) / lists;
    const callsPerLead = options.callsPerLead ?? DEFAULTS.callsPerLead;
    return labour({ worked, wins, callsPerLead, costPerCall }).wasted;
  };
  return { now: of(now), model: of(model) };
}

/** The newest list; its range is chance alone, cases being independent. */
function pipelineOf(score: Float32Array, test: HeldOut, dealValue: number): Money['pipeline'] {
  const cutoffs = Array.from(test.clusters.cutoff ?? []);
  const newest = cutoffs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const open = score.filter((_, i) => cutoffs[i] === undefined || !(cutoffs[i]! < newest));
  const spread = Z95 * Math.sqrt(open.reduce((sum, p) => sum + p * (1 - p), 0)) * dealValue;
  const total = pipelineValue(open, dealValue);
  return { cases: open.length, value: total, ci: [Math.max(0, total - spread), total + spread] };
}

const money = (x: number): string => Math.round(x).toLocaleString('en-US');

function moneySentences(
  m: Omit<Money, 'sentences'>,
  test: HeldOut,
  deals: number | undefined,
): readonly string[] {
  const n = `${test.rows.length} test cases`;
  const percent = (x: number): string => `${x >= 0 ? '+' : '−'}${Math.abs(x * 100).toFixed(0)} %`;
  return [
    ...(m.wasted
      ? [
          `Labour on leads that were not won, per list: ${money(m.wasted.now)} in the order of ${m.against}, ${money(m.wasted.model)} in the model's (${n}).`,
        ]
      : []),
    ...(m.pipeline
      ? [
          `Expected value of the ${m.pipeline.cases} cases of the newest list: ${money(m.pipeline.value)} (${money(m.pipeline.ci[0])} to ${money(m.pipeline.ci[1])} by chance alone).`,
        ]
      : []),
    ...(m.gain?.value !== null && m.gain?.ci
      ? [
          `At the same capacity the model's order wins ${percent(m.gain.value)} against that of ${m.against} (95 % interval ${percent(m.gain.ci[0])} to ${percent(m.gain.ci[1])}, ${n}).`,
        ]
      : []),
    ...(m.deals && m.more_deals && deals !== undefined
      ? [
          `On ${money(deals)} deals a year that is ${money(m.deals[0])} to ${money(m.deals[1])} deals${m.revenue ? `, ${money(m.revenue[0])} to ${money(m.revenue[1])} in revenue` : ''}.`,
        ]
      : []),
  ];
}
