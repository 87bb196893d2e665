import { Button, Group, Modal, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { getExportMoneyUrl } from '../api/generated/ats';
import type { AccountOut } from '../api/generated/model';
import { startOfDay, today } from '../format/time';
import { useTimes } from '../format/useTimes';

const KINDS = ['charges', 'payments', 'balances', 'clients'] as const;
const FORMATS = ['xlsx', 'csv', 'json'] as const;

/** Money of a period as a file; of one account, or of all. Days are those of the user's zone. */
export function StatementWindow({ account, onClose }: { account: AccountOut | null; onClose: () => void }) {
  const { t } = useTranslation();
  const { zone } = useTimes();
  const now = today(zone);
  const [what, setWhat] = useState<(typeof KINDS)[number]>('charges');
  const [from, setFrom] = useState(`${now.slice(0, 8)}01`);
  const [to, setTo] = useState(now);
  const wrong = from !== '' && to !== '' && from > to;
  const url = (format: (typeof FORMATS)[number]) =>
    getExportMoneyUrl({
      what,
      format,
      ...(from ? { from: startOfDay(from, zone) } : {}),
      ...(to ? { to: startOfDay(to, zone, 1) } : {}),
      ...(account ? { account_id: account.id } : {}),
    });
  return (
    <Modal
      opened
      onClose={onClose}
      title={account ? t('statement.titleOf', { name: account.code }) : t('statement.title')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Stack>
        <Select
          label={t('statement.what')}
          allowDeselect={false}
          data={KINDS.map((kind) => ({ value: kind, label: t(`statement.${kind}`) }))}
          value={what}
          onChange={(value) => setWhat(KINDS.find((kind) => kind === value) ?? 'charges')}
        />
        <SimpleGrid cols={2}>
          <TextInput type="date" label={t('statement.from')} value={from} onChange={(event) => setFrom(event.target.value)} />
          <TextInput
            type="date"
            label={t('statement.to')}
            value={to}
            onChange={(event) => setTo(event.target.value)}
            error={wrong && t('statement.wrong')}
          />
        </SimpleGrid>
        <Text size="xs" c="dimmed">
          {t('statement.hint', { zone })}
        </Text>
        <Group>
          {FORMATS.map((format) =>
            wrong ? (
              <Button key={format} variant="default" disabled>
                {format.toUpperCase()}
              </Button>
            ) : (
              <Button
                key={format}
                component="a"
                href={url(format)}
                download
                variant="default"
                leftSection={<IconDownload size={16} />}
              >
                {format.toUpperCase()}
              </Button>
            ),
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
