/** A query in plain English, line by line; with a checked query and its schema also types, joins and label times. */
import type { Schema } from '../../data/schema/types.ts';
import type { Aggregate, CheckedQuery, Literal, Query, Target, TaskType } from './ast.ts';
import { FUNCTIONS } from './functions.ts';
import { isUnresolved } from './named-target.ts';
import { printLiteral, printQuery } from './print.ts';
import { leavesOf } from './walk.ts';
import { aggregateWords, boundsWords, columnWords, predicateWords } from './words.ts';

export function describeQuery(query: Query | CheckedQuery, schema?: Schema): readonly string[] {
  const checked = 'taskType' in query ? query : undefined;
  return [
    `Predicts ${targetWords(query)}.`,
    ...boundsLines(query.target),
    ...hintLines(query),
    ...(checked ? [taskLine(checked)] : []),
    entityLine(query, schema),
    ...(query.where ? [`Only where ${predicateWords(query.where)}, as known at the cutoff.`] : []),
    ...assumingLines(query),
    ...(checked ? joinLines(checked) : []),
    ...(schema ? labelTimeLines(query.target, schema) : []),
    ...undefinedLines(query.target),
    ...(query.using ? [`Features read only ${query.using.join(', ')}.`] : []),
    `Canonical text: ${printQuery(query)}`,
  ];
}

export function targetWords({ target, namedTarget }: Query): string {
  if (isUnresolved(target)) return `the target ${target.column}, whose text is declared in the workspace`;
  const name = namedTarget === undefined ? '' : `${namedTarget}: `;
  if (target.kind === 'column') return `${name}the stored value of ${columnWords(target)}`;
  if (target.kind === 'aggregate') return `${name}the ${aggregateWords(target)}`;
  return `${name}whether ${predicateWords(target)}`;
}

function boundsLines(target: Target): readonly string[] {
  const { aggregates, becomes } = leavesOf([target], false);
  const windows = [...aggregates, ...becomes].flatMap((a) => (a.window ? [boundsWords(a.window)] : []));
  return [...new Set(windows)].map((bounds) => `Label window, start excluded and end included: ${bounds}.`);
}

function hintLines({ hint }: Query): readonly string[] {
  if (!hint) return [];
  switch (hint.kind) {
    case 'forecast':
      return [`Repeated for ${hint.steps} consecutive windows.`];
    case 'classify':
      return ['Every possible value gets a score of its own.'];
    default:
      return [`The ${hint.topK ?? ''} best values are returned in order.`.replace('  ', ' ')];
  }
}

const TASKS: Readonly<Record<TaskType, string>> = {
  binary: 'yes or no (binary classification)',
  multiclass: 'one of several classes (multiclass classification)',
  regression: 'a number (regression)',
  ranking: 'an ordered list (ranking)',
  multilabel: 'several labels (multilabel classification)',
  forecast: 'a number per step (forecast)',
};

function taskLine({ taskType, temporal }: CheckedQuery): string {
  const time = temporal
    ? 'temporal: labels lie after the cutoff'
    : 'static: a stored value, hidden and filled in';
  return `Task: ${TASKS[taskType]}; ${time}.`;
}

function entityLine({ entity, ids }: Query, schema: Schema | undefined): string {
  const table = schema?.tables.find((t) => t.name === entity.table);
  const key = entity.column === '' ? 'by its primary key' : `by ${columnWords(entity)}`;
  const from = table?.time ? `, from ${entity.table}.${table.time} on` : '';
  const to = table?.endTime ? ` until ${entity.table}.${table.endTime}` : '';
  if (ids) return `For the ids ${idWords(ids)} of ${entity.table}, ${key}.`;
  return `For each row of ${entity.table}, ${key}${from}${to}.`;
}

function idWords(ids: Literal): string {
  const items = ids.kind === 'array' ? ids.items : [ids];
  const shown = items.slice(0, 5).map(printLiteral).join(', ');
  return items.length > 5 ? `${shown} and ${items.length - 5} more` : shown;
}

function assumingLines({ assuming }: Query): readonly string[] {
  if (!assuming) return [];
  return [
    `Assuming that ${predicateWords(assuming)}: only examples where this came true are learnt from, and it is taken ` +
      'as true when predicting. This is no claim about cause.',
  ];
}

function joinLines({ target, where, assuming, entity }: CheckedQuery): readonly string[] {
  const { aggregates, columns } = leavesOf([target, where, assuming]);
  const joins = [...aggregates.map((a) => joinWords(a.source.table, a.path)), ...columns.map(lookUp)];
  const lines = [...new Set(joins.filter((line) => line !== ''))];
  const tables = new Set([
    entity.table,
    ...aggregates.map((a) => a.source.table),
    ...columns.map((c) => c.table),
  ]);
  return [`Tables: ${[...tables].join(', ')}.`, ...lines];
}

const joinWords = (table: string, path: Aggregate['path']): string =>
  path?.length ? `Rows of ${table} are linked by ${path.join(', then ')}.` : '';

const lookUp = ({ table, path }: Target & { kind: 'column' }): string =>
  path?.length ? `${table} is looked up over ${path.join(', then ')}.` : '';

function labelTimeLines(target: Target, schema: Schema): readonly string[] {
  const { aggregates } = leavesOf([target], false);
  const tables = new Set(aggregates.filter((a) => a.window).map((a) => a.source.table));
  return [...tables].flatMap((name) => {
    const table = schema.tables.find((t) => t.name === name);
    const time = table?.labelTime ?? table?.time;
    return time === undefined ? [] : [`A row of ${name} counts at its ${name}.${time}.`];
  });
}

/** What follows when there is nothing to aggregate. */
function undefinedLines(target: Target): readonly string[] {
  if (isUnresolved(target)) return [];
  if (target.kind === 'column')
    return [`Rows where ${columnWords(target)} is missing are predicted, not learnt from.`];
  const { aggregates, becomes } = leavesOf([target], false);
  const names = (empty: 'zero' | 'undefined'): string =>
    [...new Set(aggregates.map((a) => a.fn).filter((fn) => FUNCTIONS[fn].empty === empty))].join(' and ');
  const lines: string[] = [];
  if (names('zero')) lines.push(`Without a qualifying row ${names('zero')} is 0 and the example is kept.`);
  if (names('undefined')) {
    lines.push(`Without a qualifying row ${names('undefined')} is undefined and the example is dropped.`);
  }
  if (becomes.length > 0) {
    const already = becomes.map((b) => predicateWords(b.condition)).join(' or ');
    lines.push(`Dropped at a cutoff where ${already} already holds; turning false again later still counts.`);
  }
  return lines;
}
