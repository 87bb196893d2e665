import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconDownload, IconFileSpreadsheet, IconFileTypeCsv } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** The whole list, as filtered and sorted now, as a file. `url` is that of the list. */
export function ExportMenu({ url }: { url: string }) {
  const { t } = useTranslation();
  const as = (format: string) => `${url}${url.includes('?') ? '&' : '?'}format=${format}`;
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Tooltip label={t('table.export')}>
          <ActionIcon variant="default" size={36} aria-label={t('table.export')}>
            <IconDownload size={18} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={as('xlsx')} download leftSection={<IconFileSpreadsheet size={16} />}>
          {t('table.xlsx')}
        </Menu.Item>
        <Menu.Item component="a" href={as('csv')} download leftSection={<IconFileTypeCsv size={16} />}>
          {t('table.csv')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
