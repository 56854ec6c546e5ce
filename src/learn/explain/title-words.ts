/** Titles of several people in a few characters: `VP + CTO`, `2 VP + IC + 3 more`. */
import { parseTitle, type Seniority, seniorityRank } from '../../data/schema/title.ts';

const SHORT: Readonly<Record<Seniority, string>> = {
  'c-level': 'C-level',
  founder: 'Founder',
  vp: 'VP',
  head: 'Head',
  director: 'Dir',
  manager: 'Mgr',
  lead: 'Lead',
  senior: 'Senior',
  ic: 'IC',
  junior: 'Junior',
};

interface ShortTitle {
  readonly text: string;
  readonly rank: number;
}

export function shortTitle(title: string): ShortTitle | undefined {
  const { seniority } = parseTitle(title);
  if (!seniority) return undefined;
  const text = seniority === 'c-level' ? chiefLetters(title) : SHORT[seniority];
  return { text, rank: seniorityRank(seniority) };
}

/** `CTO`, `Chief Risk Officer` → CRO; other chiefs stay C-level. */
function chiefLetters(title: string): string {
  const letters = /\b(ciso|chro|c[a-z]o)\b/i.exec(title)?.[1];
  if (letters) return letters.toUpperCase();
  const spelled = /\bchief ((?:\p{L}+ ){1,3})officer\b/iu.exec(title)?.[1];
  if (!spelled) return SHORT['c-level'];
  const initials = spelled
    .trim()
    .split(' ')
    .filter((w) => !/^(and|of)$/i.test(w));
  return `C${initials.map((w) => w[0]!.toUpperCase()).join('')}O`;
}

const SHOWN = 2;

/** People in the order they are on record, null without a title: how many, and the most senior titles. */
export function peopleWords(titles: readonly (string | null)[]): string {
  const groups = new Map<string, ShortTitle & { readonly n: number }>();
  for (const title of titles) {
    const short = title === null ? undefined : shortTitle(title);
    if (short) groups.set(short.text, { ...short, n: (groups.get(short.text)?.n ?? 0) + 1 });
  }
  const all = [...groups.values()];
  const top = new Set([...all].sort((a, b) => b.rank - a.rank).slice(0, SHOWN));
  const shown = all.filter((g) => top.has(g));
  if (shown.length === 0) return String(titles.length);
  const more = titles.length - shown.reduce((sum, g) => sum + g.n, 0);
  const parts = shown.map((g) => (g.n > 1 ? `${g.n} ${g.text}` : g.text));
  return `${titles.length} (${[...parts, ...(more > 0 ? [`${more} more`] : [])].join(' + ')})`;
}
