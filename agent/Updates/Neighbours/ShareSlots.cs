using System.Net;
using Messaging.Agent.Uplink;

namespace Messaging.Agent.Updates.Neighbours;

/// <summary>What neighbours may take of this device: connections, uploads at once, bytes a second. Thread-safe.</summary>
/// <param name="rate">Bytes a second for all.</param>
/// <param name="time">The clock.</param>
internal sealed class ShareSlots(long rate, TimeProvider time)
{
    public const int MostConnections = 16;
    public const int MostOfOne = 2;
    private const int MostUploads = 4;

    /// <summary>With less, the neighbour would rather ask somebody else (<see cref="NeighbourSource"/>).</summary>
    public const long LeastOfUpload = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly TokenBucket _bucket = new(rate, time);
    private readonly List<IPAddress> _connected = [];
    private readonly long _most = rate == 0 ? MostUploads : Math.Clamp(rate / LeastOfUpload, 1, MostUploads);
    private int _uploads;
    private long _given;

    /// <summary>Bytes of artifacts that neighbours have got.</summary>
    public long Given => Interlocked.Read(ref _given);

    /// <summary>A neighbour has got so many more.</summary>
    public void Give(int bytes) => Interlocked.Add(ref _given, bytes);

    /// <summary>Whether one more may connect.</summary>
    public bool TryEnter(IPAddress address)
    {
        lock (_gate)
        {
            var same = 0;
            foreach (var one in _connected)
            {
                same += one.Equals(address) ? 1 : 0;
            }

            if (_connected.Count >= MostConnections || same >= MostOfOne)
            {
                return false;
            }

            _connected.Add(address);
            return true;
        }
    }

    public void Leave(IPAddress address)
    {
        lock (_gate)
        {
            _connected.Remove(address);
        }
    }

    /// <summary>Whether one more upload may begin.</summary>
    public bool TryTake()
    {
        lock (_gate)
        {
            if (_uploads >= _most)
            {
                return false;
            }

            _uploads++;
            return true;
        }
    }

    public void Release()
    {
        lock (_gate)
        {
            _uploads--;
        }
    }

    /// <summary>Zero: so many bytes may go now, and are counted. Else how long it takes until one can ask again.</summary>
    public TimeSpan Reserve(int bytes)
    {
        lock (_gate)
        {
            var wait = _bucket.Wait;
            if (wait <= TimeSpan.Zero)
            {
                _bucket.Take(bytes);
            }

            return wait;
        }
    }
}
