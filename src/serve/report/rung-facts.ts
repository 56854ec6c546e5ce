import type { CompareReport, RungResult } from '../scoring/types.ts';

/** The rung that scoring would use: the highest that ran. Chosen by level, not by its test figures. */
export const leadRung = ({ rungs }: CompareReport): string | undefined =>
  rungs
    .filter((rung) => rung.note === undefined)
    .reduce<CompareReport['rungs'][number] | undefined>(
      (best, rung) => (best === undefined || rung.level >= best.level ? rung : best),
      undefined,
    )?.name;

/** A rung may carry a note and figures too: points as exported, say, which take no part in the verdict. */
export const hasFigures = (rung: RungResult): boolean =>
  rung.note === undefined ||
  [rung.auroc, rung.accuracy, rung.mae].some((figure) => typeof figure === 'number');
