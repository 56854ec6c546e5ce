/** Tables, leadlight.yaml and queries with every table and column called by a random word. */

import type { Column, History, IdentityRule, Table } from '../../src/data/schema/types.ts';
import { readConfig } from '../../src/data/schema/yaml-read.ts';
import { writeConfig } from '../../src/data/schema/yaml-write.ts';
import { createRandom } from '../../src/util/random.ts';
import type { FileTable } from './tables.ts';

export interface Naming {
  readonly table: (name: string) => string;
  readonly column: (name: string) => string;
}

const LETTERS = 'bcdfghjklmnpqrstvwxz';

/** One word for each name, whatever table it stands in, so that equal names stay equal. */
export function randomNaming(tables: readonly FileTable[], seed: number): Naming {
  const random = createRandom(seed);
  const taken = new Set<string>();
  const word = (): string => {
    const found = Array.from({ length: 7 }, () => LETTERS[random.int(LETTERS.length)]).join('');
    if (taken.has(found)) return word();
    taken.add(found);
    return found;
  };
  const words = (names: readonly string[]): ((name: string) => string) => {
    const map = new Map([...new Set(names)].map((name) => [name, word()]));
    return (name) => map.get(name) ?? name;
  };
  return {
    table: words(tables.map((t) => t.name)),
    column: words(tables.flatMap((t) => t.header)),
  };
}

export const renamed = (tables: readonly FileTable[], naming: Naming): readonly FileTable[] =>
  tables.map((t) => ({
    ...t,
    name: naming.table(t.name),
    header: t.header.map(naming.column),
    rows: t.rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, cell]) => [naming.column(name), cell])),
    ),
  }));

export const renamedQuery = (query: string, { table, column }: Naming): string =>
  query.replace(/\b(\w+)\.(\*|\w+)/g, (_, t: string, c: string) => `${table(t)}.${column(c)}`);

/** Named targets are left out: they are texts of their own. */
export function renamedYaml(yaml: string, naming: Naming): string {
  const config = readConfig(yaml, 'leadlight.yaml');
  const { schema } = config;
  const link = (name: string): string => {
    const found = schema.links.find((l) => l.name === name);
    return found ? `${naming.table(found.from)}.${found.columns.map(naming.column).join('+')}` : name;
  };
  return writeConfig({
    ...config,
    targets: [],
    ...(config.identity && { identity: config.identity.map((rule) => renamedRule(rule, naming, link)) }),
    schema: {
      tables: schema.tables.map((t) => renamedTable(t, naming, link)),
      links: schema.links.map((l) => ({
        ...l,
        name: link(l.name),
        from: naming.table(l.from),
        to: naming.table(l.to),
        columns: l.columns.map(naming.column),
      })),
      derivedLinks: schema.derivedLinks.map((d) => ({
        ...d,
        table: naming.table(d.table),
        by: d.by.map(naming.column),
      })),
    },
  });
}

function renamedRule(
  r: IdentityRule,
  { table, column }: Naming,
  link: (name: string) => string,
): IdentityRule {
  return {
    ...r,
    name: `${table(r.from)}.${column(r.column)}~${table(r.to)}`,
    from: table(r.from),
    column: column(r.column),
    to: table(r.to),
    ...(r.by === undefined ? {} : { by: column(r.by) }),
    ...(r.names && { names: { from: r.names.from.map(column), to: r.names.to.map(column) } }),
    ...(r.members && { members: { link: link(r.members.link), column: column(r.members.column) } }),
  };
}

function renamedTable(t: Table, naming: Naming, link: (name: string) => string): Table {
  const origin =
    t.origin.kind === 'file'
      ? { ...t.origin, path: t.origin.path.replace(`${t.name}.csv`, `${naming.table(t.name)}.csv`) }
      : { ...t.origin, table: naming.table(t.origin.table), columns: t.origin.columns.map(naming.column) };
  const times = (['time', 'knownAt', 'endTime', 'labelTime'] as const).flatMap((key) => {
    const name = t[key];
    return name === undefined ? [] : [[key, naming.column(name)] as const];
  });
  return {
    ...t,
    ...Object.fromEntries(times),
    name: naming.table(t.name),
    origin,
    key: t.key.map(naming.column),
    columns: t.columns.map(
      (c): Column => ({
        ...c,
        name: naming.column(c.name),
        ...(c.history ? { history: renamedHistory(c.history, naming, link) } : {}),
      }),
    ),
  };
}

function renamedHistory(h: History, naming: Naming, link: (name: string) => string): History {
  switch (h.kind) {
    case 'table':
      return {
        ...h,
        table: naming.table(h.table),
        link: link(h.link),
        value: naming.column(h.value),
        time: naming.column(h.time),
      };
    case 'changedAt':
      return { ...h, column: naming.column(h.column) };
    case 'valueTimes':
      return {
        ...h,
        times: Object.fromEntries(Object.entries(h.times).map(([value, c]) => [value, naming.column(c)])),
      };
  }
}
