import { join, relative, resolve } from 'node:path';
import { LeadlightError } from '../../../errors.ts';
import type { ExportReport } from '../../../simulate/export.ts';
import type { CliOptions, CommandContext } from '../command.ts';
import { printJson, printLine } from '../io.ts';
import { count } from '../number-text.ts';
import { printTable } from '../text-table.ts';

const MONTHS = 18;
const FROM = '2024-01-01';
const ACCOUNTS = 2000;

export async function run({ io, options, control, progress }: CommandContext): Promise<undefined> {
  if (options.out === undefined)
    throw new LeadlightError('USAGE', {
      problem: 'Nothing says where the tables go',
      remedy: 'Pass --out DIR.',
    });
  const folder = resolve(io.cwd, options.out);
  const report = await simulated(folder, options, control);
  progress.clear();
  if (options.json) printJson(io.out, report);
  else printLine(io.out, printSimulated(report, relative(io.cwd, folder) || '.'));
}

async function simulated(
  folder: string,
  options: CliOptions,
  control: CommandContext['control'],
): Promise<ExportReport> {
  const [{ exportCompany }, { MECHANISMS }, { evenDirt }] = await Promise.all([
    import('../../../simulate/export.ts'),
    import('../../../simulate/mechanisms.ts'),
    import('../../../simulate/dirt/soil.ts'),
  ]);
  const from = new Date((options.from ?? FROM).slice(0, 10));
  const to = Date.UTC(
    from.getUTCFullYear(),
    from.getUTCMonth() + (options.months ?? MONTHS),
    from.getUTCDate(),
  );
  return exportCompany(
    folder,
    {
      seed: options.seed ?? 1,
      accounts: options.accounts ?? ACCOUNTS,
      from: from.getTime(),
      to,
      mechanisms: MECHANISMS,
      shape: options.shape ?? 'plain',
      ...(options.dirt ? { dirt: evenDirt(options.dirt) } : {}),
      ...(options.truth === undefined ? {} : { truthAt: truthDates(options.truth, from.getTime(), to) }),
    },
    control,
  );
}

function truthDates(text: string, from: number, to: number): readonly number[] {
  if (text === 'none') return [];
  return text.split(',').map((part) => {
    const at = Date.parse(part.trim());
    if (/^\d{4}-\d\d-\d\d$/.test(part.trim()) && at >= from && at <= to) return at;
    throw new LeadlightError('USAGE', {
      problem: `--truth: expected dates from ${iso(from)} to ${iso(to)} or none, got ${part}`,
      remedy: 'For example --truth 2025-01-01,2025-03-01.',
    });
  });
}

const iso = (at: number): string => new Date(at).toISOString().slice(0, 10);

export function printSimulated({ rows, planted, truthAt }: ExportReport, folder: string): string {
  const tables = printTable(Object.entries(rows), [
    { title: 'table', value: ([name]) => name },
    { title: 'rows', value: ([, n]) => count(n), align: 'right' },
  ]);
  const dirt = printTable(planted, [
    { title: 'dirt', value: (p) => p.dial },
    { title: 'table', value: (p) => p.table },
    { title: 'column', value: (p) => p.column ?? '' },
    { title: 'what', value: (p) => p.what },
    { title: 'rows', value: (p) => count(p.rows), align: 'right' },
  ]);
  return [
    tables,
    ...(planted.length === 0 ? [] : ['', dirt]),
    '',
    truthAt.length === 0
      ? 'No true probabilities.'
      : `True probabilities as of ${truthAt.join(', ')}: ${join(folder, 'truth.csv')}`,
    '',
    'Next:',
    `  leadlight init ${join(folder, 'tables')} --workspace ${join(folder, 'leadlight')}`,
    `  leadlight compare --workspace ${join(folder, 'leadlight')} --target NAME --budget quick`,
  ].join('\n');
}
