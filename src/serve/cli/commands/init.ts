/** Files in, leadlight.yaml out. A leadlight.yaml that is already there is kept beside the new one. */
import { copyFile, readFile, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { CommandContext } from '../command.ts';
import { printJson, printLine, printWarnings } from '../io.ts';
import { plural } from '../number-text.ts';

export async function run({
  io,
  library,
  options,
  args,
  control,
  progress,
}: CommandContext): Promise<undefined> {
  const dir = resolve(io.cwd, options.workspace ?? 'leadlight');
  const paths = args.map((path) => resolve(io.cwd, path));
  const previous = await keepPrevious(join(dir, 'leadlight.yaml'));
  const { config, file, warnings } = await library.initWorkspace(paths, dir, control);
  const backup = await dropIfSame(previous, file);
  progress.clear();
  printWarnings(io, warnings);
  const tables = config.schema.tables.map((table) => table.name);
  const links = config.schema.links.map((link) => link.name);
  const targets = config.targets.map((target) => target.name);
  if (options.json) {
    printJson(io.out, { file, previous: backup ?? null, tables, links, targets, warnings });
    return;
  }
  printLine(io.out, await library.printSchema(config));
  printLine(io.out);
  printLine(
    io.out,
    `Wrote ${relative(io.cwd, file) || file}: ${plural(tables.length, 'table')}, ${plural(links.length, 'link')}.`,
  );
  if (backup) printLine(io.out, `The leadlight.yaml that was there is now ${relative(io.cwd, backup)}.`);
  if (targets.length > 0) printLine(io.out, `Targets to predict: ${[...new Set(targets)].join(', ')}.`);
  printLine(
    io.out,
    'Next: read it and correct what is wrong, then `leadlight check` and `leadlight compare`.',
  );
}

/** Copies the file to leadlight.yaml.bak; resolves to that name, or to nothing when there is no file. */
async function keepPrevious(file: string): Promise<string | undefined> {
  const backup = `${file}.bak`;
  return copyFile(file, backup).then(
    () => backup,
    () => undefined,
  );
}

async function dropIfSame(backup: string | undefined, file: string): Promise<string | undefined> {
  if (backup === undefined) return undefined;
  const [before, after] = await Promise.all([readFile(backup), readFile(file)]);
  if (!before.equals(after)) return backup;
  await rm(backup, { force: true });
  return undefined;
}
