const MEGABYTE = 1_000_000;

/** A size in millions of bytes, as the language writes numbers; small ones to the hundredth. */
export function megabytes(bytes: number, language: string): string {
  const maximumFractionDigits = bytes < MEGABYTE ? 2 : 1;
  return new Intl.NumberFormat(language, { maximumFractionDigits }).format(bytes / MEGABYTE);
}
