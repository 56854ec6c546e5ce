/** Columns that must not decide, by leadlight.yaml or for one call: withheld from every model. */
import type { WorkspaceConfig } from '../../data/schema/types.ts';
import { LeadlightError } from '../../errors.ts';
import type { Task } from '../../query/task/types.ts';
import type { WorkspaceContext } from './context.ts';
import { splitName } from './entity-cells.ts';

/** A bare name is a column of the entity. */
export const excludedNames = (
  config: Pick<WorkspaceConfig, 'excluded'>,
  entity: string,
  asked: readonly string[] = [],
): readonly string[] => [
  ...new Set([
    ...(config.excluded ?? []),
    ...asked.map((name) => (name.includes('.') ? name : `${entity}.${name}`)),
  ]),
];

export function withExcluded(context: WorkspaceContext, task: Task, asked?: readonly string[]): Task {
  const names = excludedNames(context.config, task.entityTable, asked);
  for (const name of names) checkColumn(context, name);
  if (names.length === 0) return task;
  const told = Object.fromEntries(names.map((name) => [name, 'excluded: it must not decide']));
  return { ...task, withheld: { ...task.withheld, ...told } };
}

function checkColumn({ config }: WorkspaceContext, name: string): void {
  const { table, column } = splitName(name);
  const found = config.schema.tables.find((t) => t.name === table);
  if (found?.columns.some((c) => c.name === column)) return;
  const known = found ? found.columns.map((c) => c.name) : config.schema.tables.map((t) => t.name);
  throw new LeadlightError('USAGE', {
    problem: `There is no column ${name} to exclude`,
    remedy: `Name it as table.column; ${found ? `columns of ${table}` : 'tables'}: ${known.join(', ')}.`,
  });
}
