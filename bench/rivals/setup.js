// Makes the Python environments of the rivals, each from its own pinned list, in the temporary folder (or RIVALS_HOME).
//
//   node bench/rivals/setup.js [base getml graph]
//
// getML pins an older pandas than the others take, and PyTorch is large: hence three. One that cannot be made is
// reported and left out; the bench then skips its rivals.
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const home = process.env.RIVALS_HOME ?? join(tmpdir(), 'leadlight-rivals');
const LISTS = { base: 'requirements.txt', getml: 'requirements-getml.txt', graph: 'requirements-graph.txt' };

/** The interpreter of an environment; undefined when it was not made. */
export function pythonOf(name) {
  const folder = join(home, name);
  return existsSync(join(folder, 'ready')) ? join(folder, 'bin', 'python') : undefined;
}

function make(name) {
  const folder = join(home, name);
  const list = join(import.meta.dirname, LISTS[name]);
  const steps = [
    ['python3', ['-m', 'venv', folder]],
    [join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '-q', '-r', list]],
  ];
  const failed = steps.find(([program, args]) => spawnSync(program, args, { stdio: 'inherit' }).status !== 0);
  if (failed)
    console.error(`${name}: ${failed[0]} ${failed[1].join(' ')} failed; its rivals will be skipped.`);
  else writeFileSync(join(folder, 'ready'), '');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const asked = process.argv.slice(2);
  for (const name of asked.length > 0 ? asked : Object.keys(LISTS)) if (!pythonOf(name)) make(name);
}
