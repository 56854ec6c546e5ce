/** What to say about text that cannot stand where it stands. */
import type { Cursor } from './cursor.ts';
import type { Token } from './lex.ts';

/** Fails if the next token is no token of the language at all. */
export function refuseBad(c: Cursor): void {
  const { kind, text, span } = c.peek();
  if (kind === 'operator' && (text === '==' || text === '<>')) {
    c.fail('P11', span, `There is no operator ${text}.`, { suggestion: text === '==' ? '=' : '!=' });
  }
  if (kind !== 'bad') return;
  if (text.startsWith('--') || text.startsWith('/*')) {
    c.fail('P18', span, 'Comments start with #.', { suggestion: '#' });
  }
  if (text.startsWith("'") || text.startsWith('"')) {
    c.fail('P16', span, 'The string is not closed.', { expected: `a closing ${text[0]}` });
  }
  if (text === '`')
    c.fail('P16', span, 'The quoted name is empty or not closed.', { expected: 'a closing `' });
  if (/^[A-Za-z_`]/.test(text)) {
    c.fail('P8', span, 'A column has two parts.', { expected: 'table.column' });
  }
  c.fail('P18', span, 'This character has no meaning here.', {
    suggestion: 'quote names with other characters in backticks',
  });
}

export const MISPLACED_WHERE =
  'A filter on the counted rows goes inside the parentheses, before the window; a filter on entities after FOR EACH.';

/** After a complete target: neither a hint nor FOR EACH follows. */
export function refuseAfterTarget(c: Cursor): never {
  const token = c.peek();
  const { text, span, kind } = token;
  const expected = 'FOR EACH table.key';
  if (kind === 'end') c.fail('P2', span, 'FOR EACH is missing.', { expected });
  if (c.at('WHERE')) c.fail('P9', span, MISPLACED_WHERE, { expected });
  if (c.at('ASSUMING')) c.fail('P9', span, 'ASSUMING comes last, after FOR EACH.', { expected });
  if (isHint(token)) c.fail('P19', span, 'A query has one task hint only.', { expected });
  if (c.at(',')) c.fail('P10', span, 'A query has one target only.', { expected });
  if (c.at(')')) c.fail('P13', span, 'This parenthesis was never opened.', { expected });
  if (/^AS$/i.test(text)) c.fail('P10', span, 'Targets have no alias.', { expected });
  if (/^[-+*/%]/.test(text) && !text.startsWith('--') && !text.startsWith('/*')) {
    c.fail('P10', span, 'There is no arithmetic.', { expected });
  }
  refuseComparison(c, expected);
  return c.fail('P10', span, 'Unexpected text before FOR EACH.', { expected });
}

const isHint = ({ kind, text }: Token): boolean =>
  kind === 'keyword' && ['FORECAST', 'RANK', 'CLASSIFY', 'TOP', 'TIMEFRAMES'].includes(text);

/** An operator that is none, where a comparison operator would be fine. */
export function refuseComparison(c: Cursor, expected: string): void {
  const { text, span, kind } = c.peek();
  refuseBad(c);
  if (kind === 'name' && /^between$/i.test(text)) {
    c.fail('P11', span, 'There is no operator BETWEEN.', { suggestion: '… >= a AND … <= b', expected });
  }
  const following = c.peek(1);
  if (c.at('NOT') && following.text === 'IN') {
    const whole = { start: span.start, end: following.span.end };
    c.fail('P11', whole, 'There is no operator NOT IN.', { suggestion: 'NOT … IN (…)', expected });
  }
  if (kind === 'name' && c.peek(1).kind === 'integer') return;
  if (kind === 'name' && c.peek(1).text === '(') c.fail('P14', span, 'There are no functions.', { expected });
}

/** After the last clause. */
export function refuseTrailing(c: Cursor): never {
  const { text, span, kind } = c.peek();
  const expected = 'the end of the query';
  if (c.at('WHERE')) c.fail('P9', span, 'WHERE stands directly after the entity, once.', { expected });
  if (c.at('ASSUMING')) c.fail('P9', span, 'A query has one ASSUMING, last.', { expected });
  if (text === ';' && kind === 'bad') c.fail('P21', span, 'No semicolon at the end.', { expected });
  if (/^(order|group|limit|having|order by|group by)$/i.test(text)) {
    c.fail('P21', span, 'There is no ORDER BY, GROUP BY or LIMIT.', { expected });
  }
  if (/^T\d/i.test(text) && kind === 'name') {
    const suggestion = 'YYYY-MM-DD h:m:s';
    c.fail('P21', span, 'A blank, not a T, stands between a date and its clock.', { expected, suggestion });
  }
  refuseComparison(c, expected);
  return c.fail('P21', span, 'Unexpected text after the query.', { expected });
}
