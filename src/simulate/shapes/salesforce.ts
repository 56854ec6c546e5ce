/** Salesforce object CSVs, as Data Loader writes them: 18-character ids, PascalCase, custom fields in `__c`. */
import type { Cell, Row } from '../types.ts';
import { mapShape, type Shape } from './shape.ts';

const PREFIX: Readonly<Record<string, string>> = {
  A: '001',
  C: '003',
  L: '00Q',
  O: '006',
  T: '00T',
  R: '005',
  W: '701',
};
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** 15 characters and the three that make them safe where case is lost. */
export function salesforceId(plain: Cell | undefined): Cell {
  if (plain === null || plain === undefined) return null;
  const text = String(plain);
  const second = /-2$/.test(text) ? 'D' : 'A';
  const digits = text.replaceAll(/\D/g, '').padStart(8, '0').slice(-8);
  const id = `${PREFIX[text[0]!] ?? `a0${text[0]!}`}5g${second}0${digits}`.slice(0, 15).padEnd(15, '0');
  return id + checksum(id);
}

const checksum = (id: string): string =>
  [0, 5, 10]
    .map((from) =>
      [...id.slice(from, from + 5)].reduce((bits, c, i) => bits | (/[A-Z]/.test(c) ? 1 << i : 0), 0),
    )
    .map((bits) => ALPHABET[bits]!)
    .join('');

const at =
  (column: string) =>
  (row: Row): Cell => {
    const cell = row[column];
    return cell === null || cell === undefined ? null : `${String(cell).replace(' ', 'T')}.000+0000`;
  };
const key =
  (column: string) =>
  (row: Row): Cell =>
    salesforceId(row[column]);
const day =
  (column: string) =>
  (row: Row): Cell =>
    row[column] === null ? null : String(row[column]).slice(0, 10);
const flag =
  (test: (row: Row) => boolean) =>
  (row: Row): Cell =>
    test(row);
const isClosed = (row: Row): boolean => String(row.stage).startsWith('Closed');
const isSpoken = (row: Row): boolean => row.type === 'meeting';
const PROBABILITY: Readonly<Record<string, number>> = {
  Discovery: 10,
  Demo: 30,
  Proposal: 55,
  Negotiation: 80,
  'Closed Won': 100,
  'Closed Lost': 0,
};

export const salesforceShape = (): Shape => {
  const numbered = (prefix: string): (() => Cell) => {
    let n = 0;
    return () => salesforceId(`${prefix}${++n}`);
  };
  return mapShape(
    {
      accounts: [
        {
          to: 'Account',
          columns: {
            Id: key('account_id'),
            Name: 'company_name',
            Industry: 'industry',
            BillingRegion__c: 'region',
            NumberOfEmployees: 'employee_count',
            AnnualRevenue: 'annual_revenue',
            Technologies__c: (row) => String(row.tech_stack).replaceAll(', ', ';'),
            Website: 'website',
            ParentId: key('parent_account_id'),
            OwnerId: key('owner_id'),
            CreatedDate: at('created_at'),
          },
        },
      ],
      contacts: [
        {
          to: 'Contact',
          columns: {
            Id: key('contact_id'),
            AccountId: key('account_id'),
            Name: 'name',
            Title: 'title',
            Department: 'department',
            Email: 'email',
            ReportsToId: key('reports_to_id'),
            CreatedDate: at('created_at'),
          },
        },
      ],
      leads: [
        {
          to: 'Lead',
          columns: {
            Id: key('lead_id'),
            Company: 'company',
            Title: 'title',
            LeadSource: 'source',
            Status: 'status',
            Behavior_Score__c: 'point_score',
            IsConverted: flag((row) => row.converted_at !== null),
            ConvertedDate: day('converted_at'),
            ConvertedContactId: (row) => (row.converted_at === null ? null : salesforceId(row.contact_id)),
            CreatedDate: at('created_at'),
          },
        },
      ],
      lead_status_history: [history('LeadHistory', 'LeadId', 'lead_id', 'Status', 'status', numbered('H'))],
      lead_scores: [
        {
          ...history('LeadHistory', 'LeadId', 'lead_id', 'Behavior_Score__c', 'point_score', numbered('J')),
          columns: {
            ...history('', 'LeadId', 'lead_id', 'Behavior_Score__c', 'point_score', numbered('J')).columns,
            CreatedDate: at('scored_at'),
          },
        },
      ],
      opportunities: [
        {
          to: 'Opportunity',
          columns: {
            Id: key('opp_id'),
            AccountId: key('account_id'),
            Amount: 'amount',
            StageName: 'stage',
            Probability: (row) => PROBABILITY[String(row.stage)] ?? null,
            IsClosed: flag(isClosed),
            IsWon: flag((row) => row.stage === 'Closed Won'),
            CloseDate: day('closed_at'),
            CreatedDate: at('created_at'),
          },
        },
      ],
      opportunity_history: [
        {
          to: 'OpportunityHistory',
          columns: {
            Id: numbered('I'),
            OpportunityId: key('opp_id'),
            StageName: 'stage',
            Amount: 'amount',
            Probability: (row) => PROBABILITY[String(row.stage)] ?? null,
            CreatedDate: at('changed_at'),
          },
        },
      ],
      opportunity_contacts: [
        {
          to: 'OpportunityContactRole',
          columns: {
            Id: numbered('K'),
            OpportunityId: key('opp_id'),
            ContactId: key('contact_id'),
            Role: 'role',
            CreatedDate: at('added_at'),
          },
        },
      ],
      activities: [
        {
          to: 'Task',
          only: (row) => !isSpoken(row),
          columns: {
            Id: key('activity_id'),
            WhoId: key('contact_id'),
            Type: 'type',
            CallDurationInSeconds: (row) =>
              row.duration_minutes === null ? null : Number(row.duration_minutes) * 60,
            ActivityDate: day('occurred_at'),
            CreatedDate: at('occurred_at'),
          },
        },
        {
          to: 'Event',
          only: isSpoken,
          columns: {
            Id: key('activity_id'),
            WhoId: key('contact_id'),
            Type: 'type',
            Sentiment__c: 'sentiment',
            StartDateTime: at('occurred_at'),
            CreatedDate: at('occurred_at'),
          },
        },
      ],
      content_views: [
        {
          to: 'Content_View__c',
          columns: {
            Id: numbered('V'),
            Contact__c: key('contact_id'),
            Content_Type__c: 'content_type',
            Name: 'title',
            CreatedDate: at('viewed_at'),
          },
        },
      ],
      campaigns: [
        {
          to: 'Campaign',
          columns: { Id: key('campaign_id'), Name: 'name', Type: 'type', CreatedDate: at('started_at') },
        },
      ],
      campaign_members: [
        {
          to: 'CampaignMember',
          columns: {
            Id: numbered('M'),
            CampaignId: key('campaign_id'),
            ContactId: key('contact_id'),
            FirstRespondedDate: day('responded_at'),
            CreatedDate: at('responded_at'),
          },
        },
      ],
      reps: [{ to: 'User', columns: { Id: key('owner_id'), Name: 'name', Territory__c: 'region' } }],
    },
    '__c',
  );
};

function history(to: string, link: string, id: string, field: string, value: string, number: () => Cell) {
  return {
    to,
    columns: {
      Id: number,
      [link]: key(id),
      Field: () => field,
      NewValue: value,
      CreatedDate: at('changed_at'),
    },
  };
}
