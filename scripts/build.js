// Builds dist/ (tsc) and the WebAssembly kernels (AssemblyScript). Runs from `prepare` on `npm ci`.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => join(root, 'node_modules', '.bin', name);
const run = (name, args) => execFileSync(bin(name), args, { cwd: root, stdio: 'inherit' });

/** Kernels: every src/<...>/kernel/assembly/<name>.ts becomes dist/<...>/kernel/<name>.wasm. */
const kernels = [['src/learn/models/trees/kernel/assembly', 'dist/learn/models/trees/kernel']];

rmSync(join(root, 'dist'), { recursive: true, force: true });
run('tsc', ['-p', 'tsconfig.build.json']);
for (const [from, to] of kernels) {
  if (!existsSync(join(root, from))) continue;
  mkdirSync(join(root, to), { recursive: true });
  for (const file of readdirSync(join(root, from)).filter((f) => f.endsWith('.ts'))) {
    run('asc', [
      join(from, file),
      '-o',
      join(to, file.replace(/\.ts$/, '.wasm')),
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--importMemory',
      '--sharedMemory',
      '--enable',
      'threads',
      '--enable',
      'simd',
      '--initialMemory',
      '16',
      '--maximumMemory',
      '65536',
    ]);
  }
}
