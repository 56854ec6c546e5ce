/** A shop with habits whose tables and columns are named so as to be mistaken for code. Keys end in `_id`. */
import { createRandom } from '../../src/util/random.ts';
import { type FileTable, knownBy, stampOf } from './tables.ts';

const FIRST = Date.UTC(2023, 0, 2);
const HOUR = 3_600_000;
const DAYS = 364;

/** Each buyer has a segment, four favourite goods of which it buys again and again, and a rhythm of its own. */
export function hostileShop(seed: number, buyers = 70, goods = 24): readonly FileTable[] {
  const random = createRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[random.int(list.length)]!;
  const segments = ["o'neil", 'select', 'β-group'];
  const people = Array.from({ length: buyers }, (_, i) => ({
    id: `k"${i}`,
    segment: pick(segments),
    since: FIRST + random.int(60 * 24) * HOUR,
    favourites: Array.from({ length: 4 }, () => random.int(goods)),
    gap: 4 + random.int(18),
  }));
  const lines = people.flatMap((p) => {
    const found: { readonly at: number; readonly good: number; readonly buyer: string }[] = [];
    for (
      let at = p.since;
      at < FIRST + DAYS * 24 * HOUR;
      at += (0.3 + 1.4 * random.next()) * p.gap * 24 * HOUR
    )
      found.push({ at, good: random.next() < 0.75 ? pick(p.favourites) : random.int(goods), buyer: p.id });
    return found;
  });
  lines.sort((a, b) => a.at - b.at);
  return [
    {
      name: 'the "group"',
      header: ['käufer_id', 'where', 'from date'],
      rows: people.map((p) => ({ käufer_id: p.id, where: p.segment, 'from date': stampOf(p.since) })),
      knownAt: knownBy('from date'),
    },
    {
      name: 'order',
      header: ['good_id', "kind's"],
      rows: Array.from({ length: goods }, (_, g) => ({
        good_id: `g;${g}`,
        "kind's": ['x--', 'drop', 'null?'][g % 3]!,
      })),
      knownAt: () => FIRST,
    },
    {
      name: 'join lines',
      header: ['line_id', 'käufer_id', 'good_id', 'at time', 'limit', 'as'],
      rows: lines.map((l, i) => ({
        line_id: `l${i}`,
        käufer_id: l.buyer,
        good_id: `g;${l.good}`,
        'at time': stampOf(l.at),
        limit: (5 + (l.good % 7) * 3 + random.next() * 4).toFixed(2),
        as: pick(['web', 'shop', 'union all']),
      })),
      knownAt: knownBy('at time'),
    },
  ];
}

const WHO = '`the "group"`.`käufer_id`';

export const HOSTILE_QUERIES = {
  amount: `PREDICT SUM(\`join lines\`.\`limit\`, 0, 30, days) FOR EACH ${WHO}`,
  ranking: `PREDICT LIST_DISTINCT(\`join lines\`.good_id, 0, 30, days) RANK TOP 5 FOR EACH ${WHO}`,
  labels: `PREDICT LIST_DISTINCT(\`join lines\`.\`as\`, 0, 14, days) CLASSIFY FOR EACH ${WHO}`,
  forecast: `PREDICT COUNT(\`join lines\`.*, 0, 14, days) FORECAST 3 TIMEFRAMES FOR EACH ${WHO}`,
} as const;
