import { listExternalNumbers, listInternalNumbers } from '../api/generated/ats';

export interface Choice {
  id: number;
  title: string;
}

/** A client's numbers as choices for a drop-down. */
export async function numberChoices(client: number, kind: 'internal' | 'external'): Promise<Choice[]> {
  const query = { page_size: 500, sort: 'digits' };
  const page = await (kind === 'internal' ? listInternalNumbers(client, query) : listExternalNumbers(client, query));
  return page.items.map((item) => ({
    id: item.id,
    title: item.name ? `${item.display} — ${item.name}` : item.display,
  }));
}
