import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import 'mantine-datatable/styles.layer.css';
import './app.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { App } from './App';
import { ready } from './i18n';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
await ready;
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
