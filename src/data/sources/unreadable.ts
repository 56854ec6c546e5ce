import { LeadlightError } from '../../errors.ts';

/** A user fault that names its file stays as it is; anything else thrown while reading `path` is that file's fault. */
export function unreadable(path: string, thrown: unknown): LeadlightError {
  const fault = thrown instanceof LeadlightError ? thrown : undefined;
  if (fault && (fault.code !== 'SOURCE_UNREADABLE' || fault.data.path === path)) return fault;
  const message = thrown instanceof Error ? thrown.message.split('\n')[0]! : String(thrown);
  return new LeadlightError(
    'SOURCE_UNREADABLE',
    { path, problem: String(fault?.data.problem ?? message) },
    { cause: thrown },
  );
}
