import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

export type Language = 'ru' | 'en';

type Texts = Record<Language, () => Promise<{ default: object }>>;

/** Texts come as a file of their own: nobody needs both languages to begin with. */
const TEXTS: Texts = { ru: () => import('./ru.json'), en: () => import('./en.json') };

/** Texts of screens that few people open: they come with those screens. */
const MORE: Texts = { ru: () => import('./ru.more.json'), en: () => import('./en.more.json') };
let moreWanted = false;

const REMEMBERED = 'ats.language';

export function isLanguage(value: unknown): value is Language {
  return value === 'ru' || value === 'en';
}

/** The language before anybody is logged in: the last one used in this browser, else Russian. */
function initialLanguage(): Language {
  try {
    const remembered = localStorage.getItem(REMEMBERED);
    if (isLanguage(remembered)) return remembered;
  } catch {
    // Storage is forbidden: the default holds for this visit.
  }
  return 'ru';
}

async function load(language: Language): Promise<void> {
  for (const texts of moreWanted ? [TEXTS, MORE] : [TEXTS]) {
    i18next.addResourceBundle(language, 'translation', (await texts[language]()).default, true);
  }
}

/** A screen together with the texts only such screens need. */
export async function withMoreTexts<T>(screen: Promise<T>): Promise<T> {
  moreWanted = true;
  const present = i18next.language;
  if (isLanguage(present)) await load(present);
  return screen;
}

export async function setLanguage(language: Language): Promise<void> {
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  try {
    localStorage.setItem(REMEMBERED, language);
  } catch {
    // Not remembered, nothing else is lost.
  }
}

const language = initialLanguage();
document.documentElement.lang = language;

/** Resolves once the texts of the first language are there; nothing is shown before. */
export const ready = i18next
  .use(initReactI18next)
  .init({
    resources: {},
    lng: language,
    fallbackLng: false,
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
  })
  .then(() => load(language));

export default i18next;
