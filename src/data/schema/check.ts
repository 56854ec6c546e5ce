/** `leadlight check`: faults and assumptions of a loaded workspace, worst first, each with examples and a remedy. */
import type { Engine } from '../engine/types.ts';
import type { CheckFinding, CheckReport, LoadFacts, Severity, TableLoadFacts } from './check-types.ts';
import { id } from './scan.ts';
import { type Column, fkColumn, KNOWN, type Link, type Table, TIME, type WorkspaceConfig } from './types.ts';

export type { CheckFinding, CheckReport } from './check-types.ts';

/** `data` holds the loaded tables (see data/engine/types.ts); `load` is what loading reported. */
export async function checkData(
  engine: Engine,
  config: WorkspaceConfig,
  load: LoadFacts,
): Promise<CheckReport> {
  const findings: CheckFinding[] = [];
  for (const table of config.schema.tables) {
    const facts = load.tables.find((t) => t.name === table.name);
    findings.push(...columnFindings(table));
    if (facts) findings.push(...loadFindings(table, facts));
    if (facts && facts.rowsKept > 0) findings.push(...(await timeFindings(engine, table, facts, load)));
  }
  for (const link of config.schema.links) findings.push(...(await linkFindings(engine, link, load)));
  return worstFirst(findings);
}

export const worstFirst = (findings: readonly CheckFinding[]): CheckReport => ({
  findings: [...findings].sort((a, b) => RANK[a.severity] - RANK[b.severity] || b.count - a.count),
});

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

function columnFindings(table: Table): readonly CheckFinding[] {
  const names = (columns: readonly Column[]): readonly string[] => columns.map((c) => c.name);
  const own = table.columns.filter((c) => !table.key.includes(c.name) && c.semantic !== 'key');
  const constant = names(table.columns.filter((c) => c.constant));
  const left = table.columns.filter((c) => c.mutable !== undefined && !c.history && !c.trusted);
  const times = [table.time, table.knownAt, table.endTime, table.labelTime];
  const assumed = names(own.filter((c) => c.mutable === undefined && !c.constant && !times.includes(c.name)));
  const list = (
    severity: Severity,
    code: CheckFinding['code'],
    columns: readonly string[],
    message: string,
    remedy: string,
  ): readonly CheckFinding[] =>
    columns.length === 0
      ? []
      : [{ severity, code, table: table.name, count: columns.length, examples: columns, message, remedy }];
  return [
    ...list(
      'info',
      'constant-columns',
      constant,
      'with one value or none',
      'Nothing to do; they say nothing and are not used.',
    ),
    ...list(
      'warning',
      'mutable-without-history',
      left.map((c) => `${c.name} (${c.mutable})`),
      'that may change after the row is written, without a history: left out',
      'Give each a history (a dated table, or the column that dates it), or trusted: true to use it as exported.',
    ),
    ...(table.role === 'entity' || table.role === 'association'
      ? list(
          'info',
          'assumed-at-creation',
          assumed,
          'assumed to be as written at creation',
          'Mark as mutable, with the reason, what changes later.',
        )
      : []),
  ];
}

function loadFindings(table: Table, facts: TableLoadFacts): readonly CheckFinding[] {
  const found = (
    severity: Severity,
    code: CheckFinding['code'],
    count: number,
    examples: readonly string[],
    message: string,
    remedy: string,
  ): CheckFinding => ({ severity, code, table: table.name, count, examples, message, remedy });
  return [
    ...facts.setAside.map((f) => {
      const conflict = /same key/i.test(f.reason);
      const code = conflict || /repeat/i.test(f.reason) ? 'duplicate-keys' : 'rows-set-aside';
      const severity = conflict ? 'error' : 'warning';
      return found(severity, code, f.rows, f.examples, `rows set aside: ${f.reason}`, KEY_REMEDY);
    }),
    ...facts.unparsed.map((f) => ({
      ...found(
        'warning',
        'unparsed-cells',
        f.rows,
        f.examples,
        `cells do not read as ${typeOf(table, f.column)} and are empty`,
        CELL_REMEDY,
      ),
      column: f.column,
    })),
    ...facts.repairs.map((r) =>
      found(
        'warning',
        'repaired-file',
        r.rows,
        r.examples,
        `${r.problem}: ${r.action}`,
        `Repair ${r.where} at its source.`,
      ),
    ),
  ];
}

const KEY_REMEDY =
  'Remove the repeated rows at the source, or correct key (several columns, or [] to number the rows).';
const CELL_REMEDY = 'Correct the cells, or the type, format or nullTokens of the column.';
const typeOf = (table: Table, column: string): string =>
  table.columns.find((c) => c.name === column)?.type ?? 'expected';

async function timeFindings(
  engine: Engine,
  table: Table,
  facts: TableLoadFacts,
  load: LoadFacts,
): Promise<readonly CheckFinding[]> {
  const at = { table: table.name, examples: [] as readonly string[] };
  if (table.time === undefined) {
    if (table.origin.kind === 'derived' || table.role === 'lookup') return [];
    return [
      {
        ...at,
        severity: 'warning',
        code: 'undated-table',
        count: facts.rowsKept,
        message:
          'rows have no time: each is assumed known as soon as the rows it links to, or always when it links to none',
        remedy: 'Name a time column, if the table has one, or add one to the export.',
      },
    ];
  }
  const column = { ...at, column: table.time };
  const missing: CheckFinding = {
    ...column,
    severity: facts.missingTime > 0.5 * facts.rowsKept ? 'error' : 'warning',
    code: 'missing-times',
    count: facts.missingTime,
    message: 'rows without a time are never visible',
    remedy: 'Fill the time at the source, or name another time column.',
  };
  const future: CheckFinding = {
    ...column,
    severity: 'warning',
    code: 'future-times',
    count: facts.future,
    examples: facts.future > 0 ? await examplesAfter(engine, table.name, 'now') : [],
    message: 'rows are dated in the future and are set aside',
    remedy: 'Planned dates are not events: use the time at which the row was written.',
  };
  const tail = await isolatedTail(engine, table, facts.rowsKept, load.lastCredibleTime);
  return [...(facts.missingTime > 0 ? [missing] : []), ...(facts.future > 0 ? [future] : []), ...tail];
}

const stamp = (ms: number): string => new Date(ms).toISOString().slice(0, 19);

async function examplesAfter(
  engine: Engine,
  table: string,
  after: number | 'now',
): Promise<readonly string[]> {
  const limit = after === 'now' ? 'now()' : `TIMESTAMP '${stamp(after)}'`;
  const found = await engine.rows(
    `SELECT CAST(${id(TIME)} AS VARCHAR) AS t FROM data.${id(table)} WHERE ${id(TIME)} > ${limit} ORDER BY 1 DESC LIMIT 3`,
  );
  return found.map((r) => String(r.t));
}

/** Above this share the rows are no stray: the table simply reaches further than the events do. */
const TAIL = 0.01;

/** A few rows long after everything else: a mistyped year, mostly. */
async function isolatedTail(
  engine: Engine,
  table: Table,
  rows: number,
  last: number | undefined,
): Promise<readonly CheckFinding[]> {
  if (last === undefined || !Number.isFinite(last)) return [];
  const [row] = await engine.rows(
    `SELECT count(*) AS n FROM data.${id(table.name)} WHERE ${id(KNOWN)} > TIMESTAMP '${stamp(last)}' + INTERVAL 1 SECOND AND ${id(KNOWN)} <= now()`,
  );
  const count = Number(row?.n ?? 0);
  if (count === 0 || count > TAIL * rows) return [];
  const message = `rows are later than the last credible time (${stamp(last).slice(0, 10)}), behind a gap`;
  const remedy = 'Correct the dates at the source; until then they take no part.';
  const examples = await examplesAfter(engine, table.name, last + 1000);
  return [
    {
      severity: 'warning',
      code: 'isolated-tail',
      table: table.name,
      column: table.time!,
      count,
      examples,
      message,
      remedy,
    },
  ];
}

async function linkFindings(engine: Engine, link: Link, load: LoadFacts): Promise<readonly CheckFinding[]> {
  const facts = load.tables.find((t) => t.name === link.from);
  const at = { table: link.from, column: link.columns.join(', ') };
  const orphans = (facts?.orphans ?? []).filter((f) => f.link === link.name && f.rows > 0);
  const [row] = await engine.rows(`SELECT count(${id(fkColumn(link))}) AS n FROM data.${id(link.from)}`);
  const filled = Number(row?.n ?? 0);
  const empty: CheckFinding = {
    ...at,
    severity: 'error',
    code: 'empty-link',
    count: facts?.rowsKept ?? 0,
    examples: [],
    message: `link to ${link.to} finds no row at all`,
    remedy: 'Correct the columns or the target of the link, or remove it.',
  };
  return [
    ...(filled === 0 && (facts?.rowsKept ?? 0) > 0 ? [empty] : []),
    ...orphans.map(
      (f): CheckFinding => ({
        ...at,
        severity: 'warning',
        code: 'orphan-keys',
        count: f.rows,
        examples: f.examples,
        message: `rows name a row of ${link.to} that does not exist`,
        remedy: `Export the missing rows of ${link.to}, or correct the spelling of the keys.`,
      }),
    ),
  ];
}

const LABELS: Readonly<Record<Severity, string>> = { error: 'ERROR', warning: 'WARN ', info: 'info ' };
const SHOWN = 6;

/** One finding a paragraph, worst first, then a count. */
export function printCheck(report: CheckReport): string {
  const paragraphs = report.findings.map((f) => {
    const where = f.column === undefined ? f.table : `${f.table}.${f.column}`;
    const examples = f.examples.slice(0, SHOWN).join(', ');
    const more = f.examples.length > SHOWN ? `, and ${f.examples.length - SHOWN} more` : '';
    return [
      `${LABELS[f.severity]} ${where}: ${f.count.toLocaleString('en')} ${f.message} [${f.code}]`,
      ...(examples === '' ? [] : [`      e.g. ${examples}${more}`]),
      `      ${f.remedy}`,
    ].join('\n');
  });
  const count = (s: Severity): number => report.findings.filter((f) => f.severity === s).length;
  return [
    ...paragraphs,
    `errors: ${count('error')}, warnings: ${count('warning')}, notes: ${count('info')}`,
  ].join('\n');
}
