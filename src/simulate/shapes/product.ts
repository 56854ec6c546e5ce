/**
 * Behaviour as Segment writes it to a warehouse and billing as Stripe exports it, beside the CRM's plain tables:
 * `tracks`, `pages`, `identifies`, `groups`; `stripe_customers`, `stripe_subscriptions`, `stripe_invoices` (seconds since
 * 1970, amounts in cents).
 */
import type { Row } from '../types.ts';
import { epochOf, isoOf, mapShape, type Shape } from './shape.ts';

const received = (column: string) => (row: Row) => isoOf(row[column]);
const cents = (column: string) => (row: Row) => Math.round(Number(row[column]) * 100);
const customer = (row: Row) => `cus_${String(row.account_id)}`;
/** Crossed from behaviour and billing; everything else stays as the CRM has it. */
const MOVED: ReadonlySet<string> = new Set(['content_views', 'product_usage', 'subscriptions', 'invoices']);

export const productShape = (): Shape => {
  const maps = mapShape({
    contacts: [
      {
        to: 'identifies',
        columns: {
          message_id: (row) => `i-${String(row.contact_id)}`,
          user_id: 'contact_id',
          email: 'email',
          title: 'title',
          timestamp: received('created_at'),
          received_at: received('created_at'),
        },
      },
      {
        to: 'groups',
        columns: {
          message_id: (row) => `g-${String(row.contact_id)}`,
          user_id: 'contact_id',
          group_id: 'account_id',
          timestamp: received('created_at'),
          received_at: received('created_at'),
        },
      },
    ],
    content_views: [
      {
        to: 'pages',
        columns: {
          message_id: 'view_id',
          user_id: 'contact_id',
          category: 'content_type',
          title: 'title',
          timestamp: received('viewed_at'),
          received_at: received('viewed_at'),
        },
      },
    ],
    product_usage: [
      {
        to: 'tracks',
        columns: {
          message_id: 'usage_id',
          user_id: 'contact_id',
          context_group_id: 'account_id',
          event: (row) => (row.limit_hit === true ? 'Limit Reached' : 'Signed In'),
          logins: 'logins',
          timestamp: received('used_at'),
          received_at: received('used_at'),
        },
      },
    ],
    subscriptions: [
      {
        to: 'stripe_customers',
        columns: { id: customer, account_id: 'account_id', created: (row) => epochOf(row.started_at) },
      },
      {
        to: 'stripe_subscriptions',
        columns: {
          id: (row) => `sub_${String(row.subscription_id)}`,
          customer,
          plan: 'plan',
          quantity: 'seats',
          amount: cents('yearly_amount'),
          created: (row) => epochOf(row.started_at),
        },
      },
    ],
    invoices: [
      {
        to: 'stripe_invoices',
        columns: {
          id: (row) => `in_${String(row.invoice_id)}`,
          subscription: (row) => `sub_${String(row.subscription_id)}`,
          amount_due: cents('amount'),
          created: (row) => epochOf(row.issued_at),
        },
      },
    ],
  });
  const customers = new Set<unknown>();
  return (table, row) => {
    const moved = maps(table, row).filter(
      (out) => out.table !== 'stripe_customers' || (!customers.has(out.row.id) && customers.add(out.row.id)),
    );
    return MOVED.has(table) ? moved : [{ table, row }, ...moved];
  };
};
