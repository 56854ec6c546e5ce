/** From what a column of an event source is to its place in the matrix: name, path, scope, signal, sentence. */
import { signalOf } from './lexicon-signals.ts';
import type { EventSource, Formula, JourneyPart, PlanInput, SourceColumn } from './plan-types.ts';
import { leavesOut, sidePath } from './side-steps.ts';
import type { Family, FeatureColumn, Scope, Signal } from './types.ts';
import { nearestWindow } from './windows.ts';

/** A column with its worth: lower goes first when the plan must be cut. */
export interface RankedColumn extends SourceColumn {
  readonly worth: number;
}

/** One column before it has a place. */
export interface Shape {
  readonly formula: Formula;
  readonly primitive: string;
  readonly sentence: string;
  readonly name: string;
  readonly worth: number;
  readonly family?: Family;
  readonly signal?: Signal;
  /** Table and path of the rows it speaks of, where the source has several. */
  readonly part?: JourneyPart;
  readonly column?: string;
  /** Only rows with this value of `column` are read. */
  readonly value?: string;
  readonly w?: number;
  readonly unit?: FeatureColumn['unit'];
  readonly categories?: readonly string[];
}

export function toColumn(source: EventSource, input: PlanInput, s: Shape): RankedColumn {
  const family = s.family ?? (source.excludeSelf ? 'peers' : 'windows');
  const days = s.w === undefined ? undefined : source.windows[s.w];
  const meta: FeatureColumn = {
    name: `${prefixOf(source)}.${s.name}${s.w === undefined ? '' : days === undefined ? '.ever' : `.${days}d`}`,
    kind: s.categories ? 'categorical' : 'numeric',
    ...(s.categories ? { categories: s.categories } : {}),
    family,
    scope: scopeOf(source, input, s),
    signal: s.signal ?? signalIn(source, input, s, family),
    path: [...source.group.up, ...sidePath(source.group), ...(s.part?.down ?? source.down)],
    table: s.part?.table ?? source.table,
    ...(s.column === undefined ? {} : { column: s.column }),
    primitive: s.primitive,
    ...(days === undefined ? {} : { windowDays: days }),
    ...rowsOf(source, s),
    sentence: s.sentence,
    ...(s.unit === undefined ? {} : { unit: s.unit }),
  };
  return { meta, formula: s.formula, worth: s.worth };
}

/** Which of the source's rows the column reads; absent when all. */
function rowsOf(source: EventSource, s: Shape): Pick<FeatureColumn, 'rows'> {
  const rows = {
    ...(s.value === undefined ? {} : { value: s.value }),
    ...(source.stream === 'closed' ? { closed: true } : {}),
    ...(source.excludeSelf || leavesOut(source.group.side) ? { others: true } : {}),
    ...(source.group.column === undefined ? {} : { sameValue: source.group.column }),
  };
  return Object.keys(rows).length === 0 ? {} : { rows };
}

/** Members of an account engage together; rows that merely share a source or an industry are peers. */
function signalIn(source: EventSource, input: PlanInput, s: Shape, family: Family): Signal {
  if (source.memberStep === undefined) return signalOf(source.table, s.column, family, s.primitive);
  const group = input.schema.tables.find((t) => t.name === source.group.table);
  const shared =
    source.group.column !== undefined || group?.origin.kind === 'derived' || group?.role === 'lookup';
  if (shared) return source.down.at(-1)?.table === input.entityTable ? 'source' : 'peer wins';
  return 'multi-contact engagement';
}

/** Path in link columns, so that names are unique and stable: `touches`, `account_id>touches`. */
export function prefixOf(source: EventSource): string {
  if (source.parts) return 'journey(all events)';
  const links = [...source.group.up, ...sidePath(source.group), ...source.down].map((step) => step.link);
  const plain =
    source.group.side === undefined &&
    source.group.up.length === 0 &&
    source.group.column === undefined &&
    source.down.length === 1;
  const value = source.group.column === undefined ? '' : `#${source.group.column}>`;
  const closed = source.stream === 'closed' ? '(closed)' : '';
  const others = source.excludeSelf ? '(others)' : '';
  return `${plain ? `${source.table}[${links[0]}]` : `${value}${links.join('>')}`}${closed}${others}`;
}

const hasParent = (input: PlanInput): boolean =>
  input.schema.links.some((l) => l.from === input.entityTable && l.to !== l.from);

/** Sums over the account count as account totals; those of an entity with parents as its own. */
function scopeOf(source: EventSource, input: PlanInput, s: Shape): Scope {
  const additive = s.primitive === 'count' || s.primitive === 'sum';
  if (source.group.column !== undefined || source.group.side) return 'relational';
  if (source.group.up.length === 0) {
    if (source.table === input.entityTable) return 'relational';
    if (!additive) return 'relational';
    return source.down.length === 1 && hasParent(input) ? 'own' : 'account';
  }
  return additive && source.group.up.length === 1 && !source.excludeSelf ? 'account' : 'relational';
}

/** Windows nearest the wanted lengths, and all time. */
export function picks(source: EventSource, wanted: readonly number[]): readonly number[] {
  const all = source.windows.length;
  if (!source.dated) return [all];
  return [...new Set([...wanted.map((d) => nearestWindow(source.windows, d)), all])];
}

export const range = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);
