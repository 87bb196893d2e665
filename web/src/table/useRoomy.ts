import { useMediaQuery } from '@mantine/hooks';

/** False on a phone, where rows of a table stand below themselves in one column. */
export const useRoomy = (): boolean => useMediaQuery('(min-width: 48em)') ?? true;
