/** What commands about simulated companies print under --json. */
import { z } from 'zod';
import type { ExportReport } from '../../simulate/export.ts';

export const simulated: z.ZodType<ExportReport> = z.strictObject({
  folder: z.string(),
  rows: z.record(z.string(), z.number()).describe('by table'),
  planted: z
    .array(
      z.strictObject({
        dial: z.enum([
          'duplicates',
          'freeMail',
          'missingLinks',
          'backdated',
          'bots',
          'leaks',
          'snapshots',
          'drift',
        ]),
        table: z.string(),
        column: z.exactOptional(z.string()),
        what: z.string(),
        rows: z.number(),
      }),
    )
    .describe('dirt'),
  truthAt: z.array(z.string()).describe('days of the true probabilities'),
});
