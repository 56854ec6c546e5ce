/** The generated reference pages: what is declared once in src/ as Markdown. `npm run docs` writes them. */
import { z } from 'zod';
import { ERRORS, type ErrorData } from '../../src/errors.ts';
import type { OptionSpec } from '../../src/serve/cli/command.ts';
import { COMMANDS, EVERYWHERE } from '../../src/serve/cli/commands.ts';
import { OUTPUT_SCHEMAS } from '../../src/serve/cli/output-schemas.ts';

const NOTE = 'Generated from the source by `npm run docs`; do not edit.';

/** `|` would end a table cell. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

/** Shows each field of a message by its name in angle brackets. */
const template = (text: (data: ErrorData) => string): string =>
  text(new Proxy({}, { get: (_, name) => (name === 'line' ? 'N' : `‹${String(name)}›`) })).trim();

const EXITS: readonly (readonly [string, string])[] = [
  ['0', 'done'],
  ['1', 'fault of the program: please report it'],
  ['2', 'usage: an option, a command, or no workspace'],
  ['3', 'input data: files, leadlight.yaml, unknown entity'],
  ['4', 'query'],
  ['5', 'task: no examples, one class, a bad task table'],
  ['6', 'environment: memory, disk'],
  ['130', 'cancelled'],
];

export function errorsPage(): string {
  const rows = Object.entries(ERRORS).map(([code, spec]) => [
    `\`${code}\``,
    String(spec.exit),
    String(spec.status),
    template(spec.text),
  ]);
  return `# Errors

${NOTE}

Every error of the input is one message that says what was expected, what came, where, and what to do. \`LEADLIGHT_DEBUG=1\`
adds the stack. With \`--json\` standard output holds \`{"error": {"code", "message"}}\`.

## Codes

${table(['code', 'exit', 'HTTP', 'message'], rows)}

## Exit codes of the command line

${table(['exit', 'meaning'], EXITS)}
`;
}

export function commandsPage(): string {
  const options = (specs: readonly OptionSpec[]): string =>
    table(
      ['option', 'meaning'],
      specs.map((o) => [
        `\`${o.flags}\``,
        o.choices ? `${o.description}; one of ${o.choices.join(', ')}` : o.description,
      ]),
    );
  const sections = COMMANDS.map((command) => {
    const syntax = ['leadlight', command.name, ...(command.arguments ?? []).map((a) => a.syntax)].join(' ');
    const args = (command.arguments ?? []).map((a) => `\`${a.syntax}\`: ${a.description}\n`).join('\n');
    return `## ${command.name}

${command.summary.charAt(0).toUpperCase()}${command.summary.slice(1)}.

    ${syntax} [options]

${args}${args && '\n'}${options(command.options)}

Example: \`${command.example}\`
`;
  });
  return `# Commands

${NOTE}

Every command also takes:

${options(EVERYWHERE)}

Results go to standard output; progress and warnings to standard error. Exit codes: [errors](reference-errors.md#exit-codes-of-the-command-line).

${sections.join('\n')}`;
}

export function jsonPage(): string {
  const sections = Object.entries(OUTPUT_SCHEMAS).map(
    ([name, schema]) =>
      `## ${name}\n\n${table(['field', 'type', 'meaning'], fieldsOf(z.toJSONSchema(schema) as JsonSchema, ''))}\n`,
  );
  return `# JSON output

${NOTE}

With \`--json\` a command prints one object on standard output and nothing else there. \`[]\` stands for each item of a list,
\`*\` for each key of a map; a type that ends in \`?\` may be absent. When a command fails it prints \`error\` instead. The
same schemas are in the library as \`OUTPUT_SCHEMAS\` (zod).

${sections.join('\n')}`;
}

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly description?: string;
}

/** Rows of path, type and meaning, parents before children. */
function fieldsOf(schema: JsonSchema, path: string): readonly (readonly string[])[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const full = path === '' ? name : `${path}.${name}`;
    const optional = schema.required?.includes(name) ? '' : '?';
    return [
      [`\`${full}\``, `${typeName(field)}${optional}`, field.description ?? ''],
      ...fieldsOf(field, full),
    ];
  });
  const items = schema.items === undefined ? [] : fieldsOf(schema.items, `${path}[]`);
  const values =
    typeof schema.additionalProperties === 'object' ? fieldsOf(schema.additionalProperties, `${path}.*`) : [];
  return [...own, ...items, ...values];
}

function typeName(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' or ');
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeName))].join(' or ');
  if (schema.prefixItems) return `[${schema.prefixItems.map(typeName).join(', ')}]`;
  if (schema.items) return `list of ${typeName(schema.items)}`;
  if (typeof schema.additionalProperties === 'object' && !schema.properties)
    return `map to ${typeName(schema.additionalProperties)}`;
  return [schema.type ?? 'any'].flat().join(' or ');
}
