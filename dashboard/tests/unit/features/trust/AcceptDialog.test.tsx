// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { KeyRequest } from '@/api/types';
import { AcceptDialog } from '@/features/trust/people/AcceptDialog';
import type { BrowserKey } from '@/trust/store/keyStore';
import { show } from '../../show';

const request: KeyRequest = {
  id: '1', account: 'jonas', key: 'AAAA', fingerprint: '0123456789abcdef'.repeat(4), principal: '', role: 'operator', createdAt: '', acceptedAt: null,
};

describe('AcceptDialog', () => {
  it('cannotBeSigned_BeforeTheFingerprintWasCompared', async () => {
    show(<AcceptDialog request={request} owner={{} as BrowserKey} onClose={() => undefined} />);
    const sign = await screen.findByRole('button', { name: 'Sign and let in' });
    expect(sign.hasAttribute('disabled')).toBe(true);
    expect(screen.getByLabelText(/^Fingerprint of jonas/).textContent).toBe(request.fingerprint);
    await userEvent.click(screen.getByLabelText('I compared it, and it is the same'));
    expect(sign.hasAttribute('disabled')).toBe(false);
  });
});
