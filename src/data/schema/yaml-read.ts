/** leadlight.yaml → workspace. Form by zod, references by name; every fault names its line, what was expected and the nearest name. */
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { LeadlightError } from '../../errors.ts';
import { referenceFaults } from './references.ts';
import type { Table, WorkspaceConfig } from './types.ts';

const name = z.string().min(1);
const names = z.array(name);
const history = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('table'),
    table: name,
    link: name,
    value: name,
    time: name,
    where: z.strictObject({ column: name, equals: z.string() }).optional(),
  }),
  z.strictObject({ kind: z.literal('changedAt'), column: name }),
  z.strictObject({ kind: z.literal('valueTimes'), times: z.record(z.string(), name) }),
]);
const column = z.strictObject({
  name,
  type: z.enum(['boolean', 'integer', 'number', 'text', 'timestamp', 'date']),
  semantic: z.enum([
    'key',
    'categorical',
    'multicategorical',
    'numeric',
    'boolean',
    'timestamp',
    'text',
    'title',
    'email',
    'domain',
    'url',
  ]),
  parse: z.enum(['money', 'range', 'percent']).optional(),
  format: z.string().min(1).optional(),
  separator: z.string().min(1).optional(),
  decimals: z.int().min(0).max(6).optional(),
  nullTokens: z.array(z.string()).optional(),
  constant: z.boolean().optional(),
  mutable: z.string().optional(),
  history: history.optional(),
  trusted: z.boolean().optional(),
});
const table = z.strictObject({
  name,
  file: name.optional(),
  format: z.enum(['csv', 'parquet', 'ndjson', 'json', 'duckdb']).optional(),
  member: name.optional(),
  derived: z.strictObject({ from: name, columns: names.min(1) }).optional(),
  key: names,
  role: z.enum(['entity', 'event', 'history', 'association', 'lookup']),
  time: name.optional(),
  knownAt: name.optional(),
  endTime: name.optional(),
  labelTime: name.optional(),
  columns: z.array(column).min(1),
});
const config = z.strictObject({
  version: z.literal(1),
  timeZone: z
    .string()
    .refine(isTimeZone, {
      error: ({ input }) => `expected an IANA time zone such as UTC or Europe/Berlin, found ${String(input)}`,
    })
    .default('UTC'),
  tables: z.array(table).min(1),
  links: z
    .array(
      z.strictObject({ name, from: name, columns: names.min(1), to: name, unique: z.boolean().optional() }),
    )
    .default([]),
  derivedLinks: z
    .array(
      z.strictObject({
        kind: z.enum(['industry_peer', 'similar_to', 'colleague']),
        table: name,
        by: names.min(1),
        through: name.optional(),
      }),
    )
    .default([]),
  identity: z
    .array(
      z.strictObject({
        name,
        kind: z.enum(['domain', 'email', 'duplicate']),
        from: name,
        column: name,
        to: name,
        by: name.optional(),
        match: z.literal('phone').optional(),
        names: z.strictObject({ from: z.array(name), to: z.array(name) }).optional(),
        members: z.strictObject({ link: name, column: name }).optional(),
        off: z.boolean().optional(),
        except: z.array(z.tuple([name, name])).optional(),
      }),
    )
    .optional(),
  targets: z
    .array(
      z.strictObject({
        name,
        table: name,
        predicate: name,
        labelTimes: z.record(z.string(), name).optional(),
      }),
    )
    .default([]),
  salesCycleDays: z.number().positive().optional(),
  icp: z.record(z.string(), z.array(z.string())).optional(),
  integrations: z.array(z.string()).default([]),
  points: name.optional(),
  excluded: names.optional(),
  pointRules: z
    .array(
      z.strictObject({
        name,
        points: z.number(),
        when: z.enum([
          'title-vp',
          'employees-over',
          'pricing-page',
          'email-open',
          'whitepaper',
          'personal-email',
        ]),
        value: z.number().optional(),
      }),
    )
    .default([]),
  playbook: z
    .array(
      z.strictObject({
        name,
        version: z.int().positive(),
        action: name,
        when: z
          .strictObject({
            band: z.array(z.string()).optional(),
            signal: z.array(z.string()).optional(),
            direction: z.enum(['up', 'down']).optional(),
          })
          .default({}),
      }),
    )
    .default([]),
});
type Parsed = z.infer<typeof config>;

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** `file` is only named in errors. Throws WORKSPACE_INVALID for the first fault, with its line (from 1). */
export function readConfig(text: string, file: string): WorkspaceConfig {
  const lines = new LineCounter();
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [broken] = doc.errors;
  if (broken) throw invalid(file, lines.linePos(broken.pos[0]).line, `not valid YAML: ${broken.message}`);
  const result = config.safeParse(toPlain(doc, file));
  if (!result.success) {
    // A misspelt key is both unknown here and missing there: the first says more.
    const { issues } = result.error;
    const issue = issues.find((i) => i.code === 'unrecognized_keys') ?? issues[0];
    const unknown = issue!.code === 'unrecognized_keys' ? issue!.keys.slice(0, 1) : [];
    const line = lineOf(doc, lines, [...issue!.path, ...unknown]);
    throw invalid(file, line, `${pathText(issue!.path)}${problemOf(issue!)}`);
  }
  const made = toConfig(result.data, (i, problem) =>
    invalid(file, lineOf(doc, lines, ['tables', i]), problem),
  );
  const [fault] = referenceFaults(made);
  if (fault) throw invalid(file, lineOf(doc, lines, fault.path), fault.problem, fault.remedy);
  return made;
}

const invalid = (file: string, line: number | undefined, problem: string, remedy?: string): LeadlightError =>
  new LeadlightError('WORKSPACE_INVALID', { file, line, problem, remedy });

function toPlain(doc: Document, file: string): unknown {
  try {
    return doc.toJS({ maxAliasCount: 100 });
  } catch (thrown) {
    throw invalid(file, undefined, thrown instanceof Error ? thrown.message : String(thrown));
  }
}

/** Line of the node at the path, or of its nearest parent that is written. */
function lineOf(doc: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let n = path.length; n > 0; n--) {
    const found = doc.getIn(path.slice(0, n), true);
    if (isNode(found) && found.range) return lines.linePos(found.range[0]).line;
  }
  return 1;
}

const pathText = (path: readonly PropertyKey[]): string =>
  path.length === 0
    ? ''
    : `${path
        .map((p) => (typeof p === 'number' ? `[${p}]` : `.${String(p)}`))
        .join('')
        .replace(/^\./, '')}: `;

function problemOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `expected one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'unrecognized_keys')
    return `unknown ${issue.keys.length > 1 ? 'keys' : 'key'} ${issue.keys.join(', ')}`;
  if (issue.code === 'invalid_type') return `expected ${issue.expected}, found something else or nothing`;
  return issue.message.replace(/^./, (c) => c.toLowerCase());
}

function toConfig(
  parsed: Parsed,
  fault: (table: number, problem: string) => LeadlightError,
): WorkspaceConfig {
  const { tables, links, derivedLinks, ...rest } = parsed;
  const schema = {
    tables: tables.map((t, i) => toTable(t, (problem) => fault(i, problem))),
    links,
    derivedLinks,
  };
  return compact({ ...rest, schema }) as WorkspaceConfig;
}

function toTable(parsed: Parsed['tables'][number], fault: (problem: string) => LeadlightError): Table {
  const { file, format, member, derived, ...rest } = parsed;
  if ((file === undefined) === (derived === undefined)) throw fault('a table has either file or derived');
  if (file !== undefined && format === undefined) throw fault('a table with a file needs its format');
  const origin = derived
    ? { kind: 'derived', table: derived.from, columns: derived.columns }
    : { kind: 'file', path: file, format, member };
  return compact({ ...rest, origin }) as Table;
}

/** Drops undefined properties at every depth: absent and undefined are told apart by equality and by types. */
function compact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(compact);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, v]) => v !== undefined);
  return Object.fromEntries(kept.map(([k, v]) => [k, compact(v)]));
}
