/** What what-if, signals and playbook-test print under --json. */
import { z } from 'zod';
import type { SignalsReport } from '../scoring/global-view.ts';
import type { PlaybookReport } from '../scoring/playbook-test.ts';
import type { WhatIf } from '../scoring/what-if.ts';

const quartiles = z.strictObject({ low: z.number(), middle: z.number(), high: z.number() });
const cell = z.union([z.number(), z.string()]).nullable();
const range = z.tuple([z.number(), z.number()]).nullable().describe('95 % interval');

export const whatIf: z.ZodType<WhatIf> = z.strictObject({
  entity: z.string(),
  cutoff: z.string().nullable(),
  probability: z.number().describe('as things are'),
  set: z
    .strictObject({
      probability: z.number(),
      delta: z.number(),
      values: z.array(
        z.strictObject({ feature: z.string(), from: cell, to: cell, warning: z.string().nullable() }),
      ),
    })
    .nullable()
    .describe('with --set: all values together'),
  actions: z
    .array(
      z.strictObject({
        action: z.string().describe('rows there would be more of'),
        signal: z.string(),
        feature: z.string().describe('what counts them'),
        now: z.number(),
        among_wins: quartiles.describe('quartiles and median among past wins'),
        probability: quartiles.describe('with the rows of a past win instead'),
        delta: z.number(),
        cases: z.number().describe('past wins tried'),
        sentence: z.string(),
      }),
    )
    .describe('largest gain first'),
  note: z.string(),
});

const cohortFields = {
  label: z.string(),
  rows: z.number(),
  share: z.number(),
  predicted: z.number(),
  observed: z.number(),
  interval: range,
};

type Head = Pick<SignalsReport, 'task' | 'model'>;

/** Made with the schemas of task and model that the other commands print. */
export const signalsOf = (
  task: z.ZodType<Head['task']>,
  model: z.ZodType<Head['model']>,
): z.ZodType<SignalsReport> =>
  z.strictObject({
    task,
    model,
    rows: z.number().describe('past examples looked at'),
    positives: z.number().nullable(),
    signals: z.array(
      z.strictObject({
        signal: z.string(),
        importance: z.number().describe('mean |contribution|'),
        share: z.number(),
        cohort_variance: z.number().nullable().describe('of the mean contribution between cutoffs'),
        features: z.number(),
      }),
    ),
    effects: z.array(
      z.strictObject({
        feature: z.string(),
        signal: z.string(),
        sentence: z.string(),
        importance: z.number(),
        cohorts: z.array(z.strictObject(cohortFields)),
      }),
    ),
    segments: z.array(
      z.strictObject({
        feature: z.string(),
        sentence: z.string(),
        cohorts: z.array(
          z.strictObject({
            ...cohortFields,
            signals: z.array(z.strictObject({ signal: z.string(), contribution: z.number() })),
          }),
        ),
      }),
    ),
    warnings: z.array(z.string()),
  });

const conversion = z.strictObject({ rows: z.number(), rate: z.number().nullable(), interval: range });

export const playbookOf = (task: z.ZodType<PlaybookReport['task']>): z.ZodType<PlaybookReport> =>
  z.strictObject({
    task,
    rung: z.string(),
    rows: z.number(),
    cutoffs: z.number(),
    rules: z
      .array(
        z.strictObject({
          rule: z.string().describe('name@version'),
          action: z.string(),
          share: z.number(),
          fired: conversion,
          rest: conversion,
        }),
      )
      .describe("in the playbook's order"),
    warnings: z.array(z.string()),
  });
