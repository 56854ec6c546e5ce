/** A points score in use: a numeric column of a lead, contact or account table that is named so. */
import { attributes, type JudgedTable } from './facts.ts';
import { conceptsOfWord, hasWord, stems } from './lexicon.ts';

const SCORED = new Set(['lead', 'contact', 'account']);
const POINTS = new Set(['point', 'points']);

export function pointsColumn(tables: readonly JudgedTable[]): string | undefined {
  for (const t of tables) {
    if (t.concept === undefined || !SCORED.has(t.concept) || t.flatOf !== undefined) continue;
    const found = attributes(t).find((c) => c.column.semantic === 'numeric' && isPointsName(c.column.name));
    if (found) return `${t.name}.${found.column.name}`;
  }
  return undefined;
}

function isPointsName(column: string): boolean {
  const words = stems(column);
  if (hasWord(words, POINTS)) return words.length <= 3;
  const others = words.filter((w) => w !== 'score');
  return words.includes('score') && others.every((w) => conceptsOfWord(w).some((c) => SCORED.has(c)));
}
