using Messaging.Epochs;
using Messaging.Wire;

namespace Messaging.Agent.Downlink;

/// <summary>An epoch of control, and what has arrived in it.</summary>
internal sealed class DownEpoch(PrincipalId server, EpochReceiver receiver, byte[] openFrameHash) : IDisposable
{
    private const int MaxStreams = 8;
    private readonly Dictionary<uint, SlidingWindow> _windows = [];

    /// <summary>The id of the identity key that signed it.</summary>
    public PrincipalId Server { get; } = server;

    public EpochReceiver Receiver { get; } = receiver;

    /// <summary>SHA-256 of the frame that opened it: the same frame again is nothing new.</summary>
    public byte[] OpenFrameHash { get; } = openFrameHash;

    /// <summary>Null when there are more streams than control uses.</summary>
    public SlidingWindow? Window(uint stream)
    {
        if (!_windows.TryGetValue(stream, out var window) && _windows.Count < MaxStreams)
        {
            _windows.Add(stream, window = new SlidingWindow());
        }

        return window;
    }

    public void Dispose() => Receiver.Dispose();
}
