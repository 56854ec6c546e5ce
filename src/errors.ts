/**
 * The error table: code → text → HTTP status → exit code. A user fault is a LeadlightError; anything else that is
 * thrown is a fault of the program and is shown as one. Texts say what was expected, what came, where, and what to do.
 */

export type ErrorData = Readonly<Record<string, string | number | readonly string[] | undefined>>;

interface ErrorSpec {
  readonly status: number;
  readonly exit: number;
  readonly text: (data: ErrorData) => string;
}

const spec = (status: number, exit: number, text: (d: ErrorData) => string): ErrorSpec => ({
  status,
  exit,
  text,
});

/** Exit codes: 2 usage, 3 input data, 4 query, 5 task (labels), 6 environment, 130 cancelled. */
export const ERRORS = {
  // --- usage
  USAGE: spec(
    400,
    2,
    (d) => `${d.problem}. ${d.remedy ?? 'Run the command with --help to see its options.'}`,
  ),
  CANCELLED: spec(499, 130, () => 'Cancelled before it finished; nothing was written.'),
  WORKSPACE_NOT_FOUND: spec(
    404,
    2,
    (d) =>
      `No leadlight.yaml found (looked in ${d.looked}). Run \`leadlight init <folder>\` first, or pass --workspace DIR.`,
  ),
  WORKSPACE_INVALID: spec(
    422,
    3,
    (d) =>
      `${d.file}${d.line ? `, line ${d.line}` : ''}: ${d.problem}. ${d.remedy ?? 'Correct it, or run `leadlight init` again.'}`,
  ),
  // --- sources (data floor)
  SOURCE_NOT_FOUND: spec(
    404,
    3,
    (d) =>
      `No such file or folder: ${d.path}. Check the path; it is read from ${d.from ?? 'the current folder'}.`,
  ),
  SOURCE_EMPTY: spec(
    422,
    3,
    (d) =>
      `${d.path}: ${d.problem}. Expected at least one CSV, Parquet, NDJSON, JSON or DuckDB file with rows.`,
  ),
  SOURCE_UNREADABLE: spec(
    422,
    3,
    (d) =>
      `${d.path}${d.line ? `, line ${d.line}` : ''}: ${d.problem}. ${d.remedy ?? 'Repair the file and run again.'}`,
  ),
  SCHEMA_MISMATCH: spec(422, 3, (d) => `${d.where}: expected ${d.expected}, found ${d.found}. ${d.remedy}`),
  // --- query
  QUERY_INVALID: spec(400, 4, (d) => `${d.message}`),
  // --- task
  TASK_EMPTY: spec(422, 5, (d) => `${d.problem}. ${d.remedy}`),
  TASK_ONE_CLASS: spec(
    422,
    5,
    (d) =>
      `All ${d.rows} ${d.split} labels are ${d.value}: there is nothing to tell apart. ${d.remedy ?? 'Check the target, the window and the population (`leadlight labels`).'}`,
  ),
  TASK_TABLE_INVALID: spec(
    422,
    5,
    (d) =>
      `${d.file}${d.line ? `, line ${d.line}` : ''}: ${d.problem}. Expected columns entity_id, cutoff, label, split. ${d.remedy ?? ''}`,
  ),
  UNKNOWN_ENTITY: spec(404, 3, (d) => `${d.problem}. ${d.remedy ?? ''}`),
  UNKNOWN_RUNG: spec(400, 2, (d) => `No rung named ${d.name}. Rungs: ${d.known}.`),
  REASONS_NOT_ADDITIVE: spec(
    500,
    1,
    (d) =>
      `The reasons of row ${d.row} do not add up to its score (error ${d.over} beyond what is allowed), so none are shown. This is a fault of the model, not of your data; score with another rung (--rungs trees) and report it.`,
  ),
  // --- models
  MODEL_NOT_FOUND: spec(
    404,
    3,
    (d) =>
      `No model version ${d.version}: expected twelve hexadecimal digits as printed by \`leadlight models list\`. Versions here: ${d.known}.`,
  ),
  MODEL_UNFIT: spec(409, 3, (d) => `${d.problem}. ${d.remedy}.`),
  MODEL_CORRUPT: spec(
    422,
    3,
    (d) => `${d.file}${d.line ? `, line ${d.line}` : ''}: ${d.problem}. ${d.remedy}`,
  ),
  MODELS_LOCKED: spec(
    409,
    6,
    (d) =>
      `Another process${d.holder ? ` (${d.holder})` : ''} is writing models: ${d.file} is there. Wait for it to finish; remove the file if no such process runs.`,
  ),
  // --- environment
  RESOURCE_EXHAUSTED: spec(507, 6, (d) => `${d.problem}. ${d.remedy}`),
} as const satisfies Record<string, ErrorSpec>;

export type ErrorCode = keyof typeof ERRORS;

/** A fault of the input, the query or the environment, in the user's terms. */
export class LeadlightError extends Error {
  readonly code: ErrorCode;
  readonly data: ErrorData;

  constructor(code: ErrorCode, data: ErrorData, options?: ErrorOptions) {
    super(ERRORS[code].text(data).trim(), options);
    this.name = 'LeadlightError';
    this.code = code;
    this.data = data;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  get exitCode(): number {
    return ERRORS[this.code].exit;
  }
}
