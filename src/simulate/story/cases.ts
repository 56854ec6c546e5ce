/** What is asked in each layout, and what was published about the named records. */
import type { LAYOUTS } from './story.ts';

export interface PublishedRow {
  readonly id: string;
  readonly probability?: number;
  readonly points?: number;
  readonly profile?: number;
  readonly signal?: string;
  readonly action?: string;
}

export interface StoryCase {
  readonly folder: (typeof LAYOUTS)[number];
  readonly title: string;
  /** As published, word for word. */
  readonly query: string;
  readonly at: string;
  readonly published: readonly PublishedRow[];
  /** [higher, lower] for every pair that the published order fixes. */
  readonly orders: readonly (readonly [string, string])[];
}

const above = (higher: readonly string[], lower: readonly string[]): readonly (readonly [string, string])[] =>
  higher.flatMap((h) => lower.map((l) => [h, l] as const));

export const STORY_CASES: readonly StoryCase[] = [
  {
    folder: 'lead-scoring',
    title: 'Lead scoring',
    query:
      "PREDICT BOOL(LEADS.STATUS = 'Closed Won', 0, 90, days) FOR EACH LEADS.LEAD_ID WHERE LEADS.STATUS = 'MQL'",
    at: '2025-03-05',
    published: [
      { id: 'LD001', probability: 0.76, signal: 'multi-contact engagement' },
      { id: 'LD002', probability: 0.09 },
      { id: 'LD003', probability: 0.34 },
    ],
    orders: [...above(['LD001'], ['LD003', 'LD002']), ...above(['LD003'], ['LD002'])],
  },
  {
    folder: 'colleagues',
    title: 'Colleague effect',
    query: "PREDICT will_convert FOR EACH contacts.contact_id WHERE contacts.created_at > '2025-01-01'",
    at: '2025-11-03',
    published: [
      {
        id: 'C-4401',
        probability: 0.92,
        profile: 0.45,
        signal: '4 colleagues active in product, usage spike',
      },
      {
        id: 'C-4402',
        probability: 0.87,
        profile: 0.82,
        signal: 'VP title, pricing page, 2 colleagues in free tier',
      },
      { id: 'C-4403', probability: 0.31, profile: 0.88, signal: 'perfect fit, only contact, no usage' },
      { id: 'C-4404', probability: 0.78, profile: 0.29, signal: '3 team members hit usage limits' },
      { id: 'C-A', profile: 0.85, signal: 'nobody else at the account' },
      { id: 'C-B', profile: 0.45, signal: '4 other developers in the free tier' },
    ],
    orders: [...above(['C-4401', 'C-4402', 'C-4404'], ['C-4403']), ...above(['C-B'], ['C-A'])],
  },
  {
    folder: 'crm-activities',
    title: 'Points against learning',
    query: "PREDICT conversion FOR EACH leads.lead_id WHERE leads.status != 'Closed'",
    at: '2025-03-12',
    published: [
      {
        id: 'L-1003',
        probability: 0.18,
        points: 85,
        signal: 'single email open',
        action: 'deprioritise',
      },
      {
        id: 'L-1001',
        probability: 0.41,
        points: 72,
        signal: 'pricing intent but single-thread',
        action: 'add contacts to nurture',
      },
      {
        id: 'L-1004',
        probability: 0.33,
        points: 68,
        signal: 'ad-driven, no product engagement',
        action: 'content nurture',
      },
      {
        id: 'L-1005',
        probability: 0.87,
        points: 44,
        signal: 'multi-contact technical evaluation',
        action: 'route to SE for demo',
      },
      {
        id: 'L-1002',
        probability: 0.79,
        points: 31,
        signal: 'buying-stage content sequence',
        action: 'schedule exec call',
      },
    ],
    orders: above(['L-1005', 'L-1002'], ['L-1001', 'L-1004', 'L-1003']),
  },
  {
    folder: 'graph',
    title: 'Contacts as a graph',
    query: 'PREDICT will_convert FOR contact USING contact, company, activity, opportunity',
    at: '2025-11-03',
    published: [],
    orders: [],
  },
  {
    folder: 'accounts',
    title: 'Account scoring',
    query: 'PREDICT SUM(OPPORTUNITIES.AMOUNT, 0, 90, days) > 0 FOR EACH ACCOUNTS.ACCOUNT_ID',
    at: '2025-11-01',
    published: [
      { id: 'A001', probability: 0.93, signal: 'two contacts with engagement above 80' },
      { id: 'A002', probability: 0.18 },
      { id: 'A003', probability: 0.82 },
      { id: 'A004', probability: 0.09 },
    ],
    orders: above(['A001', 'A003'], ['A002', 'A004']),
  },
];
