import { ActionIcon, Checkbox, Popover, Stack, Text, Tooltip } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

interface Props {
  columns: { key: string; title: string }[];
  hidden: string[];
  onChange: (hidden: string[]) => void;
}

/** «Настройка отображения таблиц» (S29). */
export function ColumnChooser({ columns, hidden, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <Popover position="bottom-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Tooltip label={t('table.columns')}>
          <ActionIcon variant="default" size={36} aria-label={t('table.columns')}>
            <IconColumns3 size={18} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Text size="sm" fw={600}>
            {t('table.columns')}
          </Text>
          {columns.map(({ key, title }) => (
            <Checkbox
              key={key}
              size="sm"
              label={title}
              checked={!hidden.includes(key)}
              onChange={(event) =>
                onChange(event.currentTarget.checked ? hidden.filter((item) => item !== key) : [...hidden, key])
              }
            />
          ))}
          <Text size="xs" c="dimmed" maw={220}>
            {t('table.columnsHint')}
          </Text>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
