import { describe, expect, it } from 'vitest';
import { schemaMermaid } from './mermaid.ts';
import { printSchema } from './print.ts';
import { schemaSvg } from './svg.ts';
import { layOut } from './svg-layout.ts';
import type { Table, WorkspaceConfig } from './types.ts';

const table = (name: string, columns: readonly string[], more: Partial<Table> = {}): Table => ({
  name,
  origin: { kind: 'file', path: `${name}.csv`, format: 'csv' },
  key: columns.slice(0, 1),
  role: 'entity',
  columns: columns.map((c) => ({ name: c, type: 'text', semantic: 'text' })),
  ...more,
});

const config: WorkspaceConfig = {
  version: 1,
  timeZone: 'UTC',
  schema: {
    tables: [
      table('firms', ['firm_id', 'sector', 'parent_id']),
      table('people', ['person_id', 'firm_id', 'joined'], { time: 'joined' }),
      table('<b>"&', ['x\u0000', 'person_id', 'at'], { role: 'event', key: [], time: 'at' }),
      table('page', ['url'], { origin: { kind: 'derived', table: 'people', columns: ['url'] } }),
    ],
    links: [
      { name: 'people.firm_id', from: 'people', columns: ['firm_id'], to: 'firms' },
      { name: 'firms.parent_id', from: 'firms', columns: ['parent_id'], to: 'firms' },
      { name: 'events.person_id', from: '<b>"&', columns: ['person_id'], to: 'people', unique: true },
    ],
    derivedLinks: [{ kind: 'industry_peer', table: 'firms', by: ['sector'] }],
  },
  targets: [{ name: 'conversion', table: 'people', predicate: 'COUNT(x.*, 0, 90, days) > 0' }],
  integrations: [],
  pointRules: [],
  playbook: [],
};

it('prints tables, links and targets with aligned columns', () => {
  const text = printSchema(config);
  expect(text).toContain('people.firm_id');
  expect(text).toContain('(row number)');
  expect(text).toContain('entity (of people)');
  expect(text).toContain('industry_peer');
  const [head, rule, first] = text.split('\n');
  expect(head!.indexOf('role')).toBe(first!.indexOf('entity'));
  expect(rule).toMatch(/^[─ ]+$/);
});

it('draws Mermaid with keys, links and no raw quotes', () => {
  const text = schemaMermaid(config);
  expect(text).toMatch(/^erDiagram\n/);
  expect(text).toContain('t0 ||--o{ t1 : "firm_id"');
  expect(text).toContain('t1 ||--o| t2 : "person_id"');
  expect(text).toContain('text person_id PK');
  expect(text).toContain('["<b>\'&"]');
});

describe('the SVG', () => {
  const svg = schemaSvg(config);

  it('is self-contained and escaped', () => {
    expect(svg).toMatch(/^<svg xmlns/);
    expect(svg).not.toMatch(/<script|href|url\(/);
    expect(svg).not.toContain('\u0000');
    expect(svg).toContain('&lt;b&gt;&quot;&amp;');
    expect(svg.match(/<g>/g)).toHaveLength(4);
    expect(svg.match(/class="link/g)).toHaveLength(3);
  });

  it.each([[[]], [[{ from: 'a', to: 'c' }]]])('puts tables without overlap, also in a cycle', (cycle) => {
    const size = { width: 100, height: 60 };
    const nodes = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, ...size }));
    const edges = [
      { from: 'b', to: 'a' },
      { from: 'c', to: 'b' },
      { from: 'c', to: 'a' },
      { from: 'd', to: 'a' },
      ...cycle,
    ];
    const layout = layOut(nodes, edges);
    const at = (id: string) => layout.nodes.get(id)!;
    expect(at('b').x).toBeLessThan(at('c').x);
    if (cycle.length === 0) expect(at('a').x).toBeLessThan(at('b').x);
    for (const [i, m] of nodes.entries()) {
      for (const n of nodes.slice(i + 1)) {
        const apart = Math.abs(at(m.id).x - at(n.id).x) >= 100 || Math.abs(at(m.id).y - at(n.id).y) >= 60;
        expect(apart, `${m.id} ${n.id}`).toBe(true);
      }
    }
  });
});
