/**
 * The columns that are learned: what texts are about, what stands beside a row in order of creation, places within the
 * cutoff, likeness to earlier wins and losses.
 *
 * A saved model is {plan, DerivedState, kept columns, model state}; rescoring runs
 * computeFeatures → applyDerived → the kept columns by name → predict.
 */
import type { FeatureMatrix } from '../types.ts';
import { applyOrder, learnOrder } from './order.ts';
import { applyRanks, learnRanks } from './rank.ts';
import { applySimilar, learnSimilar } from './similar.ts';
import { applyTexts, learnTexts } from './text.ts';
import type { DerivedState, DeriveInput, LearnInput } from './types.ts';

/** State for `applyDerived`, from training rows and cells known by each row's cutoff. Same input and seed, same state. */
export async function learnDerived(input: LearnInput): Promise<DerivedState> {
  const { states: text, notes } = await learnTexts(input);
  const ranks = learnRanks(input);
  const matrix = applyRanks({ ...input, matrix: await applyTexts(input, text) }, ranks);
  const similar = learnSimilar({ ...input, matrix });
  const { state: order, notes: unread } = await learnOrder(input);
  return {
    text,
    ranks,
    ...(similar ? { similar } : {}),
    ...(order ? { order } : {}),
    notes: [...notes, ...unread],
  };
}

/** The matrix with the state's columns after its own. SCHEMA_MISMATCH when a column the state reads is gone. */
export async function applyDerived(input: DeriveInput, state: DerivedState): Promise<FeatureMatrix> {
  const worded = await applyTexts(input, state.text);
  const placed = await applyOrder({ ...input, matrix: worded }, state.order);
  const ranked = applyRanks({ ...input, matrix: placed }, state.ranks);
  return applySimilar({ ...input, matrix: ranked }, state.similar);
}
