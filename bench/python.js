// The Python of the rivals: LEADLIGHT_BENCH_PYTHON, or a virtual environment made once in the temporary folder.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function python() {
  if (process.env.LEADLIGHT_BENCH_PYTHON) return process.env.LEADLIGHT_BENCH_PYTHON;
  const folder = join(tmpdir(), 'leadlight-bench-venv');
  const bin = join(folder, 'bin', 'python');
  if (!existsSync(join(folder, 'ready'))) {
    execFileSync('python3', ['-m', 'venv', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
    const requirements = new URL('./python/requirements.txt', import.meta.url).pathname;
    execFileSync(bin, ['-m', 'pip', 'install', '-q', '-r', requirements], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    execFileSync('touch', [join(folder, 'ready')]);
  }
  return bin;
}
