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

/** Identity rules in use, in the order of the file. */
export const activeRules = (config: WorkspaceConfig): readonly IdentityRule[] =>
  (config.identity ?? []).filter((r) => r.off !== true);

/** Only cells as written at creation are compared and followed: what changes later would change the past. */
export const isSettled = (c: Column): boolean => c.mutable === undefined || c.trusted === true;

export function isSettledLink(schema: Schema, link: Link): boolean {
  const columns = schema.tables.find((t) => t.name === link.from)?.columns ?? [];
  return columns.every((c) => !link.columns.includes(c.name) || isSettled(c));
}

/** The declared link whose empty keys a rule fills; undefined when the rule makes a link of its own. */
export function filledLink(config: WorkspaceConfig, rule: IdentityRule): Link | undefined {
  const same = (r: IdentityRule): boolean => r.from === rule.from && r.to === rule.to;
  if (rule.from === rule.to || activeRules(config).find(same) !== rule) return undefined;
  const { schema } = config;
  return schema.links.find((l) => l.from === rule.from && l.to === rule.to && isSettledLink(schema, l));
}

/** The link a rule speaks through: the one it fills, or its own. */
export const ruleLink = (config: WorkspaceConfig, rule: IdentityRule): Link =>
  filledLink(config, rule) ?? {
    name: rule.name,
    from: rule.from,
    columns: [rule.column],
    to: rule.to,
    resolved: rule.kind,
  };

/** The schema as features see it: dated links marked, links that identity resolved added. */
export function linkedSchema(config: WorkspaceConfig, isStatic: boolean): Schema {
  const { schema } = config;
  const found = activeRules(config).map((rule) => ruleLink(config, rule));
  const isDated = (l: Link): boolean =>
    found.includes(l) || (!isStatic && linkHistory(schema, l) !== undefined);
  const declared = schema.links.map((l) => (isDated(l) ? { ...l, dated: true } : l));
  const resolved = found.filter((l) => l.resolved).map((l) => ({ ...l, dated: true }));
  return { ...schema, links: [...declared, ...resolved] };
}
