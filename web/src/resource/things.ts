import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';

import { getChoices } from '../api/generated/ats';
import type { Choices } from '../api/generated/model';

export type ThingKind = Exclude<keyof Choices, 'more'>;
export type Thing = Choices[ThingKind][number];

/** One thing that was chosen before: its title is wanted whether or not it is on the first page. */
export interface Chosen {
  kind: ThingKind;
  id: number;
}

/** Everything a step can lead to; then what a number or port is given to. Each is one question to the server. */
const DIALPLAN: readonly ThingKind[] = [
  ...(['ports', 'forwardings', 'queues', 'menus', 'sounds'] as const),
  ...(['classifiers', 'mailboxes', 'conferences', 'numbers'] as const),
];
const HOLDERS: readonly ThingKind[] = ['external', 'users', 'pickup_groups'];
/** What one question may name. */
const MOST_CHOSEN = 400;

const togetherWith = (kind: ThingKind) => [DIALPLAN, HOLDERS].find((kinds) => kinds.includes(kind)) ?? [kind];

/**
 * The first page of every kind that is asked together with `kind`, and what of it was chosen. `more` names the kinds of
 * which the server has more: useFound() looks there.
 */
export function useThings(clientId: number, kind: ThingKind, chosen: readonly Chosen[] = []): Choices | undefined {
  const cache = useQueryClient();
  const kinds = togetherWith(kind).join();
  const { data } = useQuery({
    queryKey: ['choices', clientId, kinds],
    queryFn: () => getChoices(clientId, { kinds }),
    // What was made meanwhile in another tab («Создать…») is there on return.
    refetchOnWindowFocus: 'always',
  });
  const beyond = data ? chosen.filter((one) => data.more.includes(one.kind) && !has(data, one)) : [];
  const words = [...new Set(beyond.map((one) => `${one.kind}:${one.id}`))].sort().slice(0, MOST_CHOSEN).join();
  const { data: looked } = useQuery({
    queryKey: ['choices', clientId, 'chosen', words],
    queryFn: () => getChoices(clientId, { kinds: [...new Set(beyond.map((one) => one.kind))].join(), chosen: words }),
    enabled: words !== '',
    placeholderData: keepPreviousData,
  });
  return useMemo(() => {
    if (!data || words === '') return data;
    // Until the answer is there, what was just chosen is known from the search that found it.
    const known = [looked, ...cache.getQueriesData<Choices>({ queryKey: ['choices', clientId] }).map(([, one]) => one)];
    const whole = { ...data };
    for (const word of words.split(',')) {
      const [kind, id] = word.split(':') as [ThingKind, string];
      const thing = known.flatMap((one) => one?.[kind] ?? []).find((one) => one.id === Number(id));
      if (thing) Object.assign(whole, { [kind]: [...whole[kind], thing] });
    }
    return whole;
  }, [data, looked, words, cache, clientId]);
}

/** Things as a drop-down shows them for what is typed. */
export interface Found {
  of: (kind: ThingKind) => Thing[];
  /** Whether the server chose them by what is typed: they must not be sifted again. */
  sifted: (kind: ThingKind) => boolean;
  /** Whether there are more still. */
  cut: (kind: ThingKind) => boolean;
  busy: boolean;
}

/** What there is of some kinds for the text typed: the server is asked only where it has more than a page. */
export function useFound(
  clientId: number,
  kinds: readonly ThingKind[],
  things: Choices | undefined,
  typed: string,
): Found {
  const [settled] = useDebouncedValue(typed.trim(), 200);
  const far = kinds.filter((kind) => things?.more.includes(kind)).join();
  const asked = far !== '' && settled !== '' && typed.trim() !== '';
  const { data, isFetching } = useQuery({
    queryKey: ['choices', clientId, far, settled],
    queryFn: () => getChoices(clientId, { kinds: far, search: settled }),
    enabled: asked,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const sifted = (kind: ThingKind) => asked && data !== undefined && things?.more.includes(kind) === true;
  return {
    sifted,
    of: (kind) => (sifted(kind) ? data : things)?.[kind] ?? [],
    cut: (kind) => (sifted(kind) ? data : things)?.more.includes(kind) === true,
    busy: isFetching || (far !== '' && typed.trim() !== settled),
  };
}

function has(choices: Choices, { kind, id }: Chosen): boolean {
  return choices[kind].some((one) => one.id === id);
}
