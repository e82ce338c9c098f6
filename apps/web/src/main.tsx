import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './look/look.css';
import { fillInFonts } from './look/fonts.ts';
import { startSettings } from './look/settings.ts';
import { router } from './shell/router.tsx';
import { startWords } from './shell/words.ts';

startSettings();
const queries = new QueryClient({ defaultOptions: { queries: { retry: 1, staleTime: 1_000 } } });

await startWords();
createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
// what only the next step needs, once the first page stands
void fillInFonts();
void import('./state/apis.ts').then(({ keepClock }) => keepClock());
void import('./state/recalls.ts').then(({ startRecalls }) => startRecalls());
