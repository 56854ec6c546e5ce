// Builds dist/ (tsc) and the WebAssembly kernels (AssemblyScript). Runs from `prepare` on `npm ci`.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => join(root, 'node_modules', '.bin', name);
const run = (name, args) => execFileSync(bin(name), args, { cwd: root, stdio: 'inherit' });

/** Kernels: entry file → module. */
const kernels = [
  ['src/learn/models/trees/kernel/assembly/trees.ts', 'dist/learn/models/trees/kernel/trees.wasm'],
];

rmSync(join(root, 'dist'), { recursive: true, force: true });
run('tsc', ['-p', 'tsconfig.build.json']);
for (const [from, to] of kernels) {
  mkdirSync(join(root, dirname(to)), { recursive: true });
  run('asc', [
    from,
    '-o',
    to,
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
