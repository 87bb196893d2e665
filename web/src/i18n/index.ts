import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

import en from './en.json';
import ru from './ru.json';

export type Language = 'ru' | 'en';

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

export async function setLanguage(language: Language): Promise<void> {
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

void i18next.use(initReactI18next).init({
  resources: { ru: { translation: ru }, en: { translation: en } },
  lng: language,
  fallbackLng: false,
  interpolation: { escapeValue: false }, // React escapes
  returnNull: false,
});

export default i18next;
