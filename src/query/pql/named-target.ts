/** Targets declared in the workspace: a name stands for the text of a target, per entity table. */
import type { NamedTarget } from '../../data/schema/types.ts';
import type { ColumnRef, Diagnostic, Query, Span, Target } from './ast.ts';
import { createCursor, ParseFailure } from './cursor.ts';
import { diagnostic } from './diagnostic.ts';
import { lex } from './lex.ts';
import { nearestName, otherCase, otherNumber } from './names.ts';
import { parseTarget } from './parse-predicate.ts';

/** A target that was only named so far. */
export const isUnresolved = (target: Target): target is ColumnRef & { readonly table: '' } =>
  target.kind === 'column' && target.table === '';

/** The query with its named target replaced by what the name stands for; spans stay on the name. */
export function resolveNamedTarget(
  query: Query,
  targets: readonly NamedTarget[],
  report: (d: Diagnostic) => void,
): Query {
  if (!isUnresolved(query.target)) return query;
  const { column: name, span } = query.target;
  const found = findTarget(name, query.entity.table, span, targets, report);
  const target = found && parseNamed(found, span, report);
  return target ? { ...query, target, namedTarget: found.name } : query;
}

function findTarget(
  name: string,
  table: string,
  span: Span,
  targets: readonly NamedTarget[],
  report: (d: Diagnostic) => void,
): NamedTarget | undefined {
  const names = [...new Set(targets.map((t) => t.name))];
  const known = names.includes(name) ? name : otherCase(name, names);
  if (known === undefined) {
    const expected = names.length > 0 ? `one of ${names.join(', ')}` : 'a column, aggregation or condition';
    const suggestion = nearestName(name, names) ?? `for a column: ${table}.${name}`;
    report(diagnostic('error', 'N1', span, `No target named ${name} is declared.`, { expected, suggestion }));
    return undefined;
  }
  const declared = targets.filter((t) => t.name === known);
  const tables = declared.map((t) => t.table);
  const match = tables.includes(table) ? table : (otherCase(table, tables) ?? otherNumber(table, tables));
  const found = declared.find((t) => t.table === match);
  if (!found) {
    const message = `The target ${known} is declared for ${tables.join(', ')}, not for ${table}.`;
    report(diagnostic('error', 'N1', span, message, { expected: `FOR EACH ${tables[0]}.<primary key>` }));
  }
  return found;
}

function parseNamed(named: NamedTarget, span: Span, report: (d: Diagnostic) => void): Target | undefined {
  const tokens = lex(named.predicate, 'lenient').map((token) => ({ ...token, span }));
  const inside = (d: Diagnostic): void => {
    const message = `In the declared target ${named.name}: ${d.message}`;
    if (d.severity === 'error') report({ ...d, message, span });
  };
  const cursor = createCursor(tokens, 'lenient', inside);
  try {
    const target = parseTarget(cursor);
    if (cursor.peek().kind !== 'end') cursor.fail('P21', span, 'Unexpected text after the target.');
    const strict = `PREDICT ${named.predicate.trim()}`;
    report(
      diagnostic('info', 'E14', span, `The target ${named.name} is declared in the workspace.`, {
        suggestion: strict,
      }),
    );
    return target;
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    inside(error.diagnostic);
    return undefined;
  }
}
