/**
 * The entity's events of all its tables as one sequence, in an alphabet of `table:type`: content view, webinar, pricing
 * page, meeting. The types are those most frequent in rows known by `asOf`; every table has at least one.
 */
import type { EventSource, JourneyPart } from './plan-types.ts';
import type { ColumnProfile } from './profile.ts';

const ALPHABET = 8;
const TYPES_OF_A_TABLE = 3;

/** What is known of the rows of a source. */
export interface Told {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, ColumnProfile>;
}

interface Letter {
  readonly source: EventSource;
  readonly value?: string;
  readonly rows: number;
}

/** A source over the own dated tables; undefined where there are not two. */
export function journeyOf(
  id: string,
  sources: readonly EventSource[],
  told: (source: EventSource) => Told,
): EventSource | undefined {
  const own = sources.filter((s) => s.detail === 'full' && s.dated && !s.expires && s.stream === 'opened');
  const first = own[0];
  if (first === undefined || own.length < 2) return undefined;
  const letters = alphabet(own, told);
  const gaps = own.map((s) => s.sessionGap ?? 0);
  return {
    ...first,
    id,
    numeric: [],
    refs: [],
    categories: [{ column: 'type', values: letters.map(nameOf), counted: 0, boolean: false }],
    parts: own.flatMap((source) => partOf(source, letters)),
    prompt: own.every((s) => s.prompt),
    sessionGap: Math.max(...gaps),
  };
}

const nameOf = ({ source, value }: Letter): string =>
  value === undefined ? source.table : `${source.table}:${value}`;

function alphabet(own: readonly EventSource[], told: (source: EventSource) => Told): readonly Letter[] {
  const all = own.map((source) => lettersOf(source, told(source)));
  const certain = all.flatMap((letters) => letters.slice(0, 1));
  const more = all
    .flatMap((letters) => letters.slice(1, TYPES_OF_A_TABLE))
    .sort((a, b) => b.rows - a.rows || compareText(nameOf(a), nameOf(b)));
  return [...certain, ...more].slice(0, ALPHABET);
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Types of the table most frequent first; the table itself where no column tells types. */
function lettersOf(source: EventSource, { rows, columns }: Told): readonly Letter[] {
  const measure = source.sequence === undefined ? undefined : source.categories[source.sequence.c];
  const profile = measure && columns.get(measure.column);
  if (!measure || !profile) return [{ source, rows }];
  return measure.values.map((value) => ({
    ...{ source, value, rows: profile.counts[profile.values.indexOf(value)] ?? 0 },
  }));
}

function partOf(source: EventSource, letters: readonly Letter[]): readonly JourneyPart[] {
  const mine = letters.flatMap((l, code) =>
    l.source === source ? [{ ...(l.value === undefined ? {} : { value: l.value }), code }] : [],
  );
  if (mine.length === 0) return [];
  const typed = mine[0]?.value === undefined ? undefined : source.categories[source.sequence!.c]!.column;
  return [
    {
      down: source.down,
      table: source.table,
      ...(typed === undefined ? {} : { column: typed }),
      letters: mine,
    },
  ];
}
