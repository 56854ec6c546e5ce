// Rebuilds examples/ from the published data sets: node scripts/make-examples.js <data folder>
// Same input, same bytes. The CRM tables are copied as they are; the invoice lines of the wholesaler, published as
// one flat file, are split into the four tables they came from, and lines without a customer number are left out.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

const data = process.argv[2];
if (!data) throw new Error('Expected the folder that holds leadforge_b2b_saas/ and online_retail/.');
const examples = join(dirname(fileURLToPath(import.meta.url)), '..', 'examples');

const CRM_TABLES = [
  'accounts',
  'contacts',
  'leads',
  'touches',
  'sessions',
  'sales_activities',
  'opportunities',
  'customers',
  'subscriptions',
];

function copyCrm() {
  const from = join(data, 'leadforge_b2b_saas');
  const to = join(examples, 'saas-crm');
  mkdirSync(to, { recursive: true });
  for (const name of CRM_TABLES)
    copyFileSync(join(from, 'intermediate', `${name}.csv.gz`), join(to, `${name}.csv.gz`));
  copyFileSync(join(from, 'LICENSE'), join(to, 'LICENSE'));
}

function splitInvoices() {
  const text = gunzipSync(readFileSync(join(data, 'online_retail', 'invoice_lines.csv.gz'))).toString('utf8');
  const [header, ...rows] = text.split(/\r?\n/).filter(Boolean).map(parseLine);
  const at = Object.fromEntries(header.map((name, i) => [name, i]));
  const lines = rows.filter((row) => row[at.CustomerID] !== '');
  const to = join(examples, 'wholesale');
  mkdirSync(to, { recursive: true });
  write(join(to, 'customers.csv.gz'), customers(lines, at));
  write(join(to, 'invoices.csv.gz'), invoices(lines, at));
  write(join(to, 'invoice_lines.csv.gz'), invoiceLines(lines, at));
  write(join(to, 'products.csv.gz'), products(lines, at));
}

/** One row a customer: the country of the first invoice, and when that was. */
function customers(lines, at) {
  const first = new Map();
  for (const row of lines) {
    const known = first.get(row[at.CustomerID]);
    if (!known || row[at.InvoiceDate] < known[at.InvoiceDate]) first.set(row[at.CustomerID], row);
  }
  const body = sortBy([...first.values()], (row) => row[at.CustomerID]);
  return [
    ['CustomerID', 'Country', 'FirstSeen'],
    ...body.map((row) => [row[at.CustomerID], row[at.Country], row[at.InvoiceDate]]),
  ];
}

/** One row an invoice, dated by its first line (a few were keyed over two minutes). */
function invoices(lines, at) {
  const first = new Map();
  for (const row of lines) {
    const known = first.get(row[at.InvoiceNo]);
    if (!known || row[at.InvoiceDate] < known[at.InvoiceDate]) first.set(row[at.InvoiceNo], row);
  }
  const kind = (number) => (number.startsWith('C') ? 'cancellation' : 'sale');
  return [
    ['InvoiceNo', 'CustomerID', 'InvoiceDate', 'InvoiceType'],
    ...[...first.values()].map((row) => [
      row[at.InvoiceNo],
      row[at.CustomerID],
      row[at.InvoiceDate],
      kind(row[at.InvoiceNo]),
    ]),
  ];
}

function invoiceLines(lines, at) {
  const names = ['InvoiceNo', 'StockCode', 'Quantity', 'UnitPrice'];
  return [names, ...lines.map((row) => names.map((name) => row[at[name]]))];
}

/** One row a stock code, with the description used most often. */
function products(lines, at) {
  const counts = new Map();
  for (const row of lines) {
    const byText = counts.get(row[at.StockCode]) ?? new Map();
    byText.set(row[at.Description], (byText.get(row[at.Description]) ?? 0) + 1);
    counts.set(row[at.StockCode], byText);
  }
  const most = (byText) => [...byText].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0][0];
  const body = sortBy([...counts], ([code]) => code);
  return [['StockCode', 'Description'], ...body.map(([code, byText]) => [code, most(byText)])];
}

const sortBy = (items, key) => items.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));

function parseLine(line) {
  if (!line.includes('"')) return line.split(',');
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((m) =>
    m[1] === undefined ? (m[2] ?? '') : m[1].replaceAll('""', '"'),
  );
}

const quoted = (cell) => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

function write(file, rows) {
  const text = `${rows.map((row) => row.map(quoted).join(',')).join('\n')}\n`;
  writeFileSync(file, gzipSync(text, { level: 9 }));
}

copyCrm();
splitInvoices();
