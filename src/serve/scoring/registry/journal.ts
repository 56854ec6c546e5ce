/**
 * What happened to the models of a workspace, in order: one JSON object a line, only ever added to. Which version is
 * champion, shadow or candidate follows from it and is stored nowhere else.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LeadlightError } from '../../../errors.ts';
import { writeWhole } from './files.ts';
import type { JournalEntry, ModelStatus } from './types.ts';

const JOURNAL = 'journal.ndjson';

const entry: z.ZodType<JournalEntry> = z.object({
  at: z.string(),
  action: z.enum(['trained', 'promoted', 'shadowed', 'withdrawn', 'rolled back']),
  version: z.string(),
  question: z.string(),
  card_sha256: z.exactOptional(z.string()),
  by: z.string(),
  why: z.exactOptional(z.string()),
});

/** Empty where nothing was registered yet. MODEL_CORRUPT for a line that is none of ours. */
export async function readJournal(folder: string): Promise<readonly JournalEntry[]> {
  const file = join(folder, JOURNAL);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return text.split('\n').flatMap((line, i) => (line === '' ? [] : [parseLine(line, file, i + 1)]));
}

function parseLine(line: string, file: string, number: number): JournalEntry {
  try {
    return entry.parse(JSON.parse(line));
  } catch (cause) {
    throw new LeadlightError(
      'MODEL_CORRUPT',
      {
        file,
        line: number,
        problem: 'this is not an entry of the journal',
        remedy: 'Restore the file from a backup, or remove the line.',
      },
      { cause },
    );
  }
}

/** Under the lock of the folder: the file is replaced as a whole. */
export async function appendJournal(folder: string, added: readonly JournalEntry[]): Promise<void> {
  const lines = [...(await readJournal(folder)), ...added].map((e) => `${JSON.stringify(e)}\n`);
  await writeWhole(join(folder, JOURNAL), lines.join(''));
}

/** Status by version; versions the journal does not name are candidates. */
export function statuses(journal: readonly JournalEntry[]): ReadonlyMap<string, ModelStatus> {
  const found = new Map<string, ModelStatus>();
  for (const [question, champions] of championsByQuestion(journal)) {
    for (const e of journal.filter((x) => x.question === question)) {
      if (e.action === 'shadowed') found.set(e.version, 'shadow');
      else if (e.action !== 'trained' || !found.has(e.version)) found.set(e.version, 'candidate');
    }
    const champion = champions.at(-1);
    if (champion !== undefined) found.set(champion, 'champion');
  }
  return found;
}

/** Champions of a question, the present one last; what a roll-back returns to stands before it. */
export const championsOf = (journal: readonly JournalEntry[], question: string): readonly string[] =>
  championsByQuestion(journal).get(question) ?? [];

function championsByQuestion(journal: readonly JournalEntry[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { action, version, question } of journal) {
    const champions = found.get(question) ?? [];
    found.set(question, champions);
    const first = action === 'trained' && champions.length === 0;
    if ((first || action === 'promoted') && champions.at(-1) !== version) champions.push(version);
    if (action === 'rolled back') champions.pop();
  }
  return found;
}
