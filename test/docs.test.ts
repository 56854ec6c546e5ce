/** The documents agree with the program: generated pages are current, links lead somewhere, every option is real. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ERRORS } from '../src/errors.ts';
import { COMMANDS, EVERYWHERE } from '../src/serve/cli/commands.ts';
import { commandsPage, errorsPage, jsonPage } from './support/reference-pages.ts';

const ROOT = resolve(import.meta.dirname, '..');
const DOCS = join(ROOT, 'docs');

const pages = [
  join(ROOT, 'README.md'),
  join(ROOT, 'CONTEXT.md'),
  ...['docs', 'examples'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(ROOT, folder, name)),
  ),
];

test.each([
  ['reference-errors.md', errorsPage],
  ['reference-cli.md', commandsPage],
  ['reference-json.md', jsonPage],
])('docs/%s is what the source says (else: npm run docs)', async (file, page) => {
  await expect(page()).toMatchFileSnapshot(join(DOCS, file));
});

test('the error codes in the source and in the manual are the same', () => {
  const documented = [...errorsPage().matchAll(/^\| `([A-Z_]+)` \|/gm)].map((m) => m[1]);
  expect(documented).toEqual(Object.keys(ERRORS));
  const used = new Set(
    sources()
      .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/new LeadlightError\(\s*'([A-Z_]+)'/g)])
      .map((m) => m[1]),
  );
  for (const code of used) expect(Object.keys(ERRORS)).toContain(code);
});

test.each(pages.map((page) => [relative(ROOT, page), page]))('links in %s lead somewhere', (_, page) => {
  const text = withoutCode(readFileSync(page, 'utf8'));
  for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^(https?:|mailto:)/.test(target)) continue;
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : join(dirname(page), path);
    expect(existsSync(file), `${target} in ${page}`).toBe(true);
    if (anchor !== undefined) expect(anchors(file), `${target} in ${page}`).toContain(anchor);
  }
});

test.each(pages.map((page) => [relative(ROOT, page), page]))(
  'commands in %s exist, with their options',
  (_, page) => {
    for (const [, name = '', rest = ''] of readFileSync(page, 'utf8').matchAll(
      /(?:^\s*|`)(?:\.\/bin\/|npx )?leadlight ([a-z-]+)([^`\n]*)/gm,
    )) {
      const command = COMMANDS.find((c) => c.name === name);
      expect(command, `leadlight ${name} in ${page}`).toBeDefined();
      const known = [...(command?.options ?? []), ...EVERYWHERE].map((o) => o.flags.split(' ')[0]);
      for (const [option] of rest.replace(/"[^"]*"/g, '').matchAll(/--[a-z][a-z-]*/g))
        expect([...known, '--help'], `leadlight ${name} ${option} in ${page}`).toContain(option);
    }
  },
);

function sources(): readonly string[] {
  return readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(ROOT, 'src', name));
}

const withoutCode = (text: string): string => text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '');

const anchors = (file: string): readonly string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map((m) =>
    (m[1] ?? '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );
