import { writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { CommandContext } from '../command.ts';
import { printJson, printLine } from '../io.ts';
import { tellStory } from '../story.ts';
import { caseText, measuredText, storyPage } from '../story-text.ts';
import { writeWhole } from '../write-frame.ts';

export async function runStory(context: CommandContext): Promise<undefined> {
  const { io, options, progress } = context;
  const out = resolve(io.cwd, options.out ?? 'demo-out');
  const told = await tellStory(join(out, 'story'), context, (c) => {
    progress.clear();
    if (!options.json) printLine(io.out, `${c.title}\n${'═'.repeat(c.title.length)}\n${caseText(c)}\n`);
  });
  progress.clear();
  const file = join(out, 'worked-examples.md');
  await writeWhole(file, (part) => writeFile(part, storyPage(told)));
  if (options.json) printJson(io.out, { ...told, page: file });
  else printLine(io.out, `${measuredText(told.measured)}\n\nWrote ${relative(io.cwd, file)}.`);
}
