using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>Binds a command to one boot of the device, which needs no clock: [bootId, uptimeDeadlineMs].</summary>
/// <param name="BootId">The boot in which the command may run.</param>
/// <param name="UptimeDeadlineMs">Until when it may start, in milliseconds since that boot.</param>
public readonly record struct CommandFreshness(BootId BootId, ulong UptimeDeadlineMs)
{
    internal static void Write(ref CborWriter writer, CommandFreshness? freshness)
    {
        if (freshness is { } bound)
        {
            writer.WriteArrayHead(2);
            writer.WriteBootId(bound.BootId);
            writer.WriteUInt64(bound.UptimeDeadlineMs);
        }
        else
        {
            writer.WriteNull();
        }
    }

    internal static bool TryRead(ref CborReader reader, out CommandFreshness? freshness)
    {
        freshness = null;
        if (reader.TryReadNull())
        {
            return true;
        }

        if (!reader.TryReadArray(2) || !reader.TryReadBootId(out var bootId) || !reader.TryReadUInt64(out var deadline))
        {
            return false;
        }

        freshness = new CommandFreshness(bootId, deadline);
        return true;
    }
}
