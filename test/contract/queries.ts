/** Random checked queries over the schema of world.ts, entity people or firms. */
import type {
  Aggregate,
  AggregateFn,
  CheckedQuery,
  ColumnRef,
  CompareOp,
  Comparison,
  Literal,
  Predicate,
  Span,
  Target,
  TaskType,
  Window,
} from '../../src/query/pql/ast.ts';
import type { Random } from '../../src/util/random.ts';

const span: Span = { start: 0, end: 0 };
const text = (value: string): Literal => ({ kind: 'string', value, span });
const number = (value: number): Literal => ({ kind: 'number', value, integer: true, span });
const nothing: Literal = { kind: 'null', span };
const ref = (table: string, column: string, path?: readonly string[]): ColumnRef => ({
  kind: 'column',
  table,
  column,
  span,
  ...(path ? { path } : {}),
});

export function queryGenerator(random: Random): { readonly query: () => CheckedQuery } {
  const pick = <T>(items: readonly T[]): T => items[random.int(items.length)]!;
  const chance = (p: number): boolean => random.next() < p;
  const compare = (left: ColumnRef | Aggregate, op: CompareOp, right: Literal): Comparison => ({
    kind: 'comparison',
    left,
    op,
    right,
    span,
  });
  const numeric = (left: ColumnRef | Aggregate): Comparison =>
    chance(0.1)
      ? compare(left, pick(['=', '!='] as const), nothing)
      : compare(left, pick(['=', '!=', '<', '<=', '>', '>='] as const), number(random.int(4)));
  const textual = (left: ColumnRef | Aggregate, words: readonly string[]): Comparison => {
    if (chance(0.15)) return compare(left, pick(['=', '!='] as const), nothing);
    if (chance(0.25))
      return compare(left, 'IN', { kind: 'array', items: [text(pick(words)), text(pick(words))], span });
    const op = pick(['=', '!=', 'CONTAINS', 'NOT CONTAINS', 'STARTS WITH', 'ENDS WITH'] as const);
    return compare(left, op, text(op === '=' || op === '!=' ? pick(words) : pick(words).slice(0, 2)));
  };
  const window = (side: 'past' | 'label'): Window => {
    const unit = pick(['days', 'days', 'weeks', 'months', 'hours'] as const);
    const scale = unit === 'hours' ? 24 : unit === 'days' ? 9 : 2;
    const [near, far] = [pick([0, 0, 1]) * scale, scale * (1 + random.int(3))];
    if (side === 'label') return { start: near, end: near + far, unit };
    return { start: chance(0.3) ? null : -near - far, end: -near, unit };
  };
  const tree = (leaf: () => Predicate): Predicate => {
    if (chance(0.6)) return leaf();
    if (chance(0.3)) return { kind: 'not', operand: tree(leaf), span };
    return { kind: pick(['and', 'or'] as const), left: tree(leaf), right: tree(leaf), span };
  };
  const dealWhere = (): Predicate =>
    tree(() => {
      const roll = random.int(5);
      if (roll === 0) return textual(ref('items', 'kind', ['deals.item']), ['a', 'b']);
      if (roll === 1) return numeric(ref('deals', 'amount'));
      if (roll === 2) return numeric(aggregate('lines', pick(['past', 'label'] as const), ['lines.deal']));
      return textual(ref('deals', 'stage'), ['won', 'lost', 'open']);
    });
  const fns: readonly AggregateFn[] = [
    'COUNT',
    'SUM',
    'AVG',
    'MIN',
    'MAX',
    'FIRST',
    'LAST',
    'COUNT_DISTINCT',
  ];
  const aggregate = (table: string, side: 'past' | 'label', path: readonly string[]): Aggregate => {
    const fn = pick(fns);
    const value = table === 'deals' ? 'amount' : table === 'lines' ? 'qty' : 'fit';
    return {
      kind: 'aggregate',
      fn,
      source: ref(table, fn === 'COUNT' && chance(0.5) ? '*' : value),
      window: window(side),
      path,
      span,
      ...(table === 'deals' && chance(0.5) ? { where: dealWhere() } : {}),
    };
  };
  const paths = (entity: string): readonly [string, readonly string[]][] =>
    entity === 'people'
      ? [
          ['deals', ['deals.person']],
          ['deals', ['deals.firm', 'people.firm']],
          ['lines', ['lines.deal', 'deals.person']],
        ]
      : [
          ['deals', ['deals.firm']],
          ['people', ['people.firm']],
          ['deals', ['deals.person', 'people.firm']],
        ];
  const anyAggregate = (entity: string, side: 'past' | 'label'): Aggregate => {
    const [table, path] = pick(paths(entity));
    return aggregate(table, side, path);
  };
  const list = (side: 'past' | 'label'): Aggregate => ({
    kind: 'aggregate',
    fn: 'LIST_DISTINCT',
    source: ref('deals', pick(['tags', 'stage'])),
    window: window(side),
    path: ['deals.person'],
    span,
  });
  const leaf = (entity: string, side: 'past' | 'label') => (): Predicate => {
    if (entity === 'people' && chance(0.15))
      return compare(list(side), pick(['CONTAINS', 'NOT CONTAINS'] as const), text(pick(['x', 'won', 'y'])));
    if (entity === 'people' && side === 'label' && chance(0.3)) return turn();
    return numeric(anyAggregate(entity, side));
  };
  const turn = (): Predicate => {
    const column = pick(['state', 'won', 'tier'] as const);
    const condition =
      column === 'won'
        ? compare(ref('people', 'won'), '=', { kind: 'boolean', value: true, span })
        : textual(ref('people', column), column === 'state' ? ['new', 'hot', 'done'] : ['gold', 'tin']);
    return { kind: 'becomes', condition, window: window('label'), span };
  };
  const own = (entity: string) => (): Predicate => {
    if (entity === 'firms') return textual(ref('firms', 'sector'), ['bank', 'farm']);
    const roll = random.int(5);
    if (roll === 0) return textual(ref('firms', 'sector', ['people.firm']), ['bank', 'farm']);
    if (roll === 1) return numeric(ref('people', 'fit'));
    if (roll === 2) return textual(ref('people', 'state'), ['new', 'hot', 'done']);
    if (roll === 3) return textual(ref('people', 'tier'), ['gold', 'tin']);
    return compare(ref('people', 'won'), '=', { kind: 'boolean', value: chance(0.5), span });
  };
  const query = (): CheckedQuery => {
    const entity = pick(['people', 'people', 'firms']);
    const temporal = chance(0.85);
    const shape = random.int(3);
    let target: Target;
    let taskType: TaskType = 'binary';
    if (!temporal) target = tree(own(entity));
    else if (shape === 0) {
      target = anyAggregate(entity, 'label');
      taskType = 'regression';
    } else target = tree(leaf(entity, 'label'));
    const past = (): Predicate => (chance(0.5) ? leaf(entity, 'past')() : own(entity)());
    return {
      target,
      entity: ref(entity, 'id'),
      forEach: true,
      taskType,
      temporal,
      text: '',
      ...(chance(0.5) ? { where: tree(temporal ? past : own(entity)) } : {}),
      ...(temporal && chance(0.2) ? { assuming: tree(leaf(entity, 'label')) } : {}),
      ...(taskType === 'regression' && chance(0.2)
        ? { hint: { kind: 'forecast', steps: 3, span } as const }
        : {}),
    };
  };
  return { query };
}
