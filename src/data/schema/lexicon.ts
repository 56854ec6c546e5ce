/**
 * Words of general English and of CRM usage that table and column names are made of. Names are only hints: every
 * decision that rests on one is checked against the values, and `leadlight.yaml` shows it for correction.
 */

/** Head nouns of tables, by what the table is about. */
export const CONCEPTS = {
  account:
    'account acct company organisation organization org firm firmographic client customer cust business merchant seller tenant workspace household employer vendor partner',
  contact: 'contact person people member attendee individual stakeholder',
  lead: 'lead prospect mql inquiry enquiry signup applicant',
  deal: 'deal opportunity opp pipeline quote bid',
  activity:
    'activity touch event interaction engagement call email mail meeting visit session view click log track page act action note task message form submission response download open usage login webinar hit',
  transaction:
    'transaction trans invoice order payment purchase line item shipment refund charge receipt loan review',
  subscription: 'subscription contract plan licence license membership policy card',
  product: 'product sku item article stock material service offering',
  staff:
    'user owner rep agent employee salesperson salesman team staff seller manager advisor consultant operator assignee',
  campaign: 'campaign source channel program programme landing',
} as const;
export type Concept = keyof typeof CONCEPTS;

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));
const CONCEPT_SETS = Object.entries(CONCEPTS).map(
  ([concept, list]) => [concept as Concept, words(list)] as const,
);

/** Identifier words, strongest first. */
export const ID_WORDS: readonly string[] =
  'id uuid guid key pk sk fk no nr num number code ref reference identifier'.split(' ');
const ID_SET = new Set(ID_WORDS);
/** A code that names a place, unit or device, not an entity. */
export const NOT_ENTITY_CODES = words(
  'zip postal post postcode country currency area language locale state region city phone fax mobile tax vat status type page line version iso sic naics color colour http error room floor flat house street',
);
export const LINE_WORDS = words(
  'line item seq sequence sequential position pos step version attempt rank index ordinal part row nth',
);

export const HISTORY_WORDS = words(
  'history histories changelog log audit change transition movement snapshot version',
);
export const VALUE_WORDS = words('value new to current state status stage level');
export const OLD_WORDS = words('old previous prior prev from before former');

export const CREATED_WORDS = words(
  'created create creation opened added inserted entered signup signed registered registration joined started start begin began first initial submitted engaged engage enrolled since acquired',
);
export const EVENT_WORDS = words(
  'date time timestamp datetime when day at on ts dt occurred happened sent event utc local',
);
export const HAPPENED_WORDS = words(
  'purchase purchased order ordered invoice issued issue transaction payment paid posted activity touch session visit view click call meeting sent logged booked placed contacted',
);
export const UPDATE_WORDS = words(
  'updated update modified modification modstamp changed edited refreshed touched',
);
export const LAST_WORDS = words('last latest recent newest');
export const CLOSE_WORDS = words(
  'close closed closing won lost converted conversion completed completion finished resolved decision decided',
);
export const END_WORDS = words(
  'end ended churn churned cancel cancelled canceled cancellation terminated termination expired expires expiry expiration deleted deactivated inactive archived until to left ceased dissolved',
);
export const FUTURE_WORDS = words(
  'due expected estimated planned scheduled next renewal limit deadline forecast target promised reminder anticipated projected follow followup expires expiry expiration eta',
);
export const KNOWN_WORDS = words(
  'received imported ingested loaded recorded logged inserted arrived indexed synced sync',
);
export const BIRTH_WORDS = words(
  'birth birthday birthdate dob born founded established incorporation founding',
);

export const STATE_WORDS = words('status stage state phase lifecycle substatus disposition');
export const OWNER_WORDS = words('owner owned assigned assignee assignment rep queue handler steward');
export const SCORE_WORDS = words(
  'score grade rating rank ranking quality probability forecast propensity likelihood priority temperature profile tier health index',
);
export const OUTCOME_WORDS = words(
  'outcome result won lost win loss converted conversion convert churned closed closing resolution handoff disqualified unqualified qualified reason',
);
export const COUNT_WORDS = words(
  'count counts total totals num cnt sum cumulative lifetime number visits purchases logins ytd mtd',
);
/** What a count may be of without growing through the relation: firmographics and settings. */
export const STATIC_COUNT_WORDS = words(
  'employee employees headcount staff people size workers seat seats licence license location locations office offices child children rooms photo page phone line order invoice lead account opportunity customer reference serial id code capacity bedroom',
);
export const TAG_WORDS = words('tag tags label labels note notes comment comments remark remarks');

export const TITLE_WORDS = words('title position role occupation job function designation');
export const NAME_WORDS = words(
  'name title subject headline label caption first last middle full surname company',
);
export const TEXT_WORDS = words(
  'description comment comments note notes message body text subject summary remark remarks content address street bio details feedback',
);
export const CATEGORY_WORDS = words(
  'type category kind class segment industry sector region country city source channel medium stage status state plan tier level department seniority gender language currency vertical territory market origin direction priority band group series campaign office location reason outcome',
);
export const INDUSTRY_WORDS = words('industry sector vertical naics sic trade');
export const SIZE_WORDS = words('employee employees headcount size workforce staff');
export const TECHNOLOGY_WORDS = words(
  'technology technologies tech techstack stack tool tools integration integrations platform platforms software',
);
export const LIST_WORDS = words(
  'tags tag labels skills interests stack technologies technology tech techstack topics products integrations tools categories keywords features lists',
);
export const PARENT_WORDS = words(
  'parent manager supervisor boss reports report head subsidiary master merged merge predecessor successor original referrer referred referral invited inviter introduced superior up ultimate',
);
export const GEO_WORDS = words(
  'city zip zipcode postal postcode country address street county province latitude longitude region',
);

const CONNECTIVES = words('of by the a an and is has was in for with per as hs c');
const VOCABULARY: ReadonlySet<string> = new Set([
  ...Object.values(CONCEPTS).flatMap((list) => list.split(' ')),
  ...[
    ID_SET,
    NOT_ENTITY_CODES,
    LINE_WORDS,
    HISTORY_WORDS,
    CREATED_WORDS,
    EVENT_WORDS,
    HAPPENED_WORDS,
    UPDATE_WORDS,
  ].flatMap((s) => [...s]),
  ...[
    LAST_WORDS,
    CLOSE_WORDS,
    END_WORDS,
    FUTURE_WORDS,
    KNOWN_WORDS,
    BIRTH_WORDS,
    STATE_WORDS,
    OWNER_WORDS,
  ].flatMap((s) => [...s]),
  ...[
    SCORE_WORDS,
    OUTCOME_WORDS,
    COUNT_WORDS,
    STATIC_COUNT_WORDS,
    TITLE_WORDS,
    NAME_WORDS,
    TEXT_WORDS,
  ].flatMap((s) => [...s]),
  ...[
    CATEGORY_WORDS,
    INDUSTRY_WORDS,
    SIZE_WORDS,
    TECHNOLOGY_WORDS,
    PARENT_WORDS,
    GEO_WORDS,
    CONNECTIVES,
  ].flatMap((s) => [...s]),
  ...'annual revenue amount web site website domain associated primary external record revenue deal modified'.split(
    ' ',
  ),
]);

/** Suffix of fields that a customer added to a Salesforce object. */
const CUSTOM_FIELD = /__[cr]$/i;

/** `LeadCreatedAt2`, `lead_created_at 2`, `lead-created-at` → lead, created, at, 2; `closedate` → close, date. */
export function tokens(name: string): readonly string[] {
  return name
    .replace(CUSTOM_FIELD, '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/(\p{L}{2,})(\p{N})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((t) => t !== '')
    .flatMap(segment);
}

/** Splits a run of known words (`lastmodifieddate`); anything else stays whole. Longest words first. */
function segment(token: string): readonly string[] {
  if (token.length < 6 || VOCABULARY.has(token)) return [token];
  return split(token) ?? [token];
}

function split(rest: string): readonly string[] | undefined {
  if (rest === '') return [];
  for (let n = rest.length; n >= 2; n--) {
    const head = rest.slice(0, n);
    if (!VOCABULARY.has(head) || (n === 2 && !ID_SET.has(head) && head !== 'of' && head !== 'at')) continue;
    const tail = split(rest.slice(n));
    if (tail) return [head, ...tail];
  }
  return undefined;
}

export function singular(word: string): string {
  if (word.length <= 3 || /(ss|us|is|series|news)$/.test(word)) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(ss|[^aeo]us|x|zz|ch|sh)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

/** Tokens in the singular, without vendor and file words. */
export const stems = (name: string): readonly string[] => tokens(name).map(singular);

const FILE_WORDS = words(
  'sample data dataset datum table export full final raw csv file crm all copy extract dump row list tbl dim fact stg v',
);

/** Stems of a table name without words that only describe the file. */
export function tableStems(name: string): readonly string[] {
  const all = stems(name);
  const kept = all.filter((t) => !FILE_WORDS.has(t) && !/^\d+$/.test(t));
  return kept.length === 0 ? all : kept;
}

/** What a table is about by the last word of its name that says so; undefined for unknown words. */
export function conceptOf(name: string): Concept | undefined {
  for (const word of [...tableStems(name)].reverse()) {
    const found = CONCEPT_SETS.find(([, set]) => set.has(word));
    if (found) return found[0];
  }
  return undefined;
}

export const conceptsOfWord = (word: string): readonly Concept[] =>
  CONCEPT_SETS.filter(([, set]) => set.has(singular(word))).map(([concept]) => concept);

export const isIdWord = (word: string): boolean => ID_SET.has(word);
export const hasWord = (name: readonly string[], set: ReadonlySet<string>): boolean =>
  name.some((t) => set.has(t) || set.has(singular(t)));

/** Stems without identifier words: `account_id` → account. */
export const entityStems = (name: string): readonly string[] => stems(name).filter((t) => !ID_SET.has(t));

/** The name ends in an identifier word that is not a place or unit code (`zip_code`, `line_number`). */
export function looksLikeId(name: string): boolean {
  const parts = stems(name);
  const last = parts.at(-1);
  if (last === undefined || !ID_SET.has(last)) return false;
  return !parts.slice(0, -1).some((t) => NOT_ENTITY_CODES.has(t) || LINE_WORDS.has(t));
}
