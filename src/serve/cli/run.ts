/** Arguments → command → exit code. Faults of the user become one message; anything else is reported as ours. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { LeadlightError } from '../../errors.ts';
import { packageVersion } from '../../util/package-version.ts';
import type { CliOptions, CommandSpec, OptionSpec } from './command.ts';
import { COMMANDS, EVERYWHERE } from './commands.ts';
import { type CliIo, printJson, printLine } from './io.ts';
import type { Library } from './library.ts';
import { createProgress, type ProgressDisplay, silentProgress } from './progress-line.ts';

const PROGRAM_FAULT = 1;
const USAGE_FAULT = 2;
const CANCELLED = 130;

export async function runCli(argv: readonly string[], io: CliIo, library: Library): Promise<number> {
  let exitCode = 0;
  const program = createProgram(io, async (spec, options, args) => {
    exitCode = await runCommand(spec, options, args, io, library);
  });
  try {
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    if (argv.includes('--json')) printJson(io.out, { error: { code: 'USAGE', message: error.message } });
    return USAGE_FAULT;
  }
}

type Dispatch = (spec: CommandSpec, options: CliOptions, args: readonly string[]) => Promise<void>;

function createProgram(io: CliIo, dispatch: Dispatch): Command {
  const program = new Command('leadlight')
    .description('Which leads, contacts and accounts will convert, why, and what to do next.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out.write(text),
      writeErr: (text) => io.err.write(text),
      getOutHelpWidth: () => io.columns,
      getErrHelpWidth: () => io.columns,
    })
    .showHelpAfterError('Run `leadlight --help` or `leadlight <command> --help` to see what there is.')
    .version(packageVersion());
  for (const spec of COMMANDS) addCommand(program, spec, dispatch);
  return program;
}

function addCommand(program: Command, spec: CommandSpec, dispatch: Dispatch): void {
  const command = program.command(spec.name).summary(spec.summary).description(sentence(spec.summary));
  for (const argument of spec.arguments ?? []) command.argument(argument.syntax, argument.description);
  for (const option of [...spec.options, ...EVERYWHERE]) command.addOption(toOption(option));
  command.addHelpText('after', `\nExample:\n  ${spec.example}`);
  command.action(() => dispatch(spec, command.opts<CliOptions>(), command.args));
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

function toOption(spec: OptionSpec): Option {
  const option = new Option(spec.flags, spec.description);
  if (spec.choices) option.choices([...spec.choices]);
  if (spec.kind === 'integer') option.argParser(parseInteger);
  if (spec.kind === 'count') option.argParser(parseCount);
  if (spec.kind === 'share') option.argParser(parseShare);
  if (spec.kind === 'list') option.argParser(parseList);
  if (spec.kind === 'date') option.argParser(parseDate);
  return option;
}

function parseInteger(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(text);
}

function parseCount(text: string): number {
  const count = parseInteger(text);
  if (count === 0) throw new InvalidArgumentError('Expected a whole number from 1 on.');
  return count;
}

function parseShare(text: string): number {
  const share = Number(text);
  if (text.trim() === '' || !(share >= 0 && share <= 1))
    throw new InvalidArgumentError('Expected a number from 0 to 1.');
  return share;
}

const parseList = (text: string): readonly string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

function parseDate(text: string): string {
  const iso = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?)?$/.test(text);
  if (!iso || Number.isNaN(Date.parse(text)))
    throw new InvalidArgumentError('Expected a date such as 2025-03-01 or 2025-03-01T12:00:00.');
  return text;
}

async function runCommand(
  spec: CommandSpec,
  options: CliOptions,
  args: readonly string[],
  io: CliIo,
  library: Library,
): Promise<number> {
  const progress = options.quiet ? silentProgress : createProgress(io, false);
  const control = { progress: progress.report, signal: io.signal };
  try {
    const { run } = await spec.load();
    const code = await run({ io, library, options, args, progress, control });
    progress.clear();
    return code ?? 0;
  } catch (error) {
    return reportError(error, options, io, progress);
  }
}

function reportError(error: unknown, options: CliOptions, io: CliIo, progress: ProgressDisplay): number {
  progress.clear();
  const fault = io.signal.aborted ? new LeadlightError('CANCELLED', {}, { cause: error }) : error;
  const known = fault instanceof LeadlightError;
  const message = fault instanceof Error ? fault.message : String(fault);
  if (options.json) printJson(io.out, { error: { code: known ? fault.code : 'PROGRAM_FAULT', message } });
  printLine(io.err, known ? `Error (${fault.code}): ${message}` : programFault(message));
  if (io.env.LEADLIGHT_DEBUG === '1' && fault instanceof Error) printLine(io.err, `${fault.stack}`);
  if (io.signal.aborted) return CANCELLED;
  return known ? fault.exitCode : PROGRAM_FAULT;
}

const programFault = (message: string): string =>
  [
    `Leadlight failed, and it is not your fault: ${message}`,
    'Please report it with the command, the version of Node and the output of the same command under LEADLIGHT_DEBUG=1.',
  ].join('\n');
