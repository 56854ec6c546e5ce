/** A kernel thread. Runs from dist/ only: Node 20 cannot start a worker on TypeScript. */
import { parentPort, workerData } from 'node:worker_threads';
import { awaitChange, COUNT, createControl, DONE, FAILED, OPERATION, STOP, TURN } from './control.ts';
import { type KernelExports, OPERATIONS } from './operations.ts';

export interface WorkerData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: SharedArrayBuffer;
  readonly part: number;
  readonly parts: number;
}

function serve({ module, memory, control, part, parts }: WorkerData): void {
  const kernel = new WebAssembly.Instance(module, { env: { memory, abort: () => {} } })
    .exports as unknown as KernelExports;
  const { words, args } = createControl(control);
  let turn = 0;
  parentPort?.postMessage('ready');
  for (;;) {
    turn = awaitChange(words, TURN, turn);
    if (Atomics.load(words, STOP) === 1) return;
    try {
      const operation = OPERATIONS[words[OPERATION]!]!;
      kernel[operation](part, parts, ...args.subarray(0, words[COUNT]!));
    } catch {
      Atomics.store(words, FAILED, 1);
    }
    Atomics.add(words, DONE, 1);
    Atomics.notify(words, DONE);
  }
}

serve(workerData as WorkerData);
