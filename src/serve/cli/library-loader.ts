/** The library as the commands see it; each part is loaded when first used, so that help stays instant. */
import type { Library } from './library.ts';

export const library: Library = {
  openWorkspace: async (dir, options) =>
    (await import('../scoring/workspace.ts')).openWorkspace(dir, options),
  initWorkspace: async (paths, dir, control) =>
    (await import('../scoring/workspace.ts')).initWorkspace(paths, dir, control),
  explainText: async (text, strict) =>
    (await import('../../query/pql/explain.ts')).explainText(text, { mode: strict ? 'strict' : 'lenient' }),
  printCheck: async (report) => (await import('../../data/schema/check.ts')).printCheck(report),
  printSchema: async (config) => (await import('../../data/schema/print.ts')).printSchema(config),
  schemaMermaid: async (config) => (await import('../../data/schema/mermaid.ts')).schemaMermaid(config),
  schemaSvg: async (config) => (await import('../../data/schema/svg.ts')).schemaSvg(config),
};
