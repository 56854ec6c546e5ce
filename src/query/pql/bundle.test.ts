import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

test('the language bundles for a browser, without Node built-ins or packages', async () => {
  const files = ['compile', 'describe', 'diagnostic', 'explain', 'functions', 'codes'];
  const result = await build({
    stdin: {
      contents: files.map((file) => `export * from './${file}.ts';`).join('\n'),
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
      loader: 'ts',
    },
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'browser',
    metafile: true,
    logLevel: 'silent',
  });
  expect(result.warnings).toEqual([]);
  const inputs = Object.entries(result.metafile.inputs);
  expect(inputs.filter(([path]) => path.includes('node_modules'))).toEqual([]);
  expect(inputs.flatMap(([, input]) => input.imports).filter((i) => i.external)).toEqual([]);
  expect(result.outputFiles[0]!.contents.length).toBeLessThan(80_000);
});
