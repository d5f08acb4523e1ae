// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { CommandItem } from '@/features/device/commands/CommandItem';
import { command } from '../../../builders';
import { show } from '../../../show';

describe('CommandItem', () => {
  it('waiting_SaysForWhat_AndCanBeCancelled', () => {
    show(<CommandItem command={command({ state: 'waiting', waitingFor: 'the device to come online' })} mayCancel />);
    expect(screen.getByText(/Waits for: the device to come online/)).toBeDefined();
    expect(screen.getByRole('button', { name: 'Cancel' })).toBeDefined();
  });

  it('viewer_CannotCancel', () => {
    show(<CommandItem command={command({ state: 'waiting' })} mayCancel={false} />);
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('running_ShowsProgress', () => {
    show(<CommandItem command={command({ state: 'running', progress: 0.4 })} mayCancel />);
    expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('40');
  });

  it('failed_ShowsOutputExitCodeAndLatency', () => {
    show(<CommandItem command={command({ state: 'failed', output: 'no such file', exitCode: 2, latencyMs: 84, message: 'it failed' })} mayCancel />);
    expect(screen.getByLabelText('Output').textContent).toBe('no such file');
    expect(screen.getByText(/Exit code 2/)).toBeDefined();
    expect(screen.getByText('84 ms')).toBeDefined();
  });

  it('failed_MessageNamesTheExitCode_ItIsSaidOnce', () => {
    show(<CommandItem command={command({ state: 'failed', exitCode: 2, message: 'Exit code 2.' })} mayCancel />);
    expect(screen.getByText(/Exit code 2/).textContent.match(/Exit code 2/g)).toHaveLength(1);
  });

  it('done_NoLongerSaysWhatItWaitsFor', () => {
    show(<CommandItem command={command({ state: 'done', waitingFor: 'the answer' })} mayCancel />);
    expect(screen.queryByText(/Waits for/)).toBeNull();
  });
});
