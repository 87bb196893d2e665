import { Select, type SelectProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { useMeta } from '../api/meta';

/** Language of prompts; '' is «по умолчанию»: that of the call, of the client (S133). */
export function LanguageSelect(props: SelectProps) {
  const { t } = useTranslation();
  const { languages } = useMeta();
  return (
    <Select
      label={t('field.language')}
      description={t('resource.languageHint')}
      allowDeselect={false}
      data={[
        { value: '', label: t('resource.languageDefault') },
        ...languages.map(({ code, name }) => ({ value: code, label: name })),
      ]}
      {...props}
    />
  );
}
