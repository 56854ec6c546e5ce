/** Everything a command touches outside itself, so that tests run commands without a process. */
export interface Writer {
  write(text: string): void;
}

export interface CliIo {
  readonly out: Writer;
  readonly err: Writer;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the error stream is a terminal: only then progress redraws its line. */
  readonly isTty: boolean;
  /** Width of the terminal in characters. */
  readonly columns: number;
  readonly signal: AbortSignal;
  /** Milliseconds of a clock that never runs backwards. */
  readonly clock: () => number;
  readonly today: () => Date;
}

export const printLine = (writer: Writer, text = ''): void => writer.write(`${text}\n`);

export const printJson = (writer: Writer, value: unknown): void =>
  writer.write(`${JSON.stringify(value, null, 2)}\n`);

export function printWarnings(io: CliIo, warnings: readonly string[]): void {
  for (const warning of warnings) printLine(io.err, `Warning: ${warning}`);
}
