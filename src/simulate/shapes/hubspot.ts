/** HubSpot exports: everything a string, property history as the record of changes, associations without dates. */
import type { Cell, Row } from '../types.ts';
import { epochOf, isoOf, mapShape, type Shape } from './shape.ts';

/** Object ids are numbers without a prefix. */
const number =
  (column: string) =>
  (row: Row): Cell => {
    const cell = row[column];
    if (cell === null || cell === undefined) return null;
    const second = /-2$/.test(String(cell)) ? '9' : '';
    return `${second}${String(cell).replace(/-2$/, '').replaceAll(/\D/g, '')}`;
  };
const at =
  (column: string) =>
  (row: Row): Cell =>
    isoOf(row[column]);
const text =
  (column: string) =>
  (row: Row): Cell =>
    row[column] === null ? null : String(row[column]);

const property = (to: string, id: string, name: string, value: string, time: string) => ({
  to,
  columns: {
    objectId: number(id),
    property: () => name,
    value: text(value),
    timestamp: at(time),
    sourceType: () => 'CRM_UI',
  },
});

export const hubspotShape = (): Shape =>
  mapShape({
    accounts: [
      {
        to: 'companies',
        columns: {
          id: number('account_id'),
          name: 'company_name',
          domain: 'website',
          industry: (row) => String(row.industry).toUpperCase(),
          region: 'region',
          numberofemployees: text('employee_count'),
          annualrevenue: text('annual_revenue'),
          web_technologies: (row) => String(row.tech_stack).replaceAll(', ', ';'),
          hubspot_owner_id: number('owner_id'),
          createdate: at('created_at'),
        },
      },
    ],
    contacts: [
      {
        to: 'contacts',
        columns: {
          id: number('contact_id'),
          associatedcompanyid: number('account_id'),
          fullname: 'name',
          jobtitle: 'title',
          email: 'email',
          createdate: at('created_at'),
        },
      },
    ],
    leads: [
      {
        to: 'leads',
        columns: {
          id: number('lead_id'),
          contact_id: number('contact_id'),
          hs_lead_status: 'status',
          hubspotscore: text('point_score'),
          hs_analytics_source: 'source',
          createdate: at('created_at'),
        },
      },
    ],
    lead_status_history: [
      property('lead_property_history', 'lead_id', 'hs_lead_status', 'status', 'changed_at'),
    ],
    lead_scores: [property('lead_property_history', 'lead_id', 'hubspotscore', 'point_score', 'scored_at')],
    opportunities: [
      {
        to: 'deals',
        columns: {
          dealId: number('opp_id'),
          associatedcompanyid: number('account_id'),
          amount: text('amount'),
          dealstage: 'stage',
          createdate: at('created_at'),
          closedate: at('closed_at'),
        },
      },
    ],
    opportunity_history: [
      {
        to: 'deal_stage_history',
        columns: {
          deal_id: number('opp_id'),
          dealstage: 'stage',
          amount: text('amount'),
          date_entered: at('changed_at'),
        },
      },
    ],
    opportunity_contacts: [
      {
        to: 'deal_contact',
        columns: { deal_id: number('opp_id'), contact_id: number('contact_id'), type_id: () => '3' },
      },
    ],
    activities: [
      {
        to: 'engagements',
        columns: {
          engagement_id: number('activity_id'),
          contact_id: number('contact_id'),
          type: (row) => String(row.type).toUpperCase(),
          hs_timestamp: (row) => Number(epochOf(row.occurred_at)) * 1000,
        },
      },
    ],
    content_views: [
      {
        to: 'web_analytics_events',
        columns: {
          contact_id: number('contact_id'),
          event_type: 'content_type',
          page_title: 'title',
          occurred_at: at('viewed_at'),
        },
      },
    ],
    campaign_members: [
      {
        to: 'form_submissions',
        columns: {
          contact_id: number('contact_id'),
          form_id: number('campaign_id'),
          timestamp: at('responded_at'),
        },
      },
    ],
    reps: [{ to: 'owners', columns: { owner_id: number('owner_id'), name: 'name', team: 'region' } }],
  });
