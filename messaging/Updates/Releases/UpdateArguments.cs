using System.Diagnostics.CodeAnalysis;
using Messaging.Updates.Metadata;
using Messaging.Wire;

namespace Messaging.Updates.Releases;

/// <summary>The arguments of "update", which assigns a target to a device: [target, length, sha256, key | null, [mirror...], seconds, spread].</summary>
public sealed class UpdateArguments
{
    /// <summary>The longest target, in bytes.</summary>
    public const long MaxLength = 1_099_511_627_776;

    /// <summary>The bytes of a key.</summary>
    public const int KeyBytes = 32;

    /// <summary>The most mirrors.</summary>
    public const int MaxMirrors = 8;

    /// <summary>The most bytes of a mirror's address.</summary>
    public const int MaxMirrorBytes = 512;

    /// <summary>The shortest time.</summary>
    public const int MinSeconds = 60;

    /// <summary>The longest time: a year.</summary>
    public const int MaxSeconds = 31_536_000;

    /// <summary>The time when nobody says: a week.</summary>
    public const int DefaultSeconds = 604_800;

    /// <summary>The widest spread: a week.</summary>
    public const int MaxSpreadSeconds = 604_800;

    /// <summary>Its path in the repository.</summary>
    public required string Target { get; init; }

    /// <summary>In bytes.</summary>
    public required long Length { get; init; }

    /// <summary>SHA-256 of the target, 32 bytes.</summary>
    public required ReadOnlyMemory<byte> Sha256 { get; init; }

    /// <summary>What an encrypted release is opened with, 32 bytes; null: it is not encrypted.</summary>
    public ReadOnlyMemory<byte>? Key { get; init; }

    /// <summary>Base addresses of repositories, tried in this order before the fleet's own.</summary>
    public IReadOnlyList<string> Mirrors { get; init; } = [];

    /// <summary>Within how many seconds of its acceptance it must be switched.</summary>
    public int Seconds { get; init; } = DefaultSeconds;

    /// <summary>The download begins at a random moment of so many seconds.</summary>
    public int SpreadSeconds { get; init; }

    /// <summary>Null, or what is wrong with it, for people.</summary>
    public string? Check()
    {
        if (!TufNames.IsTarget(Target))
        {
            return "update takes a target's path: relative, without parts that are empty, . or ..";
        }

        if (Length is < 0 or > MaxLength || Sha256.Length != WireLimits.HashBytes || Key is { Length: not KeyBytes })
        {
            return $"update takes a length of at most {MaxLength} bytes, a SHA-256 of 32, and a key of 32 bytes or none.";
        }

        if (Mirrors.Count > MaxMirrors)
        {
            return $"update takes at most {MaxMirrors} mirrors.";
        }

        foreach (var mirror in Mirrors)
        {
            if (System.Text.Encoding.UTF8.GetByteCount(mirror) > MaxMirrorBytes || !ReleaseText.IsMirror(mirror))
            {
                return $"A mirror is an address with http or https of at most {MaxMirrorBytes} bytes, without a user, a query and a fragment.";
            }
        }

        return Seconds is < MinSeconds or > MaxSeconds || SpreadSeconds is < 0 or > MaxSpreadSeconds || SpreadSeconds >= Seconds
            ? $"update takes {MinSeconds} to {MaxSeconds} seconds, and a spread below that of at most {MaxSpreadSeconds}."
            : null;
    }

    /// <summary>The wire form.</summary>
    /// <exception cref="InvalidOperationException">It is none that a device would take.</exception>
    public byte[] Encode()
    {
        if (Check() is { } problem)
        {
            throw new InvalidOperationException(problem);
        }

        return MessageBuffer.Write(this, static (update, ref writer) =>
        {
            writer.WriteArrayHead(7);
            writer.WriteText(update.Target, TufLimits.MaxPathBytes);
            writer.WriteUInt64((ulong)update.Length);
            writer.WriteBytes(update.Sha256.Span);
            if (update.Key is { } key)
            {
                writer.WriteBytes(key.Span);
            }
            else
            {
                writer.WriteNull();
            }

            TextList.Write(ref writer, update.Mirrors, MaxMirrors, MaxMirrorBytes);
            writer.WriteUInt64((ulong)update.Seconds);
            writer.WriteUInt64((ulong)update.SpreadSeconds);
        });
    }

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out UpdateArguments? arguments)
    {
        arguments = null;
        ReadOnlySpan<byte> key = default;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(7)
            || !reader.TryReadText(out var target, TufLimits.MaxPathBytes)
            || !reader.TryReadUInt64(out var length, MaxLength)
            || !reader.TryReadFixedBytes(WireLimits.HashBytes, out var sha256)
            || (!reader.TryReadNull() && !reader.TryReadFixedBytes(KeyBytes, out key))
            || !TextList.TryRead(ref reader, MaxMirrors, MaxMirrorBytes, out var mirrors)
            || !reader.TryReadInt32(out var seconds, MaxSeconds)
            || !reader.TryReadInt32(out var spread, MaxSpreadSeconds)
            || !reader.AtEnd)
        {
            return false;
        }

        var read = new UpdateArguments
        {
            Target = target,
            Length = (long)length,
            Sha256 = sha256.ToArray(),
            Key = key.IsEmpty ? (ReadOnlyMemory<byte>?)null : key.ToArray(),
            Mirrors = mirrors,
            Seconds = seconds,
            SpreadSeconds = spread,
        };
        if (read.Check() is not null)
        {
            return false;
        }

        arguments = read;
        return true;
    }
}
