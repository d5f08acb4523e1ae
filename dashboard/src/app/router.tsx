import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import { sessionQuery, setupQuery } from '@/api/session';
import { readDeviceSearch } from '@/features/devices/deviceSearch';
import { LoadFailed } from './LoadFailed';
import { NotFound } from './NotFound';

interface Context {
  queries: QueryClient;
}

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: NotFound, errorComponent: LoadFailed });

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('@/features/setup/SetupPage'), 'SetupPage'),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>) => (typeof search['next'] === 'string' ? { next: search['next'] } : {}),
  component: lazyRouteComponent(() => import('@/features/sign-in/SignInPage'), 'SignInPage'),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    if ((await context.queries.query({ ...sessionQuery, staleTime: 'static' })) !== null) return;
    const { required } = await context.queries.query({ ...setupQuery, staleTime: 0 });
    // redirect() makes what the router expects to be thrown.
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    if (required) throw redirect({ to: '/setup' });
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } });
  },
  component: lazyRouteComponent(() => import('./Shell'), 'Shell'),
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  // eslint-disable-next-line @typescript-eslint/only-throw-error
  beforeLoad: () => { throw redirect({ to: '/devices', replace: true }); },
});

const devices = createRoute({
  getParentRoute: () => signedIn,
  path: '/devices',
  validateSearch: readDeviceSearch,
  component: lazyRouteComponent(() => import('@/features/devices/DevicesPage'), 'DevicesPage'),
});

const device = createRoute({
  getParentRoute: () => signedIn,
  path: '/devices/$deviceId',
  component: lazyRouteComponent(() => import('@/features/device/DevicePage'), 'DevicePage'),
});

const deviceOverview = createRoute({
  getParentRoute: () => device,
  path: '/',
  component: lazyRouteComponent(() => import('@/features/device/charts/ChartsTab'), 'ChartsTab'),
});

const deviceLogs = createRoute({
  getParentRoute: () => device,
  path: '/logs',
  component: lazyRouteComponent(() => import('@/features/device/logs/LogsTab'), 'LogsTab'),
});

const deviceCommands = createRoute({
  getParentRoute: () => device,
  path: '/commands',
  component: lazyRouteComponent(() => import('@/features/device/commands/CommandsTab'), 'CommandsTab'),
});

const deviceTwin = createRoute({
  getParentRoute: () => device,
  path: '/twin',
  component: lazyRouteComponent(() => import('@/features/device/twin/TwinTab'), 'TwinTab'),
});

const deviceUpdates = createRoute({
  getParentRoute: () => device,
  path: '/updates',
  component: lazyRouteComponent(() => import('@/features/device/updates/UpdatesTab'), 'UpdatesTab'),
});

const updates = createRoute({
  getParentRoute: () => signedIn,
  path: '/updates',
  component: lazyRouteComponent(() => import('@/features/updates/UpdatesPage'), 'UpdatesPage'),
});

const deviceTerminal = createRoute({
  getParentRoute: () => device,
  path: '/terminal',
  component: lazyRouteComponent(() => import('@/features/device/terminal/TerminalTab'), 'TerminalTab'),
});

const deviceFiles = createRoute({
  getParentRoute: () => device,
  path: '/files',
  component: lazyRouteComponent(() => import('@/features/device/files/FilesTab'), 'FilesTab'),
});

const deviceEvents = createRoute({
  getParentRoute: () => device,
  path: '/events',
  component: lazyRouteComponent(() => import('@/features/device/events/EventsTab'), 'EventsTab'),
});

const deviceSecurity = createRoute({
  getParentRoute: () => device,
  path: '/security',
  component: lazyRouteComponent(() => import('@/features/device/security/SecurityTab'), 'SecurityTab'),
});

const deviceFacts = createRoute({
  getParentRoute: () => device,
  path: '/facts',
  component: lazyRouteComponent(() => import('@/features/device/facts/FactsTab'), 'FactsTab'),
});

const commands = createRoute({
  getParentRoute: () => signedIn,
  path: '/commands',
  component: lazyRouteComponent(() => import('@/features/commands/CommandsPage'), 'CommandsPage'),
});

const commandSet = createRoute({
  getParentRoute: () => signedIn,
  path: '/commands/$setId',
  component: lazyRouteComponent(() => import('@/features/commands/CommandSetPage'), 'CommandSetPage'),
});

const addDevice = createRoute({
  getParentRoute: () => signedIn,
  path: '/add-device',
  component: lazyRouteComponent(() => import('@/features/enrolment/AddDevicePage'), 'AddDevicePage'),
});

const enrolment = createRoute({
  getParentRoute: () => signedIn,
  path: '/enrolment',
  component: lazyRouteComponent(() => import('@/features/enrolment/EnrolmentPage'), 'EnrolmentPage'),
});

const trust = createRoute({
  getParentRoute: () => signedIn,
  path: '/trust',
  component: lazyRouteComponent(() => import('@/features/trust/TrustPage'), 'TrustPage'),
});

const operators = createRoute({
  getParentRoute: () => signedIn,
  path: '/operators',
  component: lazyRouteComponent(() => import('@/features/operators/OperatorsPage'), 'OperatorsPage'),
});

const apiTokens = createRoute({
  getParentRoute: () => signedIn,
  path: '/api-tokens',
  component: lazyRouteComponent(() => import('@/features/api-tokens/ApiTokensPage'), 'ApiTokensPage'),
});

const audit = createRoute({
  getParentRoute: () => signedIn,
  path: '/audit',
  component: lazyRouteComponent(() => import('@/features/audit/AuditPage'), 'AuditPage'),
});

const system = createRoute({
  getParentRoute: () => signedIn,
  path: '/system',
  component: lazyRouteComponent(() => import('@/features/system/SystemPage'), 'SystemPage'),
});

const relay = createRoute({
  getParentRoute: () => signedIn,
  path: '/relay',
  component: lazyRouteComponent(() => import('@/features/relay/RelayPage'), 'RelayPage'),
});

const tree = root.addChildren([
  setup,
  signIn,
  signedIn.addChildren([
    home,
    devices,
    device.addChildren([deviceOverview, deviceLogs, deviceCommands, deviceTwin, deviceUpdates, deviceTerminal, deviceFiles, deviceEvents, deviceSecurity, deviceFacts]),
    commands,
    commandSet,
    updates,
    addDevice,
    enrolment,
    trust,
    operators,
    apiTokens,
    audit,
    relay,
    system,
  ]),
]);

export function createAppRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: 'intent',
    scrollRestoration: false,
    defaultPendingMs: 300,
    defaultErrorComponent: LoadFailed,
    defaultNotFoundComponent: NotFound,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
