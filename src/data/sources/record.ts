/** One record of delimited text, read by RFC 4180 and, where it breaks the rules, by good sense. */
export interface SplitRecord {
  readonly fields: readonly string[];
  /** The text ended inside quotes: the record goes on in the next line, or the quote is never closed. */
  readonly open: boolean;
  /** Text stood between a closing quote and the delimiter. */
  readonly stray: boolean;
}

/**
 * Splits `text` at `delimiter`. A quote opens only at the start of a field, `""` inside is one quote. With `literal`, a
 * quote that is never closed is an ordinary character, so that it cannot swallow the fields after it.
 */
export function splitRecord(text: string, delimiter: string, literal = false): SplitRecord {
  const fields: string[] = [];
  let stray = false;
  let at = 0;
  for (;;) {
    if (text[at] === '"') {
      const quoted = readQuoted(text, at, delimiter);
      if (quoted) {
        fields.push(quoted.value);
        stray ||= quoted.stray;
        at = quoted.end;
        if (at >= text.length) return { fields, open: false, stray };
        at++;
        continue;
      }
      if (!literal) return { fields: [...fields, text.slice(at + 1)], open: true, stray };
    }
    const end = text.indexOf(delimiter, at);
    if (end < 0) return { fields: [...fields, text.slice(at)], open: false, stray };
    fields.push(text.slice(at, end));
    at = end + 1;
  }
}

interface Quoted {
  readonly value: string;
  /** Index of the delimiter after the field, or the text's length. */
  readonly end: number;
  readonly stray: boolean;
}

function readQuoted(text: string, start: number, delimiter: string): Quoted | undefined {
  let value = '';
  let at = start + 1;
  for (;;) {
    const close = text.indexOf('"', at);
    if (close < 0) return undefined;
    value += text.slice(at, close);
    if (text[close + 1] === '"') {
      value += '"';
      at = close + 2;
      continue;
    }
    const next = text.indexOf(delimiter, close + 1);
    const end = next < 0 ? text.length : next;
    const rest = text.slice(close + 1, end);
    return { value: value + (rest.trim() === '' ? '' : rest), end, stray: rest.trim() !== '' };
  }
}
