/** Stages entered late under an earlier date, programs that click, and a system that changes half way. */
import type { Row } from '../types.ts';
import { chanceOf } from './chance.ts';
import type { CreateSoiler } from './types.ts';

const BACKDATED = 0.4;
const CLICKED = 0.25;
const CLICKS = 4;

/** Entered under the first of the month. */
export const backdated: CreateSoiler =
  ({ seed, level, note }) =>
  (table, row) => {
    if (table !== 'opportunity_history' || row.stage === 'Discovery') return [{ table, row }];
    if (chanceOf(seed, 6, `${String(row.opp_id)}${String(row.stage)}`) >= BACKDATED * level)
      return [{ table, row }];
    note(table, 'dated to the first of the month', 'changed_at');
    return [{ table, row: { ...row, changed_at: `${String(row.changed_at).slice(0, 7)}-01 09:00:00` } }];
  };

/** A scanner opens every link of a mail in the second it arrives. */
export const bots: CreateSoiler =
  ({ seed, level, note }) =>
  (table, row) => {
    const opened = table === 'activities' && row.type === 'email_open';
    if (!opened || chanceOf(seed, 7, row.activity_id ?? null) >= CLICKED * level) return [{ table, row }];
    const clicks = Array.from({ length: CLICKS }, (_, i) => ({
      table: 'content_views',
      row: clickOf(row, i),
    }));
    for (const click of clicks) note(click.table, 'clicked by a program');
    return [{ table, row }, ...clicks];
  };

const CLICKED_KINDS = ['blog', 'case_study', 'pricing', 'docs'] as const;
const clickOf = (row: Row, i: number): Row => ({
  view_id: `${String(row.activity_id)}-b${i}`,
  contact_id: row.contact_id!,
  content_type: CLICKED_KINDS[i % CLICKED_KINDS.length]!,
  title: 'Link in mail',
  viewed_at: row.occurred_at!,
});

/** From the middle on: a type has another name, and lengths are in seconds. */
export const drift: CreateSoiler =
  ({ seed, level, middle, note }) =>
  (table, row) => {
    if (table === 'content_views' && row.content_type === 'pricing' && String(row.viewed_at) >= middle) {
      if (chanceOf(seed, 8, 'pricing') >= level) return [{ table, row }];
      note(table, 'another name for the same', 'content_type');
      return [{ table, row: { ...row, content_type: 'pricing_page_v2' } }];
    }
    if (table === 'activities' && row.duration_minutes !== null && String(row.occurred_at) >= middle) {
      if (chanceOf(seed, 9, 'minutes') >= level) return [{ table, row }];
      note(table, 'seconds instead of minutes', 'duration_minutes');
      return [{ table, row: { ...row, duration_minutes: Number(row.duration_minutes) * 60 } }];
    }
    return [{ table, row }];
  };
