/**
 * The mechanisms, measured back from what happened: only actions and deals that tables show are read, none of what the
 * simulator keeps to itself. Cases are accounts on every ninetieth day, so that no two overlap in time.
 */
import { committeeOf, didLately } from '../committee.ts';
import { INDUSTRIES } from '../profile.ts';
import type { TableRecorder } from '../tables/combine.ts';
import { type Account, STAGES, type World } from '../types.ts';

const HORIZON = 90;
const SILENT = 21;
const ENTERPRISE = 1000;
/** Normal quantile of a 95 % interval. */
const Z = 1.96;

export interface Share {
  readonly cases: number;
  readonly came: number;
  readonly share: number | null;
  readonly interval: readonly [number, number] | null;
}

export interface Ratio {
  readonly name: string;
  readonly published: string;
  readonly of: Share;
  readonly against: Share;
  readonly ratio: number | null;
  readonly interval: readonly [number, number] | null;
}

export interface Measured {
  readonly ratios: readonly Ratio[];
  readonly shares: readonly { readonly name: string; readonly published: string; readonly share: Share }[];
}

interface Case {
  readonly account: number;
  readonly day: number;
  readonly kind: 'all' | 'single' | 'departments' | 'triad';
}

export interface Measuring extends TableRecorder {
  measured(): Measured;
}

export function measuring(): Measuring {
  const cases: Case[] = [];
  const openings = new Map<number, number[]>();
  const silent = new Set<number>();
  const negotiating = new Set<number>();
  const ends = new Map<number, boolean>();
  const late = (account: Account): boolean =>
    INDUSTRIES[account.industry]!.name === 'Finance' && account.employees >= ENTERPRISE;
  let last = 0;
  return {
    opened(world, account) {
      openings.set(account.id, [...(openings.get(account.id) ?? []), world.day]);
    },
    moved(_world, account, deal) {
      if (deal.stage === STAGES.length - 1 && late(account)) negotiating.add(deal.id);
    },
    closed: (_world, _account, deal, won) => void ends.set(deal.id, won),
    evening(world) {
      last = world.day;
      for (const account of world.accounts) {
        const { deal } = account;
        if (deal && world.day - deal.born >= SILENT && isSilent(account, world)) silent.add(deal.id);
      }
      if (world.day % HORIZON === 0) cases.push(...casesOf(world));
    },
    measured() {
      const complete = cases.filter((c) => c.day + HORIZON <= last);
      const rate = (kind: Case['kind']): Share => {
        const chosen = complete.filter((c) => kind === 'all' || c.kind === kind);
        const came = chosen.filter((c) =>
          (openings.get(c.account) ?? []).some((d) => d > c.day && d <= c.day + HORIZON),
        ).length;
        return shareOf(came, chosen.length);
      };
      const ended = (ids: ReadonlySet<number>, won: boolean): Share => {
        const known = [...ids].filter((id) => ends.has(id));
        return shareOf(known.filter((id) => ends.get(id) === won).length, known.length);
      };
      const departments = plus(rate('departments'), rate('triad'));
      return {
        ratios: [
          ratioOf(
            'three people, pricing, whitepaper and webinar in 14 days, against all accounts',
            '15×',
            rate('triad'),
            rate('all'),
          ),
          ratioOf(
            'three or more departments in 14 days, against one person',
            '4.2×',
            departments,
            rate('single'),
          ),
        ],
        shares: [
          {
            name: 'deals without a meeting for 21 days that were lost',
            published: '73 %',
            share: ended(silent, false),
          },
          {
            name: 'Finance enterprise deals in negotiation that were won',
            published: '78 %',
            share: ended(negotiating, true),
          },
        ],
      };
    },
  };
}

const isSilent = (account: Account, { day }: World): boolean =>
  !didLately(account, day, SILENT, ['meeting', 'call', 'demo_request']);

function casesOf(world: World): readonly Case[] {
  return world.accounts
    .filter((a) => a.people.length > 0 && !a.deal)
    .map((account) => {
      const { people, departments, triad } = committeeOf(account, world.day);
      const kind = triad ? 'triad' : departments >= 3 ? 'departments' : people === 1 ? 'single' : 'all';
      return { account: account.id, day: world.day, kind };
    });
}

const plus = (a: Share, b: Share): Share => shareOf(a.came + b.came, a.cases + b.cases);

/** Wilson interval (Wilson 1927). */
function shareOf(came: number, cases: number): Share {
  if (cases === 0) return { cases, came, share: null, interval: null };
  const p = came / cases;
  const middle = (p + Z ** 2 / (2 * cases)) / (1 + Z ** 2 / cases);
  const half = (Z / (1 + Z ** 2 / cases)) * Math.sqrt((p * (1 - p)) / cases + Z ** 2 / (4 * cases ** 2));
  return { cases, came, share: p, interval: [middle - half, middle + half] };
}

/** Interval on the log scale (Katz et al. 1978). */
function ratioOf(name: string, published: string, of: Share, against: Share): Ratio {
  if (of.came === 0 || against.came === 0)
    return { name, published, of, against, ratio: null, interval: null };
  const ratio = of.share! / against.share!;
  const spread = Math.sqrt(1 / of.came - 1 / of.cases + 1 / against.came - 1 / against.cases);
  return {
    ...{ name, published, of, against, ratio },
    interval: [ratio * Math.exp(-Z * spread), ratio * Math.exp(Z * spread)],
  };
}
