import { writeFile } from 'node:fs/promises';
import type { ReportInput } from '../report/report.ts';
import { writeWhole } from './write-frame.ts';

export async function writeReport(file: string, input: ReportInput): Promise<void> {
  const { renderReport } = await import('../report/report.ts');
  const page = renderReport(input);
  await writeWhole(file, (part) => writeFile(part, page));
}
