// Made-up users, views and orders in the layout that loading produces, drawn by DuckDB from hashes of row numbers.
const DAY = 86_400_000;
const START = Date.UTC(2022, 0, 1);
const SPAN_DAYS = 730;
const CUTOFF_DAYS = [610, 640, 670, 700];

export const LAST_CUTOFF = START + CUTOFF_DAYS.at(-1) * DAY;

const column = (name, semantic, type, extra = {}) => ({ name, semantic, type, ...extra });

const table = (name, key, time, role, columns) => ({
  name,
  origin: { kind: 'file', path: `${name}.parquet`, format: 'parquet' },
  key: [key],
  role,
  time,
  columns: [column(key, 'key', 'integer'), column(time, 'timestamp', 'timestamp'), ...columns],
});

const schema = {
  tables: [
    table('users', 'user_id', 'joined', 'entity', []),
    table('views', 'view_id', 'seen', 'event', [
      column('user_id', 'key', 'integer'),
      column('kind', 'categorical', 'text'),
      column('device', 'categorical', 'text'),
      column('seconds', 'numeric', 'number', { decimals: 1 }),
      column('scroll', 'numeric', 'number', { decimals: 3 }),
      column('clicks', 'numeric', 'integer'),
    ]),
    table('orders', 'order_id', 'placed', 'event', [
      column('user_id', 'key', 'integer'),
      column('channel', 'categorical', 'text'),
      column('payment', 'categorical', 'text'),
      column('amount', 'numeric', 'number', { decimals: 2 }),
      column('discount', 'numeric', 'number', { decimals: 2 }),
      column('items', 'numeric', 'integer'),
    ]),
  ],
  links: [
    { name: 'views.user_id', from: 'views', columns: ['user_id'], to: 'users' },
    { name: 'orders.user_id', from: 'orders', columns: ['user_id'], to: 'users' },
  ],
  derivedLinks: [],
};

export const planInput = () => ({
  schema,
  entityTable: 'users',
  static: false,
  horizonDays: 30,
  asOf: LAST_CUTOFF,
  withheld: new Set(),
  entityGiven: false,
  maxColumns: 400,
  maxSources: 24,
});

const uniform = (k) => `(hash(i, ${k}) % 4294967296 / 4294967296.0)`;
const pick = (k, values) => {
  const steps = values.map((v, j) => `WHEN u${k} < ${1 - 0.55 ** (j + 1)} THEN '${v}'`);
  return `CASE ${steps.join(' ')} ELSE '${values[0]}' END`;
};
const stamp = (ms) => `TIMESTAMP '${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}'`;
const times = (at) => `${at} AS __time, ${at} AS __known`;

/** 80 % views, 20 % orders in order of time; a few users have most of them; one cell in twenty is empty. */
export async function fillEvents(engine, events, users) {
  await engine.run(
    `CREATE TABLE users AS SELECT i AS __row, ${times(stamp(START))}, i AS user_id, ${stamp(START)} AS joined
       FROM range(${users}) r(i)`,
  );
  const rowsOf = (n, salt) => {
    const draws = [1, 2, 3, 4, 5, 6].map((k) => `${uniform(salt + k)} AS u${k}`);
    const at = `${stamp(START)} + to_microseconds(CAST(i * ${(SPAN_DAYS * DAY * 1000) / n} + ${uniform(salt)} * 1e9 AS BIGINT))`;
    const user = `least(${users - 1}, CAST(floor(${users} * pow(${uniform(salt + 7)}, 1.5)) AS BIGINT))`;
    return `(SELECT i, ${at} AS moment, ${user} AS member, ${draws.join(', ')} FROM range(${n}) r(i))`;
  };
  const number = (k, value) => `CASE WHEN hash(i, ${k}) % 20 > 0 THEN ${value} END`;
  await engine.run(
    `CREATE TABLE views AS SELECT i AS __row, ${times('moment')}, member AS "__fk_views.user_id",
       ${pick(1, ['home', 'docs', 'pricing', 'blog', 'demo', 'login', 'other'])} AS kind,
       ${pick(2, ['phone', 'desktop', 'tablet', 'tv', 'watch'])} AS device,
       ${number(91, 'round(-60 * ln(1 - u3), 1)')} AS seconds, ${number(92, 'round(u4, 3)')} AS scroll,
       ${number(93, 'CAST(floor(-4 * ln(1 - u5)) AS BIGINT)')} AS clicks FROM ${rowsOf(events * 0.8, 10)}`,
  );
  await engine.run(
    `CREATE TABLE orders AS SELECT i AS __row, ${times('moment')}, member AS "__fk_orders.user_id",
       ${pick(1, ['web', 'app', 'partner', 'phone', 'shop'])} AS channel,
       ${pick(2, ['card', 'invoice', 'transfer', 'cash', 'voucher'])} AS payment,
       ${number(94, 'round(-80 * ln(1 - u3), 2)')} AS amount, ${number(95, 'round(u4 * 30, 2)')} AS discount,
       ${number(96, '1 + CAST(floor(u5 * 8) AS BIGINT)')} AS items FROM ${rowsOf(events * 0.2, 30)}`,
  );
}

/** Snapshots of each of the users in turn. `common`: at four dates; `own`: each snapshot at its own moment of the last 300 days before those end. */
export async function fillSnapshots(engine, moments, rows, users) {
  const common = `list_value(${CUTOFF_DAYS.map((d) => stamp(START + d * DAY)).join(', ')})[1 + i // ${users}]`;
  const own = `${stamp(LAST_CUTOFF)} - to_microseconds(CAST(${uniform(77)} * ${300 * DAY * 1000} AS BIGINT))`;
  await engine.run(
    `CREATE TABLE task.snapshots AS SELECT i AS sid, i % ${users} AS erow,
       ${moments === 'common' ? common : own} AS cutoff, 'train' AS split FROM range(${rows}) r(i)`,
  );
}
