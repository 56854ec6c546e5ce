import { LeadlightError } from '../../../errors.ts';
import type { Score } from '../../scoring/types.ts';
import type { CommandContext } from '../command.ts';
import { printJson, printLine } from '../io.ts';
import { fixed, percent } from '../number-text.ts';
import { targetOptions, withWorkspace } from '../target.ts';
import { printTable } from '../text-table.ts';

const EVIDENCE_SHOWN = 5;

export async function run(context: CommandContext): Promise<undefined> {
  const { io, options, progress } = context;
  const { id } = options;
  if (id === undefined)
    throw new LeadlightError('USAGE', {
      problem: 'Nothing says whose score to explain',
      remedy: 'Pass --id ID, as printed in the entity column of `leadlight score`.',
    });
  const target = targetOptions(context);
  const score = await withWorkspace(context, (workspace) => workspace.explain({ ...target, id }));
  progress.clear();
  if (options.json) printJson(io.out, score);
  else printLine(io.out, printExplainedScore(score));
}

export function printExplainedScore(score: Score): string {
  const names = Object.values(score.names).filter(Boolean).join(', ');
  const facts: readonly (readonly [string, string | null])[] = [
    ['probability', percent(score.probability, 1)],
    ['higher than', `${fixed(score.percentile, 0)} % of the population`],
    ['band', score.band],
    ['fit', score.fit === null ? null : fixed(score.fit, 0)],
    ['engagement', score.engagement === null ? null : fixed(score.engagement, 0)],
    ['from the firm alone', score.firmographic_only === null ? null : percent(score.firmographic_only, 1)],
    ['trend', score.trend],
    ['contacts', score.contacts],
    ['key signal', score.key_signal],
    ['action', score.action],
  ];
  return [
    `${score.entity}${names === '' ? '' : `  ${names}`}${score.cutoff === null ? '' : `, as of ${score.cutoff}`}`,
    ...facts.filter(([, value]) => value !== null).map(([title, value]) => `  ${title.padEnd(20)}${value}`),
    '',
    printTable(score.reasons, [
      { title: 'share', value: (r) => percent(r.share), align: 'right' },
      { title: '', value: (r) => (r.direction === 'up' ? '▲' : '▼') },
      { title: 'signal', value: (r) => r.signal },
      { title: 'reason', value: (r) => r.sentence },
      { title: 'evidence', value: (r) => r.evidence.map(printEvidence).join('; ') },
    ]),
  ].join('\n');
}

function printEvidence({ table, ids }: Score['reasons'][number]['evidence'][number]): string {
  const more = ids.length > EVIDENCE_SHOWN ? ` +${ids.length - EVIDENCE_SHOWN}` : '';
  return `${table}: ${ids.slice(0, EVIDENCE_SHOWN).join(', ')}${more}`;
}
