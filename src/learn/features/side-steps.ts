/**
 * Sideways steps: from a row of a table to rows beside it, as of a cutoff. Peers of one industry and size, neighbours by
 * shared technology, rows tied by an association table, and self links both ways (who invited whom, who reports to whom).
 * Members of one account are reached up and down again (paths.ts), not from here.
 */

import { singular } from '../../data/schema/lexicon.ts';
import type { Column, DerivedLink, Link, Schema, Table } from '../../data/schema/types.ts';
import { words } from './lexicon-signals.ts';
import { followed, tableOf } from './paths.ts';
import type { Group, PlanInput } from './plan-types.ts';
import { usable } from './static-columns.ts';
import type { PathStep, Signal } from './types.ts';
import { linkWords } from './words.ts';

export type SideStep =
  /** Same category and, when known, same band of size. */
  | {
      readonly kind: 'industry_peer';
      readonly id: string;
      readonly table: string;
      readonly category: string;
      readonly size?: string;
    }
  /** Items in common: of a column of several, or of a child table's column (`link` leads from it). */
  | {
      readonly kind: 'similar_to';
      readonly id: string;
      readonly table: string;
      readonly column: string;
      readonly link?: string;
      readonly maxHolders: number;
    }
  /** Rows that `out` of an association names beside the one that `into` names. */
  | {
      readonly kind: 'association';
      readonly id: string;
      readonly table: string;
      readonly through: string;
      readonly into: string;
      readonly out: string;
    }
  /** The row that a self link names (up), or the rows that name this one (down). */
  | {
      readonly kind: 'self';
      readonly id: string;
      readonly table: string;
      readonly link: string;
      readonly direction: 'up' | 'down';
    };

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
const KINDS: readonly SideStep['kind'][] = ['industry_peer', 'similar_to', 'association', 'self'];

function sidesOf(input: PlanInput, base: Group): readonly SideStep[] {
  const table = tableOf(input.schema, base.table);
  return [
    ...derivedSides(input, base, table),
    ...(base.up.length === 0 ? selfSides(input, table) : []),
    ...associations(input, base, table),
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

/** How a path names a derived link. */
export const derivedId = (d: DerivedLink): string => `${d.kind}[${d.by.join('+')}]`;

const isPlainLink = (input: PlanInput, link: Link): boolean =>
  !link.dated && followed(input, link) && (input.tables?.has(link.from) ?? true);

function selfSides(input: PlanInput, t: Table): readonly SideStep[] {
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

function associations(input: PlanInput, base: Group, t: Table): readonly SideStep[] {
  const { tables, links } = input.schema;
  return tables
    .filter((a) => a.role === 'association')
    .flatMap((a) => {
      const ends = links.filter((l) => l.from === a.name && isPlainLink(input, l));
      return ends
        .filter((into) => into.to === t.name)
        .flatMap((into) =>
          ends
            .filter((out) => out !== into && !base.up.some((s) => s.table === out.to))
            .filter((out) => input.tables?.has(out.to) ?? true)
            .map((out) => ({
              kind: 'association' as const,
              id: `${into.name}>${out.name}`,
              table: out.to,
              through: a.name,
              into: into.name,
              out: out.name,
            })),
        );
    });
}

/** The step as a path shows it. */
export const sidePath = ({ side }: Group): readonly PathStep[] =>
  side ? [{ link: side.id, direction: 'side', table: side.table }] : [];

/** Do the rows beside belong to the same table as those they stand beside? */
export const isAmongPeers = (side: SideStep, schema: Schema): boolean =>
  side.kind !== 'association' ||
  schema.links.find((l) => l.name === side.into)?.to === schema.links.find((l) => l.name === side.out)?.to;

/** `accounts with similar tech stack`, `contacts with this invited by id`. */
export function sideWords(side: SideStep): string {
  const rows = words(side.table);
  switch (side.kind) {
    case 'industry_peer':
      return `${rows} of the same ${words(side.category)}${side.size === undefined ? '' : ` and ${words(side.size)}`}`;
    case 'similar_to':
      return `${rows} with similar ${words(side.column)}`;
    case 'association':
      return `${rows} connected by ${words(side.through)}`;
    case 'self':
      return side.direction === 'up'
        ? `the ${singular(rows)} in ${linkWords(side.link)}`
        : `${rows} that name it in ${linkWords(side.link)}`;
  }
}

const BRINGS = /\b(invit|refer|introduc|champion)/;

export function sideSignal(side: SideStep): Signal {
  if (side.kind === 'self') return BRINGS.test(words(side.link)) ? 'champion' : 'multi-contact engagement';
  return side.kind === 'association' ? 'multi-contact engagement' : 'peer wins';
}
