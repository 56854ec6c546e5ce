/** All commands with their options: the one source of the help, the parser and docs/reference-cli.md. */
import type { CommandSpec, OptionSpec } from './command.ts';

export const EVERYWHERE: readonly OptionSpec[] = [
  { flags: '--json', description: 'print one JSON object on standard output and nothing else there' },
  { flags: '--quiet', description: 'no progress' },
];

const WORKSPACE: readonly OptionSpec[] = [
  {
    flags: '--workspace <dir>',
    description: 'folder of leadlight.yaml (default: the current folder, else ./leadlight)',
  },
  { flags: '--threads <n>', description: 'worker threads (default: all cores)', kind: 'count' },
  { flags: '--memory <MB>', description: 'memory limit of the SQL engine in megabytes', kind: 'count' },
];

const STRICT: OptionSpec = {
  flags: '--strict',
  description: 'accept only the reference language in a query, no extensions',
};

const TARGET: readonly OptionSpec[] = [
  { flags: '--query <PQL>', description: 'what to predict, as a predictive query' },
  {
    flags: '--target <name>',
    description:
      'what to predict, as a target named in leadlight.yaml; compare and audit take several, separated by commas',
  },
  {
    flags: '--task-table <file>',
    description: 'what to predict, as rows of entity_id, cutoff, label, split',
  },
  {
    flags: '--entity <column>',
    description:
      'whose rows --task-table lists: table.key, table, table.a|b, row, or an identifying column; with --target: its table',
  },
  {
    flags: '--at <date>',
    description: 'moment of scoring (default: the last credible time in the data)',
    kind: 'date',
  },
  { flags: '--step <days>', description: 'days between the replayed cutoffs', kind: 'count' },
  {
    flags: '--horizon <days>',
    description: 'with --task-table: days after the cutoff by which a label is complete',
    kind: 'count',
  },
  { flags: '--train-to <date>', description: 'last training cutoff', kind: 'date' },
  { flags: '--val-at <date>', description: 'first validation cutoff', kind: 'date' },
  { flags: '--test-at <date>', description: 'first test cutoff', kind: 'date' },
  STRICT,
];

const EXCLUDE: OptionSpec = {
  flags: '--exclude <columns>',
  description: 'columns that must not decide, separated by commas; besides `excluded` of leadlight.yaml',
  kind: 'list',
};

const LEARNING: readonly OptionSpec[] = [
  { flags: '--rungs <names>', description: 'models to run, separated by commas', kind: 'list' },
  {
    flags: '--budget <level>',
    description: 'how much to search and bag (default: normal)',
    choices: ['quick', 'normal', 'best'],
  },
  { flags: '--seed <n>', description: 'same seed, same result (default: 1)', kind: 'integer' },
  EXCLUDE,
];

const WHICH_MODEL: readonly OptionSpec[] = [
  {
    flags: '--model <version>',
    description: 'score with this version (default: the champion of the question)',
  },
  { flags: '--fresh', description: 'train for this call although a model is registered' },
];

const SINCE: OptionSpec = {
  flags: '--since <date>',
  description: 'say what changed since then (default: 14 days before the cutoff)',
  kind: 'date',
};

const WHY: OptionSpec = { flags: '--why <text>', description: 'note for the journal of the models' };

const SEGMENT: OptionSpec = {
  flags: '--segment <column>',
  description: 'break the figures by the values of table.column',
};

const WORTH: readonly OptionSpec[] = [
  { flags: '--reps <n>', description: 'people who call', kind: 'count' },
  { flags: '--calls <n>', description: 'calls of one of them in a week', kind: 'count' },
  { flags: '--weeks <n>', description: 'weeks for which one list is worked (default: 1)', kind: 'count' },
  { flags: '--calls-per-lead <n>', description: 'calls to one lead (default: 1)', kind: 'count' },
  { flags: '--cost-per-call <money>', description: 'cost of one call', kind: 'count' },
  { flags: '--deal-value <money>', description: 'revenue of one deal', kind: 'count' },
  { flags: '--deals <n>', description: 'deals closed in a year now', kind: 'count' },
];

export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'init',
    summary: 'read files, infer tables, keys, times and links, and write leadlight.yaml',
    arguments: [
      { syntax: '<paths...>', description: 'folders or files: CSV, Parquet, NDJSON, JSON, DuckDB' },
    ],
    options: [
      { flags: '--workspace <dir>', description: 'where to write leadlight.yaml (default: ./leadlight)' },
    ],
    example: 'leadlight init ./my-exports',
    load: () => import('./commands/init.ts'),
  },
  {
    name: 'schema',
    summary: 'show the tables, keys, times and links',
    options: [
      ...WORKSPACE,
      { flags: '--svg <file>', description: 'write the map as a picture' },
      { flags: '--mermaid', description: 'print the map as a Mermaid diagram' },
    ],
    example: 'leadlight schema --svg map.svg',
    load: () => import('./commands/schema.ts'),
  },
  {
    name: 'check',
    summary: 'find what is wrong with the data: orphans, duplicates, times, empty links',
    options: [
      ...WORKSPACE,
      {
        flags: '--fail-on <severity>',
        description: 'exit with 3 when there is such a finding (default: never)',
        choices: ['error', 'warning', 'never'],
      },
    ],
    example: 'leadlight check',
    load: () => import('./commands/check.ts'),
  },
  {
    name: 'labels',
    summary: 'count the examples and positives of a target, and what was dropped and why',
    options: [...WORKSPACE, ...TARGET],
    example: 'leadlight labels --target will_convert --entity leads',
    load: () => import('./commands/labels.ts'),
  },
  {
    name: 'plan',
    summary: 'list the features that would be computed, each in a sentence',
    options: [...WORKSPACE, ...TARGET, ...LEARNING],
    example: 'leadlight plan --target will_convert --entity leads',
    load: () => import('./commands/plan.ts'),
  },
  {
    name: 'sql',
    summary: 'print the SQL of populations, labels and features',
    options: [...WORKSPACE, ...TARGET, ...LEARNING],
    example: 'leadlight sql --target will_convert --entity leads',
    load: () => import('./commands/sql.ts'),
  },
  {
    name: 'explain-query',
    summary: 'say in words what a query means',
    arguments: [{ syntax: '<query>', description: 'a predictive query' }],
    options: [...WORKSPACE, STRICT],
    example: 'leadlight explain-query "PREDICT COUNT(orders.*, 0, 30, days) > 0 FOR EACH customers.id"',
    load: () => import('./commands/explain-query.ts'),
  },
  {
    name: 'compare',
    summary: 'run every model on the same rows and splits, and say which is better and by how much',
    options: [
      ...WORKSPACE,
      ...TARGET,
      ...LEARNING,
      SEGMENT,
      { flags: '--ranks', description: 'add point score and rank, model score and rank, and outcome' },
      { flags: '--html <file>', description: 'write the report as one web page' },
    ],
    example: 'leadlight compare --target will_convert --entity leads --budget quick',
    load: () => import('./commands/compare.ts'),
  },
  {
    name: 'backtest',
    summary: 'fit and judge the models again at earlier and earlier origins, by decile and month',
    options: [
      ...WORKSPACE,
      ...TARGET,
      ...LEARNING,
      {
        flags: '--regime <name>',
        description:
          'what test rows see: the database as of each cutoff, or cut at the origin (default: rolling)',
        choices: ['rolling', 'frozen', 'both'],
      },
      { flags: '--origins <n>', description: 'test blocks going back (default: by budget)', kind: 'count' },
      { flags: '--html <file>', description: 'write the report as one web page' },
    ],
    example: 'leadlight backtest --target will_convert --entity leads --budget quick --regime both',
    load: () => import('./commands/backtest.ts'),
  },
  {
    name: 'audit',
    summary: 'judge the scores in use, leaks, contacts, capacity, money, segments and excluded fields',
    options: [
      ...WORKSPACE,
      ...TARGET,
      ...LEARNING,
      {
        flags: '--score-columns <columns>',
        description: 'scores to judge besides `points` of leadlight.yaml, as table.column',
        kind: 'list',
      },
      SEGMENT,
      ...WORTH,
      { flags: '--html <file>', description: 'write the report as one web page' },
    ],
    example:
      'leadlight audit --target will_convert --entity leads --reps 3 --calls 40 --deal-value 50000 --deals 320',
    load: () => import('./commands/audit.ts'),
  },
  {
    name: 'train',
    summary: 'train a model and keep it in models/ in the workspace; the first of a question is its champion',
    options: [...WORKSPACE, ...TARGET, ...LEARNING, WHY],
    example: 'leadlight train --target will_convert --entity leads',
    load: () => import('./commands/train.ts'),
  },
  {
    name: 'models',
    summary: 'list, show, compare, promote, shadow, withdraw or roll back the trained models',
    arguments: [
      {
        syntax: '[action]',
        description: 'list (default), show, compare, promote, shadow, withdraw, rollback',
      },
      {
        syntax: '[versions...]',
        description: 'as printed by list: two for compare, none or one for rollback',
      },
    ],
    options: [...WORKSPACE, ...TARGET, WHY],
    example: 'leadlight models compare 3f9a1c2b7d04 a0c4e1d29b55',
    load: () => import('./commands/models.ts'),
  },
  {
    name: 'score',
    summary: 'score who is in the population now, with reasons and actions',
    options: [
      ...WORKSPACE,
      ...TARGET,
      ...LEARNING,
      ...WHICH_MODEL,
      SINCE,
      { flags: '--out <file>', description: 'write a .csv or .parquet file' },
      {
        flags: '--frame <form>',
        description: 'columns: scores with reasons, or the prediction frame of PQL (default: scores)',
        choices: ['scores', 'pql'],
      },
    ],
    example: 'leadlight score --target will_convert --entity leads --out scores.csv',
    load: () => import('./commands/score.ts'),
  },
  {
    name: 'priority',
    summary: 'whom to call this week: by the chance of the next 14 days, as many as can be called',
    options: [
      ...WORKSPACE,
      ...TARGET,
      ...LEARNING,
      { flags: '--capacity <n>', description: 'how many can be called (default: 20)', kind: 'count' },
      {
        flags: '--cool-down <days>',
        description: 'days for which someone just contacted waits (default: 7; 0: nobody does)',
        kind: 'integer',
      },
    ],
    example: 'leadlight priority --target will_convert --entity leads --capacity 40',
    load: () => import('./commands/priority.ts'),
  },
  {
    name: 'explain',
    summary: 'explain the score of one entity: reasons, evidence rows, action',
    options: [
      ...WORKSPACE,
      ...TARGET,
      ...LEARNING,
      ...WHICH_MODEL,
      SINCE,
      { flags: '--id <id>', description: 'whose score' },
    ],
    example: 'leadlight explain --target will_convert --entity leads --id C-4401',
    load: () => import('./commands/explain.ts'),
  },
  {
    name: 'what-if',
    summary: 'change features of one entity, or find the change within reach that moves its score most',
    options: [
      ...WORKSPACE,
      ...TARGET,
      ...LEARNING,
      ...WHICH_MODEL,
      { flags: '--id <id>', description: 'whose score' },
      {
        flags: '--set <feature=value...>',
        description:
          'features (as `plan` lists them) or columns of its own record to set; nothing after = is missing',
      },
    ],
    example: 'leadlight what-if --target will_convert --entity leads --id C-4401 --set industry=Finance',
    load: () => import('./commands/what-if.ts'),
  },
  {
    name: 'signals',
    summary:
      'show what the model goes by: weight of each signal, effect of the weightiest features, segments',
    options: [
      ...WORKSPACE,
      ...TARGET,
      ...LEARNING,
      ...WHICH_MODEL,
      { flags: '--html <file>', description: 'write the page with its pictures' },
    ],
    example: 'leadlight signals --target will_convert --entity leads --html signals.html',
    load: () => import('./commands/signals.ts'),
  },
  {
    name: 'playbook-test',
    summary:
      'count how often each rule of the playbook would have fired at the test cutoffs, and what came of it',
    options: [...WORKSPACE, ...TARGET, ...LEARNING],
    example: 'leadlight playbook-test --target will_convert --entity leads --budget quick',
    load: () => import('./commands/playbook-test.ts'),
  },
  {
    name: 'simulate',
    summary: 'write the tables of a simulated company, and apart from them its true probabilities',
    options: [
      { flags: '--out <dir>', description: 'where to write tables/, truth.csv and company.json' },
      { flags: '--accounts <n>', description: 'accounts in its market (default: 2000)', kind: 'count' },
      { flags: '--months <n>', description: 'months simulated (default: 18)', kind: 'count' },
      { flags: '--from <date>', description: 'first day (default: 2024-01-01)', kind: 'date' },
      { flags: '--seed <n>', description: 'same seed, same bytes (default: 1)', kind: 'integer' },
      {
        flags: '--shape <name>',
        description: 'whose export the tables look like (default: plain)',
        choices: ['plain', 'salesforce', 'hubspot', 'product'],
      },
      {
        flags: '--dirt <level>',
        description: 'from 0 (none, the default) to 1: duplicates, lost links, bots, leaks, drift',
        kind: 'share',
      },
      {
        flags: '--truth <dates>',
        description:
          'days of the true probabilities, separated by commas, or none (default: three, thirty days apart, the newest whose 90 days are complete)',
      },
    ],
    example: 'leadlight simulate --out company --accounts 500 --shape salesforce --dirt 0.5',
    load: () => import('./commands/simulate.ts'),
  },
  {
    name: 'ceiling',
    summary: 'compare every model with the true probabilities of a simulated company',
    options: [
      ...WORKSPACE,
      { flags: '--truth <file>', description: 'true probabilities, as `simulate` writes them' },
      {
        flags: '--outcome <name>',
        description: 'which of them, where the file has several: opened, won',
      },
      ...TARGET.filter((o) => !/^--(task-table|horizon|test-at)/.test(o.flags)),
      ...LEARNING,
      { flags: '--html <file>', description: 'write the report as one web page' },
    ],
    example:
      'leadlight ceiling --truth company/truth.csv --outcome opened --target will_convert --entity accounts',
    load: () => import('./commands/ceiling.ts'),
  },
  {
    name: 'demo',
    summary: 'work through the two bundled examples and write ./demo-out',
    options: [
      { flags: '--out <dir>', description: 'where to write (default: ./demo-out)' },
      { flags: '--story', description: 'the worked examples instead, in a simulated company' },
      {
        flags: '--accounts <n>',
        description: 'with --story: accounts in its market (default: 1200)',
        kind: 'count',
      },
      { flags: '--threads <n>', description: 'worker threads (default: all cores)', kind: 'count' },
      ...LEARNING.filter((o) => !/^--(rungs|exclude)/.test(o.flags)),
    ],
    example: 'leadlight demo',
    load: () => import('./commands/demo.ts'),
  },
];
