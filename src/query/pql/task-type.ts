/** What kind of task a checked target is, with the rules on hints (H1 to H8) and on targets that are none (S7). */
import type { Hint, Target, TaskType } from './ast.ts';
import type { Operand } from './check-compare.ts';
import type { Check } from './check-context.ts';

export interface TargetFacts {
  readonly target: Target;
  /** Absent for conditions. */
  readonly operand: Operand | undefined;
  /** A list over a foreign key: the labels are rows of another table. */
  readonly foreignKey: boolean;
  readonly temporal: boolean;
}

const MAX_STEPS = 10_000;
const MAX_ZERO_SHOT_K = 20;

export function inferTaskType(check: Check, hint: Hint | undefined, facts: TargetFacts): TaskType {
  const { operand } = facts;
  const multiValued = operand?.list || operand?.meaning === 'multicategorical';
  if (hint?.kind === 'forecast') checkForecast(check, hint, facts);
  else if (hint) checkRanking(check, hint, facts, multiValued ?? false);
  if (hint?.kind === 'forecast') return 'forecast';
  if (!operand) return 'binary';
  if (multiValued) return listTask(check, hint, facts);
  return valueTask(check, operand);
}

function checkForecast(check: Check, hint: Extract<Hint, { kind: 'forecast' }>, facts: TargetFacts): void {
  if (hint.steps < 1 || hint.steps > MAX_STEPS) {
    check.error('H6', hint.span, 'The number of steps is out of range.', { expected: `1 to ${MAX_STEPS}` });
  }
  if (!facts.temporal) {
    check.error('H6', hint.span, 'A stored value cannot be forecast.', {
      expected: 'an aggregation with a window',
    });
  } else if (facts.operand?.kind !== 'number' || facts.operand.list) {
    check.error('H6', hint.span, 'Only a number can be forecast.', {
      expected: 'an aggregation without comparison',
    });
  }
}

function checkRanking(
  check: Check,
  hint: Exclude<Hint, { kind: 'forecast' }>,
  facts: TargetFacts,
  multiValued: boolean,
): void {
  const { kind, topK, span } = hint;
  if (kind === 'top' || (kind === 'classify' && topK !== undefined)) {
    check.error('H1', span, 'TOP k goes with RANK.', { suggestion: `RANK TOP ${topK}` });
  }
  if (kind === 'rank' && topK === undefined)
    check.error('H2', span, 'RANK needs TOP k.', { suggestion: 'RANK TOP 10' });
  if (topK !== undefined && topK < 1)
    check.error('H3', span, 'TOP k is below 1.', { expected: 'k of 1 or more' });
  if (topK !== undefined && topK > MAX_ZERO_SHOT_K) {
    check.limit('R9', span, 'Too many items to rank.', { expected: `k of at most ${MAX_ZERO_SHOT_K}` });
  }
  if (!multiValued) {
    check.error('H4', span, 'The target has one value per entity.', { expected: 'LIST_DISTINCT(…)' });
  }
  if (kind === 'classify') {
    check.limit('R8', span, 'CLASSIFY needs a trained model.');
    if (facts.target.kind === 'aggregate' && !facts.temporal) {
      check.error('H8', span, 'CLASSIFY needs a window.');
    }
  }
}

function listTask(
  check: Check,
  hint: Hint | undefined,
  { target, operand, foreignKey }: TargetFacts,
): TaskType {
  if (!hint) {
    const advice = { suggestion: 'RANK TOP 10 after the target' };
    check.error('H5', target.span, 'A target with several values needs a task hint.', advice);
  }
  if (!operand?.list) check.limit('R8', target.span, 'A target with several labels.');
  if (foreignKey && check.level === 'rfm-v2') check.error('R13', target.span, 'Link prediction is off.');
  return foreignKey || hint?.kind === 'rank' ? 'ranking' : 'multilabel';
}

function valueTask(check: Check, { node, kind, meaning }: Operand): TaskType {
  const key = meaning === 'id' && check.mode === 'strict' && check.level === 'trained';
  const numericKey = meaning === 'id' && node.kind === 'aggregate' && kind === 'number';
  if (meaning === 'text' || meaning === 'timestamp' || (key && !numericKey)) {
    const noun = meaning === 'id' ? 'key' : meaning;
    check.error('S7', node.span, `A ${noun} column cannot be predicted.`, {
      expected: 'a number, category or condition',
    });
  }
  const minMax = node.kind === 'aggregate' && (node.fn === 'MIN' || node.fn === 'MAX');
  if (kind === 'number' && (meaning === 'numerical' || minMax || numericKey)) return 'regression';
  return 'multiclass';
}
