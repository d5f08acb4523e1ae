import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useState } from 'react';
import { setCsrfToken, whenSignedOut } from '@/api/client';
import { keys } from '@/api/keys';
import { createQueryClient } from './queryClient';
import { createAppRouter } from './router';
import { colourSchemeManager, theme } from './theme';

function compose() {
  const queries = createQueryClient();
  const router = createAppRouter(queries);
  whenSignedOut(() => {
    setCsrfToken(null);
    queries.setQueryData(keys.session, null);
    void router.invalidate();
  });
  return { queries, router };
}

export function App() {
  const [{ queries, router }] = useState(compose);
  return (
    <MantineProvider
      theme={theme} defaultColorScheme="auto" colorSchemeManager={colourSchemeManager}
      withCssVariables={false} withGlobalClasses={false}
    >
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
