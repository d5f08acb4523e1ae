using System.Diagnostics.CodeAnalysis;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>
/// A signed command: a COSE_Sign1 with the external_aad "messaging/1/command" over [suite, cmdId, issuerId, issuerSeq,
/// [kind, id, rosterVersion], issuedAt, expiresAt, null | [bootId, uptimeDeadlineMs], idempotent, type, args].
/// </summary>
public sealed class Command
{
    /// <summary>The most bytes that the arguments may have.</summary>
    public const int MaxArgumentBytes = 64 * 1024;

    private const ulong Suite = 1;
    private const int MaxTypeBytes = 64;

    private Command(CommandContent content, byte[] bytes)
    {
        Content = content;
        Bytes = bytes;
    }

    /// <summary>What the command says. Not to be believed before <see cref="Verify"/>.</summary>
    public CommandContent Content { get; }

    /// <summary>The COSE_Sign1 as it was received or made.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    private static ReadOnlySpan<byte> Label => "messaging/1/command"u8;

    /// <summary>Signs a command.</summary>
    /// <param name="key">The issuer's identity key.</param>
    /// <param name="content">What it says.</param>
    public static Command Sign(IdentityKey key, CommandContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (content.Arguments.Length > MaxArgumentBytes)
        {
            throw new ArgumentException("A command's arguments have at most 64 KiB.", nameof(content));
        }

        return new Command(content, CoseSign1Writer.Sign(key, Label, Payload(content)));
    }

    /// <summary>Reads a command. Its signature is checked by <see cref="Verify"/>, once the issuer's key is known.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, [NotNullWhen(true)] out Command? command)
    {
        command = CoseSign1Reader.TryRead(data, out var message) && TryReadPayload(message.Payload, out var content)
            ? new Command(content, data.ToArray())
            : null;
        return command is not null;
    }

    /// <summary>True if <paramref name="issuer"/> signed exactly these bytes as a command.</summary>
    public bool Verify(IdentityPublicKey issuer) => CoseSign1Reader.TryRead(Bytes.Span, out var message) && message.Verify(issuer, Label);

    internal static byte[] Payload(CommandContent content) => MessageBuffer.Write(content, static (command, ref writer) =>
    {
        writer.WriteArrayHead(11);
        writer.WriteUInt64(Suite);
        writer.WriteCommandId(command.Id);
        writer.WritePrincipalId(command.IssuerId);
        writer.WriteUInt64(command.IssuerSeq);
        writer.WriteArrayHead(3);
        writer.WriteUInt64((ulong)command.Target.Kind);
        writer.WritePrincipalId(command.Target.Id);
        writer.WriteUInt64(command.Target.RosterVersion);
        UnixTime.Write(ref writer, command.IssuedAtUnixMs);
        UnixTime.Write(ref writer, command.ExpiresAtUnixMs);
        if (command.Freshness is { } freshness)
        {
            writer.WriteArrayHead(2);
            writer.WriteBootId(freshness.BootId);
            writer.WriteUInt64(freshness.UptimeDeadlineMs);
        }
        else
        {
            writer.WriteNull();
        }

        writer.WriteBoolean(command.Idempotent);
        writer.WriteText(command.Type, MaxTypeBytes);
        writer.WriteBytes(command.Arguments.Span);
    });

    private static bool TryReadPayload(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out CommandContent? content)
    {
        content = null;
        var reader = new CborReader(payload);
        if (!reader.TryReadArray(11)
            || !reader.TryReadExpected(Suite)
            || !reader.TryReadCommandId(out var id)
            || !reader.TryReadPrincipalId(out var issuerId)
            || !reader.TryReadUInt64(out var issuerSeq)
            || !TryReadTarget(ref reader, out var target)
            || !UnixTime.TryRead(ref reader, out var issuedAt)
            || !UnixTime.TryRead(ref reader, out var expiresAt)
            || !TryReadFreshness(ref reader, out var freshness)
            || !reader.TryReadBoolean(out var idempotent)
            || !reader.TryReadText(out var type, MaxTypeBytes)
            || !reader.TryReadBytes(out var arguments, MaxArgumentBytes)
            || !reader.AtEnd)
        {
            return false;
        }

        content = new CommandContent(id, issuerId, issuerSeq, target, issuedAt, expiresAt, freshness, idempotent, type, arguments.ToArray());
        return true;
    }

    private static bool TryReadTarget(ref CborReader reader, out CommandTarget target)
    {
        target = default;
        if (!reader.TryReadArray(3)
            || !reader.TryReadInt32(out var kind, (int)CommandTargetKind.Group)
            || !reader.TryReadPrincipalId(out var id)
            || !reader.TryReadUInt64(out var rosterVersion))
        {
            return false;
        }

        target = new CommandTarget((CommandTargetKind)kind, id, rosterVersion);
        return true;
    }

    private static bool TryReadFreshness(ref CborReader reader, out CommandFreshness? freshness)
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
