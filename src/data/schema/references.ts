/** Names in a workspace that must name something: tables, columns, links, histories. */
import { nearest } from './nearest.ts';
import type { Column, DerivedLink, IdentityRule, Link, Schema, Table, WorkspaceConfig } from './types.ts';

export interface ReferenceFault {
  /** Path in the YAML file. */
  readonly path: readonly (string | number)[];
  readonly problem: string;
  readonly remedy: string;
}

export function referenceFaults(config: WorkspaceConfig): readonly ReferenceFault[] {
  const { schema } = config;
  return [
    ...repeated(
      schema.tables.map((t) => t.name),
      'table',
      ['tables'],
    ),
    ...schema.tables.flatMap((t, i) => tableFaults(schema, t, ['tables', i])),
    ...repeated(
      schema.links.map((l) => l.name),
      'link',
      ['links'],
    ),
    ...schema.links.flatMap((l, i) => linkFaults(schema, l, ['links', i])),
    ...schema.derivedLinks.flatMap((d, i) => derivedFaults(schema, d, ['derivedLinks', i])),
    ...repeated(
      (config.identity ?? []).map((r) => r.name),
      'identity rule',
      ['identity'],
    ),
    ...(config.identity ?? []).flatMap((r, i) => identityFaults(schema, r, ['identity', i])),
    ...config.targets.flatMap((t, i) => [
      ...tableColumns(schema, t.table, [], ['targets', i], 'table', 'table'),
      ...Object.entries(t.labelTimes ?? {}).flatMap(([table, column]) =>
        tableColumns(schema, table, [column], ['targets', i], 'labelTimes', 'labelTimes'),
      ),
    ]),
    ...dotted(schema, config.points === undefined ? [] : [config.points], ['points']),
    ...dotted(schema, config.excluded ?? [], ['excluded']),
    ...dotted(schema, Object.keys(config.icp ?? {}), ['icp']),
  ];
}

type Path = readonly (string | number)[];

function unknown(kind: string, name: string, known: readonly string[], path: Path): ReferenceFault {
  const near = nearest(name, known);
  const remedy =
    near === undefined ? `Known: ${known.slice(0, 12).join(', ') || 'none'}` : `Did you mean ${near}?`;
  return { path, problem: `there is no ${kind} named ${name}`, remedy };
}

const among = (
  kind: string,
  name: string,
  known: readonly string[],
  path: Path,
): readonly ReferenceFault[] => (known.includes(name) ? [] : [unknown(kind, name, known, path)]);

function repeated(names: readonly string[], kind: string, path: Path): readonly ReferenceFault[] {
  const at = names.findIndex((n, i) => names.indexOf(n) < i);
  if (at < 0) return [];
  const remedy = 'Names must differ: rename or remove one of them.';
  return [{ path: [...path, at], problem: `two ${kind}s are named ${names[at]}`, remedy }];
}

const columnNames = (table: Table): readonly string[] => table.columns.map((c) => c.name);
const tableNames = (schema: Schema): readonly string[] => schema.tables.map((t) => t.name);

/** The table exists, and so do the columns in it. */
function tableColumns(
  schema: Schema,
  table: string,
  columns: readonly string[],
  path: Path,
  tableKey: string,
  columnKey: string,
): readonly ReferenceFault[] {
  const found = schema.tables.find((t) => t.name === table);
  if (!found) return [unknown('table', table, tableNames(schema), [...path, tableKey])];
  return columns.flatMap((c) => among(`column in ${table}`, c, columnNames(found), [...path, columnKey]));
}

function tableFaults(schema: Schema, table: Table, path: Path): readonly ReferenceFault[] {
  const known = columnNames(table);
  const kind = `column in ${table.name}`;
  const times = ['time', 'knownAt', 'endTime', 'labelTime'] as const;
  const derived = table.origin.kind === 'derived' ? table.origin : undefined;
  return [
    ...repeated(known, 'column', [...path, 'columns']),
    ...table.key.flatMap((k, i) => among(kind, k, known, [...path, 'key', i])),
    ...times.flatMap((t) => timeFaults(table, table[t], [...path, t])),
    ...(derived
      ? tableColumns(schema, derived.table, derived.columns, [...path, 'derived'], 'from', 'columns')
      : []),
    ...table.columns.flatMap((c, i) => historyFaults(schema, table, c, [...path, 'columns', i, 'history'])),
  ];
}

function timeFaults(table: Table, name: string | undefined, path: Path): readonly ReferenceFault[] {
  if (name === undefined) return [];
  const column = table.columns.find((c) => c.name === name);
  if (!column) return [unknown(`column in ${table.name}`, name, columnNames(table), path)];
  if (column.type === 'timestamp' || column.type === 'date') return [];
  const remedy = 'Name a timestamp or date column, or correct its type.';
  return [{ path, problem: `${table.name}.${name} is of type ${column.type}, not a time`, remedy }];
}

function historyFaults(
  schema: Schema,
  table: Table,
  { history }: Column,
  path: Path,
): readonly ReferenceFault[] {
  if (!history) return [];
  if (history.kind === 'changedAt') return timeFaults(table, history.column, [...path, 'column']);
  if (history.kind === 'valueTimes') {
    return Object.values(history.times).flatMap((t) => timeFaults(table, t, [...path, 'times']));
  }
  const links = schema.links
    .filter((l) => l.from === history.table && l.to === table.name)
    .map((l) => l.name);
  return [
    ...tableColumns(
      schema,
      history.table,
      [history.value, history.time, ...(history.where ? [history.where.column] : [])],
      path,
      'table',
      'value',
    ),
    ...among(`link from ${history.table} to ${table.name}`, history.link, links, [...path, 'link']),
  ];
}

function linkFaults(schema: Schema, link: Link, path: Path): readonly ReferenceFault[] {
  const target = schema.tables.find((t) => t.name === link.to);
  const faults = [
    ...tableColumns(schema, link.from, link.columns, path, 'from', 'columns'),
    ...(target ? [] : [unknown('table', link.to, tableNames(schema), [...path, 'to'])]),
  ];
  const width = target?.key.length ?? link.columns.length;
  if (faults.length > 0 || width === link.columns.length) return faults;
  const problem = `link ${link.name} has ${link.columns.length} column(s), the key of ${link.to} has ${width}`;
  return [
    {
      path: [...path, 'columns'],
      problem,
      remedy: 'Give one column for each part of the key, in its order.',
    },
  ];
}

function derivedFaults(schema: Schema, d: DerivedLink, path: Path): readonly ReferenceFault[] {
  if (d.through === undefined) return tableColumns(schema, d.table, d.by, path, 'table', 'by');
  const faults = [
    ...tableColumns(schema, d.table, [], path, 'table', 'by'),
    ...tableColumns(schema, d.through, d.by, path, 'through', 'by'),
  ];
  const linked = schema.links.some((l) => l.from === d.through && l.to === d.table);
  if (faults.length > 0 || linked) return faults;
  return [wrong(path, 'through', `${d.through} has no link to ${d.table}`, 'Name a table that links to it.')];
}

function identityFaults(schema: Schema, rule: IdentityRule, path: Path): readonly ReferenceFault[] {
  const by = rule.by === undefined ? [] : [rule.by];
  const faults = [
    ...tableColumns(schema, rule.from, [rule.column], path, 'from', 'column'),
    ...tableColumns(schema, rule.to, by, path, 'to', 'by'),
    ...tableColumns(schema, rule.from, rule.names?.from ?? [], path, 'from', 'names'),
    ...tableColumns(schema, rule.to, rule.names?.to ?? [], path, 'to', 'names'),
    ...(rule.match === 'phone' && (rule.kind !== 'duplicate' || rule.names === undefined)
      ? [
          wrong(
            path,
            'match',
            `rule ${rule.name} compares phone numbers, which several people may share`,
            'Make it kind: duplicate and give the columns of their names in names.',
          ),
        ]
      : []),
    ...(schema.links.some((l) => l.name === rule.name)
      ? [wrong(path, 'name', `a link is named ${rule.name}`, 'Give the rule another name.')]
      : []),
    ...(rule.kind === 'duplicate' && rule.to !== rule.from
      ? [
          wrong(
            path,
            'to',
            `rule ${rule.name} finds repeats within one table`,
            'Give from and to the same table.',
          ),
        ]
      : []),
    ...(rule.kind === 'email' && rule.by === undefined
      ? [
          wrong(
            path,
            'name',
            `rule ${rule.name} compares addresses`,
            `Name the address column of ${rule.to} in by.`,
          ),
        ]
      : []),
    ...(rule.kind === 'domain' && rule.by === undefined && rule.members === undefined
      ? [wrong(path, 'name', `rule ${rule.name} knows no domain of ${rule.to}`, 'Give by, members, or both.')]
      : []),
  ];
  if (!rule.members || faults.length > 0) return faults;
  const links = schema.links.filter((l) => l.to === rule.to);
  const link = links.find((l) => l.name === rule.members!.link);
  const at = [...path, 'members'];
  if (!link)
    return among(
      `link to ${rule.to}`,
      rule.members.link,
      links.map((l) => l.name),
      [...at, 'link'],
    );
  return tableColumns(schema, link.from, [rule.members.column], at, 'link', 'column');
}

const wrong = (path: Path, key: string, problem: string, remedy: string): ReferenceFault => ({
  path: [...path, key],
  problem,
  remedy,
});

/** `table.column` where either part may contain dots. */
function dotted(schema: Schema, texts: readonly string[], path: Path): readonly ReferenceFault[] {
  const known = schema.tables.flatMap((t) => t.columns.map((c) => `${t.name}.${c.name}`));
  return texts.flatMap((text) => among('column', text, known, path));
}
