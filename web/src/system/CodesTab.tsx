import { Alert, Button, Group, Skeleton, Stack, Table, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { getCodes, saveCodes } from '../api/generated/ats';
import type { CodeOut, Codes } from '../api/generated/model';
import { ApiError } from '../api/http';
import { errorText } from '../form/errors';
import { useSending } from '../form/useApiForm';
import { isSystem } from '../session/rights';
import { useMe } from '../session/session';

/** «Система → Коды услуг»: what is dialled, or keyed in a talk, for each service. */
export function CodesTab() {
  const { t } = useTranslation();
  const { data, error } = useQuery({ queryKey: ['codes'], queryFn: () => getCodes() });
  if (error) {
    return (
      <Alert color="red" role="alert">
        {errorText(error, t)}
      </Alert>
    );
  }
  return data ? <CodesForm codes={data.items} /> : <Skeleton h={300} />;
}

function CodesForm({ codes }: { codes: CodeOut[] }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const mayChange = isSystem(useMe());
  const form = useForm<Record<string, string>>({
    initialValues: Object.fromEntries(codes.map((code) => [code.feature, code.digits])),
  });
  const { submit, busy, error } = useSending<Record<string, string>, Codes>(
    form,
    async (values) => {
      try {
        return await saveCodes({ codes: values });
      } catch (failure) {
        // Refusals name «codes.<feature>»: show each beside its field.
        if (failure instanceof ApiError) {
          form.setErrors(
            Object.fromEntries(Object.entries(failure.fields).map(([path, text]) => [path.replace('codes.', ''), text])),
          );
        }
        throw failure;
      }
    },
    (saved) => {
      cache.setQueryData(['codes'], saved);
      notifications.show({ color: 'teal', message: t('settings.saved') });
    },
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack maw={860}>
        <Text c="dimmed" size="sm">
          {t('codes.hint')}
        </Text>
        {error !== null && (
          <Alert color="red" role="alert">
            {error}
          </Alert>
        )}
        <Table.ScrollContainer minWidth={420}>
          <Table verticalSpacing={6} aria-label={t('codes.tab')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('codes.service')}</Table.Th>
                <Table.Th>{t('codes.code')}</Table.Th>
                <Table.Th>{t('codes.usual')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {codes.map((code) => (
                <Table.Tr key={code.feature}>
                  <Table.Td>
                    <Text size="sm">{code.title}</Text>
                    <Text size="xs" c="dimmed">
                      {t(code.place === 'talk' ? 'codes.talk' : code.argument ? 'codes.withDigits' : 'codes.dialled')}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <TextInput
                      w={130}
                      size="xs"
                      className="digits"
                      aria-label={code.title}
                      disabled={!mayChange}
                      placeholder={t('codes.off')}
                      {...form.getInputProps(code.feature)}
                    />
                  </Table.Td>
                  <Table.Td className="digits">{code.default || '—'}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        {mayChange && (
          <Group>
            <Button type="submit" loading={busy}>
              {t('action.save')}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}
