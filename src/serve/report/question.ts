import type { CompareReport } from '../scoring/types.ts';

/** What is asked: in words, then the query where the words do not quote it already. */
export const question = ({ description, query }: CompareReport['task']): readonly string[] =>
  query === null || description.includes(query) ? [description] : [description, query];
