import { Alert, Button, Group, Modal, ScrollArea, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { allotExternalNumber, listFreeNumbers } from '../api/generated/ats';
import { errorText } from '../form/errors';
import { Trouble } from '../shell/Trouble';
import classes from './AddExternalWindow.module.css';

interface Props {
  clientId: number;
  onClose: () => void;
  onDone: () => void;
}

/** «Внешние номера → Добавить» (S51): a click on a free number allots it. */
export function AddExternalWindow({ clientId, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search.trim(), 200);
  const [taking, setTaking] = useState<number | null>(null);
  const [error, setError] = useState<string | null>(null);
  const { data, isPending, error: listError, isFetching, refetch } = useQuery({
    queryKey: ['free-numbers', clientId, settled],
    queryFn: () => listFreeNumbers(clientId, { search: settled, page_size: 50 }),
  });

  const take = async (id: number) => {
    setTaking(id);
    setError(null);
    try {
      await allotExternalNumber(clientId, { number_id: id });
      onDone();
    } catch (failure) {
      setError(errorText(failure, t));
      setTaking(null);
      void refetch(); // somebody may have been faster: show what is free now
    }
  };

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('numbers.addExternalTitle')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Stack>
        <TextInput
          aria-label={t('table.search')}
          placeholder={t('table.search')}
          leftSection={<IconSearch size={16} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          data-autofocus
        />
        {error !== null && (
          <Alert color="red" role="alert">
            {error}
          </Alert>
        )}
        {listError && <Trouble error={listError} retry={refetch} busy={isFetching} />}
        <ScrollArea.Autosize mah={320}>
          <Stack gap={4} role="group" aria-label={t('numbers.addExternalTitle')}>
            {data?.items.map((item) => (
              <UnstyledButton
                key={item.id}
                className={classes.free ?? ''}
                disabled={taking !== null}
                onClick={() => void take(item.id)}
              >
                <Text className="digits" fw={550}>
                  {item.display}
                </Text>
              </UnstyledButton>
            ))}
          </Stack>
        </ScrollArea.Autosize>
        {!isPending && data?.items.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('numbers.noFree')}
          </Text>
        )}
        {data && data.total > data.items.length && (
          <Text size="xs" c="dimmed">
            {t('numbers.moreFree', { count: data.total - data.items.length })}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('action.close')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
