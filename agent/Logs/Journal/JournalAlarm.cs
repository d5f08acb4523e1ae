using System.Runtime.InteropServices;
using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Logs.Journal;

/// <summary>Waits for a file descriptor or for cancellation, whichever comes first.</summary>
internal sealed unsafe class JournalAlarm : IDisposable
{
    private const short Readable = 1;
    private const int CloseOnExec = 0x80000;
    private const int Forever = -1;

    private readonly int _event;
    private readonly CancellationTokenRegistration _registration;

    public JournalAlarm(CancellationToken ct)
    {
        _event = JournalNative.EventDescriptor(0, CloseOnExec);
        if (_event < 0)
        {
            throw new JournalException("eventfd", -Marshal.GetLastPInvokeError());
        }

        _registration = ct.Register(Ring);
    }

    /// <param name="descriptor">Wakes when it can be read.</param>
    /// <param name="atMost">Null: for as long as it takes.</param>
    public void Wait(int descriptor, TimeSpan? atMost)
    {
        var descriptors = stackalloc JournalNative.PollDescriptor[2];
        descriptors[0] = new() { Descriptor = descriptor, Events = Readable };
        descriptors[1] = new() { Descriptor = _event, Events = Readable };
        if (JournalNative.Poll(descriptors, 2, (int?)atMost?.TotalMilliseconds ?? Forever) < 0
            && Marshal.GetLastPInvokeError() is var error && error != LibC.Interrupted)
        {
            throw new JournalException("poll", -error);
        }
    }

    public void Dispose()
    {
        // Waits for a call of Ring that is under way.
        _registration.Dispose();
        _ = LibC.Close(_event);
    }

    /// <summary>It stays rung: cancellation is final.</summary>
    private void Ring()
    {
        var one = 1UL;
        _ = JournalNative.Write(_event, &one, sizeof(ulong));
    }
}
