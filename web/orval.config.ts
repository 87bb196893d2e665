import { defineConfig } from 'orval';

// openapi.json is exported by `python -m ats.manage export_openapi`; nothing generated is committed.
export default defineConfig({
  ats: {
    input: './openapi.json',
    output: {
      target: './src/api/generated/ats.ts',
      schemas: './src/api/generated/model',
      mode: 'single',
      client: 'fetch',
      clean: true,
      override: {
        mutator: { path: './src/api/http.ts', name: 'request' },
        fetch: { includeHttpResponseReturnType: false },
      },
    },
  },
});
