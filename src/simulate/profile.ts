/** Who companies and people are: the vocabularies, and how often each comes. */
import { type Drawing, draw, drawInt, drawNormal, drawWeighted } from './random.ts';

export interface Industry {
  readonly name: string;
  readonly share: number;
  /** Log of how well the product suits. */
  readonly fit: number;
}

export const INDUSTRIES: readonly Industry[] = [
  { name: 'Technology', share: 0.24, fit: 0.3 },
  { name: 'Finance', share: 0.16, fit: 0.6 },
  { name: 'Healthcare', share: 0.14, fit: 0.4 },
  { name: 'Retail', share: 0.16, fit: -0.1 },
  { name: 'Manufacturing', share: 0.12, fit: -0.3 },
  { name: 'Media', share: 0.06, fit: 0 },
  { name: 'Education', share: 0.06, fit: -0.6 },
  { name: 'Logistics', share: 0.06, fit: -0.2 },
];

export const REGIONS = ['North America', 'EMEA', 'APAC', 'LATAM'] as const;
const REGION_SHARES = [0.46, 0.3, 0.16, 0.08];
export const REGION_FIT: readonly number[] = [0.2, 0, -0.1, -0.2];

export const TECHNOLOGIES = [
  'Snowflake',
  'AWS',
  'Azure',
  'Databricks',
  'PostgreSQL',
  'BigQuery',
  'Kafka',
  'Salesforce',
  'SAP',
  'Tableau',
  'MongoDB',
  'Oracle',
] as const;
/** Those the product connects to. */
export const INTEGRATIONS: ReadonlySet<number> = new Set([0, 3, 5, 6]);

export const DEPARTMENTS = [
  'Engineering',
  'Product',
  'Analytics',
  'Finance',
  'Marketing',
  'Operations',
] as const;
const DEPARTMENT_SHARES = [0.32, 0.12, 0.2, 0.1, 0.14, 0.12];
const SENIORITY_SHARES = [0.46, 0.24, 0.15, 0.1, 0.05];

const STAFF: Readonly<Record<string, readonly string[]>> = {
  Engineering: ['Software Engineer', 'ML Engineer', 'Senior Developer'],
  Product: ['Product Owner', 'Product Analyst'],
  Analytics: ['Data Analyst', 'Data Scientist'],
  Finance: ['Controller', 'Procurement Specialist'],
  Marketing: ['Marketing Specialist', 'Content Strategist'],
  Operations: ['Operations Analyst', 'Support Engineer'],
};
const CHIEFS: Readonly<Record<string, string>> = {
  Engineering: 'CTO',
  Product: 'Chief Product Officer',
  Analytics: 'Chief Data Officer',
  Finance: 'CFO',
  Marketing: 'CMO',
  Operations: 'COO',
};

export const SOURCES = ['Webinar', 'Organic', 'Google Ads', 'Referral', 'Content', 'Event'] as const;

export const drawIndustry = (owner: Drawing): number =>
  drawWeighted(
    owner,
    INDUSTRIES.map((i) => i.share),
  );
export const drawRegion = (owner: Drawing): number => drawWeighted(owner, REGION_SHARES);

/** Log-normal with median 300 people. */
export const drawEmployees = (owner: Drawing): number =>
  Math.max(5, Math.round(300 * Math.exp(1.5 * drawNormal(owner))));

export function drawTechnologies(owner: Drawing): readonly number[] {
  const found = new Set<number>();
  for (let i = 2 + drawInt(owner, 4); i > 0; i--) found.add(drawInt(owner, TECHNOLOGIES.length));
  return [...found].sort((a, b) => a - b);
}

/** Log of fit that the profile tells. */
export const profileFit = (
  industry: number,
  region: number,
  employees: number,
  technologies: readonly number[],
): number =>
  INDUSTRIES[industry]!.fit +
  REGION_FIT[region]! +
  0.25 * Math.tanh(Math.log(employees / 300) / 2) +
  0.35 * (technologies.filter((t) => INTEGRATIONS.has(t)).length - 1);

export interface Role {
  /** Place in DEPARTMENTS. */
  readonly department: number;
  readonly seniority: number;
  readonly title: string;
}

export function drawRole(owner: Drawing): Role {
  const department = drawWeighted(owner, DEPARTMENT_SHARES);
  const seniority = drawWeighted(owner, SENIORITY_SHARES);
  return { department, seniority, title: titleOf(department, seniority, draw(owner)) };
}

export function titleOf(place: number, seniority: number, choice: number): string {
  const department = DEPARTMENTS[place]!;
  const staff = STAFF[department]!;
  const titles = [
    staff[Math.floor(choice * staff.length)]!,
    `${department} Manager`,
    `Director of ${department}`,
    `VP ${department}`,
    CHIEFS[department]!,
  ];
  return titles[seniority]!;
}
