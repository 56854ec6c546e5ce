/** The house rules that a machine can check: imports point down, clients have one importer, files stay small. */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const SRC = join(ROOT, 'src');

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => /(?<!\.d)\.ts$/.test(name) && !name.includes('/assembly/'))
  .sort();
const product = files.filter((name) => !/\.(test|fixture)\.ts$/.test(name));
const text = new Map(files.map((name) => [name, readFileSync(join(SRC, name), 'utf8')]));
const imports = product.flatMap(importsOf);
const inner = imports.filter((i) => i.to.startsWith('.')).map((i) => ({ ...i, to: resolveImport(i) }));
const outer = imports.filter((i) => !i.to.startsWith('.'));

/** Lower first. A folder may import, at run time, from those before it in its own list, and from lower floors. */
const FLOORS = ['util', 'errors.ts', 'data', 'query', 'learn', 'simulate', 'serve', 'index.ts'];
const WITHIN: Readonly<Record<string, readonly string[]>> = {
  data: ['sql', 'engine', 'sources', 'schema', 'load', 'quality'],
  query: ['pql', 'task'],
  learn: ['features', 'metrics', 'models', 'selection', 'explain'],
  serve: ['report', 'scoring', 'cli'],
};

/** Packages and the only folders that may import them; zod, like util, may stand anywhere. */
const CLIENTS: Readonly<Record<string, readonly string[]>> = {
  '@duckdb/node-api': ['data/engine/'],
  commander: ['serve/cli/'],
  tldts: ['data/quality/identity/'],
  yaml: ['data/schema/'],
  zod: [''],
};

test('imports point down the floors, types too', () => {
  const up = inner.filter((i) => floor(i.to) > floor(i.from));
  expect(up.map(show)).toEqual([]);
});

test('inside a floor imports point down its folders', () => {
  const up = inner.filter((i) => !i.typeOnly && floor(i.to) === floor(i.from) && room(i.to) > room(i.from));
  expect(up.map(show)).toEqual([]);
});

test('metrics and models do not know each other', () => {
  const between = inner.filter(
    (i) => i.from.startsWith('learn/metrics/') && i.to.startsWith('learn/models/'),
  );
  expect(between.map(show)).toEqual([]);
});

test('no two files import each other at run time, near or far', () => {
  expect(findRing(inner.filter((i) => !i.typeOnly))).toEqual([]);
});

test('each client has its only importers', () => {
  const strangers = outer
    .filter((i) => !i.to.startsWith('node:') && !builtinModules.includes(i.to))
    .filter((i) => !(CLIENTS[i.to] ?? []).some((folder) => i.from.startsWith(folder)));
  expect(strangers.map(show)).toEqual([]);
});

test('files are small, and most are smaller', () => {
  const sizes = product.map((name) => ({ name, lines: text.get(name)?.split('\n').length ?? 0 }));
  expect(sizes.filter((f) => f.lines > 600)).toEqual([]);
  const sorted = sizes.map((f) => f.lines).sort((a, b) => a - b);
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(100);
});

test('names are kebab-case, exports have names, and there are no inner barrels', () => {
  expect(files.filter((name) => !/^([a-z0-9.-]+\/)*[a-z0-9-]+(\.test|\.fixture)?\.ts$/.test(name))).toEqual(
    [],
  );
  expect(product.filter((name) => /^export default/m.test(text.get(name) ?? ''))).toEqual([]);
  expect(product.filter((name) => name.endsWith('/index.ts'))).toEqual([]);
});

test('tests assert, and none is skipped or left to do', () => {
  const tests = files.filter((name) => name.endsWith('.test.ts'));
  expect(
    tests.filter((name) => /\b(test|it|describe)\.(skip|todo|only)\b/.test(text.get(name) ?? '')),
  ).toEqual([]);
  expect(product.filter((name) => /\b(TODO|FIXME|XXX)\b/.test(text.get(name) ?? ''))).toEqual([]);
});

test('the query language bundles for a browser', async () => {
  const entries = product.filter((name) => name.startsWith('query/pql/')).map((name) => join(SRC, name));
  const result = await build({
    entryPoints: entries,
    bundle: true,
    platform: 'browser',
    format: 'esm',
    write: false,
    outdir: 'unused',
    logLevel: 'silent',
  });
  expect(result.errors).toEqual([]);
  expect(result.outputFiles.length).toBe(entries.length);
});

function importsOf(name: string): readonly Import[] {
  const found = withoutComments(text.get(name) ?? '').matchAll(
    /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^'"`;]*?from\s+'([^']+)'|\bimport\('([^']+)'\)/g,
  );
  return [...found].map((m) => ({ from: name, to: m[2] ?? m[3] ?? '', typeOnly: m[1] !== undefined }));
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}

function resolveImport({ from, to }: Import): string {
  return relative(SRC, join(SRC, dirname(from), to));
}

const floor = (name: string): number => FLOORS.indexOf(name.split('/')[0] ?? '');

const room = (name: string): number => {
  const [first = '', second = ''] = name.split('/');
  return (WITHIN[first] ?? []).indexOf(second);
};

const show = ({ from, to }: Import): string => `${from} → ${to}`;

/** A ring of imports as a list of files, or nothing. */
function findRing(edges: readonly Import[]): readonly string[] {
  const targets = new Map(product.map((name) => [name, edges.filter((edge) => edge.from === name)]));
  const done = new Set<string>();
  const visit = (name: string, trail: readonly string[]): readonly string[] => {
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name];
    if (done.has(name)) return [];
    done.add(name);
    for (const { to } of targets.get(name) ?? []) {
      const ring = visit(to, [...trail, name]);
      if (ring.length > 0) return ring;
    }
    return [];
  };
  return product.reduce<readonly string[]>((ring, name) => (ring.length > 0 ? ring : visit(name, [])), []);
}
