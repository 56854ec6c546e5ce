import { LeadlightError } from '../../../errors.ts';
import type { WhatIf } from '../../scoring/what-if.ts';
import type { CommandContext } from '../command.ts';
import { printJson, printLine } from '../io.ts';
import { count, fixed, percent } from '../number-text.ts';
import { targetOptions, withWorkspace } from '../target.ts';
import { printTable } from '../text-table.ts';

export async function run(context: CommandContext): Promise<undefined> {
  const { io, options, progress } = context;
  const { id, set } = options;
  if (id === undefined)
    throw new LeadlightError('USAGE', {
      problem: 'Nothing says whose score to change',
      remedy: 'Pass --id ID, as printed in the entity column of `leadlight score`.',
    });
  const target = targetOptions(context);
  const found = await withWorkspace(context, (workspace) =>
    workspace.whatIf({ ...target, id, ...(set && { set }) }),
  );
  progress.clear();
  if (options.json) printJson(io.out, found);
  else printLine(io.out, printWhatIf(found));
}

export function printWhatIf({ entity, cutoff, probability, set, actions, note }: WhatIf): string {
  const head = `${entity}${cutoff === null ? '' : `, as of ${cutoff}`}: ${percent(probability, 1)}`;
  return [head, ...printSet(set), '', ...printActions(actions), '', note].join('\n');
}

function printSet(set: WhatIf['set']): readonly string[] {
  if (!set) return [];
  const table = printTable(set.values, [
    { title: 'feature', value: (v) => v.feature, maxWidth: 60 },
    { title: 'from', value: (v) => shown(v.from) },
    { title: 'to', value: (v) => shown(v.to) },
    { title: '', value: (v) => v.warning ?? '' },
  ]);
  return ['', `Set so: ${percent(set.probability, 1)} (${points(set.delta)})`, table];
}

const shown = (value: number | string | null): string =>
  value === null ? 'none' : typeof value === 'number' ? fixed(value, 2) : value;

const points = (x: number): string => `${x < 0 ? '−' : '+'}${fixed(Math.abs(x) * 100, 1)} points`;

function printActions(actions: WhatIf['actions']): readonly string[] {
  if (actions.length === 0)
    return ['No single change within reach goes with a higher score, or too few past wins say how.'];
  const table = printTable(actions, [
    { title: 'more', value: (a) => a.action },
    { title: 'then', value: (a) => percent(a.probability.middle, 1), align: 'right' },
    { title: 'change', value: (a) => points(a.delta), align: 'right' },
    { title: 'wins', value: (a) => count(a.cases), align: 'right' },
    { title: 'what is meant', value: (a) => a.sentence },
  ]);
  return ['What goes with a higher score, largest first:', table];
}
