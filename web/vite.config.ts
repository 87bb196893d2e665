import { fileURLToPath } from 'node:url';

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const here = fileURLToPath(new URL('.', import.meta.url));

// The launcher says where the built cabinet goes; by hand it lands where the default home looks for it.
const outDir = process.env.ATS_WEB_OUT ?? `${here}../var/tools/web`;
const backend = process.env.ATS_WEB_BACKEND ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: here,
  plugins: [react()],
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2022',
    rollupOptions: {
      output: {
        // React and Mantine change rarely: their own file stays in the browser's cache across our releases.
        manualChunks(id: string) {
          if (/node_modules\/(react|react-dom|scheduler|react-router)\//.test(id)) return 'react';
          return undefined;
        },
      },
    },
  },
  server: { host: '127.0.0.1', proxy: { '/api': backend } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'] },
});
