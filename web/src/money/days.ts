/** Days of the week as the API keeps them in a rate: bits, Monday is 1. */

export function daysOf(bits: number): number[] {
  return [1, 2, 3, 4, 5, 6, 7].filter((day) => (bits >> (day - 1)) & 1);
}

export function bitsOf(days: number[]): number {
  return days.reduce((bits, day) => bits | (1 << (day - 1)), 0);
}
