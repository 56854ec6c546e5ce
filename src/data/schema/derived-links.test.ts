import { expect, it } from 'vitest';
import { type Fixture, inferFixture, moment, rows } from './raw.fixture.ts';

const fixture: Fixture = {
  Company: {
    columns: ['CompanyId', 'Name', 'Sector', 'Headcount', 'CreatedAt'],
    rows: rows(60, (i) => [
      `CO-${1000 + i}`,
      `Firm ${i} & sons`,
      ['steel', 'paper', 'glass'][i % 3]!,
      String(5 + i * 13),
      moment(i),
    ]),
  },
  Installed: {
    columns: ['InstallId', 'CompanyId', 'Technology', 'SeenAt'],
    rows: rows(150, (i) => [
      `IN-${5000 + i}`,
      `CO-${1000 + (i % 60)}`,
      ['Snowflake', 'SAP', 'Kafka', 'Looker'][(i * 7) % 4]!,
      moment(i),
    ]),
  },
};

it('finds peers by industry and size, and shared technology through a table of its own', async () => {
  const { schema } = await inferFixture(fixture);
  expect(schema.derivedLinks).toEqual([
    { kind: 'industry_peer', table: 'Company', by: ['Sector', 'Headcount'] },
    { kind: 'similar_to', table: 'Company', by: ['Technology'], through: 'Installed' },
  ]);
});
