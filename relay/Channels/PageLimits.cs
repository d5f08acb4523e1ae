using System.Runtime.InteropServices;

namespace Messaging.Relay.Channels;

/// <summary>How much one answer may hold.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PageLimits(int Records, int Bytes)
{
    /// <summary>Whether a record still goes into a page. The first always does.</summary>
    public bool Take(int count, ref int bytes, int size)
    {
        if (count > 0 && (count >= Records || bytes + size > Bytes))
        {
            return false;
        }

        bytes += size;
        return true;
    }
}
