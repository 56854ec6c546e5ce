/** Matching ids across files that write them differently: blanks, case, `17850` and `17850.0`, leading zeros. */

export interface IdIndex {
  /** Position in the list given, or -1. */
  readonly find: (id: string) => number;
  /** Several of the list are exactly this id. */
  readonly repeats: (id: string) => boolean;
}

function looseId(id: string): string {
  const text = id.trim().toLowerCase();
  const number = /^([+-]?)0*(\d+)(?:\.0*)?$/.exec(text);
  return number ? `${number[1] === '-' ? '-' : ''}${number[2]}` : text;
}

/** The exact id wins; a loose match counts only when one id alone has it. */
export function indexIds(ids: readonly string[]): IdIndex {
  const exact = new Map<string, number>();
  const loose = new Map<string, number>();
  const repeated = new Set<string>();
  ids.forEach((id, k) => {
    if (exact.has(id)) repeated.add(id);
    else exact.set(id, k);
    const key = looseId(id);
    loose.set(key, loose.has(key) ? -1 : k);
  });
  return {
    find: (id) => exact.get(id) ?? exact.get(id.trim()) ?? loose.get(looseId(id)) ?? -1,
    repeats: (id) => repeated.has(id),
  };
}
