/** What a command is: a name, options as data, and a module that is loaded only when the command runs. */
import type { Budget } from '../../learn/models/types.ts';
import type { RunControl } from '../../util/progress.ts';
import type { CliIo } from './io.ts';
import type { Library } from './library.ts';
import type { ProgressDisplay } from './progress-line.ts';

/** Every option of every command, as parsed. */
export interface CliOptions {
  readonly workspace?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly threads?: number;
  readonly memory?: number;
  readonly query?: string;
  readonly target?: string;
  readonly taskTable?: string;
  readonly entity?: string;
  readonly at?: string;
  readonly since?: string;
  readonly step?: number;
  readonly horizon?: number;
  readonly trainTo?: string;
  readonly valAt?: string;
  readonly testAt?: string;
  readonly budget?: Budget;
  readonly seed?: number;
  readonly rungs?: readonly string[];
  readonly strict?: boolean;
  readonly out?: string;
  readonly frame?: 'scores' | 'pql';
  readonly ranks?: boolean;
  readonly html?: string;
  readonly svg?: string;
  readonly mermaid?: boolean;
  readonly id?: string;
  readonly set?: readonly string[];
  readonly fresh?: boolean;
  readonly model?: string;
  readonly why?: string;
  readonly regime?: 'rolling' | 'frozen' | 'both';
  readonly origins?: number;
  readonly exclude?: readonly string[];
  readonly segment?: string;
  readonly scoreColumns?: readonly string[];
  readonly reps?: number;
  readonly calls?: number;
  readonly weeks?: number;
  readonly dealValue?: number;
  readonly costPerCall?: number;
  readonly callsPerLead?: number;
  readonly deals?: number;
  readonly capacity?: number;
  readonly coolDown?: number;
  readonly accounts?: number;
  readonly months?: number;
  readonly from?: string;
  readonly shape?: 'plain' | 'salesforce' | 'hubspot' | 'product';
  readonly dirt?: number;
  readonly truth?: string;
  readonly outcome?: string;
  readonly story?: boolean;
  readonly failOn?: 'error' | 'warning' | 'never';
}

export interface OptionSpec {
  readonly flags: string;
  readonly description: string;
  /** count: a whole number from 1 on; share: a number from 0 to 1. */
  readonly kind?: 'text' | 'integer' | 'count' | 'share' | 'list' | 'date';
  readonly choices?: readonly string[];
}

export interface ArgumentSpec {
  readonly syntax: string;
  readonly description: string;
}

export interface CommandContext {
  readonly io: CliIo;
  readonly library: Library;
  readonly options: CliOptions;
  readonly args: readonly string[];
  readonly progress: ProgressDisplay;
  readonly control: RunControl;
}

/** Resolves to the exit code; nothing means 0. */
export type RunCommand = (context: CommandContext) => Promise<number | undefined>;

export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  readonly arguments?: readonly ArgumentSpec[];
  readonly options: readonly OptionSpec[];
  readonly example: string;
  readonly load: () => Promise<{ readonly run: RunCommand }>;
}
