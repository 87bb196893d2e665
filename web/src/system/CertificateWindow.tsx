import { Button, FileButton, Group, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconFileText } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { uploadCertificate } from '../api/generated/ats';
import type { CertificateIn, CertificateOut } from '../api/generated/model';
import { FormModal } from '../form/FormModal';
import { useSending } from '../form/useApiForm';

const FIELDS = ['certificate', 'key'] as const;

/** The operator's own certificate with its key: pasted, or from files. */
export function CertificateWindow({ onClose, onDone }: { onClose: () => void; onDone: (now: CertificateOut) => void }) {
  const { t } = useTranslation();
  const form = useForm<Required<CertificateIn> & Record<string, unknown>>({ initialValues: { certificate: '', key: '' } });
  const sending = useSending(form, (values) => uploadCertificate(values), onDone);
  return (
    <FormModal title={t('certificate.upload')} onClose={onClose} sending={sending}>
      <Text size="sm" c="dimmed">
        {t('certificate.uploadHint')}
      </Text>
      {FIELDS.map((field) => (
        <div key={field}>
          <Textarea
            label={t(`certificate.field.${field}`)}
            description={t(`certificate.fieldHint.${field}`)}
            placeholder={field === 'key' ? '-----BEGIN PRIVATE KEY-----' : '-----BEGIN CERTIFICATE-----'}
            autosize
            minRows={4}
            maxRows={8}
            spellCheck={false}
            autoComplete="off"
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 'var(--mantine-font-size-xs)' } }}
            {...form.getInputProps(field)}
          />
          <Group mt={6}>
            <FileButton
              accept=".pem,.crt,.cer,.key,text/plain"
              onChange={(file) => void file?.text().then((text) => form.setFieldValue(field, text))}
            >
              {(props) => (
                <Button {...props} variant="default" size="compact-sm" leftSection={<IconFileText size={16} />}>
                  {t(`certificate.fromFile.${field}`)}
                </Button>
              )}
            </FileButton>
          </Group>
        </div>
      ))}
    </FormModal>
  );
}
