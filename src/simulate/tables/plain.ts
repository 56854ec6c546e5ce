/**
 * All tables of a company in plain form. Dated rows are written as they happen; records whose cells change are written
 * at the end as an export would show them, with their histories beside them.
 */
import type { Sink } from '../types.ts';
import { actionTables } from './actions.ts';
import { combineRecorders } from './combine.ts';
import { customerTables } from './customers.ts';
import { dealTables } from './deals.ts';
import { marketTables } from './market.ts';
import { recordTables } from './records.ts';

export const plainTables = (sink: Sink): ReturnType<typeof combineRecorders> =>
  combineRecorders([
    recordTables(sink),
    actionTables(sink),
    dealTables(sink),
    customerTables(sink),
    marketTables(sink),
  ]);
