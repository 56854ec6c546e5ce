/** The compiled kernel over one shared memory, with its threads. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { LeadlightError } from '../../../../errors.ts';
import { awaitChange, COUNT, createControl, DONE, FAILED, OPERATION, STOP, TURN } from './control.ts';
import {
  type KernelExports,
  OPERATIONS,
  type Operation,
  type Operations,
  type ShapPaths,
} from './operations.ts';
import type { WorkerData } from './worker.ts';

const PAGE = 65536;
const MOST_PAGES = 65536;

export interface Kernel {
  readonly memory: WebAssembly.Memory;
  readonly threads: number;
  /** All threads, each its part; returns when all are done. */
  run<K extends Operation>(operation: K, ...args: Parameters<Operations[K]>): void;
  /** This thread alone: for work too small to share. */
  alone<K extends Operation>(operation: K, ...args: Parameters<Operations[K]>): void;
  bag(rows: number, index: number, scratch: number, share: number, seed: number, round: number): number;
  total(index: number, rows: number, packed: number, out: number): void;
  readonly shapPaths: ShapPaths;
  close(): Promise<void>;
}

/** From sources (tests) the built copy is used: WebAssembly and workers exist only in dist/. */
function built(name: string): URL {
  const url = new URL(name, import.meta.url);
  if (!import.meta.url.endsWith('.ts')) return url;
  return new URL(url.href.replace(/\/src\/(?=learn\/models\/trees\/kernel\/[^/]*$)/, '/dist/'));
}

let compiled: WebAssembly.Module | undefined;

function compile(): WebAssembly.Module {
  const url = built('trees.wasm');
  try {
    compiled ??= new WebAssembly.Module(readFileSync(url));
    return compiled;
  } catch (cause) {
    throw new LeadlightError(
      'RESOURCE_EXHAUSTED',
      {
        problem: `The compiled tree kernel cannot be read at ${fileURLToPath(url)}`,
        remedy: 'Run `npm run build` in the project.',
      },
      { cause },
    );
  }
}

function createMemory(bytes: number): WebAssembly.Memory {
  const pages = Math.max(16, Math.ceil(bytes / PAGE));
  const remedy = 'Train on fewer rows or columns, or with fewer leaves.';
  const problem = `Tree training needs ${Math.ceil(bytes / 2 ** 20)} MB of memory`;
  if (pages > MOST_PAGES) {
    throw new LeadlightError('RESOURCE_EXHAUSTED', { problem: `${problem}; at most 4,096 MB fit`, remedy });
  }
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (cause) {
    throw new LeadlightError(
      'RESOURCE_EXHAUSTED',
      { problem: `${problem}, more than is free`, remedy },
      { cause },
    );
  }
}

async function startWorker(data: WorkerData): Promise<Worker> {
  const worker = new Worker(built('worker.js'), { workerData: data });
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
  });
  return worker;
}

/** A kernel with `bytes` of memory and `threads` threads, this one included. Close it, or the process will not end. */
export async function openKernel(bytes: number, threads: number): Promise<Kernel> {
  const module = compile();
  const memory = createMemory(bytes);
  const own = new WebAssembly.Instance(module, { env: { memory, abort: () => {} } })
    .exports as unknown as KernelExports;
  const { buffer, words, args } = createControl();
  const workers = await Promise.all(
    Array.from({ length: threads - 1 }, (_, k) =>
      startWorker({ module, memory, control: buffer, part: k + 1, parts: threads }),
    ),
  );

  const wake = (): void => {
    Atomics.add(words, TURN, 1);
    Atomics.notify(words, TURN);
  };
  const alone: Kernel['alone'] = (operation, ...given) => own[operation](0, 1, ...given);
  const run: Kernel['run'] = (operation, ...given) => {
    if (workers.length === 0) return alone(operation, ...given);
    args.set(given);
    words[OPERATION] = OPERATIONS.indexOf(operation);
    words[COUNT] = given.length;
    Atomics.store(words, DONE, 0);
    wake();
    own[operation](0, threads, ...given);
    let done = Atomics.load(words, DONE);
    while (done < workers.length) done = awaitChange(words, DONE, done);
    if (Atomics.load(words, FAILED) === 1) throw new Error(`a kernel thread failed in ${operation}`);
  };
  return {
    memory,
    threads,
    run,
    alone,
    bag: own.bag,
    total: own.total,
    shapPaths: own.shapPaths,
    async close() {
      Atomics.store(words, STOP, 1);
      wake();
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
