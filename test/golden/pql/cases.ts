/**
 * Reads the golden files of this folder. A block is a head line `## name words…`, the query (the faulty span between « »),
 * and, when one is expected, the canonical text after `=> `.
 */
import { readFileSync } from 'node:fs';

export interface GoldenCase {
  readonly name: string;
  readonly words: readonly string[];
  readonly text: string;
  readonly span?: { readonly start: number; readonly end: number };
  readonly canonical?: string;
}

export function readCases(file: string): readonly GoldenCase[] {
  const source = readFileSync(new URL(file, import.meta.url), 'utf8');
  return source
    .split(/^## /m)
    .slice(1)
    .map((block) => parseBlock(block.trim()));
}

function parseBlock(block: string): GoldenCase {
  const [head = '', ...lines] = block.split('\n');
  const [name = '', ...words] = head.split(' ');
  const marked = lines.filter((line) => !line.startsWith('=> ')).join('\n');
  const canonical = lines.find((line) => line.startsWith('=> '))?.slice(3);
  const start = marked.indexOf('«');
  return {
    name,
    words,
    text: marked.replace('«', '').replace('»', ''),
    ...(start < 0 ? {} : { span: { start, end: marked.indexOf('»') - 1 } }),
    ...(canonical === undefined ? {} : { canonical }),
  };
}

/** The value of a `key:value` word. */
export const wordOf = ({ words }: GoldenCase, key: string): string | undefined =>
  words.find((w) => w.startsWith(`${key}:`))?.slice(key.length + 1);
