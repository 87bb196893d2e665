import { ActionIcon, Group, Menu, PasswordInput, Progress, Text, Tooltip } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { suggestPasswords } from '../api/generated/ats';
import { strengthOf, type Level } from './strength';

interface Props {
  clientId: number;
  value: string;
  onChange: (value: string) => void;
  error?: ReactNode;
  description?: string;
  required?: boolean;
}

/** «VoIP пароль»: the right mouse button on the field offers generated passwords (S62); so does a button. */
export function VoipPassword({ clientId, value, onChange, error, description, required }: Props) {
  const { t } = useTranslation();
  const [offering, setOffering] = useState(false);
  const [visible, setVisible] = useState(false);
  const { data, refetch } = useQuery({
    queryKey: ['password-suggestions', clientId],
    queryFn: () => suggestPasswords(clientId),
    enabled: offering,
    gcTime: 0,
    staleTime: 0,
  });
  const offer = () => {
    setOffering(true);
    void refetch(); // fresh ones each time: a shown password is not offered to the next person
  };

  return (
    <Menu opened={offering} onChange={setOffering} position="bottom-start" width="target" shadow="md">
      <Menu.Target>
        <div
          onContextMenu={(event) => {
            event.preventDefault();
            offer();
          }}
        >
          <PasswordInput
            label={t('ports.voipPassword')}
            description={description ?? t('ports.voipPasswordHint')}
            autoComplete="new-password"
            required={required ?? false}
            value={value}
            onChange={(event) => onChange(event.currentTarget.value)}
            error={error}
            visible={visible}
            onVisibilityChange={setVisible}
            visibilityToggleButtonProps={{ 'aria-label': t('login.showPassword') }}
            leftSection={
              <Tooltip label={t('ports.suggest')}>
                <ActionIcon variant="subtle" size="sm" aria-label={t('ports.suggest')} onClick={offer}>
                  <IconKey size={16} />
                </ActionIcon>
              </Tooltip>
            }
            leftSectionPointerEvents="all"
          />
          {value !== '' && <Strength password={value} />}
        </div>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('ports.suggestions')}</Menu.Label>
        {data?.map((password) => (
          <Menu.Item
            key={password}
            onClick={() => {
              onChange(password);
              setVisible(true);
            }}
          >
            <Text ff="monospace" size="sm">
              {password}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

const COLORS: Record<Level, string> = { weak: 'red', fair: 'yellow', strong: 'teal' };

function Strength({ password }: { password: string }) {
  const { t } = useTranslation();
  const { bits, level } = strengthOf(password);
  const words = t(`ports.strength.${level}`);
  return (
    <Group gap="xs" mt={4} wrap="nowrap" role="status">
      <Progress value={Math.min(100, bits)} color={COLORS[level]} size="xs" flex={1} aria-label={words} />
      <Text size="xs" c="dimmed">
        {words}
      </Text>
    </Group>
  );
}
