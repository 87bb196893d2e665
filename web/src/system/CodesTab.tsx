import { Text, TextInput } from '@mantine/core';
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
import { PlainTable } from '../table/PlainTable';

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
      <PlainTable
        label={t('codes.tab')}
        rows={codes}
        keyOf={(code) => code.feature}
        minWidth={420}
        verticalSpacing={6}
        columns={[
          {
            key: 'service',
            title: t('codes.service'),
            render: (code) => (
              <>
                <Text size="sm">{code.title}</Text>
                <Text size="xs" c="dimmed">
                  {t(code.place === 'talk' ? 'codes.talk' : code.argument ? 'codes.withDigits' : 'codes.dialled')}
                </Text>
              </>
            ),
          },
          {
            key: 'code',
            title: t('codes.code'),
            render: (code) => (
              <TextInput
                w={130}
                size="xs"
                className="digits"
                aria-label={code.title}
                disabled={!mayChange}
                placeholder={t('codes.off')}
                {...form.getInputProps(code.feature)}
              />
            ),
          },
          {
            key: 'usual',
            title: t('codes.usual'),
            render: (code) => <span className="digits">{code.default || '—'}</span>,
          },
        ]}
      />
    </SavedForm>
  );
}
