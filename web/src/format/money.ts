const UNIT = 10_000;

/** «1 234,50 RUB» from integers of 1/10,000 of the currency unit. */
export function money(amount: number, currency: string, language: string): string {
  const figure = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 4 });
  return `${figure.format(amount / UNIT)}${currency === '' ? '' : `\u00a0${currency}`}`;
}

/** What a person typed as an amount, in 1/10,000. */
export function fromUnits(value: number): number {
  return Math.round(value * UNIT);
}

/** 1/10,000 as a figure for a field. */
export function toUnits(amount: number): number {
  return amount / UNIT;
}
