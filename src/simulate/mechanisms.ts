/**
 * Sizes of what drives a simulated company. The defaults are the published figures of the worked examples where they
 * give any (fifteen-fold, 4.2-fold, 73 % lost after silence, 78 % of late finance deals won) and plain assumptions
 * elsewhere. They were fixed before a model saw any simulated row.
 */
export interface Mechanisms {
  /** Chance a day that an ordinary account without need becomes aware of one. */
  readonly awakening: number;
  /** Chance a day of moving one step deeper, and of losing interest. */
  readonly deepening: number;
  readonly fading: number;
  /** Share by which awakening rises per peer win among a hundred accounts of the industry in the last 90 days. */
  readonly contagion: number;
  /** Factor on awakening and deals for 180 days after a customer's executive joins or a customer refers. */
  readonly blessing: number;
  /** Amplitude of the yearly season, and the rise in the last month of a quarter. */
  readonly season: number;
  readonly quarterEnd: number;
  /** Chance a day that one active person alone leads to an opportunity, at average fit. */
  readonly opening: number;
  /** Factors on it: two people, three or more of one department, of several, all three kinds of buying content. */
  readonly pair: number;
  readonly crowd: number;
  readonly committee: number;
  readonly triad: number;
  /** Factor per further step of a buying sequence taken in order, and for a demo first and then silence. */
  readonly sequence: number;
  readonly hollow: number;
  /** Factor for a team in the free tier whose use has doubled. */
  readonly usage: number;
  /** Factor per unit of fit (log scale). */
  readonly fit: number;
  /** Factor when a rep works the account. */
  readonly effort: number;
  /** Chance a day that an open deal moves on, and that it is lost, when people are engaged. */
  readonly progress: number;
  readonly loss: number;
  /** Factors of silence (no meeting for 21 days) and of a champion. */
  readonly silenceLoss: number;
  readonly silenceProgress: number;
  readonly champion: number;
  /** Actions a day of an ordinary person without need, and of one involved, by need. */
  readonly idle: number;
  readonly engaged: readonly [number, number, number, number];
  /** Share of people who read everything and buy nothing. */
  readonly readers: number;
  /** Chance a day that a person changes jobs. */
  readonly jobChange: number;
  /** Spread of the part of fit that no table tells. */
  readonly hidden: number;
}

export const MECHANISMS: Mechanisms = {
  awakening: 0.0007,
  deepening: 0.05,
  fading: 0.016,
  contagion: 0.5,
  blessing: 3,
  season: 0.2,
  quarterEnd: 0.25,
  opening: 0.00008,
  pair: 1.6,
  crowd: 2.5,
  committee: 5.5,
  triad: 300,
  sequence: 1.12,
  hollow: 0.3,
  usage: 2,
  fit: 0.6,
  effort: 1.2,
  progress: 0.055,
  loss: 0.016,
  silenceLoss: 5,
  silenceProgress: 0.35,
  champion: 1.6,
  idle: 0.02,
  engaged: [0.03, 0.08, 0.15, 0.22],
  readers: 0.06,
  jobChange: 0.0003,
  hidden: 0.4,
};
