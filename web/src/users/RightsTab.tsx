import { Button, Checkbox, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { useMeta } from '../api/meta';
import { isSystem } from '../session/rights';
import { useMe } from '../session/session';

interface Props {
  value: string[];
  onChange: (rights: string[]) => void;
}

const SYSTEM = ['manage_system', 'http_login'];
const GROUPS = ['system', 'clients', 'users', 'own', 'more'] as const;

/** Whom a right is about, as the manual's roles have it (S213-S238). */
function groupOf(code: string): (typeof GROUPS)[number] {
  if (SYSTEM.includes(code)) return 'system';
  return GROUPS.find((group) => code.split('_').includes(group)) ?? 'more';
}

/** «Права» (S49): any combination; the four roles are presets of it (S239). */
export function RightsTab({ value, onChange }: Props) {
  const { t } = useTranslation();
  const me = useMe();
  const { rights, roles } = useMeta();
  // Nobody gives what he does not have himself: the server refuses it, the window does not offer it.
  const grantable = (codes: string[]) => isSystem(me) || codes.every((code) => me.rights.includes(code));
  const same = (codes: string[]) => codes.length === value.length && codes.every((code) => value.includes(code));

  return (
    <Stack gap="md">
      <div>
        <Text size="sm" fw={550} mb={6}>
          {t('users.preset')}
        </Text>
        <Group gap="xs">
          {roles
            .filter((role) => grantable(role.rights))
            .map((role) => (
              <Button
                key={role.code}
                size="compact-sm"
                variant={same(role.rights) ? 'filled' : 'default'}
                aria-pressed={same(role.rights)}
                onClick={() => onChange(role.rights)}
              >
                {role.name}
              </Button>
            ))}
        </Group>
      </div>
      {GROUPS.map((group) => (
        <section key={group} aria-labelledby={`rights-${group}`}>
          <Text id={`rights-${group}`} size="sm" fw={550} mb={6}>
            {t(`rightsGroup.${group}`)}
          </Text>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs" verticalSpacing="xs">
            {rights.filter(({ code }) => groupOf(code) === group).map((right) => (
              <Checkbox
                key={right.code}
                label={right.name}
                checked={value.includes(right.code)}
                disabled={!grantable([right.code])}
                onChange={(event) =>
                  onChange(
                    event.currentTarget.checked
                      ? [...value, right.code]
                      : value.filter((code) => code !== right.code),
                  )
                }
              />
            ))}
          </SimpleGrid>
        </section>
      ))}
    </Stack>
  );
}
