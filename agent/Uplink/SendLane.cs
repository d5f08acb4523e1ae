using Messaging.Agent.Spool;
using Messaging.Agent.Uplink.Flow;

namespace Messaging.Agent.Uplink;

/// <summary>
/// Reads the records of some streams in their order; while metrics and logs are held back only the others, each once. Where it was held it goes on
/// afterwards.
/// </summary>
internal sealed class SendLane(Func<StreamKey, bool> isOf)
{
    private readonly HashSet<SpoolRecord> _early = [];
    private SpoolCursor _cursor;
    private SpoolCursor _urgent;
    private bool _isHeld;

    public void Restart(SpoolCursor begin)
    {
        _cursor = begin;
        _isHeld = false;
        _early.Clear();
    }

    public bool TryRead(SpoolStore spool, bool isHeld, out SpoolRecord record, out byte[] frame)
    {
        if (isHeld && !_isHeld)
        {
            _urgent = _cursor;
        }

        _isHeld = isHeld;
        while (isHeld ? spool.TryRead(ref _urgent, IsUrgent, out record, out frame) : spool.TryRead(ref _cursor, isOf, out record, out frame))
        {
            if (isHeld ? _early.Add(record) : !_early.Remove(record))
            {
                return true;
            }
        }

        (record, frame) = (default, []);
        return false;
    }

    private bool IsUrgent(StreamKey key) => !UplinkFlow.IsBulk(key.Stream) && isOf(key);
}
