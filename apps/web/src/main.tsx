import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './look/look.css';
import { router } from './shell/router.tsx';
import { syncClock } from './state/apis.ts';

const queries = new QueryClient({ defaultOptions: { queries: { retry: 1, staleTime: 1_000 } } });
if (localStorage.getItem('zm-elder')) document.documentElement.dataset.elder = '';
void syncClock().catch(() => undefined);

createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
