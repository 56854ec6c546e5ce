/** Workspace → leadlight.yaml: every section and table explained in comments, one line a column; reads back equal. */
import { Document, type Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { Column, History, IdentityRule, Link, Table, WorkspaceConfig } from './types.ts';

type Plain =
  | string
  | number
  | boolean
  | null
  | readonly Plain[]
  | { readonly [key: string]: Plain | undefined };

const HEADER = ` leadlight.yaml: what the tables are. Inferred by \`leadlight init\`; every line may be corrected.
 \`leadlight check\` finds what is wrong with it, \`leadlight schema\` prints it.`;

const SECTIONS: Readonly<Record<string, string>> = {
  version: ' Version of this format.',
  timeZone: ' Zone of dates without a clock (IANA name). Such a date counts as known at the end of that day.',
  tables: ` Tables. Of each:
   file, format, member   where the rows are; file is relative to this one, member is the table inside a DuckDB file
   derived                instead of file: an entity that appears only as columns of another table
   key                    columns of the primary key; [] numbers the rows from 0
   role                   entity | event | history | association | lookup
   time                   when the row happened; without it the row counts as known from its parents
   knownAt                when the row became known, if later than time
   endTime                when the entity ended: afterwards it is not scored
   labelTime              when labels count the row (default: time)
   columns                type: boolean | integer | number | text | timestamp | date (a day without a clock)
                          semantic: key | categorical | multicategorical | numeric | boolean | timestamp | text | title |
                                    email | domain | url
                          parse: money | range | percent; format: strptime, epoch_s, epoch_ms, or ',' for a decimal comma;
                          nullTokens: cells that mean missing; separator; decimals: digits kept in exact sums
                          mutable: why the value may change later. It is then read as of the moment from its history:
                            {kind: table, table, link, value, time}   a dated table of its values; where: {column, equals} picks the
                              rows of this one where the table logs changes of several
                            {kind: changedAt, column}                 known from the time in that column on
                            {kind: valueTimes, times: {value: column}} each value dated by its column
                          without a history it is left out, unless trusted: true says to use it as exported`,
  links: ` Links: columns of one table that name a row of another by its key. unique: at most one row each (1:1).`,
  derivedLinks: ` Sideways relations, computed: industry_peer by category (and size), similar_to by technology (a column of several, or
 through a table with one a row), colleague by account.`,
  identity: ` Who is who, as links over time; source rows stay as they are. A link is there from the moment both cells are known, and
 never where a key names the row already. \`leadlight check\` tells what each rule found.
   kind: domain      the domain of an address in column is the account's: by its website in by, or by two members (link, column)
         email       one address (tags and dots ignored where the provider does); the earlier row is the target
         duplicate   a later row of the same table for the same address, for the same domain and the name in by, or (match:
                     phone) for the same phone number and name
   names: columns of a person's name; who shares a private address or a number is one person only with one name
   off: true switches a rule off; except: pairs of keys [from, to] that are not the same`,
  targets: ` Named targets: PREDICT <name> FOR EACH <table>.<key> stands for the predicate. labelTimes: the column by which
 rows of a table count for this target, instead of its labelTime.`,
  salesCycleDays: " Median days from a deal's creation to its close.",
  icp: ' Ideal customer profile: `table.column` and the values that fit.',
  integrations: ' Technologies that your product connects to; they count as technology fit.',
  points: ' The points score in use, `table.column`: to be beaten.',
  excluded: ' Fields that must not decide, as `table.column`: withheld from every model, and audited.',
  pointRules: ` Default points of the rules model. when: title-vp | employees-over (value) | pricing-page | email-open | whitepaper |
 personal-email.`,
  playbook: ` What to do: the first rule whose conditions all hold. when: band (A to D), signal (any of), direction (up, down).`,
};

export function writeConfig(config: WorkspaceConfig): string {
  const doc = new Document();
  const root = new YAMLMap();
  const add = (key: string, value: Node | undefined): void => {
    if (value === undefined) return;
    const name = new Scalar(key);
    name.commentBefore = SECTIONS[key] ?? null;
    name.spaceBefore = root.items.length > 0;
    root.items.push(new Pair(name, value));
  };
  add('version', new Scalar(config.version));
  add('timeZone', scalar(config.timeZone));
  add('tables', list(config.schema.tables.map(tableNode).map(spaced)));
  add('links', list(config.schema.links.map((l) => flow(linkPlain(l)))));
  add(
    'derivedLinks',
    list(
      config.schema.derivedLinks.map((d) =>
        flow({ kind: d.kind, table: d.table, by: d.by, through: d.through }),
      ),
    ),
  );
  add('identity', config.identity && list(config.identity.map((r) => flow(identityPlain(r)))));
  add(
    'targets',
    list(
      config.targets.map((t) =>
        flow({ name: t.name, table: t.table, predicate: t.predicate, labelTimes: t.labelTimes }),
      ),
    ),
  );
  add('salesCycleDays', config.salesCycleDays === undefined ? undefined : new Scalar(config.salesCycleDays));
  add('icp', config.icp && node(config.icp, false));
  add('integrations', flow(config.integrations));
  add('points', config.points === undefined ? undefined : scalar(config.points));
  add('excluded', config.excluded && flow(config.excluded));
  add(
    'pointRules',
    list(
      config.pointRules.map((r) => flow({ name: r.name, points: r.points, when: r.when, value: r.value })),
    ),
  );
  add(
    'playbook',
    list(
      config.playbook.map((r) =>
        flow({ name: r.name, version: r.version, action: r.action, when: { ...r.when } }),
      ),
    ),
  );
  doc.contents = root as typeof doc.contents;
  doc.commentBefore = HEADER;
  return doc.toString({ lineWidth: 0, flowCollectionPadding: false });
}

const spaced = (node: YAMLMap, i: number): YAMLMap => {
  node.spaceBefore = i > 0;
  return node;
};

function tableNode(table: Table): YAMLMap {
  const { origin } = table;
  const map = new YAMLMap();
  const add = (key: string, value: Node): void => {
    map.items.push(new Pair(new Scalar(key), value));
  };
  add('name', scalar(table.name));
  if (origin.kind === 'derived') add('derived', flow({ from: origin.table, columns: origin.columns }));
  else {
    add('file', scalar(origin.path));
    add('format', scalar(origin.format));
    if (origin.member !== undefined) add('member', scalar(origin.member));
  }
  add('key', flow(table.key));
  add('role', scalar(table.role));
  for (const key of ['time', 'knownAt', 'endTime', 'labelTime'] as const) {
    const value = table[key];
    if (value !== undefined) add(key, scalar(value));
  }
  add('columns', list(table.columns.map(columnNode)));
  return map;
}

function columnNode(c: Column): Node {
  const made = flow(columnPlain(c));
  if (c.mutable !== undefined && c.history === undefined && c.trusted !== true)
    made.comment = ' left out: no history';
  return made;
}

const columnPlain = (c: Column): Plain => ({
  name: c.name,
  type: c.type,
  semantic: c.semantic,
  parse: c.parse,
  format: c.format,
  separator: c.separator,
  decimals: c.decimals,
  nullTokens: c.nullTokens,
  constant: c.constant,
  mutable: c.mutable,
  history: c.history && historyPlain(c.history),
  trusted: c.trusted,
});

const historyPlain = (h: History): Plain => ({ ...h });

const linkPlain = (l: Link): Plain => ({
  name: l.name,
  from: l.from,
  columns: l.columns,
  to: l.to,
  unique: l.unique,
});

const identityPlain = (r: IdentityRule): Plain => ({
  name: r.name,
  kind: r.kind,
  from: r.from,
  column: r.column,
  to: r.to,
  by: r.by,
  match: r.match,
  names: r.names && { from: r.names.from, to: r.names.to },
  members: r.members && { link: r.members.link, column: r.members.column },
  off: r.off,
  except: r.except,
});

/** Block list of flow items, or `[]`. */
function list(items: readonly Node[]): YAMLSeq {
  const seq = new YAMLSeq();
  seq.items = [...items];
  seq.flow = items.length === 0;
  return seq;
}

const flow = (value: Plain): Node => node(value, true);

/** Text that a reader might take for something else, or that has odd characters, is quoted. */
function scalar(value: string | number | boolean | null): Scalar {
  const made = new Scalar(value);
  const plain = typeof value !== 'string' || /^[\p{L}_][\p{L}\p{N}_ ./%+-]*$/u.test(value);
  if (!plain || (typeof value === 'string' && value !== value.trim())) made.type = Scalar.QUOTE_DOUBLE;
  return made;
}

/** Maps are built from entries, so that a key such as `__proto__` is a key like any other. */
function node(value: Plain, inFlow: boolean): Node {
  if (value === null || typeof value !== 'object') return scalar(value);
  if (Array.isArray(value)) {
    const seq = new YAMLSeq();
    seq.items = value.map((item: Plain) => node(item, true));
    seq.flow = true;
    return seq;
  }
  const map = new YAMLMap();
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined) map.items.push(new Pair(scalar(key), node(item as Plain, true)));
  }
  map.flow = inFlow || map.items.length === 0;
  return map;
}
