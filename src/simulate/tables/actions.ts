/** What people do: content they read, activities, days of product use. */
import { scramble } from '../random.ts';
import type { Account, Kind, Person, Row, Sink, World } from '../types.ts';
import type { TableRecorder } from './combine.ts';
import { ids } from './ids.ts';
import { momentOf } from './names.ts';

const CONTENT: Readonly<Partial<Record<Kind, readonly string[]>>> = {
  blog: ['Getting started guide', 'What changed this year', 'A field report'],
  case_study: ['Enterprise deployment', 'Faster close in finance', 'From pilot to rollout'],
  whitepaper: ['Security & Compliance', 'Architecture in depth'],
  pricing: ['Pricing page'],
  docs: ['API documentation', 'Quickstart', 'Integration guide'],
};
/** Logins a day at which the free tier says stop. */
const LIMIT = 3;

export function actionTables(sink: Sink): TableRecorder {
  let actions = 0;
  return {
    action(world, account, person, kind) {
      const id = actions++;
      const titles = CONTENT[kind];
      if (titles) sink('content_views', viewRow(world, person, kind, titles, id));
      else sink('activities', activityRow(world, account, person, kind, id));
    },
    use: (world, account, person, logins) =>
      sink('product_usage', {
        usage_id: `U${world.day}-${person.id}`,
        contact_id: ids.person(person.id),
        account_id: ids.account(account.id),
        used_at: momentOf(world, person.id, 8, 17),
        logins,
        limit_hit: logins >= LIMIT,
      }),
  };
}

const viewRow = (world: World, person: Person, kind: Kind, titles: readonly string[], id: number): Row => ({
  view_id: `V${id}`,
  contact_id: ids.person(person.id),
  content_type: kind,
  title: titles[id % titles.length]!,
  viewed_at: momentOf(world, id),
});

function activityRow(world: World, account: Account, person: Person, kind: Kind, id: number): Row {
  const spoken = kind === 'meeting' || kind === 'call';
  const mood = ((scramble(world.options.seed, id) % 1000) / 1000 - 0.5) * 0.8 + (account.need - 1) * 0.25;
  return {
    activity_id: `T${id}`,
    contact_id: ids.person(person.id),
    type: kind,
    occurred_at: momentOf(world, id),
    duration_minutes: spoken ? 10 + (scramble(world.options.seed, id + 1) % 50) : null,
    sentiment: spoken ? Math.round(Math.max(-1, Math.min(1, mood)) * 100) / 100 : null,
  };
}
