import type { Engine } from '../engine/types.ts';
import type { Repair } from './types.ts';

/** A table without columns but its row number. */
export async function createEmpty(engine: Engine, where: string, target: string): Promise<readonly Repair[]> {
  await engine.run(`CREATE OR REPLACE TABLE ${target} ("__row" BIGINT)`);
  return [{ where, problem: 'the file is empty', rows: 0, examples: [], action: 'left out' }];
}
