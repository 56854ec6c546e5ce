// Completes package-lock.json after `npm install`: a registry that lacks some platforms' optional packages leaves them
// out, and `npm ci` then refuses the lock everywhere. Platform and library follow from the package's name.
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const packages = { ...lock.packages };

for (const parent of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const path = `node_modules/${name}`;
    const [, os, cpu, libc] = /-(android|darwin|linux|win32)-(arm64|x64)(-musl)?$/.exec(name) ?? [];
    if (packages[path] || !os) continue;
    packages[path] = {
      version,
      cpu: [cpu],
      ...(parent.dev ? { dev: true } : {}),
      ...(os === 'linux' ? { libc: [libc ? 'musl' : 'glibc'] } : {}),
      optional: true,
      os: [os],
    };
    console.log(`added ${name}`);
  }
}

const sorted = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`);
