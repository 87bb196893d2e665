import { describe, expect, test } from 'vitest';

import en from './en.json';
import moreEn from './en.more.json';
import ru from './ru.json';
import moreRu from './ru.more.json';

const PLURAL = /_(zero|one|two|few|many|other)$/;

function flat(tree: object, prefix = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') found.set(prefix + key, value);
    else for (const [inner, text] of flat(value as object, `${prefix}${key}.`)) found.set(inner, text);
  }
  return found;
}

const russian = flat({ ...ru, ...moreRu });
const english = flat({ ...en, ...moreEn });
const bare = (keys: Iterable<string>) => new Set([...keys].map((key) => key.replace(PLURAL, '')));

const sources = import.meta.glob<string>('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true });
const code = Object.entries(sources)
  .filter(([path]) => !path.includes('generated') && !path.includes('.test.'))
  .map(([, text]) => text)
  .join('\n');

describe('locales', () => {
  test('both languages have the same keys', () => {
    expect([...bare(english.keys())].sort()).toEqual([...bare(russian.keys())].sort());
  });

  test('no text is empty', () => {
    for (const [key, text] of [...russian, ...english]) expect(text, key).not.toBe('');
  });

  test('plural forms are complete for their language', () => {
    for (const [keys, language] of [[russian, 'ru'], [english, 'en']] as const) {
      const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      for (const key of keys.keys()) {
        if (!PLURAL.test(key)) continue;
        const stem = key.replace(PLURAL, '');
        for (const form of forms) expect(keys.has(`${stem}_${form}`), `${language} ${stem}_${form}`).toBe(true);
      }
    }
  });

  test('both languages fill in the same values', () => {
    const values = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1]).sort();
    for (const [key, text] of russian) {
      const other = english.get(key);
      if (other !== undefined) expect(values(other), key).toEqual(values(text));
    }
  });

  test('every key the code names exists', () => {
    const known = bare(russian.keys());
    const roots = new Set([...known].map((key) => key.split('.')[0]));
    const named = new Set<string>();
    for (const [, , text] of code.matchAll(/(['"`])([a-zA-Z]+\.[a-zA-Z_]+)\1/g)) {
      if (text !== undefined && roots.has(text.split('.')[0])) named.add(text);
    }
    // What is handed to t() is a key, whatever it begins with: a group that does not exist is no excuse.
    for (const [, text] of code.matchAll(/\bt\(\s*'([\w.]+)'/g)) if (text !== undefined) named.add(text);
    expect(named.size).toBeGreaterThan(200);
    expect([...named].filter((key) => !known.has(key))).toEqual([]);
  });

  test('every key put together in the code has its group', () => {
    const groups = new Set([...russian.keys()].map((key) => key.split('.')[0]));
    for (const [, group] of code.matchAll(/t\(`([a-zA-Z]+)\.\$\{/g)) expect(groups.has(group ?? ''), group).toBe(true);
  });

  test('no text is left unused', () => {
    const grouped = new Set([...code.matchAll(/`([a-zA-Z]+(?:\.[a-zA-Z]+)*\.)\$\{/g)].map((found) => found[1] ?? ''));
    for (const prefix of code.matchAll(/named\('([a-z]+)'/g)) grouped.add(`${prefix[1]}.`);
    const prefixes = [...grouped];
    const unused = [...bare(russian.keys())].filter(
      (key) => !code.includes(`'${key}'`) && !prefixes.some((prefix) => key.startsWith(prefix)),
    );
    expect(unused).toEqual([]);
  });
});
