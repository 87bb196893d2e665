import { Alert, Button, Code, CopyButton, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface Props {
  title: string;
  value: string;
  onClose: () => void;
}

/** A secret the server shows this once: to be copied now. */
export function OnceShown({ title, value, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Alert
      color="teal"
      title={title}
      withCloseButton
      closeButtonLabel={t('action.close')}
      onClose={onClose}
      role="status"
    >
      <Group gap="xs">
        <Code style={{ overflowWrap: 'anywhere' }}>{value}</Code>
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Button size="compact-sm" variant="default" onClick={copy}>
              {t(copied ? 'action.copied' : 'action.copy')}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Alert>
  );
}
