import { Menu } from '@mantine/core';
import { IconClipboard, IconCopy, IconEdit, IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** Where the right button was pressed: on the screen, and on the canvas. `key`: the step under it. */
export interface MenuPlace {
  left: number;
  top: number;
  x: number;
  y: number;
  key: string | null;
}

interface Props {
  place: MenuPlace | null;
  onClose: () => void;
  onAdd: (x: number, y: number) => void;
  onOpen: (key: string) => void;
  onCopy: (key: string) => void;
  onPaste: ((x: number, y: number) => void) | null;
  onRemove: (key: string) => void;
}

/** What the right button offers on a step and on free space. */
export function CanvasMenu({ place, onClose, onAdd, onOpen, onCopy, onPaste, onRemove }: Props) {
  const { t } = useTranslation();
  if (place === null) return null;
  const { left, top, x, y, key } = place;
  return (
    <Menu opened onClose={onClose} position="bottom-start" offset={0} returnFocus>
      <Menu.Target>
        <div aria-hidden style={{ position: 'fixed', left, top, width: 1, height: 1 }} />
      </Menu.Target>
      <Menu.Dropdown>
        {key !== null && (
          <>
            <Menu.Item leftSection={<IconEdit size={16} />} onClick={() => onOpen(key)}>
              {t('action.edit')}
            </Menu.Item>
            <Menu.Item leftSection={<IconCopy size={16} />} rightSection="Ctrl+C" onClick={() => onCopy(key)}>
              {t('dialplan.copyStep')}
            </Menu.Item>
            <Menu.Item color="red" leftSection={<IconTrash size={16} />} rightSection="Del" onClick={() => onRemove(key)}>
              {t('dialplan.removeStep')}
            </Menu.Item>
          </>
        )}
        {key === null && (
          <>
            <Menu.Item leftSection={<IconPlus size={16} />} onClick={() => onAdd(x, y)}>
              {t('dialplan.addStep')}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconClipboard size={16} />}
              rightSection="Ctrl+V"
              disabled={onPaste === null}
              onClick={() => onPaste?.(x, y)}
            >
              {t('dialplan.pasteStep')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
