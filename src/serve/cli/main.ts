/** The process around the commands: streams, signals and the exit code. */
import type { CliIo, Writer } from './io.ts';
import { library } from './library-loader.ts';
import { runCli } from './run.ts';

export async function start(): Promise<void> {
  const cancel = new AbortController();
  process.on('SIGINT', () => (cancel.signal.aborted ? process.exit(130) : cancel.abort()));
  process.on('SIGTERM', () => cancel.abort());
  // A reader that went away, as in `leadlight plan | head`, is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  process.exitCode = await runCli(process.argv.slice(2), processIo(cancel.signal), library);
}

function processIo(signal: AbortSignal): CliIo {
  return {
    out: toWriter(process.stdout),
    err: toWriter(process.stderr),
    cwd: process.cwd(),
    env: process.env,
    isTty: process.stderr.isTTY === true,
    // A terminal of unknown size reports 0.
    columns: process.stderr.columns || process.stdout.columns || 100,
    signal,
    clock: () => performance.now(),
    today: () => new Date(),
  };
}

const toWriter = (stream: NodeJS.WriteStream): Writer => ({
  write: (text) => {
    stream.write(text);
  },
});
