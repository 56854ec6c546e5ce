/** Versions on disk: written once, named by the hash of their state, checked when read. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { LeadlightError } from '../../../errors.ts';
import { printState, sha256 } from './bytes.ts';
import { withLock, writeWhole } from './files.ts';
import { appendJournal, championsOf, readJournal, statuses } from './journal.ts';
import type {
  HeldOutRows,
  JournalAction,
  JournalEntry,
  ModelCard,
  ModelState,
  RegisteredModel,
} from './types.ts';

const VERSION = /^[0-9a-f]{12}$/;
const CARD = 'card.json';
const STATE = 'state.json.gz';
const HELD_OUT = 'held-out.json';

export const modelsFolder = (workspace: string): string => join(workspace, 'models');

export interface PrintedState {
  readonly text: string;
  readonly version: string;
  readonly sha256: string;
}

export function printedState(state: ModelState): PrintedState {
  const text = printState(state);
  const hash = sha256(text);
  return { text, version: hash.slice(0, 12), sha256: hash };
}

/** Writes a version unless it is there already, and notes it in the journal. The first of a question becomes champion. */
export async function writeModel(
  folder: string,
  card: ModelCard,
  state: PrintedState,
  heldOut: HeldOutRows | undefined,
  why: string | undefined,
): Promise<string> {
  const at = join(folder, card.version);
  const text = `${JSON.stringify(card, null, 2)}\n`;
  await withLock(folder, async () => {
    await writeWhole(join(at, STATE), gzipSync(state.text, { level: 6 }));
    if (heldOut) await writeWhole(join(at, HELD_OUT), JSON.stringify(heldOut));
    // Last: a folder with a card is complete.
    await writeWhole(join(at, CARD), text);
    await appendJournal(folder, [
      entryOf('trained', card.version, card.question, { why, card_sha256: sha256(text) }),
    ]);
  });
  return at;
}

function entryOf(
  action: JournalAction,
  version: string,
  question: string,
  more: { readonly why?: string | undefined; readonly card_sha256?: string } = {},
): JournalEntry {
  return {
    at: new Date().toISOString(),
    action,
    version,
    question,
    ...(more.card_sha256 === undefined ? {} : { card_sha256: more.card_sha256 }),
    by: userName(),
    ...(more.why === undefined ? {} : { why: more.why }),
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}

/** All versions, oldest first. */
export async function listModels(folder: string): Promise<readonly RegisteredModel[]> {
  if (!existsSync(folder)) return [];
  const journal = await readJournal(folder);
  const names = (await readdir(folder)).filter(
    (name) => VERSION.test(name) && existsSync(join(folder, name, CARD)),
  );
  const models = await Promise.all(names.map((name) => readModel(folder, name, journal)));
  return models.sort(
    (a, b) => compareText(a.created ?? '', b.created ?? '') || compareText(a.card.version, b.card.version),
  );
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** MODEL_NOT_FOUND, MODEL_CORRUPT. */
export async function findModel(folder: string, version: string): Promise<RegisteredModel> {
  if (!VERSION.test(version) || !existsSync(join(folder, version, CARD))) {
    const known = existsSync(folder) ? (await readdir(folder)).filter((name) => VERSION.test(name)) : [];
    throw new LeadlightError('MODEL_NOT_FOUND', { version, known: known.join(', ') || 'none' });
  }
  return readModel(folder, version, await readJournal(folder));
}

async function readModel(
  folder: string,
  version: string,
  journal: readonly JournalEntry[],
): Promise<RegisteredModel> {
  const file = join(folder, version, CARD);
  const text = await readFile(file, 'utf8');
  const trained = journal.filter((e) => e.version === version && e.action === 'trained');
  const expected = trained.at(-1)?.card_sha256;
  if (expected !== undefined && sha256(text) !== expected)
    throw corrupt(file, 'the card is not the one that was written when the model was trained');
  return {
    card: parseCard(text, file, version),
    status: statuses(journal).get(version) ?? 'candidate',
    created: trained[0]?.at ?? null,
  };
}

function parseCard(text: string, file: string, version: string): ModelCard {
  const card = parsed(text, file) as Partial<ModelCard> | null;
  if (card?.version !== version || typeof card.state_sha256 !== 'string' || typeof card.question !== 'string')
    throw corrupt(file, 'this is not the card of a model');
  return card as ModelCard;
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw corrupt(file, 'this is not JSON', cause);
  }
}

const corrupt = (file: string, problem: string, cause?: unknown): LeadlightError =>
  new LeadlightError(
    'MODEL_CORRUPT',
    { file, problem, remedy: 'Remove the folder of this version and train again.' },
    { cause },
  );

/** MODEL_CORRUPT when the file is not the one its version is named after. */
export async function readState(folder: string, card: ModelCard): Promise<ModelState> {
  const file = join(folder, card.version, STATE);
  let text: string;
  try {
    text = gunzipSync(await readFile(file)).toString('utf8');
  } catch (cause) {
    throw corrupt(file, 'the state cannot be read', cause);
  }
  const hash = sha256(text);
  if (hash !== card.state_sha256 || !hash.startsWith(card.version))
    throw corrupt(file, 'the state is not the one its version is named after');
  const state = parsed(text, file) as ModelState;
  const { input } = state.plan;
  return {
    ...state,
    plan: {
      ...state.plan,
      input: {
        ...input,
        withheld: new Set(input.withheld),
        ...(input.tables === undefined ? {} : { tables: new Set(input.tables) }),
      },
    },
  };
}

export async function readHeldOut(folder: string, version: string): Promise<HeldOutRows | undefined> {
  const file = join(folder, version, HELD_OUT);
  return existsSync(file) ? (parsed(await readFile(file, 'utf8'), file) as HeldOutRows) : undefined;
}

export async function championOf(folder: string, question: string): Promise<string | undefined> {
  return championsOf(await readJournal(folder), question).at(-1);
}

export async function shadowsOf(folder: string, question: string): Promise<readonly string[]> {
  const journal = await readJournal(folder);
  const mine = new Set(journal.filter((e) => e.question === question).map((e) => e.version));
  return [...statuses(journal)].flatMap(([v, status]) => (status === 'shadow' && mine.has(v) ? [v] : []));
}

/** promoted, shadowed, withdrawn: of a version that is there. */
export async function markModel(
  folder: string,
  version: string,
  action: 'promoted' | 'shadowed' | 'withdrawn',
  why: string | undefined,
): Promise<RegisteredModel> {
  const { card, status } = await findModel(folder, version);
  if (status === 'champion' && action !== 'promoted')
    throw new LeadlightError('USAGE', {
      problem: `${version} is the champion: scores come from it`,
      remedy: 'Promote another version first, or roll back.',
    });
  await withLock(folder, () => appendJournal(folder, [entryOf(action, version, card.question, { why })]));
  return findModel(folder, version);
}

/** Back to the champion before the present one; `version` says whose question when there are several. */
export async function rollBack(
  folder: string,
  version: string | undefined,
  why: string | undefined,
): Promise<RegisteredModel> {
  const champions = (await listModels(folder)).filter((m) => m.status === 'champion');
  const present =
    version === undefined && champions.length === 1
      ? champions[0]
      : champions.find((m) => m.card.version === version);
  if (!present)
    throw new LeadlightError('USAGE', {
      problem:
        version === undefined ? `There are ${champions.length} champions` : `${version} is not a champion`,
      remedy: `Name the one to take back. Champions: ${champions.map((m) => m.card.version).join(', ') || 'none'}.`,
    });
  const { question } = present.card;
  return withLock(folder, async () => {
    const before = championsOf(await readJournal(folder), question).at(-2);
    if (before === undefined)
      throw new LeadlightError('USAGE', {
        problem: `${present.card.version} is the first champion of its question`,
        remedy: 'There is nothing to return to; train or promote another version.',
      });
    await appendJournal(folder, [entryOf('rolled back', present.card.version, question, { why })]);
    return findModel(folder, before);
  });
}
