/**
 * Links whose target changes over time. A declared one is dated when its key column is mutable and has a history that
 * tells every value's time; a resolved one (identity) is always. Where everything on record counts (static tasks),
 * declared links name their target by the key as exported.
 */
import type { Column, History, IdentityRule, Link, Schema, WorkspaceConfig } from './types.ts';

/** The history by which a declared link's target is known as of a moment; undefined where the key never changes or has none. */
export function linkHistory(
  schema: Schema,
  link: Link,
): Extract<History, { kind: 'table' | 'changedAt' }> | undefined {
  const column = keyColumn(schema, link);
  if (!column || column.mutable === undefined || column.trusted) return undefined;
  return column.history === undefined || column.history.kind === 'valueTimes' ? undefined : column.history;
}

/** The one column of a link; composite keys have no common history. */
function keyColumn(schema: Schema, link: Link): Column | undefined {
  if (link.columns.length !== 1) return undefined;
  return schema.tables.find((t) => t.name === link.from)?.columns.find((c) => c.name === link.columns[0]);
}

export const resolvedLink = (rule: IdentityRule): Link => ({
  name: rule.name,
  from: rule.from,
  columns: [rule.column],
  to: rule.to,
  dated: true,
});

/** The schema as features see it: dated links marked, links that identity resolved added. */
export function linkedSchema(config: WorkspaceConfig, isStatic: boolean): Schema {
  const { schema } = config;
  const declared = schema.links.map((l) => (isStatic || !linkHistory(schema, l) ? l : { ...l, dated: true }));
  const resolved = (config.identity ?? []).filter((r) => r.off !== true).map(resolvedLink);
  return { ...schema, links: [...declared, ...resolved] };
}
