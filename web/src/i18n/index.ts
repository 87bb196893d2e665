import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

export type Language = 'ru' | 'en';

/** Texts come as a file of their own: nobody needs both languages to begin with. */
const TEXTS: Record<Language, () => Promise<{ default: object }>> = {
  ru: () => import('./ru.json'),
  en: () => import('./en.json'),
};

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
  if (i18next.hasResourceBundle(language, 'translation')) return;
  i18next.addResourceBundle(language, 'translation', (await TEXTS[language]()).default);
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
