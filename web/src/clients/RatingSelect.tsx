import { Select } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';

import { getRating, listRadius, saveRating } from '../api/generated/ats';
import { errorText } from '../form/errors';

const OURS = 'ours';

/** «Тарификация»: our tariffs, or an outside billing. Saved at once, from the next call on. */
export function RatingSelect({ clientId, readOnly }: { clientId: number; readOnly: boolean }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const key = ['rating', clientId];
  const { data: rating } = useQuery({ queryKey: key, queryFn: () => getRating(clientId) });
  const { data: billings } = useQuery({ queryKey: ['radius', 'choices'], queryFn: () => listRadius({ page_size: 500 }) });
  if (!rating || !billings || (billings.total === 0 && rating.radius_id === null)) return null;

  const change = (value: string | null) => {
    const radius_id = value === null || value === OURS ? null : Number(value);
    saveRating(clientId, { radius_id })
      .then((saved) => {
        cache.setQueryData(key, saved);
        notifications.show({ color: 'teal', message: t('settings.saved') });
      })
      .catch((failure: unknown) => notifications.show({ color: 'red', message: errorText(failure, t) }));
  };

  return (
    <Select
      label={t('radius.rating')}
      description={t('radius.ratingHint')}
      allowDeselect={false}
      disabled={readOnly}
      data={[
        { value: OURS, label: t('radius.ours') },
        ...billings.items.map((row) => ({ value: String(row.id), label: t('radius.outside', { name: row.name }) })),
      ]}
      value={rating.radius_id === null ? OURS : String(rating.radius_id)}
      onChange={change}
    />
  );
}
