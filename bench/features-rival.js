// The rivals: SQL for the columns of one event source as a careful analyst would write it for DuckDB.
const DAY_MICROS = 86_400_000_000;

const WEEK = "INTERVAL '6 days 23:59:59.999999'";

const cases = (column, whens, others) =>
  `CAST(CASE WHEN ${column} IS NULL THEN NULL ELSE CASE ${column} ${whens.join(' ')} ELSE ${others} END END AS TINYINT)`;

/** Rows of the source, or of all tables of a journey, with the codes of categories. */
function rowsOf(source) {
  const head = (link) => `SELECT "__fk_${link}" AS g, __time AS moment, __known AS known`;
  if (!source.parts) {
    const codes = source.categories.map((m, c) => {
      const whens = m.values.map((v, i) => `WHEN '${v}' THEN ${i}`);
      return `${cases(`"${m.column}"`, whens, m.values.length)} AS c${c}`;
    });
    const numbers = source.numeric.map((m, x) => `"${m.column}" AS x${x}`);
    return `${[head(source.down[0].link), ...numbers, ...codes].join(', ')} FROM data.${source.table}`;
  }
  const others = source.categories[0].values.length;
  return source.parts
    .map((part) => {
      const whens = part.letters.map((l) => `WHEN '${l.value}' THEN ${l.code}`);
      return `${head(part.down[0].link)}, coalesce(${cases(`"${part.column}"`, whens, others)}, ${others}) AS c0 FROM data.${part.table}`;
    })
    .join(' UNION ALL ');
}

/** Cells that depend on the rows before, worked out once a row. */
function placed(source) {
  const kinds = new Set(source.columns.map((c) => c.formula.kind));
  const any = (...names) => names.some((name) => kinds.has(name));
  const c = `c${source.sequence?.c ?? 0}`;
  const sessions = any('sessions', 'perSession', 'sessionsPerDay', 'lastSession', 'lastSessionMinutes');
  const cells = [
    ...(any('step', 'stepShare', 'previousCategory')
      ? [`lag(${c}) OVER w AS b`, `lag(${c}, 2) OVER w AS bb`]
      : []),
    ...(sessions || any('longestGap', 'recordRatio')
      ? ['epoch_us(moment) - epoch_us(lag(moment) OVER w) AS gap', 'row_number() OVER w AS place']
      : []),
    ...(any('burst')
      ? [
          `count(*) OVER (PARTITION BY g ORDER BY moment RANGE BETWEEN ${WEEK} PRECEDING AND CURRENT ROW) AS week`,
        ]
      : []),
    ...(any('lastChange') ? source.numeric.map((_, x) => `x${x} - lag(x${x}) OVER w AS dx${x}`) : []),
  ];
  const rows = `SELECT *${cells.map((cell) => `, ${cell}`).join('')} FROM (${rowsOf(source)}) r WINDOW w AS (PARTITION BY g ORDER BY moment)`;
  const chains = source.columns.some((column) => column.formula.kind === 'chain')
    ? source.sequence.chains
    : [];
  if (chains.length === 0) return rows;
  const so = 'OVER (PARTITION BY g ORDER BY moment ROWS UNBOUNDED PRECEDING)';
  const over = (sql) => chains.map((chain, k) => `, ${sql(chain, k)}`).join('');
  const begun = `SELECT *${over((l, k) => `max(CASE WHEN ${c} = ${l[0]} THEN moment END) ${so} AS a${k}`)} FROM (${rows}) r`;
  return `SELECT *${over((l, k) => `max(CASE WHEN ${c} = ${l[1]} THEN a${k} END) ${so} AS ab${k}`)} FROM (${begun}) r`;
}

/** Joined rows with the age and what their place says. */
function joined(source) {
  return `SELECT s.sid, epoch_us(s.cutoff) - epoch_us(e.moment) AS age, epoch_us(s.cutoff) AS now, e.* EXCLUDE (g, moment, known)
      FROM feat.snap s JOIN (${placed(source)}) e ON e.g = s.erow AND e.known <= s.cutoff`;
}

const windowSql = (source, w) =>
  w >= source.windows.length ? undefined : `age < ${source.windows[w] * DAY_MICROS}`;

/** `total(what, w, also)`: aggregates over a window, optionally over rows that meet `also`. */
function assemble(source, f, a) {
  const n = a.count(source.windows.length);
  switch (f.kind) {
    case 'count':
      return a.count(f.w);
    case 'days':
      return a.days(f.w);
    case 'sum':
    case 'mean':
    case 'std':
    case 'min':
    case 'max':
      return a[f.kind](f.x, f.w);
    case 'category':
      return a.category(f.c, f.v, f.w);
    case 'share':
      return `${a.category(f.c, f.v, f.w)} / ${a.count(f.w)}`;
    case 'lastValue':
      return a.last(`x${f.x}`);
    case 'lastCategory':
      return a.last(`c${f.c}`);
    case 'sinceCategory':
      return `${a.sinceCategory(f.c, f.v)} / ${DAY_MICROS}.0`;
    case 'sinceLast':
      return `${a.youngest} / ${DAY_MICROS}.0`;
    case 'sinceFirst':
      return `${a.oldest} / ${DAY_MICROS}.0`;
    case 'span':
      return `(${a.oldest} - ${a.youngest}) / ${DAY_MICROS}.0`;
    case 'meanGap':
      return `(${a.oldest} - ${a.youngest}) / ${DAY_MICROS}.0 / nullif(${n} - 1, 0)`;
    case 'gapRatio':
      return `${a.youngest} * nullif(${n} - 1, 0) / (${a.oldest} - ${a.youngest})`;
    case 'trend':
      return `coalesce(${a.count(f.short)}, 0) / ${a.count(f.long)}`;
    case 'gatedSum':
      return a.sum(f.x, f.w, `c${f.c} = ${f.v}`);
    case 'gatedMean':
      return a.mean(f.x, f.w, `c${f.c} = ${f.v}`);
    case 'gatedLast':
      return a.last(`x${f.x}`, `c${f.c} = ${f.v}`);
    default:
      return ordered(source, f, a);
  }
}

const START = (source) => `(gap IS NULL OR gap > ${source.sessionGap})`;

/** Order, sessions and pauses. */
function ordered(source, f, a) {
  const all = source.windows.length;
  const c = source.sequence?.c;
  const first = (v) => a.most('age', `c${c} = ${v}`);
  const step = (letters) =>
    [...letters]
      .reverse()
      .map((v, i) => `${[`c${c}`, 'b', 'bb'][i]} = ${v}`)
      .join(' AND ');
  switch (f.kind) {
    case 'step':
      return a.rows(f.w, step(source.sequence.steps[f.step]));
    case 'stepShare':
      return `${a.rows(f.w, step(source.sequence.steps[f.step]))} / ${a.count(f.w)}`;
    case 'chain': {
      const [, , last] = source.sequence.chains[f.chain];
      const begun = a.least(`now - epoch_us(ab${f.chain})`, `c${c} = ${last}`);
      const days = source.windows[f.w];
      return `CASE WHEN ${begun} ${days === undefined ? 'IS NOT NULL' : `< ${days * DAY_MICROS}`} THEN 1 ELSE 0 END`;
    }
    case 'between':
      return `CASE WHEN ${first(f.from)} >= ${first(f.to)} THEN (${first(f.from)} - ${first(f.to)}) / ${DAY_MICROS}.0 END`;
    case 'before':
      return `CASE WHEN ${first(f.from)} > ${first(f.to)} THEN 1 WHEN ${first(f.to)} IS NOT NULL THEN 0 WHEN ${first(f.from)} IS NOT NULL THEN 1 END`;
    case 'place': {
      const earlier = source.categories[c].values.flatMap((_, v) =>
        v === f.v ? [] : [`CASE WHEN ${first(v)} > ${first(f.v)} THEN 1 ELSE 0 END`],
      );
      return `CASE WHEN ${first(f.v)} IS NOT NULL THEN ${['1', ...earlier].join(' + ')} END`;
    }
    case 'sessions':
      return a.rows(f.w, START(source));
    case 'perSession':
      return `${a.count(f.w)} / ${a.rows(f.w, START(source))}`;
    case 'sessionsPerDay':
      return `${a.rows(all, START(source))} / ${a.days(all)}`;
    case 'lastSession':
      return `${a.most('place')} - ${a.most('place', START(source))} + 1`;
    case 'lastSessionMinutes':
      return `(${a.least('age', START(source))} - ${a.youngest}) / 60e6`;
    case 'longestGap':
      return `${a.most('gap')} / ${DAY_MICROS}.0`;
    case 'recordRatio':
      return `${a.youngest} / ${a.most('gap')}`;
    case 'burst':
      return `${a.most('week')} * greatest(1, (${a.oldest} - ${a.youngest}) / ${7 * DAY_MICROS}.0) / ${a.count(all)}`;
    case 'previousCategory':
      return `nullif(${a.last('coalesce(b, -1)')}, -1)`;
    case 'lastChange':
      return a.last(`dx${f.x}`, `dx${f.x} IS NOT NULL`);
    default:
      throw new Error(`no rival SQL for ${f.kind}`);
  }
}

const ZERO = new Set(['count', 'days', 'category', 'sum', 'gatedSum', 'step', 'chain', 'sessions']);

function finish(source, aggregated) {
  const cells = source.columns.map(({ formula }, i) =>
    ZERO.has(formula.kind) ? `CAST(coalesce(f${i}, 0) AS FLOAT)` : `CAST(f${i} AS FLOAT)`,
  );
  const sql = `SELECT ${cells.join(', ')} FROM feat.snap s LEFT JOIN (${aggregated}) a ON a.sid = s.sid ORDER BY s.sid`;
  return { sql, names: source.columns.map((c) => c.meta.name) };
}

/** One pass: every column an aggregate with its own FILTER. */
function filter(source) {
  const when = (w, also) => {
    const parts = [windowSql(source, w), also].filter(Boolean);
    return parts.length === 0 ? '' : ` FILTER (${parts.join(' AND ')})`;
  };
  const all = source.windows.length;
  const a = {
    rows: (w, also) => `count(*)${when(w, also)}`,
    most: (sql, also) => `max(${sql})${when(all, also)}`,
    least: (sql, also) => `min(${sql})${when(all, also)}`,
    count: (w) => `count(*)${when(w)}`,
    days: (w) => `count(DISTINCT age // ${DAY_MICROS})${when(w)}`,
    sum: (x, w, also) => `sum(x${x})${when(w, also)}`,
    mean: (x, w, also) => `avg(x${x})${when(w, also)}`,
    std: (x, w) => `stddev_pop(x${x})${when(w)}`,
    min: (x, w) => `min(x${x})${when(w)}`,
    max: (x, w) => `max(x${x})${when(w)}`,
    category: (c, v, w) => `count(*)${when(w, `c${c} = ${v}`)}`,
    sinceCategory: (c, v) => `min(age) FILTER (c${c} = ${v})`,
    last: (cell, also) => `arg_min(${cell}, age)${when(all, also)}`,
    youngest: 'min(age)',
    oldest: 'max(age)',
  };
  const columns = source.columns.map(({ formula }, i) => `${assemble(source, formula, a)} AS f${i}`);
  return finish(source, `SELECT sid, ${columns.join(', ')} FROM (${joined(source)}) j GROUP BY sid`);
}

/** Two passes: ages into bands between the windows, then every window a sum over its bands. */
function bands(source) {
  const parts = new Map();
  const part = (sql) => {
    if (!parts.has(sql)) parts.set(sql, `a${parts.size}`);
    return parts.get(sql);
  };
  const within = (w) => (w >= source.windows.length ? '' : ` FILTER (band <= ${w})`);
  const total = (sql, w) => `sum(${part(sql)})${within(w)}`;
  const when = (also) => (also ? ` FILTER (${also})` : '');
  const mean = (x, w, also) =>
    `(${total(`sum(x${x})${when(also)}`, w)} / ${total(`count(x${x})${when(also)}`, w)})`;
  const a = {
    rows: (w, also) => total(`count(*)${when(also)}`, w),
    most: (sql, also) => `max(${part(`max(${sql})${when(also)}`)})`,
    least: (sql, also) => `min(${part(`min(${sql})${when(also)}`)})`,
    count: (w) => total('count(*)', w),
    days: (w) => total(`count(DISTINCT age // ${DAY_MICROS})`, w),
    sum: (x, w, also) => total(`sum(x${x})${when(also)}`, w),
    mean,
    std: (x, w) => {
      const variance = `${total(`sum(x${x} * x${x})`, w)} / ${total(`count(x${x})`, w)} - ${mean(x, w)} * ${mean(x, w)}`;
      return `sqrt(CASE WHEN ${total(`count(x${x})`, w)} > 0 THEN greatest(0, ${variance}) END)`;
    },
    min: (x, w) => `min(${part(`min(x${x})`)})${within(w)}`,
    max: (x, w) => `max(${part(`max(x${x})`)})${within(w)}`,
    category: (c, v, w) => total(`count(*) FILTER (c${c} = ${v})`, w),
    sinceCategory: (c, v) => `min(${part(`min(age) FILTER (c${c} = ${v})`)})`,
    last: (cell, also) => `arg_min(${part(`arg_min(${cell}, age)${when(also)}`)}, band)`,
    youngest: `min(${part('min(age)')})`,
    oldest: `max(${part('max(age)')})`,
  };
  const columns = source.columns.map(({ formula }, i) => `${assemble(source, formula, a)} AS f${i}`);
  const steps = source.windows.map((_, w) => `WHEN ${windowSql(source, w)} THEN ${w}`);
  const band = `CAST(CASE ${steps.join(' ')} ELSE ${source.windows.length} END AS TINYINT)`;
  const first = `SELECT sid, band, ${[...parts].map(([sql, name]) => `${sql} AS ${name}`).join(', ')}
    FROM (SELECT *, ${band} AS band FROM (${joined(source)}) i) j GROUP BY sid, band`;
  return finish(source, `SELECT sid, ${columns.join(', ')} FROM (${first}) b GROUP BY sid`);
}

export const rivalQueries = { filter, bands };
