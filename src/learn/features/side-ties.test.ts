import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadShop, START, shopRows } from '../../../test/support/shop.ts';
import { loadSides, sideRows, sidesSchema } from '../../../test/support/shop-sides.ts';
import type { Engine } from '../../data/engine/types.ts';
import { parseTitle, seniorityRank } from '../../data/schema/title.ts';
import type { Schema } from '../../data/schema/types.ts';
import { table } from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import { neighbourRows } from './side-sql.ts';
import type { SideStep } from './types.ts';

/** Reference: neighbours worked out row by row from what each cutoff may see. */

const DAY = 86_400_000;
const CUTOFFS = [40, 90, 150, 260].map((day) => START + day * DAY);
const shop = shopRows(3);
const sides = sideRows(4);
const NEVER = Date.UTC(9999, 0, 1);

interface Stretch {
  readonly person: number;
  readonly firm: number;
  readonly since: number;
  readonly until: number;
}
/** People change firms: the first until some day, another from then on. */
const stretches = shop.people.flatMap(({ at, firm }, person): readonly Stretch[] => [
  { person, firm, since: at, until: at + 50 * DAY },
  { person, firm: (firm + 7) % shop.firms.length, since: at + 50 * DAY, until: NEVER },
]);

let engine: Engine;
beforeAll(async () => {
  engine = await loadShop(shop);
  await loadSides(engine, sides);
  const stamp = (ms: number): string => `TIMESTAMP '${new Date(ms).toISOString().slice(0, 19)}'`;
  await engine.run(`CREATE SCHEMA feat; CREATE SCHEMA link;
    CREATE TABLE link."people.firm_id" (frow BIGINT, trow BIGINT, since TIMESTAMP, until TIMESTAMP);
    INSERT INTO link."people.firm_id" VALUES ${stretches
      .map((s) => `(${s.person}, ${s.firm}, ${stamp(s.since)}, ${stamp(s.until)})`)
      .join(', ')};
    CREATE TABLE feat.base (pid BIGINT, g BIGINT, cutoff TIMESTAMP, owner BIGINT);
    INSERT INTO feat.base VALUES ${shop.people
      .flatMap((_, g) => CUTOFFS.map((at, c) => `(${g * 10 + c}, ${g}, ${stamp(at)}, ${g + 1})`))
      .join(', ')}`);
});
afterAll(() => engine.close());

const dated: Schema = {
  ...sidesSchema,
  links: sidesSchema.links.map((l) => (l.name === 'people.firm_id' ? { ...l, dated: true } : l)),
};
const firmOf = (schema: Schema, person: number, at: number): number | undefined =>
  schema === dated
    ? stretches.find((s) => s.person === person && s.since <= at && s.until > at)?.firm
    : shop.people[person]!.firm;

async function found(side: SideStep, schema: Schema, others = false): Promise<readonly string[]> {
  const query = neighbourRows(side, schema, (alias) => table('base', alias, 'feat'), others);
  return (await engine.rows(toSql(query, 'duckdb'))).map((r) => `${r.pid}:${r.g}`).sort();
}

const expected = (of: (g: number, at: number) => Iterable<number>): readonly string[] =>
  shop.people
    .flatMap((_, g) => CUTOFFS.flatMap((at, c) => [...new Set(of(g, at))].map((n) => `${g * 10 + c}:${n}`)))
    .sort();

const isSenior = (title: string): boolean => {
  const { seniority } = parseTitle(title);
  return seniority !== undefined && seniorityRank(seniority) >= seniorityRank('vp');
};

describe.each([
  ['keys as written at creation', sidesSchema],
  ['a dated link', dated],
])('with %s', (_, schema) => {
  it.each([false, true])('senior people are new where they came lately (others: %s)', async (others) => {
    const arrivedAt = (person: number, firm: number, at: number): number => {
      const born = shop.people[person]!.at;
      if (schema !== dated) return born;
      const s = stretches.find((x) => x.person === person && x.firm === firm && x.since <= at);
      return Math.max(born, s?.since ?? born);
    };
    const side: SideStep = {
      kind: 'arrival',
      id: 'a',
      table: 'people',
      link: 'people.firm_id',
      title: 'title',
    };
    expect(await found(side, schema, others)).toEqual(
      expected((firm, at) =>
        shop.people.flatMap(({ at: known, title }, person) => {
          const here = known <= at && firmOf(schema, person, at) === firm && isSenior(title);
          const isNew = arrivedAt(person, firm, at) > at - 60 * DAY;
          return here && isNew && !(others && person === firm + 1) ? [person] : [];
        }),
      ),
    );
  });

  it('the firms of those tied to a person are other firms, as of then', async () => {
    const step = {
      kind: 'association',
      id: 'a',
      through: 'ties',
      into: 'ties.one',
      out: 'ties.other',
    } as const;
    expect(await found({ ...step, table: 'firms', up: 'people.firm_id' }, schema)).toEqual(
      expected((person, at) =>
        sides.ties.flatMap(({ at: known, cells: [one, other] }) => {
          const visible = known <= at && one === person && other !== person;
          if (!visible || shop.people[Number(other)]!.at > at) return [];
          const firm = firmOf(schema, Number(other), at);
          const isKnown = firm !== undefined && shop.firms[firm]!.at <= at;
          return isKnown && firm !== firmOf(schema, person, at) ? [firm] : [];
        }),
      ),
    );
  });
});

it.each([undefined, true] as const)('jobs lead to employers, ended: %s', async (ended) => {
  const step = {
    kind: 'association',
    id: 'a',
    through: 'jobs',
    into: 'jobs.person',
    out: 'jobs.firm',
  } as const;
  expect(await found({ ...step, table: 'firms', ...(ended && { ended }) }, sidesSchema)).toEqual(
    expected((person, at) =>
      sides.jobs.flatMap(({ at: known, end = NEVER, cells: [who, firm] }) =>
        who === person && known <= at && end <= at === (ended === true) && shop.firms[Number(firm)]!.at <= at
          ? [Number(firm)]
          : [],
      ),
    ),
  );
});
