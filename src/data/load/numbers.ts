/** Numbers as people write them → SQL over `v`, a trimmed text; null where it does not read. */
import { PATTERNS } from '../schema/cells.ts';
import type { Column } from '../schema/types.ts';
import { quoteText } from '../sql/print.ts';

const text = (s: string): string => quoteText(s, 'duckdb');
const SCALES: readonly (readonly [pattern: string, factor: string])[] = [
  ['k|thousand', '1e3'],
  ['m|mm|mn|million', '1e6'],
  ['b|bn|billion', '1e9'],
  ['t', '1e12'],
];
const SCALE = '(k|thousand|mm|mn|million|m|bn|billion|b|t)';

const finite = (x: string): string => `CASE WHEN isfinite(${x}) THEN ${x} END`;

/** A number by itself, with thousands marks; `decimalComma` swaps the roles of point and comma. */
function plainNumber(v: string, decimalComma: boolean): string {
  if (decimalComma)
    return finite(`TRY_CAST(replace(regexp_replace(${v}, '[.\\s'']', '', 'g'), ',', '.') AS DOUBLE)`);
  const marked = `CASE WHEN regexp_full_match(${v}, '[-+]?\\d{1,3}([,\\s'']\\d{3})+(\\.\\d+)?') THEN TRY_CAST(regexp_replace(${v}, '[,\\s'']', '', 'g') AS DOUBLE) END`;
  return finite(`coalesce(TRY_CAST(${v} AS DOUBLE), ${marked})`);
}

/** The first amount in `v`, whatever currency stands around it, scale not applied; never negative. */
const amount = (v: string, decimalComma: boolean): string =>
  plainNumber(`regexp_extract(${v}, '\\d[\\d,.]*')`, decimalComma);

const scaleWord = (v: string): string => `regexp_extract(lower(${v}), '\\d\\s*${SCALE}\\b', 1)`;
const scale = (word: string): string =>
  `CASE ${SCALES.map(([p, f]) => `WHEN regexp_full_match(${word}, ${text(p)}) THEN ${f}`).join(' ')} ELSE 1 END`;

/** `$500M`, `(1,200.50)`, `-€3k`. */
function money(v: string, decimalComma: boolean): string {
  const sign = `CASE WHEN starts_with(${v}, '(') OR regexp_matches(${v}, '^\\D*-') THEN -1 ELSE 1 END`;
  return `${sign} * ${amount(v, decimalComma)} * (${scale(scaleWord(v))})`;
}

/** `11-50` → midpoint, `<10` → half, `1000+` and `>1000` → the bound. A scale after the second bound counts for both. */
function range(v: string, decimalComma: boolean): string {
  const low = `regexp_extract(${v}, '(?i)^[^0-9]*[0-9][0-9,.]*\\s*(?:(?:k|thousand|mm|mn|million|m|bn|billion|b)\\b)?')`;
  const high = `regexp_extract(${v}, '[0-9]\\s*[A-Za-z]*\\s*(?:-|–|—|to)(\\s*[^0-9]*[0-9].*)$', 1)`;
  const lowScale = `coalesce(nullif(${scaleWord(low)}, ''), ${scaleWord(high)})`;
  const lowValue = `${amount(low, decimalComma)} * (${scale(lowScale)})`;
  const highValue = `${amount(high, decimalComma)} * (${scale(scaleWord(high))})`;
  const single = `${amount(v, decimalComma)} * (${scale(scaleWord(v))})`;
  return `CASE WHEN ${high} <> '' THEN (${lowValue} + ${highValue}) / 2
    WHEN regexp_matches(lower(${v}), '^(<|≤|under|up to|less)') THEN ${single} / 2 ELSE ${single} END`;
}

/** The number in `v` for this column, as DOUBLE. Percentages keep their written size (12 % is 12). */
export function numberSql(v: string, column: Column): string {
  const comma = column.format === ',';
  if (column.parse === undefined) return plainNumber(v, comma);
  const body = column.parse === 'range' ? range(v, comma) : money(v, comma);
  return comma
    ? body
    : `CASE WHEN regexp_matches(${v}, ${text(PATTERNS[column.parse])}, 'i') THEN ${body} ELSE ${plainNumber(v, comma)} END`;
}
