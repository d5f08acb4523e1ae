import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useFocusReturn } from './useFocusReturn';

/**
 * Scroll locking is off: its library writes style elements, which the content security policy forbids. The header is the dialog's, and no
 * banner of the page.
 */
export function Dialog({ title, opened, onClose, children }: { title: string; opened: boolean; onClose: () => void; children: ReactNode }) {
  useFocusReturn(opened);
  return (
    <Modal
      title={title} opened={opened} onClose={onClose} lockScroll={false} centered radius="lg" padding="lg"
      closeButtonProps={{ 'aria-label': 'Close' }} transitionProps={{ duration: 120 }}
      overlayProps={{ backgroundOpacity: 0.35 }} attributes={{ header: { role: 'presentation' } }}
    >
      {children}
    </Modal>
  );
}
