/** The plain verdict: which rung is best, whether the difference is more than noise, and when nothing helps. */

export interface VerdictRung {
  readonly name: string;
  readonly level: number;
  readonly auroc: number;
  /** False: as exported, may know the outcome. */
  readonly competes: boolean;
}

export interface Difference {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly probabilityBetter: number;
}

export interface VerdictInput {
  readonly rungs: readonly VerdictRung[];
  readonly rows: number;
  readonly positives: number;
  /** Paired, clustered difference of AUROC between two rungs by name. */
  readonly difference: (a: string, b: string) => Difference;
}

const percent = (x: number): string => x.toFixed(3);
const signed = (d: Difference): string =>
  `${d.estimate >= 0 ? '+' : '−'}${Math.abs(d.estimate).toFixed(3)} (95 % interval ${d.low.toFixed(3)} to ${d.high.toFixed(3)})`;

export function verdictOf(input: VerdictInput): string {
  const rungs = input.rungs.filter((r) => r.competes && Number.isFinite(r.auroc));
  const best = maxBy(rungs);
  if (!best) return 'No rung could be judged.';
  const cases = `on ${input.rows} test cases, ${input.positives} of them positive`;
  const baseline = maxBy(rungs.filter((r) => r.level < 1));
  const flat = maxBy(rungs.filter((r) => r.level >= 1 && r.level < 3.5));
  const relational = maxBy(rungs.filter((r) => r.level >= 4));
  const parts = [`Best: ${best.name} with AUROC ${percent(best.auroc)} ${cases}.`];
  if (baseline && baseline.name !== best.name)
    parts.push(againstBaseline(input.difference(best.name, baseline.name), best, baseline));
  if (baseline && baseline.name === best.name)
    parts.push(`Nothing does better than ${baseline.name}: ${NOTHING}`);
  if (relational && flat)
    parts.push(againstFlat(input.difference(relational.name, flat.name), relational, flat));
  return parts.join(' ');
}

const NOTHING = 'on this data the models add nothing to that order.';

function againstBaseline(d: Difference, best: VerdictRung, baseline: VerdictRung): string {
  if (d.low > 0) return `It beats ${baseline.name} (${percent(baseline.auroc)}) by ${signed(d)}.`;
  return `That is no better than ${baseline.name === 'newest' ? 'newest-first' : baseline.name} (${percent(baseline.auroc)}) beyond noise: ${best.name} − ${baseline.name} is ${signed(d)}.`;
}

function againstFlat(d: Difference, relational: VerdictRung, flat: VerdictRung): string {
  const what = `${relational.name} (${percent(relational.auroc)}) against the best flat rung, ${flat.name} (${percent(flat.auroc)}): ${signed(d)}`;
  if (d.low > 0) return `Relations pay: ${what}.`;
  if (d.high < 0) return `Relations do not pay here: ${what}.`;
  return `Whether relations pay is within noise: ${what}.`;
}

const maxBy = (rungs: readonly VerdictRung[]): VerdictRung | undefined =>
  rungs.reduce<VerdictRung | undefined>((a, b) => (a === undefined || b.auroc > a.auroc ? b : a), undefined);
