import { useMediaQuery } from '@mantine/hooks';

/** False on a phone, where rows of a table stand below themselves in one column. */
export const useRoomy = (): boolean => useMediaQuery('(min-width: 48em)') ?? true;

/** True where the widest tables have room for all that they show, beside the menu: above 1536 pixels. */
export const useWide = (): boolean => useMediaQuery('(min-width: 96em)') ?? true;
