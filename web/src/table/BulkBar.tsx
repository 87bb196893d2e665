import { Alert, Button, Group, List, Modal, Paper, Stack, Text } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { BulkIn, BulkOut } from '../api/generated/model';
import { errorText } from '../form/errors';

export type BulkAction = BulkIn['action'];

/** What may be done to many rows at once, and how it is asked of the server. */
export interface Bulk<T> {
  actions: readonly BulkAction[];
  nameOf: (row: T) => string;
  run: (body: BulkIn) => Promise<BulkOut>;
  onDone: () => void;
}

interface Props<T> {
  bulk: Bulk<T>;
  selected: T[];
  onClear: () => void;
}

const REFUSALS_SHOWN = 20;

/** The bar over a table with chosen rows: an action first says what it would do, then does it. */
export function BulkBar<T extends { id: number | string }>({ bulk, selected, onClear }: Props<T>) {
  const { t } = useTranslation();
  const [plan, setPlan] = useState<{ action: BulkAction; outcome: BulkOut } | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const ask = async (action: BulkAction, dry: boolean) => {
    setBusy(true);
    setError(null);
    try {
      const outcome = await bulk.run({ action, ids: selected.map((row) => Number(row.id)), dry_run: dry });
      if (dry) {
        setPlan({ action, outcome });
      } else {
        setPlan(null);
        onClear();
        bulk.onDone();
      }
    } catch (failure) {
      setError(errorText(failure, t));
    } finally {
      setBusy(false);
    }
  };
  const name = (id: number) => {
    const row = selected.find((item) => Number(item.id) === id);
    return row ? bulk.nameOf(row) : String(id);
  };
  const refusals = plan?.outcome.items.filter((item) => !item.ok) ?? [];

  return (
    <Paper withBorder p="xs" radius="md" role="region" aria-label={t('bulk.label')}>
      <Group gap="sm">
        <Text size="sm" fw={600}>
          {t('bulk.selected', { count: selected.length })}
        </Text>
        {bulk.actions.map((action) => (
          <Button
            key={action}
            size="compact-sm"
            variant="light"
            {...(action === 'delete' ? { color: 'red' } : {})}
            loading={busy && plan === null}
            onClick={() => void ask(action, true)}
          >
            {t(`bulk.${action}`)}
          </Button>
        ))}
        <Button size="compact-sm" variant="subtle" color="gray" onClick={onClear}>
          {t('bulk.clear')}
        </Button>
      </Group>
      {error !== null && plan === null && (
        <Alert color="red" mt="xs" icon={<IconAlertCircle size={18} />} role="alert">
          {error}
        </Alert>
      )}
      {plan && (
        <Modal
          opened
          onClose={() => setPlan(null)}
          title={t(`bulk.${plan.action}`)}
          closeButtonProps={{ 'aria-label': t('action.close') }}
        >
          <Stack>
            <Text size="sm">{t(`bulkWould.${plan.action}`, { count: plan.outcome.done })}</Text>
            {refusals.length > 0 && (
              <div>
                <Text size="sm" fw={600}>
                  {t('bulk.refused', { count: refusals.length })}
                </Text>
                <List size="sm" spacing={4}>
                  {refusals.slice(0, REFUSALS_SHOWN).map((item) => (
                    <List.Item key={item.id}>
                      <b>{name(item.id)}</b>: {item.message}
                    </List.Item>
                  ))}
                </List>
              </div>
            )}
            {error !== null && (
              <Alert color="red" role="alert">
                {error}
              </Alert>
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setPlan(null)} data-autofocus>
                {t('action.cancel')}
              </Button>
              <Button
                {...(plan.action === 'delete' ? { color: 'red' } : {})}
                disabled={plan.outcome.done === 0}
                loading={busy}
                onClick={() => void ask(plan.action, false)}
              >
                {t(`bulk.${plan.action}`)}
              </Button>
            </Group>
          </Stack>
        </Modal>
      )}
    </Paper>
  );
}
