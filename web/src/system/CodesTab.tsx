import { Table, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { getCodes, saveCodes } from '../api/generated/ats';
import type { CodeOut, Codes } from '../api/generated/model';
import { ApiError, type FieldErrors } from '../api/http';
import { SavedForm, useSaved } from '../form/SavedForm';
import { Loaded } from '../resource/Loaded';
import { isSystem } from '../session/rights';
import { useMe } from '../session/session';

const KEY = ['codes'];
const PATH = /^codes\./;

/** «Система → Коды услуг»: what is dialled, or keyed in a talk, for each service. */
export function CodesTab() {
  const query = useQuery({ queryKey: KEY, queryFn: () => getCodes() });
  return (
    <Loaded query={query} height={300}>
      {({ items }) => <CodesForm key={items.map(({ digits }) => digits).join()} codes={items} />}
    </Loaded>
  );
}

/** Refusals name «codes.<feature>»: our fields are called by the feature alone. */
async function save(codes: Record<string, string>): Promise<Codes> {
  try {
    return await saveCodes({ codes });
  } catch (failure) {
    if (!(failure instanceof ApiError)) throw failure;
    const fields: FieldErrors = {};
    for (const [path, text] of Object.entries(failure.fields)) fields[path.replace(PATH, '')] = text;
    throw new ApiError(failure.status, failure.code, failure.message, fields);
  }
}

function CodesForm({ codes }: { codes: CodeOut[] }) {
  const { t } = useTranslation();
  const mayChange = isSystem(useMe());
  const form = useForm<Record<string, string>>({
    initialValues: Object.fromEntries(codes.map((code) => [code.feature, code.digits])),
  });
  const sending = useSaved(form, KEY, save);
  return (
    <SavedForm
      sending={sending}
      maw={860}
      readOnly={!mayChange}
      head={
        <Text c="dimmed" size="sm">
          {t('codes.hint')}
        </Text>
      }
    >
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
    </SavedForm>
  );
}
