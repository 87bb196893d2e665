import { Group, Pagination, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { getGetFaxPageUrl } from '../api/generated/ats';
import classes from './CallFiles.module.css';

/** The pages of a fax as pictures, one at a time. */
export function FaxPages({ clientId, faxId, pages }: { clientId: number; faxId: number; pages: number }) {
  const { t } = useTranslation();
  const [number, setNumber] = useState(1);
  return (
    <Stack gap="xs">
      <img
        src={getGetFaxPageUrl(clientId, faxId, number)}
        alt={t('calls.faxPage', { number })}
        className={classes.page}
        loading="lazy"
      />
      {pages > 1 && (
        <Group justify="center">
          <Pagination
            size="sm"
            total={pages}
            value={number}
            onChange={setNumber}
            aria-label={t('calls.faxPages')}
            getItemProps={(page) => ({ 'aria-label': t('calls.faxPage', { number: page }) })}
          />
        </Group>
      )}
    </Stack>
  );
}
