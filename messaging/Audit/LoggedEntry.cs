using System.Security.Cryptography;
using Messaging.Wire;

namespace Messaging.Audit;

/// <summary>
/// An entry of a server's audit log in the form that is hashed: [1, logId, number, previous, unixMs, actorKind, actorId, actor, action,
/// target, outcome, address, details]. Its hash is the SHA-256 of these bytes.
/// </summary>
public sealed class LoggedEntry
{
    /// <summary>The most bytes of each text.</summary>
    public const int MaxTextBytes = 2048;

    /// <summary>The log.</summary>
    public required ChainId LogId { get; init; }

    /// <summary>1 for the first of a log, then without a hole.</summary>
    public required long Number { get; init; }

    /// <summary>The hash of the entry before; 32 zero bytes for the first of a log.</summary>
    public required byte[] Previous { get; init; }

    /// <summary>When it was written, in Unix milliseconds, by the server's clock.</summary>
    public required long UnixMs { get; init; }

    /// <summary>What kind of principal it was.</summary>
    public required string ActorKind { get; init; }

    /// <summary>Its id; empty for the system.</summary>
    public required string ActorId { get; init; }

    /// <summary>Its name at that time.</summary>
    public required string Actor { get; init; }

    /// <summary>What was done.</summary>
    public required string Action { get; init; }

    /// <summary>To what.</summary>
    public required string Target { get; init; }

    /// <summary>"ok", "denied" or the code of a problem.</summary>
    public required string Outcome { get; init; }

    /// <summary>The network address it came from.</summary>
    public required string Address { get; init; }

    /// <summary>More, for people.</summary>
    public required string Details { get; init; }

    /// <summary>The bytes that are hashed.</summary>
    /// <exception cref="ArgumentException">A text is too long, or a number out of range.</exception>
    public byte[] Encode() => MessageBuffer.Write(this, static (entry, ref writer) =>
    {
        if (entry.Number < 1 || entry.Previous.Length != WireLimits.HashBytes)
        {
            throw new ArgumentException("An entry has a number from 1 on, and follows a hash of 32 bytes.", nameof(entry));
        }

        writer.WriteArrayHead(13);
        writer.WriteUInt64(1);
        entry.LogId.Write(ref writer);
        writer.WriteUInt64((ulong)entry.Number);
        writer.WriteBytes(entry.Previous);
        UnixTime.Write(ref writer, entry.UnixMs);
        writer.WriteText(entry.ActorKind, MaxTextBytes);
        writer.WriteText(entry.ActorId, MaxTextBytes);
        writer.WriteText(entry.Actor, MaxTextBytes);
        writer.WriteText(entry.Action, MaxTextBytes);
        writer.WriteText(entry.Target, MaxTextBytes);
        writer.WriteText(entry.Outcome, MaxTextBytes);
        writer.WriteText(entry.Address, MaxTextBytes);
        writer.WriteText(entry.Details, MaxTextBytes);
    });

    /// <summary>SHA-256 of <see cref="Encode"/>.</summary>
    public byte[] Hash() => SHA256.HashData(Encode());
}
