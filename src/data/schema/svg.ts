/** The schema as a self-contained SVG: a box a table with its key, times and links; parents left, children right. */
import { type Layout, layOut, type Placed } from './svg-layout.ts';
import type { Link, Schema, Table, WorkspaceConfig } from './types.ts';

const LINE = 18;
const HEAD = 28;
const PAD = 10;
const CHAR = 6.7;
const LONGEST = 34;
const MAX_LINES = 9;

interface Row {
  readonly text: string;
  readonly mark: string;
  readonly style: string;
  readonly column?: string;
}
interface Box {
  readonly table: Table;
  readonly rows: readonly Row[];
  readonly width: number;
  readonly height: number;
}

export function schemaSvg(config: WorkspaceConfig): string {
  const { schema } = config;
  const boxes = schema.tables.map((t) => toBox(t, schema));
  const layout = layOut(
    boxes.map((b) => ({ id: b.table.name, width: b.width, height: b.height })),
    schema.links.map((l) => ({ from: l.from, to: l.to })),
  );
  const [w, h] = [Math.ceil(Math.max(layout.width, 320)), Math.ceil(layout.height + LINE)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}" role="img" aria-label="Tables, keys, times and links">`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${w}" height="${h}"/>`,
    ...schema.links.map((l, i) => edge(l, i, boxes, layout)),
    ...boxes.map((b) => boxSvg(b, layout.nodes.get(b.table.name)!)),
    `<text class="note" x="24" y="${h - 12}">line: foreign key, dot at the key · dashed: 1:1 · dashed box: entity found as columns of another table</text>`,
    '</svg>',
  ].join('\n');
}

const STYLE = `text{font:12px ui-sans-serif,system-ui,'Segoe UI',Helvetica,Arial,sans-serif;fill:#1f2733}
.page{fill:#fff}.box{fill:#fff;stroke:#9aa7b8}.derived{stroke-dasharray:4 3}.head{fill:#e3ebf6}.event{fill:#e4f3e8}.history{fill:#fbeedc}.association{fill:#efe6f7}.lookup{fill:#eceff3}
.name{font-weight:600;font-size:13px}.role,.note{fill:#66717f;font-size:11px}.mark{fill:#66717f;font-size:10px}.time{fill:#1e6b3c}.key{font-weight:600}.more,.side{fill:#66717f;font-style:italic}
.link{fill:none;stroke:#5b7bb0;stroke-width:1.4}.one{stroke-dasharray:5 3}.dot{fill:#5b7bb0}
@media (prefers-color-scheme:dark){text{fill:#e6eaf0}.page{fill:#14181f}.box{fill:#1b212b;stroke:#4a5666}.head{fill:#24344d}.event{fill:#1f3a2a}.history{fill:#45341d}.association{fill:#382b47}.lookup{fill:#2a313c}
.role,.note,.mark,.more,.side{fill:#9aa7b8}.time{fill:#7fd0a0}.link{stroke:#7f9fd6}.dot{fill:#7f9fd6}}`;

function toBox(table: Table, schema: Schema): Box {
  const rows = toRows(table, schema);
  const texts = [`${table.name}   ${table.role}`, ...rows.map((r) => `${r.text}      ${r.mark}`)];
  const width = Math.max(150, ...texts.map((t) => Math.min(t.length, LONGEST + 12) * CHAR + 2 * PAD));
  return { table, rows, width, height: HEAD + rows.length * LINE + PAD };
}

function toRows(table: Table, schema: Schema): readonly Row[] {
  const foreign = new Set(schema.links.filter((l) => l.from === table.name).flatMap((l) => l.columns));
  const times = new Map<string, string>();
  for (const mark of ['knownAt', 'endTime', 'labelTime', 'time'] as const) {
    if (table[mark] !== undefined) times.set(table[mark], MARKS[mark]);
  }
  const row = (text: string, mark: string, style: string): Row => ({
    text: cut(text),
    mark,
    style,
    column: text,
  });
  const keys = table.key.map((k) => row(k, foreign.has(k) ? 'key, link' : 'key', 'key'));
  const dated = [...times]
    .filter(([c]) => !table.key.includes(c))
    .reverse()
    .map(([c, mark]) => row(c, mark, 'time'));
  const links = [...foreign]
    .filter((c) => !table.key.includes(c) && !times.has(c))
    .map((c) => row(c, 'link', ''));
  const shown = [...keys, ...dated, ...links].slice(0, MAX_LINES);
  const rest = table.columns.length - shown.length;
  const none = table.key.length === 0 ? [{ text: 'rows are numbered', mark: '', style: 'more' }] : [];
  const more =
    rest > 0 ? [{ text: `${rest} more column${rest > 1 ? 's' : ''}`, mark: '', style: 'more' }] : [];
  const side = schema.derivedLinks
    .filter((d) => d.table === table.name)
    .map((d) => ({
      text: cut(`${d.kind.replace('_', ' ')} by ${d.by.join(', ')}`),
      mark: '',
      style: 'side',
    }));
  return [...none, ...shown, ...more, ...side];
}

const MARKS = { time: 'time', knownAt: 'known', endTime: 'end', labelTime: 'counts' } as const;
const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);
/** XML 1.0 has no control characters and no lone surrogates, even escaped. */
const escaped = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '·')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

function boxSvg({ table, rows, width, height }: Box, { x, y }: Placed): string {
  const derived = table.origin.kind === 'derived';
  const body = rows.map((r, i) => {
    const at = y + HEAD + i * LINE + 15;
    const mark =
      r.mark === ''
        ? ''
        : `<text class="mark" x="${x + width - PAD}" y="${at}" text-anchor="end">${r.mark}</text>`;
    return `<text class="${r.style}" x="${x + PAD}" y="${at}">${escaped(r.text)}</text>${mark}`;
  });
  return [
    '<g>',
    `<rect class="box${derived ? ' derived' : ''}" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`,
    `<path class="head ${table.role}" d="M${x + 0.5} ${y + HEAD}v${6 - HEAD}q0 -5.5 5.5 -5.5h${width - 12}q5.5 0 5.5 5.5v${HEAD - 6}z"/>`,
    `<text class="name" x="${x + PAD}" y="${y + 19}">${escaped(cut(table.name))}</text>`,
    `<text class="role" x="${x + width - PAD}" y="${y + 19}" text-anchor="end">${table.role}</text>`,
    ...body,
    '</g>',
  ].join('\n');
}

/** From the child's link column (left side) through the way points to the parent's key (right side). */
function edge(link: Link, index: number, boxes: readonly Box[], layout: Layout): string {
  const [from, to] = [
    anchor(link.from, link.columns[0]!, boxes, layout),
    anchor(link.to, undefined, boxes, layout),
  ];
  if (!from || !to) return '';
  const kind = link.unique ? 'link one' : 'link';
  const title = `<title>${escaped(`${link.name} → ${link.to}`)}</title>`;
  if (link.from === link.to) {
    const [x, low, high] = [from.right, Math.max(from.y, to.y + LINE), to.y];
    return `<path class="${kind}" d="M${x} ${low}c34 0 34 ${high - low} 0 ${high - low}">${title}</path><circle class="dot" cx="${x}" cy="${high}" r="3"/>`;
  }
  const backward = from.left < to.right;
  const start = backward ? { x: from.right, y: from.y } : { x: from.left, y: from.y };
  const points = [
    start,
    ...(layout.ways[index] ?? []),
    { x: to.layerRight, y: to.y },
    { x: to.right, y: to.y },
  ];
  return `<path class="${kind}" d="${curve(points)}">${title}</path><circle class="dot" cx="${to.right}" cy="${to.y}" r="3"/>`;
}

function anchor(
  table: string,
  column: string | undefined,
  boxes: readonly Box[],
  layout: Layout,
):
  | { readonly left: number; readonly right: number; readonly layerRight: number; readonly y: number }
  | undefined {
  const box = boxes.find((b) => b.table.name === table);
  const at = layout.nodes.get(table);
  if (!box || !at) return undefined;
  const row = Math.max(
    0,
    box.rows.findIndex((r) => r.column === (column ?? box.table.key[0])),
  );
  return { left: at.x, right: at.x + box.width, layerRight: at.layerRight, y: at.y + HEAD + row * LINE + 11 };
}

/** Smooth, horizontal at every point. */
function curve(points: readonly Placed[]): string {
  const [first, ...rest] = points;
  let from = first!;
  const parts = [`M${from.x} ${from.y}`];
  for (const p of rest) {
    const middle = (from.x + p.x) / 2;
    parts.push(`C${middle} ${from.y} ${middle} ${p.y} ${p.x} ${p.y}`);
    from = p;
  }
  return parts.join('');
}
