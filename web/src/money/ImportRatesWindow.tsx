import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { importRates } from '../api/generated/ats';
import { CsvWindow } from '../form/CsvWindow';

interface Props {
  tariffId: number;
  onClose: () => void;
  onDone: () => void;
}

/** Prices from a CSV file: all of it or, when a line is wrong, nothing. */
export function ImportRatesWindow({ tariffId, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const [replace, setReplace] = useState(false);
  return (
    <CsvWindow
      title={t('tariffs.importTitle')}
      hint={t('tariffs.importHint')}
      example={t('tariffs.importExample')}
      choice={String(replace)}
      despiteFaults={false}
      attempt={async (file) => {
        const { rates, errors } = await importRates(tariffId, { file, replace, dry_run: true });
        const faults = errors.map(({ line, column, message }) => ({
          line,
          message: column ? `${column}: ${message}` : message,
        }));
        return { summary: t(faults.length > 0 ? 'tariffs.importBad' : 'tariffs.importPlan', { count: rates }), faults };
      }}
      load={(file) => importRates(tariffId, { file, replace, dry_run: false })}
      onClose={onClose}
      onDone={onDone}
    >
      <Checkbox
        label={t('tariffs.replace')}
        description={t('tariffs.replaceHint')}
        checked={replace}
        onChange={(event) => setReplace(event.currentTarget.checked)}
      />
    </CsvWindow>
  );
}
