using Messaging.FleetServer.Ingest;
using Messaging.Wire;

namespace Messaging.FleetServer.Sessions;

/// <summary>
/// Which client sits at which session. What passes is sealed between the client and the device: here it is bytes with a name. Thread-safe.
/// </summary>
internal sealed class SessionHub(RejectionCounter rejections)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(PrincipalId Device, SessionId Id), SessionPort> _ports = [];

    /// <summary>Lets a client in; <see cref="Leave"/> lets it out. The same caller again takes the place of its own former connection.</summary>
    public SessionEntry Join(PrincipalId device, SessionId id, string callerId, out SessionPort? port)
    {
        lock (_lock)
        {
            port = null;
            if (_ports.TryGetValue((device, id), out var former))
            {
                if (former.CallerId != callerId)
                {
                    return SessionEntry.Taken;
                }

                former.Replace();
            }
            else if (_ports.Count >= SessionLimits.MaxSessions
                || _ports.Keys.Count(key => key.Device == device) >= SessionLimits.MaxPerDevice
                || _ports.Values.Count(one => one.CallerId == callerId) >= SessionLimits.MaxPerCaller)
            {
                return SessionEntry.Full;
            }

            port = new SessionPort(device, id, callerId);
            _ports[(device, id)] = port;
            return SessionEntry.Open;
        }
    }

    public void Leave(SessionPort port)
    {
        lock (_lock)
        {
            if (_ports.TryGetValue((port.Device, port.Id), out var current) && ReferenceEquals(current, port))
            {
                _ports.Remove((port.Device, port.Id));
            }
        }
    }

    /// <summary>A frame of a session. Where no client is, it is dropped: the device sends it again when one is back.</summary>
    /// <param name="device">Whose topic it came on.</param>
    /// <param name="bytes">The frame.</param>
    public void Receive(PrincipalId device, byte[] bytes)
    {
        if (!Frame.TryRead(bytes, out var frame) || frame.Kind != FrameKind.Session)
        {
            rejections.Count(device, RejectionReason.Truncated);
            return;
        }

        if (frame.SenderId != device)
        {
            rejections.Count(device, RejectionReason.ReAddressed);
            return;
        }

        SessionPort? port;
        lock (_lock)
        {
            port = _ports.GetValueOrDefault((device, frame.SessionId));
        }

        port?.Offer(frame.Body.ToArray());
    }
}
