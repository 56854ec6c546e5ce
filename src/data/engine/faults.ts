import { LeadlightError } from '../../errors.ts';

/** DuckDB's own errors by the start of their message → a user fault, where it is one. */
const FAULTS: readonly (readonly [RegExp, (message: string, cause: unknown) => LeadlightError])[] = [
  [/^INTERRUPT/i, (_, cause) => new LeadlightError('CANCELLED', {}, { cause })],
  [
    /Out of Memory|could not allocate|failed to allocate/i,
    (message, cause) =>
      new LeadlightError(
        'RESOURCE_EXHAUSTED',
        {
          problem: `Out of memory: ${message}`,
          remedy: 'Allow more memory (--memory), use fewer threads, or score fewer rows at a time',
        },
        { cause },
      ),
  ],
  [
    /No space left|disk is full|max_temp_directory_size/i,
    (message, cause) =>
      new LeadlightError(
        'RESOURCE_EXHAUSTED',
        {
          problem: `Out of disk space: ${message}`,
          remedy: 'Free some space or choose another spill folder',
        },
        { cause },
      ),
  ],
  [
    /^IO Error/i,
    (message, cause) =>
      new LeadlightError('SOURCE_UNREADABLE', { path: 'A source', problem: message }, { cause }),
  ],
];

/** The error to throw for what DuckDB threw: a user fault translated, anything else as it came. */
export function translateFault(thrown: unknown): unknown {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const fault = FAULTS.find(([pattern]) => pattern.test(message));
  return fault ? fault[1](message.split('\n')[0]!, thrown) : thrown;
}
