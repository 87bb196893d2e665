import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconSettings, IconSitemap, IconTrash } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { NumberItem } from '../api/types';
import type { RowAction } from '../table/EntityTable';

interface Props {
  clientId: number;
  number: NumberItem;
  mayChange: boolean;
  mayRemove: boolean;
  removeLabel: string;
  onCard: () => void;
  onRemove: () => void;
}

/** «Изменить» opens the dialplan (S55); the card and removal stand beside it. */
export function NumberActions({ clientId, number, mayChange, mayRemove, removeLabel, onCard, onRemove }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <Button
        size="compact-sm"
        variant="light"
        component={Link}
        to={`/c/${clientId}/numbers/${number.id}/dialplan`}
        leftSection={<IconSitemap size={16} />}
        aria-label={t('aria.edit', { name: number.display })}
      >
        {t('action.edit')}
      </Button>
      {mayChange && (
        <Tooltip label={t('numbers.card')}>
          <ActionIcon variant="subtle" aria-label={t('numbers.cardOf', { number: number.display })} onClick={onCard}>
            <IconSettings size={18} />
          </ActionIcon>
        </Tooltip>
      )}
      {mayRemove && (
        <Tooltip label={removeLabel}>
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label={`${removeLabel}: ${number.display}`}
            onClick={onRemove}
          >
            <IconTrash size={18} />
          </ActionIcon>
        </Tooltip>
      )}
    </>
  );
}

/** The same as a menu, for the right click on a number's row. */
export function numberMenu(t: TFunction, props: Props): RowAction[] {
  const { clientId, number, mayChange, mayRemove, removeLabel, onCard, onRemove } = props;
  return [
    { label: t('action.edit'), icon: <IconSitemap size={16} />, to: `/c/${clientId}/numbers/${number.id}/dialplan` },
    ...(mayChange ? [{ label: t('numbers.card'), icon: <IconSettings size={16} />, onClick: onCard }] : []),
    ...(mayRemove ? [{ label: removeLabel, icon: <IconTrash size={16} />, color: 'red', onClick: onRemove }] : []),
  ];
}
