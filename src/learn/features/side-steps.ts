/**
 * Sideways steps: from a row of a table to rows beside it, as of a cutoff. Peers of one industry and size, neighbours by
 * shared technology, rows tied by an association table, and self links both ways (who invited whom, who reports to whom).
 * Members of one account are reached up and down again (paths.ts), not from here.
 */

import { conceptOf, singular } from '../../data/schema/lexicon.ts';
import type { Column, DerivedLink, Link, Schema, Table } from '../../data/schema/types.ts';
import { words } from './lexicon-signals.ts';
import { followed, tableOf } from './paths.ts';
import type { Group, PlanInput } from './plan-types.ts';
import { NEW_DAYS } from './side-ties.ts';
import { usable } from './static-columns.ts';
import type { PathStep, SideStep, Signal } from './types.ts';
import { linkWords } from './words.ts';

/** Rows that may hold an item for it to tell rows apart, unless the plan must be cheaper. */
export const MAX_HOLDERS = 1000;

/** Groups of the rows beside the entity or beside a parent one link away. */
export function sideGroups(input: PlanInput, groups: readonly Group[]): readonly Group[] {
  if (input.static) return [];
  const bases = groups.filter((g) => g.column === undefined && g.up.length <= 1);
  return bases
    .flatMap((base) => sidesOf(input, base).map((side) => ({ ...base, table: side.table, side })))
    .sort((a, b) => KINDS.indexOf(a.side.kind) - KINDS.indexOf(b.side.kind) || a.up.length - b.up.length);
}

/** Most promising first. */
const KINDS: readonly SideStep['kind'][] = ['industry_peer', 'similar_to', 'arrival', 'association', 'self'];

function sidesOf(input: PlanInput, base: Group): readonly SideStep[] {
  const table = tableOf(input.schema, base.table);
  return [
    ...derivedSides(input, base, table),
    ...arrivals(input, base),
    ...(base.up.length === 0
      ? selfSides(input, table).flatMap((s) => withParents(input, s, table.name))
      : []),
    ...associations(input, base, table).flatMap((s) => withParents(input, s, s.table)),
  ];
}

const columnIn = (t: Table, name: string | undefined): Column | undefined =>
  t.columns.find((c) => c.name === name);

/** Neighbours' cells are read as they stand: they must be as written at creation. */
const settled = (input: PlanInput, base: Group, t: Table, c: Column | undefined): c is Column =>
  c !== undefined && usable(c, t, input, base) && (c.mutable === undefined || c.trusted === true);

function derivedSides(input: PlanInput, base: Group, t: Table): readonly SideStep[] {
  return input.schema.derivedLinks
    .filter((d) => d.table === t.name)
    .flatMap((d): SideStep[] => {
      const [first, second] = d.by.map((name) => columnIn(t, name));
      const id = derivedId(d);
      if (d.kind === 'industry_peer' && settled(input, base, t, first)) {
        const size = settled(input, base, t, second) ? { size: second.name } : {};
        return [{ kind: d.kind, id, table: t.name, category: first.name, ...size }];
      }
      if (d.kind !== 'similar_to') return [];
      if (d.through !== undefined) {
        const child = input.schema.links.find((l) => l.from === d.through && l.to === t.name);
        if (
          !child ||
          !isPlainLink(input, child) ||
          !settled(
            input,
            base,
            tableOf(input.schema, d.through),
            columnIn(tableOf(input.schema, d.through), d.by[0]),
          )
        )
          return [];
        return [
          { kind: d.kind, id, table: t.name, column: d.by[0]!, link: child.name, maxHolders: MAX_HOLDERS },
        ];
      }
      if (!settled(input, base, t, first)) return [];
      return [{ kind: d.kind, id, table: t.name, column: first.name, maxHolders: MAX_HOLDERS }];
    });
}

const derivedId = (d: DerivedLink): string => `${d.kind}[${d.by.join('+')}]`;

const isPlainLink = (input: PlanInput, link: Link): boolean =>
  !link.dated && followed(input, link) && (input.tables?.has(link.from) ?? true);

/** People with a title come to rows of the table. */
function arrivals(input: PlanInput, base: Group): readonly SideStep[] {
  return input.schema.links
    .filter((l) => l.to === base.table && l.from !== l.to && l.resolved !== 'duplicate' && followed(input, l))
    .filter((l) => input.tables?.has(l.from) ?? true)
    .flatMap((l) => {
      const people = tableOf(input.schema, l.from);
      const title = people.columns.find((c) => c.semantic === 'title');
      if (people.role !== 'entity' || !settled(input, base, people, title)) return [];
      const id = `arrivals[${l.name}]`;
      const others = l.from === input.entityTable ? { others: true as const } : {};
      return [{ kind: 'arrival' as const, id, table: l.from, link: l.name, title: title.name, ...others }];
    });
}

/** The step, and the same going on to the accounts of the rows that it reaches. */
function withParents(
  input: PlanInput,
  side: Extract<SideStep, { kind: 'self' | 'association' }>,
  from: string,
): readonly SideStep[] {
  const parents = input.schema.links.filter(
    (l) =>
      l.from === from &&
      l.to !== from &&
      conceptOf(l.to) === 'account' &&
      followed(input, l) &&
      (input.tables?.has(l.to) ?? true),
  );
  const above = parents.map((l) => ({ ...side, id: `${side.id}>${l.name}`, table: l.to, up: l.name }));
  const passing = side.kind === 'association' && side.ended === true && above.length > 0;
  return [...(passing ? [] : [side]), ...above];
}

function selfSides(input: PlanInput, t: Table): readonly Extract<SideStep, { kind: 'self' }>[] {
  return input.schema.links
    .filter((l) => l.from === t.name && l.to === t.name && isPlainLink(input, l))
    .flatMap((l) =>
      (['up', 'down'] as const).map((direction) => ({
        kind: 'self' as const,
        id: `${l.name}(${direction})`,
        table: t.name,
        link: l.name,
        direction,
      })),
    );
}

type Association = Extract<SideStep, { kind: 'association' }>;

/** Where rows between end (jobs, seats), the ended ones lead on too. */
function associations(input: PlanInput, base: Group, t: Table): readonly Association[] {
  const { tables, links } = input.schema;
  return tables
    .filter((a) => a.role === 'association')
    .flatMap((a) => {
      const ends = links.filter((l) => l.from === a.name && isPlainLink(input, l));
      const through = ends
        .filter((into) => into.to === t.name)
        .flatMap((into) =>
          ends
            .filter((out) => out !== into && (input.tables?.has(out.to) ?? true))
            .map((out) => tie(a, into, out)),
        );
      const beside = through.filter((step) => !base.up.some((s) => s.table === step.table));
      return a.endTime === undefined ? beside : [...beside, ...through.map(ended)];
    });
}

const tie = (a: Table, into: Link, out: Link): Association => ({
  kind: 'association',
  id: `${into.name}>${out.name}`,
  table: out.to,
  through: a.name,
  into: into.name,
  out: out.name,
});

const ended = (step: Association): Association => ({ ...step, id: `${step.id}(ended)`, ended: true });

/** Is the entity itself left out of the rows beside? */
export const leavesOut = (side: SideStep | undefined): boolean =>
  side?.kind === 'arrival' && side.others === true;

/** The step as a path shows it. */
export const sidePath = ({ side }: Group): readonly PathStep[] =>
  side ? [{ link: side.id, direction: 'side', table: side.table, side }] : [];

/** Do the rows beside belong to the same table as those they stand beside, as peers do? */
export function isAmongPeers(side: SideStep, schema: Schema): boolean {
  const linked = (name: string): string | undefined => schema.links.find((l) => l.name === name)?.to;
  if (side.kind === 'arrival' || ('up' in side && side.up !== undefined)) return false;
  return side.kind !== 'association' || linked(side.into) === linked(side.out);
}

/** `accounts with similar tech stack`, `contacts with this invited by id`. */
export function sideWords(side: SideStep): string {
  const rows = words(side.table);
  switch (side.kind) {
    case 'industry_peer':
      return `${rows} of the same ${words(side.category)}${side.size === undefined ? '' : ` and ${words(side.size)}`}`;
    case 'similar_to':
      return `${rows} with similar ${words(side.column)}`;
    case 'arrival':
      return `senior ${rows} who came in the last ${NEW_DAYS} days`;
    case 'association':
      return `${rows} ${side.ended ? 'formerly ' : ''}connected by ${words(side.through)}`;
    case 'self':
      return selfWords(side, rows);
  }
}

function selfWords(side: Extract<SideStep, { kind: 'self' }>, rows: string): string {
  const name = linkWords(side.link);
  if (side.up !== undefined)
    return `${rows} of those ${side.direction === 'up' ? `in ${name}` : `that name it in ${name}`}`;
  return side.direction === 'up' ? `the ${singular(rows)} in ${name}` : `${rows} that name it in ${name}`;
}

const BRINGS = /\b(invit|refer|introduc|champion|previous|former|prior)/;

export function sideSignal(side: SideStep): Signal {
  if (side.kind === 'arrival') return 'new executive';
  if (side.kind === 'association' && side.ended) return 'champion';
  if (side.kind === 'self') return BRINGS.test(words(side.link)) ? 'champion' : 'multi-contact engagement';
  return side.kind === 'association' ? 'multi-contact engagement' : 'peer wins';
}
