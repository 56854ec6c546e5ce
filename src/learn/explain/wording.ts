/** How a task's sentences call things, from the names the user gave them. */
import { words } from '../features/lexicon-signals.ts';
import type { Wording } from './types.ts';

/** `target`: what is predicted, in any words; only conversions have a verb of their own. */
export const wordingOf = (entityTable: string, target = ''): Wording => ({
  entities: words(entityTable),
  outcome: /conver(t|sion)|\bwon\b/.test(words(target)) ? 'converted' : 'had the outcome',
  currency: '',
});
