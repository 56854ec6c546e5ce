import { LeadlightError } from '../../../errors.ts';
import type { Score } from '../../scoring/types.ts';
import type { CommandContext } from '../command.ts';
import { printJson, printLine } from '../io.ts';
import { count, fixed, percent, plural } from '../number-text.ts';
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
    ['between', betweenWords(score)],
    ['expected value', score.expected_value === null ? null : count(Math.round(score.expected_value))],
    ['higher than', `${fixed(score.percentile, 0)} % of the population`],
    ['band', score.band],
    ['fit', score.fit === null ? null : fixed(score.fit, 0)],
    ['engagement', score.engagement === null ? null : fixed(score.engagement, 0)],
    ['from the firm alone', score.firmographic_only === null ? null : percent(score.firmographic_only, 1)],
    ['trend', score.trend],
    ['contacts', score.contacts],
    ['key signal', score.key_signal],
    ['action', score.rule === null ? score.action : `${score.action} (rule ${score.rule})`],
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
    ...(score.champion ? ['', `Champion: ${score.champion.sentence}.`] : []),
    ...printChanges(score.changes),
    ...printSimilar(score.similar),
  ].join('\n');
}

function printChanges(changes: Score['changes']): readonly string[] {
  if (!changes) return [];
  const { since, before, delta, signals } = changes;
  return [
    '',
    `Since ${since.slice(0, 10)}: ${percent(before, 1)}, ${points(delta)}`,
    printTable(signals, [
      { title: '', value: (c) => points(c.delta), align: 'right' },
      { title: 'signal', value: (c) => c.signal },
      { title: 'what changed', value: (c) => c.sentence },
      { title: 'new', value: (c) => c.evidence.map(printEvidence).join('; ') },
    ]),
  ];
}

const betweenWords = ({ interval, value }: Score): string | null => {
  if (!interval) return null;
  const words = (x: number): string => (value === undefined ? percent(x, 1) : x.toPrecision(4));
  return `${words(interval.low)} and ${words(interval.high)} (n=${count(interval.cases)})`;
};

/** Percentage points. */
const points = (x: number): string => `${x < 0 ? '−' : '+'}${fixed(Math.abs(x) * 100, 1)} points`;

function printSimilar(similar: Score['similar']): readonly string[] {
  if (!similar) return [];
  const { among } = similar;
  const rows = [
    ...similar.won.map((e) => ({ ...e, ended: 'had the outcome' })),
    ...similar.lost.map((e) => ({ ...e, ended: 'did not' })),
  ];
  return [
    '',
    `Most like it among ${plural(among.won, 'past win')} and ${plural(among.lost, 'past loss', 'past losses')}:`,
    printTable(rows, [
      { title: 'entity', value: (e) => e.entity, maxWidth: 24 },
      { title: 'as of', value: (e) => e.cutoff?.slice(0, 10) ?? '' },
      { title: '', value: (e) => e.ended },
      { title: 'alike', value: (e) => percent(e.likeness), align: 'right' },
      { title: 'agrees in', value: (e) => e.agrees.join(', ') },
    ]),
  ];
}

function printEvidence({ table, ids }: Score['reasons'][number]['evidence'][number]): string {
  const more = ids.length > EVIDENCE_SHOWN ? ` +${ids.length - EVIDENCE_SHOWN}` : '';
  return `${table}: ${ids.slice(0, EVIDENCE_SHOWN).join(', ')}${more}`;
}
