import type { TFunction } from 'i18next';

import type { Column } from './EntityTable';

/** The filter of things that can be switched off. */
export function activeFilter(t: TFunction): NonNullable<Column<never>['filter']> {
  return {
    param: 'is_active',
    options: [
      { value: 'true', label: t('table.on') },
      { value: 'false', label: t('table.off') },
    ],
  };
}
