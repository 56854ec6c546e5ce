/**
 * Which links lead from one table to another. Upstream allows exactly one foreign key between the two; VIA names links
 * that a longer (up to MAX_HOPS) or ambiguous path must use, walked in either direction.
 */
import type { Link, Schema } from '../../data/schema/types.ts';
import { otherCase } from './names.ts';

const MAX_HOPS = 4;

export const linksBetween = ({ links }: Schema, from: string, to: string): readonly Link[] =>
  links.filter((l) => l.from === from && l.to === to);

/** The table that `link` leads to from `table`; undefined when it does not touch it. */
export function followLink(link: Link, table: string): string | undefined {
  if (link.from === table) return link.to;
  return link.to === table ? link.from : undefined;
}

/** Shortest paths of links from `from` to `to` that use all of `via`; no table in between is met twice. */
export function shortestPaths(
  schema: Schema,
  from: string,
  to: string,
  via: readonly Link[] = [],
): readonly (readonly Link[])[] {
  let paths: { readonly at: string; readonly links: readonly Link[]; readonly seen: readonly string[] }[] = [
    { at: from, links: [], seen: [from] },
  ];
  for (let hop = 1; hop <= MAX_HOPS; hop++) {
    const next: typeof paths = [];
    for (const path of paths) {
      for (const link of schema.links) {
        const at = followLink(link, path.at);
        if (at === undefined || (at !== to && path.seen.includes(at))) continue;
        next.push({ at, links: [...path.links, link], seen: [...path.seen, at] });
      }
    }
    const arrived = next.filter((p) => p.at === to && via.every((l) => p.links.includes(l)));
    if (arrived.length > 0) return arrived.map((p) => p.links);
    paths = next.filter((p) => p.at !== to);
  }
  return [];
}

/** A link by its name, or by `table.column` of any of its columns. */
export function findLink({ links }: Schema, name: string): Link | undefined {
  const exact = links.find((l) => l.name === name);
  if (exact) return exact;
  const spellings = new Map<string, Link>(
    links.flatMap((l) => l.columns.map((c) => [`${l.from}.${c}`, l] as const)),
  );
  const known = otherCase(name, [...spellings.keys()]);
  return known === undefined ? undefined : spellings.get(known);
}

/** The fewest links (nearest the context first) that leave `path` as the only shortest one. */
export function viaFor(schema: Schema, from: string, to: string, path: readonly Link[]): readonly Link[] {
  const nearest = path.toReversed();
  for (let count = 1; count < path.length; count++) {
    const via = nearest.slice(0, count);
    if (shortestPaths(schema, from, to, via).length === 1) return via;
  }
  return nearest;
}
