/** Chances a day, from the state of an account: the truth that scores are held against. */
import { committeeOf, didLately } from './committee.ts';
import { type Account, DAY, STAGES, type World } from './types.ts';

const PEER_DAYS = 90;
const BLESSED_DAYS = 180;
const CHAIN_DAYS = 45;
const HOLLOW_AFTER = 10;
const SILENT_DAYS = 21;
const MAX_OPENING = 0.25;
/** Factor on opening a deal when nobody was active for two weeks; when the account is a customer already; after a loss. */
const UNSEEN = 0.3;
const AGAIN = 0.5;
const AFTER_LOSS = 0.4;
const LOSS_DAYS = 120;

/** Wins among peers in the last 90 days, per hundred accounts of the industry. */
export function peerWins(world: World, industry: number): number {
  const { day } = world;
  const wins = world.wins[industry]!;
  let sum = 0;
  for (let d = Math.max(0, day - PEER_DAYS); d < day; d++) sum += wins[d]!;
  return (100 * sum) / Math.max(20, world.members[industry]!);
}

/** About 1: the year's season, and the last month of a quarter. */
export function seasonOf(world: World): number {
  const { season, quarterEnd } = world.options.mechanisms;
  const date = new Date(world.options.from + world.day * DAY);
  const turn = (2 * Math.PI * (date.getUTCMonth() + date.getUTCDate() / 31)) / 12;
  return (1 + season * Math.sin(turn)) * (date.getUTCMonth() % 3 === 2 ? 1 + quarterEnd : 1);
}

export const isBlessed = (account: Account, day: number): boolean => day - account.blessed < BLESSED_DAYS;

export function awakeningOf(world: World, account: Account, season: number, peers: number): number {
  const m = world.options.mechanisms;
  const pull = 1 + m.contagion * peers;
  return (
    m.awakening *
    Math.exp(m.fit * account.fit) *
    season *
    pull *
    (isBlessed(account, world.day) ? m.blessing : 1)
  );
}

export const usageSpikes = (account: Account): boolean =>
  account.users.length >= 2 && account.usageWeek > 2 * account.usageMonth && account.usageWeek > 0.5;

/** Chance that an account without an open deal opens one today. */
export function openingOf(world: World, account: Account, season: number): number {
  const m = world.options.mechanisms;
  const { day } = world;
  const { people, departments, triad } = committeeOf(account, day);
  const company =
    people === 0
      ? UNSEEN
      : people === 1
        ? 1
        : people === 2
          ? m.pair
          : triad
            ? m.triad
            : departments >= 3
              ? m.committee
              : m.crowd;
  const steps = day - account.chainDay < CHAIN_DAYS ? Math.max(0, account.chain - 1) : 0;
  const hollow = day - account.hollow < CHAIN_DAYS && day - account.lastAny > HOLLOW_AFTER;
  const hazard =
    m.opening *
    Math.exp(m.fit * account.fit) *
    season *
    company *
    m.sequence ** steps *
    (hollow ? m.hollow : 1) *
    (usageSpikes(account) ? m.usage : 1) *
    (isBlessed(account, day) ? m.blessing : 1) *
    (account.workedUntil > day ? m.effort : 1) *
    (account.customer <= day && account.customer > 0 ? AGAIN : 1) *
    (day - account.lostAt < LOSS_DAYS ? AFTER_LOSS : 1);
  return Math.min(MAX_OPENING, hazard);
}

export interface DealChances {
  readonly forward: number;
  readonly lost: number;
}

/** Forward from the last stage is a win. */
export function dealChances(world: World, account: Account): DealChances {
  const m = world.options.mechanisms;
  const { day } = world;
  const deal = account.deal!;
  const silent =
    day - deal.born >= SILENT_DAYS &&
    !didLately(account, day, SILENT_DAYS, ['meeting', 'call', 'demo_request']);
  const champion = account.people.some((p) => p.champion && !p.left);
  const late = deal.stage === STAGES.length - 1;
  const forward =
    m.progress * (silent ? m.silenceProgress : 1) * (champion ? m.champion : 1) * Math.exp(0.3 * account.fit);
  const lost = (m.loss * (silent ? m.silenceLoss : 1) * (late ? 1.3 : 1)) / (champion ? m.champion : 1);
  return { forward: Math.min(0.5, forward), lost: Math.min(0.3, lost) };
}
