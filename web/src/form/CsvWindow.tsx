import { Alert, Code, FileInput, List, Text } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError } from '../api/http';
import { errorText } from './errors';
import { FormModal } from './FormModal';
import { useUnsaved } from './unsaved';

/** As many faults as help; a file of the wrong kind has thousands. */
const FAULTS_SHOWN = 20;

/** What a file would do. */
export interface Trial {
  summary: string;
  faults: { line: number; message: string }[];
}

interface Props {
  title: string;
  hint: string;
  example: string;
  /** Choices beside the file; another `choice` asks for another trial. */
  children?: ReactNode;
  choice?: string;
  /** Whether a file with faults may be loaded without its wrong lines. */
  despiteFaults: boolean;
  attempt: (file: File) => Promise<Trial>;
  load: (file: File) => Promise<unknown>;
  onClose: () => void;
  onDone: () => void;
}

/** Rows from a CSV file: first what it would do, then it is done. */
export function CsvWindow(props: Props) {
  const { title, hint, example, children, choice = '', despiteFaults, attempt, load, onClose, onDone } = props;
  const { t } = useTranslation();
  const [file, setFile] = useState<File | null>(null);
  const [tried, setTried] = useState<{ trial: Trial; choice: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const unsaved = useUnsaved(file !== null);
  const plan = tried?.choice === choice ? tried.trial : null;
  const ready = plan !== null && (despiteFaults || plan.faults.length === 0);

  const run = async () => {
    if (!file) {
      setError(t('sounds.chooseFile'));
      return;
    }
    setBusy(true);
    setError(null);
    try {
      if (ready) {
        await load(file);
        unsaved.release();
        onDone();
      } else {
        setTried({ trial: await attempt(file), choice });
      }
    } catch (failure) {
      const words = failure instanceof ApiError ? Object.values(failure.fields).join(' ') : '';
      setError(words || errorText(failure, t));
    } finally {
      setBusy(false);
    }
  };

  return (
    <FormModal
      title={title}
      onClose={onClose}
      sending={{
        submit: (event) => {
          event?.preventDefault();
          void run();
        },
        busy,
        error,
        unsaved,
      }}
      submitLabel={t(ready ? 'csv.now' : 'csv.try')}
      size="md"
    >
      <FileInput
        label={t('sounds.file')}
        placeholder={t('sounds.choose')}
        description={hint}
        accept=".csv,text/csv,text/plain"
        leftSection={<IconFileText size={16} />}
        value={file}
        onChange={(chosen) => {
          setFile(chosen);
          setTried(null);
        }}
        required
        clearable
        clearButtonProps={{ 'aria-label': t('csv.clear') }}
      />
      {children}
      <Code block>{example}</Code>
      {plan && (
        <Alert color={plan.faults.length > 0 ? 'yellow' : 'teal'} role="status">
          <Text size="sm">{plan.summary}</Text>
          {plan.faults.length > 0 && (
            <List size="sm" mt={4} style={{ overflowWrap: 'anywhere' }}>
              {plan.faults.slice(0, FAULTS_SHOWN).map(({ line, message }) => (
                <List.Item key={`${line}:${message}`}>{t('csv.fault', { line, message })}</List.Item>
              ))}
            </List>
          )}
        </Alert>
      )}
    </FormModal>
  );
}
