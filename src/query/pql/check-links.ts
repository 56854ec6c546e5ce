/** Join inference: fills `path`, or says why there is none (L1 to L3). */
import type { Link, Table } from '../../data/schema/types.ts';
import type { Aggregate, ColumnRef, Span } from './ast.ts';
import type { Check } from './check-context.ts';
import { findLink, linksBetween, shortestPaths, viaFor } from './links.ts';
import { nearestName } from './names.ts';

/** Links from the context up to the column's table: none, or exactly one foreign key. */
export function columnPath(check: Check, ref: ColumnRef, context: Table, owner: Table): readonly string[] {
  if (owner.name === context.name) return [];
  const up = linksBetween(check.schema, context.name, owner.name);
  if (up.length === 1) {
    check.limit('R3', ref.span, `${owner.name} is reached over a foreign key.`);
    return [up[0]!.name];
  }
  if (up.length > 1) {
    ambiguous(check, ref.span, up, `${context.name} has ${up.length} links to ${owner.name}.`);
    return [];
  }
  if (linksBetween(check.schema, owner.name, context.name).length > 0) {
    check.error('L3', ref.span, `There is no single row of ${owner.name} per row of ${context.name}.`, {
      expected: `a column of ${context.name}`,
      suggestion: `an aggregation such as LAST(${owner.name}.${ref.column}, start, end, unit)`,
    });
    return [];
  }
  check.error('L1', ref.span, `No foreign key leads from ${context.name} to ${owner.name}.`, {
    expected: 'a column of the same table or one foreign key away',
  });
  return [];
}

interface Joined {
  readonly path: readonly string[];
  readonly via?: readonly string[];
}

/** Links from the aggregated table to the context. `fallback`: the VIA of the whole query, used where a path can. */
export function aggregatePath(
  check: Check,
  aggregate: Aggregate,
  source: Table,
  context: Table,
  fallback: readonly string[] | undefined,
): Joined {
  const direct = linksBetween(check.schema, source.name, context.name);
  const single = direct.length === 1 ? { path: [direct[0]!.name] } : undefined;
  const byFallback = !aggregate.via && fallback && canReach(check, fallback, source.name, context.name);
  if (!aggregate.via && !byFallback && single) return single;
  if (aggregate.via) return pathVia(check, aggregate.via, aggregate.span, source.name, context.name);
  if (fallback) return pathVia(check, fallback, aggregate.span, source.name, context.name);
  if (direct.length > 1) {
    ambiguous(check, aggregate.span, direct, `${source.name} has ${direct.length} links to ${context.name}.`);
  } else {
    unlinked(check, aggregate.span, source.name, context.name);
  }
  return { path: [] };
}

function canReach({ schema }: Check, via: readonly string[], from: string, to: string): boolean {
  const links = via.flatMap((name) => findLink(schema, name) ?? []);
  return links.length < via.length || shortestPaths(schema, from, to, links).length > 0;
}

function pathVia(check: Check, via: readonly string[], span: Span, from: string, to: string): Joined {
  const links: Link[] = [];
  const names = check.schema.links.map((l) => l.name);
  for (const name of via) {
    const link = findLink(check.schema, name);
    if (link) links.push(link);
    else {
      check.error('L1', span, `There is no link ${name}.`, {
        expected: `one of ${names.join(', ')}`,
        suggestion: nearestName(name, names),
      });
    }
  }
  if (links.length < via.length) return { path: [] };
  const paths = shortestPaths(check.schema, from, to, links);
  if (paths.length === 0) {
    check.error('L1', span, `No path from ${from} to ${to} uses ${via.join(' and ')}.`);
    return { path: [] };
  }
  if (paths.length > 1) {
    const choices = [...new Set(paths.flat())].filter((l) => !links.includes(l));
    ambiguous(check, span, choices, `${paths.length} paths from ${from} to ${to} use ${via.join(' and ')}.`);
    return { path: [] };
  }
  return { path: paths[0]!.map((l) => l.name), via: links.map((l) => l.name) };
}

function ambiguous(check: Check, span: Span, choices: readonly Link[], message: string): void {
  const names = choices.map((l) => l.name);
  const remedy = `VIA ${names[0]} inside the aggregation`;
  check.error('L2', span, message, {
    expected: `one path; links: ${names.join(', ')}`,
    suggestion: check.mode === 'lenient' ? remedy : 'unlink all but one in the schema',
  });
}

function unlinked(check: Check, span: Span, from: string, to: string): void {
  const paths = shortestPaths(check.schema, from, to);
  const path = paths[0];
  if (!path) {
    check.error('L1', span, `No foreign key leads from ${from} to ${to}.`, {
      expected: `a table with a foreign key to ${to}`,
      suggestion: check.schema.links.find((l) => l.to === to)?.from,
    });
    return;
  }
  const hops = `${from} is ${path.length} links away from ${to}`;
  if (check.mode === 'strict') {
    const remedy = `copy the key of ${to} into ${from}, or take a table in between as the entity`;
    check.error('L1', span, `${hops}; one is allowed.`, { suggestion: remedy });
    return;
  }
  const via = viaFor(check.schema, from, to, path).map((l) => l.name);
  check.error('L1', span, `${hops}; name the path.`, {
    suggestion: `VIA ${via.join(', ')} inside the aggregation, before WHERE and the window`,
  });
}
