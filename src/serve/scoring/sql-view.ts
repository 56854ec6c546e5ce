/** The SQL of a target as it ran: population and labels are written down while the task is built, features printed after. */
import type { Engine } from '../../data/engine/types.ts';

export interface Statement {
  readonly name: string;
  readonly sql: string;
}

const CREATED = /^CREATE (?:OR REPLACE )?TABLE "?task"?\."?(\w+)"?/;

/** Rows that were made here and are only carried over: one literal, no question. */
const CARRIED = new Set(['snapshots']);

interface Recording {
  readonly engine: Engine;
  readonly statements: readonly Statement[];
}

/** An engine that keeps the statements which create a table of the task, and the large reads, called `read`. */
export function recording(engine: Engine, read: string): Recording {
  const statements: Statement[] = [];
  const keep = (name: string | undefined, sql: string): void => {
    if (name !== undefined && !CARRIED.has(name)) statements.push({ name, sql });
  };
  return {
    statements,
    engine: {
      ...engine,
      run: (sql) => {
        keep(CREATED.exec(sql)?.[1], sql);
        return engine.run(sql);
      },
      columns: (sql) => {
        keep(read, sql);
        return engine.columns(sql);
      },
    },
  };
}
