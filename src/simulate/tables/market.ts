/** What others tell: reps, campaigns that webinars belong to, and weekly topic surges bought from an intent vendor. */
import { REGIONS } from '../profile.ts';
import { scramble } from '../random.ts';
import type { Account, Person, Row, Sink, World } from '../types.ts';
import type { TableRecorder } from './combine.ts';
import { ids } from './ids.ts';
import { dayStamp, momentOf, personName } from './names.ts';

const TOPICS = ['predictive analytics', 'data platform', 'sales automation'] as const;
/** Surge of an account without need, and what each step of need adds; the rest is noise. */
const SURGE = 45;
const PER_NEED = 7;
const NOISE = 50;
/** The vendor sees this share of accounts. */
const COVERAGE = 0.7;
const CAMPAIGN_DAYS = 30;

export function marketTables(sink: Sink): TableRecorder {
  let announced = -1;
  return {
    action(world, _account, person, kind) {
      if (kind !== 'webinar') return;
      const campaign = Math.floor(world.day / CAMPAIGN_DAYS);
      if (campaign !== announced) sink('campaigns', campaignRow(world, campaign));
      announced = campaign;
      sink('campaign_members', memberRow(world, person, campaign));
    },
    evening(world) {
      if (world.day % 7 !== 6) return;
      for (const account of world.accounts) {
        if (account.people.length > 0 && unit(world.options.seed, account.id) < COVERAGE)
          sink('intent_topics', topicRow(world, account));
      }
    },
    finish(world) {
      world.load.forEach((_, rep) => {
        sink('reps', {
          owner_id: ids.rep(rep),
          name: personName(world.options.seed + 1, rep),
          region: REGIONS[rep % REGIONS.length]!,
        });
      });
    },
  };
}

const unit = (state: number, label: number): number => scramble(state, label) / 4294967296;

const campaignRow = (world: World, campaign: number): Row => ({
  campaign_id: `W${campaign}`,
  name: `Webinar ${campaign + 1}`,
  type: 'Webinar',
  started_at: dayStamp(world, campaign * CAMPAIGN_DAYS),
});

const memberRow = (world: World, person: Person, campaign: number): Row => ({
  campaign_id: `W${campaign}`,
  contact_id: ids.person(person.id),
  responded_at: momentOf(world, person.id, 8, 17),
});

function topicRow(world: World, account: Account): Row {
  const state = scramble(scramble(world.options.seed, world.day), account.id);
  const topic = TOPICS[state % TOPICS.length]!;
  return {
    account_id: ids.account(account.id),
    topic,
    surge: Math.round(SURGE + PER_NEED * account.need + (unit(state, 3) - 0.5) * NOISE),
    week_ending: dayStamp(world, world.day, 23),
  };
}
