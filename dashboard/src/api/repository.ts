import { queryOptions } from '@tanstack/react-query';
import { openSigningRoom, type RepositoryFiles } from '@/repository/signingRoom';
import type { FleetTrust } from '@/trust/protocol/fleetTrust';
import { api, findBytes } from './client';
import { keys } from './keys';
import type { Repository } from './types';

export const repositoryFiles: RepositoryFiles = {
  status: () => api.get<Repository>('/repository'),
  metadata: (name) => findBytes(`/repository/metadata/${name}`),
  draft: (role) => findBytes(`/repository/draft/${role}`),
  draftSigned: (role) => findBytes(`/repository/draft/${role}/signed`),
};

/** What waits for signatures, as this browser reads and verifies it. */
export const signingRoomQuery = (fleet: FleetTrust) => queryOptions({
  queryKey: keys.signingRoom(fleet.rootFingerprint, fleet.roster.version.toString()),
  queryFn: () => openSigningRoom(repositoryFiles, fleet, Date.now()),
  // Others sign meanwhile, and no event tells of it.
  refetchInterval: 30_000,
  // What is verified is kept as it is.
  structuralSharing: false,
});

/** `signature`: in DER, in hexadecimal digits. */
export const putSignature = (role: string, keyId: string, signature: string) => api.put<undefined>(`/repository/draft/${role}/signatures/${keyId}`, { signature });

/** Shows devices what was signed, all of it at once. */
export const publishDrafts = () => api.post<Repository>('/repository/publish');
