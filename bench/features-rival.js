// The rivals: SQL for the columns of one event source as a careful analyst would write it for DuckDB.
const DAY_MICROS = 86_400_000_000;

/** Joined rows with the age, the codes of categories and the flags of windows worked out once. */
function joined(source) {
  const codes = source.categories.map((m, c) => {
    const whens = m.values.map((v, i) => `WHEN '${v}' THEN ${i}`);
    return `CAST(CASE WHEN e."${m.column}" IS NULL THEN NULL ELSE CASE e."${m.column}" ${whens.join(' ')} ELSE ${m.values.length} END END AS TINYINT) AS c${c}`;
  });
  return `SELECT s.sid, epoch_us(s.cutoff) - epoch_us(e.__time) AS age, ${source.numeric.map((m, x) => `e."${m.column}" AS x${x}`)},
      ${codes} FROM feat.snap s JOIN data.${source.table} e ON e."__fk_${source.down[0].link}" = s.erow AND e.__known <= s.cutoff`;
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
    default:
      throw new Error(`no rival SQL for ${f.kind}`);
  }
}

const ZERO = new Set(['count', 'days', 'category', 'sum']);

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
  const a = {
    count: (w) => `count(*)${when(w)}`,
    days: (w) => `count(DISTINCT age // ${DAY_MICROS})${when(w)}`,
    sum: (x, w) => `sum(x${x})${when(w)}`,
    mean: (x, w) => `avg(x${x})${when(w)}`,
    std: (x, w) => `stddev_pop(x${x})${when(w)}`,
    min: (x, w) => `min(x${x})${when(w)}`,
    max: (x, w) => `max(x${x})${when(w)}`,
    category: (c, v, w) => `count(*)${when(w, `c${c} = ${v}`)}`,
    sinceCategory: (c, v) => `min(age) FILTER (c${c} = ${v})`,
    last: (cell) => `arg_min(${cell}, age)`,
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
  const mean = (x, w) => `(${total(`sum(x${x})`, w)} / ${total(`count(x${x})`, w)})`;
  const a = {
    count: (w) => total('count(*)', w),
    days: (w) => total(`count(DISTINCT age // ${DAY_MICROS})`, w),
    sum: (x, w) => total(`sum(x${x})`, w),
    mean,
    std: (x, w) => {
      const variance = `${total(`sum(x${x} * x${x})`, w)} / ${total(`count(x${x})`, w)} - ${mean(x, w)} * ${mean(x, w)}`;
      return `sqrt(CASE WHEN ${total(`count(x${x})`, w)} > 0 THEN greatest(0, ${variance}) END)`;
    },
    min: (x, w) => `min(${part(`min(x${x})`)})${within(w)}`,
    max: (x, w) => `max(${part(`max(x${x})`)})${within(w)}`,
    category: (c, v, w) => total(`count(*) FILTER (c${c} = ${v})`, w),
    sinceCategory: (c, v) => `min(${part(`min(age) FILTER (c${c} = ${v})`)})`,
    last: (cell) => `arg_min(${part(`arg_min(${cell}, age)`)}, band)`,
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
