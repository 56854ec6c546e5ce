// CLI help against an empty Node process, interleaved, minimum of each.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const bin = join(import.meta.dirname, '..', 'bin', 'leadlight');
const rounds = process.argv.includes('--smoke') ? 3 : 15;

function milliseconds(args) {
  const begin = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
  return performance.now() - begin;
}

const empty = [];
const help = [];
for (let i = 0; i < rounds; i++) {
  empty.push(milliseconds(['-e', '0']));
  help.push(milliseconds([bin, '--help']));
}
const above = Math.round(Math.min(...help) - Math.min(...empty));
console.log(JSON.stringify({ name: 'CLI help above `node -e 0`', unit: 'ms', ours: above, budget: 100 }));
