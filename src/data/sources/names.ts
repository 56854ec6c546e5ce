import type { Repair } from './types.ts';

/** Control characters, which no listing or prompt can show. */
const CONTROL = /\p{Cc}+/gu;

export interface NamedColumns {
  readonly names: readonly string[];
  readonly repairs: readonly Repair[];
}

/**
 * Column names fit for a table: trimmed, never empty, unique without regard to case, and clear of the `__` prefix that
 * the columns added at loading have. What is changed is reported.
 */
export function repairNames(headers: readonly string[], where: string): NamedColumns {
  const used = new Set<string>();
  const faults = new Map<string, string[]>();
  const note = (problem: string, header: string, name: string): void => {
    faults.set(problem, [
      ...(faults.get(problem) ?? []),
      `${JSON.stringify(header)} → ${JSON.stringify(name)}`,
    ]);
  };
  const names = headers.map((header, i) => {
    const clean = header.replace(CONTROL, ' ').trim();
    const base =
      clean === ''
        ? `column_${i + 1}`
        : clean.startsWith('__')
          ? clean.replace(/^_+/, '') || `column_${i + 1}`
          : clean;
    const name = unique(base, used);
    if (clean === '') note('columns without a name', header, name);
    else if (clean.startsWith('__')) note('column names starting with __, which is reserved', header, name);
    else if (name !== base) note('column names that repeat', header, name);
    return name;
  });
  const repairs = [...faults].map(([problem, examples]) => ({
    where,
    problem,
    rows: examples.length,
    examples: examples.slice(0, 5),
    action: 'renamed',
  }));
  return { names, repairs };
}

/** `base`, or `base_2`, `base_3`… when taken, without regard to case; the result is marked as used. */
export function unique(base: string, used: Set<string>): string {
  let name = base;
  for (let n = 2; used.has(name.toLowerCase()); n++) name = `${base}_${n}`;
  used.add(name.toLowerCase());
  return name;
}
