/** Rows that a table shows at first. */
export const ROWS = 25;

/** What a table asks the server for when its screen is opened, in the order of `sort`. */
export function firstPage(sort: string) {
  return { page: 1, page_size: ROWS, sort };
}
