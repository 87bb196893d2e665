/**
 * A telephone number as people write it in Russia (S252): +7 495 123-45-67, 8 916 123-45-67 as it was dialled.
 *
 * Takes E.164 digits with or without the plus, or what a telephone dialled. Other countries' numbers only get their
 * plus; short numbers, codes, names and what was dialled through 810 come back as they are.
 */
export function shownNumber(raw: string): string {
  const russian = /^(\+?7|8)(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(raw);
  if (russian) {
    const [, begin, area, first, second, third] = russian;
    return `${begin === '8' ? '8' : '+7'} ${area} ${first}-${second}-${third}`;
  }
  return /^[1-79]\d{10,14}$/.test(raw) ? `+${raw}` : raw;
}

/** A sentence of the exchange's with its E.164 numbers as `shownNumber` writes them. */
export function withShownNumbers(text: string): string {
  return text.replace(/(?<![\d+])\+?7\d{10}(?!\d)/g, shownNumber);
}
