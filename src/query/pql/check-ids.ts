/** Explicit ids (I1 to I7), and what the zero-shot levels allow for one call (R14, R15). */
import type { Table } from '../../data/schema/types.ts';
import type { Literal, Query } from './ast.ts';
import { type Check, kindOf } from './check-context.ts';
import type { ValueKind } from './functions.ts';

const MAX_IDS = 1_000;

export function checkIds(check: Check, query: Query, entity: Table): void {
  const { forEach, ids } = query;
  const { span } = query.entity;
  const key = `${entity.name}.${query.entity.column}`;
  if (!forEach && check.level === 'trained') {
    if (check.mode === 'strict') {
      check.error('I1', span, 'A trained query has no ids.', { suggestion: `FOR EACH ${key}` });
    } else if (ids)
      check.note('E18', span, 'Explicit ids are zero-shot only.', { suggestion: `FOR EACH ${key}` });
  }
  if (!forEach && !ids && !(check.mode === 'strict' && check.level === 'trained')) {
    check.error('I2', span, 'FOR needs ids.', { suggestion: `FOR EACH ${key}` });
  }
  if (!ids) return;
  if (forEach) check.error('I3', ids.span, 'FOR EACH takes no ids.', { suggestion: `FOR ${key}` });
  if (checkForm(check, query, ids)) checkTypes(check, query, ids, entity);
  limitIds(check, query, ids);
}

const itemsOf = (ids: Literal): readonly Literal[] => (ids.kind === 'array' ? ids.items : [ids]);

function checkForm(check: Check, { idsOp }: Query, ids: Literal): boolean {
  if (idsOp !== '=' && idsOp !== 'IN') {
    check.error('I4', ids.span, 'Ids are given with = or IN.', { expected: '= or IN' });
    return false;
  }
  if ((idsOp === 'IN') === (ids.kind === 'array')) return true;
  const message = idsOp === 'IN' ? 'IN needs a list of ids.' : '= takes one id.';
  check.error('I5', ids.span, message, { suggestion: idsOp === 'IN' ? '=' : 'IN' });
  return false;
}

/** Ids of a composite key are its parts joined with |, as text. */
function checkTypes(check: Check, { entity: ref }: Query, ids: Literal, entity: Table): void {
  const column = entity.columns.find((c) => c.name === ref.column);
  const kind: ValueKind = column ? kindOf(column) : 'number';
  const composite = entity.key.length > 1 && check.mode === 'lenient';
  const wrong = itemsOf(ids).find((id) => !isOf(id, composite ? 'string' : kind));
  if (!wrong) return;
  check.error('I7', wrong.span, `The id has another type than ${entity.name}.${ref.column}.`, {
    expected: composite || kind === 'string' ? 'a string in quotes' : `a ${kind}`,
  });
}

const isOf = (id: Literal, kind: ValueKind): boolean =>
  (id.kind === 'number' && kind === 'number' && id.integer) ||
  (id.kind === 'datetime' && kind === 'timestamp') ||
  (id.kind === kind && kind !== 'number');

function limitIds(check: Check, { hint, prefix }: Query, ids: Literal): void {
  const count = itemsOf(ids).length;
  if (count > MAX_IDS && (check.mode === 'strict' || check.level !== 'trained')) {
    check.error('I6', ids.span, 'Too many ids.', { expected: `at most ${MAX_IDS}` });
  }
  if (count < 2) return;
  if (hint?.kind === 'forecast') check.limit('R14', ids.span, 'FORECAST takes one entity a call.');
  if (prefix === 'explain') check.limit('R15', ids.span, 'EXPLAIN takes one entity a call.');
}
