import { Button, List, Popover, Text, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Remark } from './useLint';

interface Props {
  remarks: Remark[];
  onFind: (key: string) => void;
}

/** «Замечания»: what looks wrong with the dialplan; a click leads to the step. */
export function Remarks({ remarks, onFind }: Props) {
  const { t } = useTranslation();
  if (remarks.length === 0) return null;
  return (
    <Popover position="bottom-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="light" color="orange" leftSection={<IconAlertTriangle size={16} />}>
          {t('dialplan.remarks', { count: remarks.length })}
        </Button>
      </Popover.Target>
      <Popover.Dropdown maw={420}>
        <List spacing="xs" size="sm">
          {remarks.map((remark) => (
            <List.Item key={`${remark.code}:${remark.key ?? ''}:${remark.message}`}>
              {remark.key === null ? (
                remark.message
              ) : (
                <UnstyledButton fz="sm" onClick={() => remark.key !== null && onFind(remark.key)}>
                  {remark.level !== null && <b>{t('dialplan.levelBadge', { level: remark.level })}: </b>}
                  {remark.message}
                </UnstyledButton>
              )}
            </List.Item>
          ))}
        </List>
        <Text size="xs" c="dimmed" mt="xs">
          {t('dialplan.remarksHint')}
        </Text>
      </Popover.Dropdown>
    </Popover>
  );
}
