/**
 * Terms of a text: words, pairs of neighbouring words, and four-letter pieces of longer words, which catch endings,
 * compounds and misspellings. Hashed to signed buckets (Weinberger et al. 2009, feature hashing).
 */
import { hash32 } from '../../../util/hash.ts';

/** Number of hash buckets. */
export const BUCKETS = 2 ** 18;
const MAX_WORDS = 200;
const PIECE = 4;

export interface Term {
  readonly bucket: number;
  readonly sign: 1 | -1;
  /** The word itself; pairs and pieces have none. */
  readonly word?: string;
}

/** Letters and digits of any script, lower case. */
export const wordsOf = (text: string): readonly string[] =>
  (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).slice(0, MAX_WORDS);

export function termsOf(text: string): readonly Term[] {
  const found = wordsOf(text);
  return found.flatMap((word, i) => [
    { ...hashed(word), word },
    ...(i > 0 ? [hashed(`${found[i - 1]} ${word}`)] : []),
    ...piecesOf(word).map((piece) => hashed(`_${piece}`)),
  ]);
}

function piecesOf(word: string): readonly string[] {
  if (word.length <= PIECE) return [];
  const marked = `^${word}$`;
  return Array.from({ length: marked.length - PIECE + 1 }, (_, i) => marked.slice(i, i + PIECE));
}

function hashed(term: string): Term {
  const h = hash32(term);
  return { bucket: h & (BUCKETS - 1), sign: h >>> 31 === 0 ? 1 : -1 };
}
