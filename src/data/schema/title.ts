/**
 * Job titles → seniority and department, by words. Seniority is the highest level named; a department is the first
 * whose words appear. Assistants to a chief are not chiefs. Unknown parts stay undefined.
 */
export const SENIORITIES = [
  'c-level',
  'founder',
  'vp',
  'head',
  'director',
  'manager',
  'lead',
  'senior',
  'ic',
  'junior',
] as const;
export type Seniority = (typeof SENIORITIES)[number];

/** 0 (junior) … 9 (c-level): higher is more senior. */
export const seniorityRank = (seniority: Seniority): number =>
  SENIORITIES.length - 1 - SENIORITIES.indexOf(seniority);

export type Department =
  | 'executive'
  | 'engineering'
  | 'it'
  | 'security'
  | 'data'
  | 'product'
  | 'design'
  | 'marketing'
  | 'sales'
  | 'customer success'
  | 'finance'
  | 'hr'
  | 'legal'
  | 'operations'
  | 'procurement';

export interface ParsedTitle {
  readonly seniority?: Seniority;
  readonly department?: Department;
}

const LEVELS: readonly (readonly [Seniority, RegExp])[] = [
  [
    'c-level',
    /\b(c[a-z]?[ -](level|suite)|chief|c[efitmopsrdhlcv]o|ciso|chro|(?<!vice[ -])president(?! of)|managing director|general manager)\b/,
  ],
  ['founder', /\b(founder|co-?founder|owner|proprietor|partner|board member|chair(man|woman|person)?)\b/],
  ['vp', /\b([se]?vp|avp|vice[ -]president|president of)\b/],
  ['head', /\bhead\b/],
  ['director', /\b(director|dir)\b/],
  ['manager', /\b(manager|mgr|supervisor|superintendent)\b/],
  ['junior', /\b(junior|jr|intern|trainee|apprentice|assistant|graduate|entry)\b/],
  ['lead', /\b(lead|team lead|tech lead|foreman)\b/],
  ['senior', /\b(senior|sr|principal|staff|distinguished|expert)\b/],
  [
    'ic',
    /\b(ic|individual contributor|engineer|developer|programmer|analyst|specialist|scientist|designer|consultant|representative|rep|associate|administrator|admin|coordinator|architect|accountant|technician|officer|buyer|agent|researcher|writer|editor|recruiter|strategist|planner|scrum master|executive|clerk|advisor|operator|contributor|practitioner)\b/,
  ],
];

const DEPARTMENTS: readonly (readonly [Department, RegExp])[] = [
  ['security', /\b(security|ciso|infosec|cyber)/],
  ['data', /\b(data|analytics|machine learning|ml|ai|bi|business intelligence|statistic|scientist|cdo)\b/],
  [
    'customer success',
    /\b(customer (success|support|service|experience)|support|client services|cco|onboarding)\b/,
  ],
  ['marketing', /\b(marketing|brand|content|seo|demand gen(eration)?|growth|communications|pr|cmo|media)\b/],
  [
    'sales',
    /\b(sales|account (executive|manager)|business development|bdr|sdr|revenue|cro|commercial|partnerships?)\b/,
  ],
  ['procurement', /\b(procurement|purchasing|buyer|sourcing|supply chain|vendor)\b/],
  [
    'finance',
    /\b(financ\w*|accounting|accountant|controller|cfo|treasur\w*|ap|accounts payable|audit\w*|tax|payroll|bookkeeper)\b/,
  ],
  ['hr', /\b(hr|human resources|people|talent|recruit\w*|chro|learning and development)\b/],
  ['legal', /\b(legal|counsel|attorney|lawyer|compliance|privacy|clo|paralegal)\b/],
  ['design', /\b(design\w*|ux|ui|creative)\b/],
  ['product', /\b(product|cpo)\b/],
  [
    'engineering',
    /\b(engineer\w*|developer|development|software|devops|sre|programmer|technology|technical|cto|architect|qa|r&d|research|platform|infrastructure|backend|frontend|full ?stack)\b/,
  ],
  ['it', /\b(it|information technology|cio|systems?|network|help ?desk|database|dba|sysadmin)\b/],
  [
    'operations',
    /\b(operations|ops|coo|logistics|plant|manufacturing|facilities|project|program|office|administration)\b/,
  ],
  [
    'executive',
    /\b(ceo|chief executive|president|founder|owner|managing director|general manager|board|partner)\b/,
  ],
];

const ASSISTANTS = 'executive assistant|personal assistant|assistant to|secretary|(ea|pa) to';
const ASSISTANT = new RegExp(`\\b(${ASSISTANTS})\\b`);

const BLANK = '[ _/.,;:()|]+';
const BLANK_OR_DASH = '([ _/.,;:()|]+|-)';

/** Blanks stand for what `parseTitle` reads as one. */
function pattern(words: string): string {
  const within = words.replaceAll(/(\[ -\]| )/g, (blank) => (blank === ' ' ? BLANK : BLANK_OR_DASH));
  return `(^|[^a-z0-9])(${within})($|[^a-z0-9])`;
}

/**
 * Vice presidents, founders and chiefs as one pattern over lower-case text, and those who assist them, without
 * look-around: SQL engines lack it.
 */
export const SENIOR_PATTERNS = {
  senior: pattern(
    'c[a-z]?[ -](level|suite)|chief|c[efitmopsrdhlcv]o|ciso|chro|president|managing director|general manager|founder|co-?founder|owner|proprietor|partner|board member|chair(man|woman|person)?|[se]?vp|avp',
  ),
  assistant: pattern(ASSISTANTS),
} as const;

/** `VP of Engineering` → vp, engineering; `CTO` → c-level, engineering; `Data Analyst` → ic, data. */
export function parseTitle(title: string): ParsedTitle {
  const text = title
    .toLowerCase()
    .replace(/[_/.,;:()|]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const assistant = ASSISTANT.test(text);
  const seniority = assistant ? 'junior' : LEVELS.find(([, words]) => words.test(text))?.[0];
  const department = assistant ? 'operations' : DEPARTMENTS.find(([, words]) => words.test(text))?.[0];
  return { ...(seniority && { seniority }), ...(department && { department }) };
}
