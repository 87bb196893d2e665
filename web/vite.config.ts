import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import react from '@vitejs/plugin-react';
import type { Plugin, Rolldown } from 'vite';
import { defineConfig } from 'vitest/config';

const here = fileURLToPath(new URL('.', import.meta.url));

// The launcher says where the built cabinet goes; by hand it lands where the default home looks for it.
const outDir = process.env.ATS_WEB_OUT ?? `${here}../var/tools/web`;
const backend = process.env.ATS_WEB_BACKEND ?? 'http://127.0.0.1:8080';

/** What public/early.js asks for before the entry does: the texts of a language, the screen a visit begins with. */
const EARLY = { ru: 'i18n/ru.json', en: 'i18n/en.json', clients: 'clients/ClientsPage.tsx', overview: 'overview/OverviewPage.tsx' };

/** Writes the names of these files, which change with each build, where early.js looks for them. */
function earlyFiles(): Plugin {
  return {
    name: 'early-files',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        const chunks = Object.values(bundle ?? {}).filter((one): one is Rolldown.OutputChunk => one.type === 'chunk');
        const files = (source: string): string => {
          const needed = new Set<string>();
          const add = (chunk: Rolldown.OutputChunk | undefined) => {
            if (!chunk || needed.has(chunk.fileName)) return;
            for (const name of [chunk.fileName, ...(chunk.viteMetadata?.importedCss ?? [])]) needed.add(name);
            for (const name of chunk.imports) add(chunks.find((one) => one.fileName === name));
          };
          add(chunks.find((one) => one.facadeModuleId?.endsWith(source)));
          return [...needed].filter((name) => !html.includes(name)).map((name) => `/${name}`).join(' ');
        };
        const data = Object.entries(EARLY).map(([name, source]) => `data-${name}="${files(source)}"`);
        return html.replace('src="/early.js"', `src="/early.js" ${data.join(' ')}`);
      },
    },
  };
}

/** Leaves each file compressed beside itself: the web process hands these over as they are. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    closeBundle() {
      for (const name of readdirSync(`${outDir}/assets`)) {
        if (!/\.(js|css|svg)$/.test(name)) continue;
        const file = `${outDir}/assets/${name}`;
        const text = readFileSync(file);
        writeFileSync(`${file}.br`, brotliCompressSync(text));
        writeFileSync(`${file}.gz`, gzipSync(text, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  root: here,
  plugins: [react(), earlyFiles(), compressed()],
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2022',
    rolldownOptions: {
      output: {
        // Left to itself the bundler makes fifty files of what the first screens need, one for each set of screens
        // that shares something; each costs a request, and they are what a first visit waits for.
        codeSplitting: {
          groups: [
            // React and Mantine change rarely: their files stay in the browser's cache across our releases.
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler|react-router)\//, tags: ['$initial'], priority: 5 },
            { name: 'ui', test: /node_modules\//, tags: ['$initial'], priority: 4 },
            { name: 'app', test: /\/src\/(?!main)/, tags: ['$initial'], priority: 3 },
            // The table, with all it is made of and what stands in most: nearly every screen is one.
            { name: 'table', test: /mantine-datatable|\/src\/(table|resource|api)\/|\/Badge\/|\/Icon(UserShield|Edit|Plus|Trash)\./, priority: 2 },
            { name: 'common', minShareCount: 4, priority: 1 },
          ],
        },
      },
    },
  },
  server: { host: '127.0.0.1', proxy: { '/api': backend } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'] },
});
