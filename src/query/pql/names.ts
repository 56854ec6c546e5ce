/** Finding the name that was meant: other case, singular or plural, or the nearest by edit distance. */

/** The one candidate that equals `name` but for case; undefined when none or several do. */
export function otherCase(name: string, candidates: readonly string[]): string | undefined {
  const lower = name.toLowerCase();
  const matches = candidates.filter((c) => c.toLowerCase() === lower);
  return matches.length === 1 ? matches[0] : undefined;
}

/** As `otherCase`, also between singular and plural (contact/contacts, company/companies, box/boxes). */
export function otherNumber(name: string, candidates: readonly string[]): string | undefined {
  const stems = new Set(singulars(name));
  const matches = candidates.filter((c) => singulars(c).some((s) => stems.has(s)));
  return matches.length === 1 ? matches[0] : undefined;
}

function singulars(name: string): readonly string[] {
  const lower = name.toLowerCase();
  const forms = [lower];
  if (lower.endsWith('ies')) forms.push(`${lower.slice(0, -3)}y`);
  if (lower.endsWith('es')) forms.push(lower.slice(0, -2));
  if (lower.endsWith('s') && !lower.endsWith('ss')) forms.push(lower.slice(0, -1));
  return forms;
}

/** Nearest candidate within a third of the name's length in edits, ignoring case. */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(name.length / 3));
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance <= limit && (!best || distance < best.distance)) best = { name: candidate, distance };
  }
  return best?.name;
}

/** Levenshtein distance with transpositions of neighbours; names are cut at 64 characters. */
function editDistance(left: string, right: string): number {
  const a = left.slice(0, 64);
  const b = right.slice(0, 64);
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(row[j - 1]! + 1, last[j]! + 1, last[j - 1]! + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, beforeLast[j - 2]! + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
