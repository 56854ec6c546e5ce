/** Files that are complete or not there, and a lock that lets one process write at a time. */
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LeadlightError } from '../../../errors.ts';

export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  const part = `${file}.part-${process.pid}`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(part, content);
    await rename(part, file);
  } catch (cause) {
    await rm(part, { force: true });
    throw new LeadlightError(
      'RESOURCE_EXHAUSTED',
      {
        problem: `${file} could not be written: ${cause instanceof Error ? cause.message : String(cause)}`,
        remedy: 'Choose a workspace that may be written and has room.',
      },
      { cause },
    );
  }
}

const LOCK = '.lock';
const TRIES = 50;
const WAIT_MS = 100;

/** MODELS_LOCKED when another process holds the folder for longer than a few seconds. A dead holder's lock is taken over. */
export async function withLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, LOCK);
  for (let tried = 0; ; tried++) {
    if (await takeLock(file)) break;
    const holder = Number(await readFile(file, 'utf8').catch(() => ''));
    if (holder > 0 && !isAlive(holder)) await rm(file, { force: true });
    else if (tried >= TRIES) throw new LeadlightError('MODELS_LOCKED', { file, holder: String(holder) });
    else await sleep(WAIT_MS);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function takeLock(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
