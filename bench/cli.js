// Runs the CLI as a user does, in a process of its own: wall and CPU seconds, peak memory and the JSON it prints.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const bin = join(import.meta.dirname, '..', 'bin', 'leadlight');
const peak = new URL('./peak.js', import.meta.url).href;

/** `{seconds, cpu, peakMb, output}` of `leadlight <args> --json --quiet`. */
export function runCli(args) {
  const folder = mkdtempSync(join(tmpdir(), 'leadlight-bench-'));
  const figures = join(folder, 'peak.json');
  try {
    const begin = performance.now();
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', peak, bin, ...args, '--json', '--quiet'],
      { encoding: 'utf8', maxBuffer: 1e9, env: { ...process.env, LEADLIGHT_BENCH_PEAK: figures } },
    );
    if (status !== 0) throw new Error(`leadlight ${args[0]} ended with ${status}: ${stderr}`);
    const seconds = +((performance.now() - begin) / 1000).toFixed(1);
    return { seconds, ...JSON.parse(readFileSync(figures, 'utf8')), output: JSON.parse(stdout) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
