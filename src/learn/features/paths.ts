/**
 * Which rows of which tables speak about an entity: groups (the entity, and rows one to three many-to-one links away)
 * and, below each group, event tables one or two one-to-many links away. Associations with a third table are followed
 * through (down, down). Paths are ordered by expected worth: own events, members of the same parent, the parent's
 * other children, grand-parents.
 */
import type { Link, Schema, Table } from '../../data/schema/types.ts';
import type { Group, PlanInput } from './plan-types.ts';
import type { PathStep } from './types.ts';

export interface SourcePath {
  readonly group: Group;
  readonly down: readonly PathStep[];
  readonly memberStep?: number;
}

export const tableOf = (schema: Schema, name: string): Table => {
  const found = schema.tables.find((t) => t.name === name);
  if (!found) throw new Error(`no table ${name} in the schema`);
  return found;
};

const allowed = (input: PlanInput, table: string): boolean =>
  input.tables === undefined || input.tables.has(table) || table === input.entityTable;

/**
 * A link is followed where its target at the cutoff is known: the key cells are as written at creation, or the link is
 * dated. An owner who may be reassigned, without a history, is not.
 */
export function followed(input: PlanInput, link: Link): boolean {
  const columns = tableOf(input.schema, link.from).columns.filter((c) => link.columns.includes(c.name));
  const barred = columns.some((c) => input.withheld.has(`${link.from}.${c.name}`));
  if (barred) return false;
  const settled = columns.every((c) => c.mutable === undefined || c.trusted === true);
  return input.static || link.dated === true || settled;
}

/** Does a step of the path follow a link that may name another row later? */
export const expires = (schema: Schema, steps: readonly PathStep[]): boolean =>
  steps.some((s) => schema.links.some((l) => l.name === s.link && l.dated));

/** The entity and its parents, nearest first; a table reached twice is kept by its shortest path. */
export function groupsOf(input: PlanInput, maxHops = 3): readonly Group[] {
  const self: Group = { id: 'self', up: [], table: input.entityTable };
  const groups: Group[] = [self];
  const depthOf = new Map<string, number>([[input.entityTable, 0]]);
  for (let i = 0; i < groups.length; i++) {
    const at = groups[i]!;
    const depth = at.up.length + 1;
    if (depth > maxHops) continue;
    for (const link of input.schema.links) {
      if (link.from !== at.table || !allowed(input, link.to) || !followed(input, link)) continue;
      if (at.up.some((s) => s.link === link.name) || !isBare(input, at, link)) continue;
      const reached = depthOf.get(link.to);
      if (reached !== undefined && reached < depth && link.from !== link.to) continue;
      depthOf.set(link.to, Math.min(reached ?? depth, depth));
      const up = [...at.up, step(link, 'up')];
      groups.push({ id: up.map((s) => s.link).join('>'), up, table: link.to });
    }
  }
  return groups;
}

/** An earlier row for the same one is looked at for itself, not for its parents, and only of the entity. */
const isBare = (input: PlanInput, at: Group, link: Link): boolean => {
  const last = input.schema.links.find((l) => l.name === at.up.at(-1)?.link);
  return last === undefined || (last.resolved !== 'duplicate' && link.resolved !== 'duplicate');
};

const step = (link: Link, direction: 'up' | 'down'): PathStep => ({
  link: link.name,
  direction,
  table: direction === 'up' ? link.to : link.from,
});

/** Event paths below the groups, most promising first. */
export function sourcePathsOf(input: PlanInput, groups: readonly Group[]): readonly SourcePath[] {
  const found: SourcePath[] = [];
  for (const group of groups) {
    if (group.up.length > 2) continue;
    if (group.column !== undefined && group.up.length === 0) found.push({ group, down: [], memberStep: -1 });
    for (const first of childLinks(input, group.table)) {
      if (leadsBack(group, first)) continue;
      const one = [step(first, 'down')];
      found.push(asPath(input, group, one));
      if (group.up.length > 1 || group.column !== undefined) continue;
      for (const second of childLinks(input, first.from)) {
        if (second.name === first.name || second.from === group.table) continue;
        found.push(asPath(input, group, [...one, step(second, 'down')]));
      }
    }
  }
  return dedupe(found).sort((a, b) => rank(a) - rank(b));
}

const childLinks = (input: PlanInput, table: string): readonly Link[] =>
  input.schema.links.filter((l) => l.to === table && allowed(input, l.from) && followed(input, l));

/** entity → parent → the same entity's row by a one-to-one link says nothing new. */
const leadsBack = (group: Group, link: Link): boolean =>
  group.up.length > 0 && link.unique === true && group.up[group.up.length - 1]!.link === link.name;

/** memberStep −1: the group is made of the entity's own rows (same source, say). */
function asPath(input: PlanInput, group: Group, down: readonly PathStep[]): SourcePath {
  if (group.up.length === 0)
    return group.column === undefined ? { group, down } : { group, down, memberStep: -1 };
  const member = down.findIndex((s) => s.table === input.entityTable);
  return member < 0 ? { group, down } : { group, down, memberStep: member };
}

const rank = (p: SourcePath): number => {
  const hops = p.group.up.length * 1.5 + p.down.length + (p.group.column === undefined ? 0 : 1.6);
  return hops + (p.group.up.length > 0 && p.memberStep === undefined ? 0.4 : 0);
};

/** Two paths to the same event table through the same group differ only by detours: the shorter is kept. */
function dedupe(paths: readonly SourcePath[]): SourcePath[] {
  const shortest = new Map<string, SourcePath>();
  for (const p of paths) {
    const key = `${p.group.id}#${p.group.column ?? ''}|${p.down.map((s) => s.link).join('>')}`;
    if (!shortest.has(key)) shortest.set(key, p);
  }
  return [...shortest.values()];
}
