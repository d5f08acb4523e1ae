using System.Diagnostics.CodeAnalysis;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>
/// A signed command: a COSE_Sign1, or a COSE_Sign where several must sign, with the external_aad "messaging/1/command" over [suite, cmdId,
/// issuerId, issuerSeq, target, issuedAt, expiresAt, null | [bootId, uptimeDeadlineMs], idempotent, dryRun, type, args].
/// </summary>
public sealed class Command
{
    /// <summary>The most bytes that the arguments may have.</summary>
    public const int MaxArgumentBytes = 64 * 1024;

    private const ulong Suite = 1;
    private const int MaxTypeBytes = 64;

    private Command(CommandContent content, byte[] bytes, int signatures)
    {
        Content = content;
        Bytes = bytes;
        Signatures = signatures;
    }

    /// <summary>What the command says. Not to be believed before <see cref="Verify"/>.</summary>
    public CommandContent Content { get; }

    /// <summary>The COSE_Sign1 or COSE_Sign as it was received or made.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>What is signed: the same bytes, whoever signs them.</summary>
    public ReadOnlySpan<byte> PayloadBytes => CoseSign1Reader.TryRead(Bytes.Span, out var message) ? message.Payload
        : CoseSignReader.TryRead(Bytes.Span, out var joint) ? joint.Payload : [];

    /// <summary>How many signatures it has; 0: it is a COSE_Sign1, which has the issuer's and takes no more.</summary>
    public int Signatures { get; }

    private static ReadOnlySpan<byte> Label => "messaging/1/command"u8;

    /// <summary>Signs a command.</summary>
    /// <param name="key">The issuer's identity key.</param>
    /// <param name="content">What it says.</param>
    public static Command Sign(IdentityKey key, CommandContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return new Command(content, CoseSign1Writer.Sign(key, Label, Payload(content)), 0);
    }

    /// <summary>Signs a command that several must sign.</summary>
    /// <param name="content">What it says.</param>
    /// <param name="keys">The issuer's key, and others'.</param>
    public static Command SignJointly(CommandContent content, params IReadOnlyList<IdentityKey> keys)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(keys);
        return new Command(content, CoseSignWriter.Sign(keys, Label, Payload(content)), keys.Count);
    }

    /// <summary>Adds the signature of one more principal.</summary>
    /// <exception cref="InvalidOperationException">It takes no more.</exception>
    public Command SignToo(IdentityKey key) =>
        Signatures > 0 && CoseSignWriter.TryAdd(Bytes.Span, key, Label, out var signed) && TryParse(signed, out var command)
            ? command
            : throw new InvalidOperationException($"A command that several sign has at most {CoseSign.MaxSignatures} signatures; one that was signed alone takes none.");

    /// <summary>Brings together what was signed in different places. Null when they are not the same command, or have more signatures than one may have.</summary>
    public Command? Merge(Command other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Signatures > 0 && other.Signatures > 0 && CoseSignWriter.TryMerge(Bytes.Span, other.Bytes.Span, out var merged) && TryParse(merged, out var command)
            ? command
            : null;
    }

    /// <summary>Reads a command. Its signature is checked by <see cref="Verify"/>, once the issuer's key is known.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, [NotNullWhen(true)] out Command? command)
    {
        command = null;
        CommandContent? content;
        if (CoseSign1Reader.TryRead(data, out var message))
        {
            command = TryReadPayload(message.Payload, out content) ? new Command(content, data.ToArray(), 0) : null;
        }
        else if (CoseSignReader.TryRead(data, out var joint))
        {
            command = TryReadPayload(joint.Payload, out content) ? new Command(content, data.ToArray(), joint.Count) : null;
        }

        return command is not null;
    }

    /// <summary>True if <paramref name="signer"/> is one of those who signed exactly these bytes as a command.</summary>
    public bool Verify(IdentityPublicKey signer) =>
        CoseSign1Reader.TryRead(Bytes.Span, out var message) ? message.Verify(signer, Label)
        : CoseSignReader.TryRead(Bytes.Span, out var joint) && joint.IsSignedBy(signer, Label);

    /// <summary>The kids of those who are said to have signed (<see cref="Kid.OfSigner"/>), none twice; none for a COSE_Sign1, which names only the issuer.</summary>
    public Kid[] SignerKids() => CoseSignReader.TryRead(Bytes.Span, out var joint) ? joint.Kids() : [];

    internal static byte[] Payload(CommandContent content) => MessageBuffer.Write(content, static (command, ref writer) =>
    {
        if (command.Arguments.Length > MaxArgumentBytes)
        {
            throw new ArgumentException("A command's arguments have at most 64 KiB.", nameof(command));
        }

        if (command.Target.Kind == CommandTargetKind.Set && (command.Target.Set is null || command.Freshness is not null))
        {
            throw new ArgumentException("A command to a set names it, and is bound to boots by its members.", nameof(command));
        }

        writer.WriteArrayHead(12);
        writer.WriteUInt64(Suite);
        writer.WriteCommandId(command.Id);
        writer.WritePrincipalId(command.IssuerId);
        writer.WriteUInt64(command.IssuerSeq);
        WriteTarget(ref writer, command.Target);
        UnixTime.Write(ref writer, command.IssuedAtUnixMs);
        UnixTime.Write(ref writer, command.ExpiresAtUnixMs);
        CommandFreshness.Write(ref writer, command.Freshness);
        writer.WriteBoolean(command.Idempotent);
        writer.WriteBoolean(command.DryRun);
        writer.WriteText(command.Type, MaxTypeBytes);
        writer.WriteBytes(command.Arguments.Span);
    });

    private static bool TryReadPayload(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out CommandContent? content)
    {
        content = null;
        var reader = new CborReader(payload);
        if (!reader.TryReadArray(12)
            || !reader.TryReadExpected(Suite)
            || !reader.TryReadCommandId(out var id)
            || !reader.TryReadPrincipalId(out var issuerId)
            || !reader.TryReadUInt64(out var issuerSeq)
            || !TryReadTarget(ref reader, out var target)
            || !UnixTime.TryRead(ref reader, out var issuedAt)
            || !UnixTime.TryRead(ref reader, out var expiresAt)
            || !CommandFreshness.TryRead(ref reader, out var freshness)
            || !reader.TryReadBoolean(out var idempotent)
            || !reader.TryReadBoolean(out var dryRun)
            || !reader.TryReadText(out var type, MaxTypeBytes)
            || !reader.TryReadBytes(out var arguments, MaxArgumentBytes)
            || !reader.AtEnd
            || (target.Kind == CommandTargetKind.Set && freshness is not null))
        {
            return false;
        }

        content = new CommandContent(id, issuerId, issuerSeq, target, issuedAt, expiresAt, freshness, idempotent, type, arguments.ToArray(), dryRun);
        return true;
    }

    private static void WriteTarget(ref CborWriter writer, CommandTarget target)
    {
        if (target is { Kind: CommandTargetKind.Set, Set: { } set })
        {
            writer.WriteArrayHead(4);
            writer.WriteUInt64((ulong)target.Kind);
            writer.WriteBytes(set.Hash);
            writer.WriteUInt64((ulong)set.Size);
        }
        else
        {
            writer.WriteArrayHead(3);
            writer.WriteUInt64((ulong)CommandTargetKind.Device);
            writer.WritePrincipalId(target.Id);
        }

        writer.WriteUInt64(target.RosterVersion);
    }

    private static bool TryReadTarget(ref CborReader reader, out CommandTarget target)
    {
        target = default;
        if (!reader.TryReadArrayHead(out var count, 4) || !reader.TryReadInt32(out var kind, (int)CommandTargetKind.Set))
        {
            return false;
        }

        PrincipalId id = default;
        DeviceSetRoot? set = null;
        if (kind == (int)CommandTargetKind.Device)
        {
            if (count != 3 || !reader.TryReadPrincipalId(out id))
            {
                return false;
            }
        }
        else
        {
            if (count != 4
                || !reader.TryReadFixedBytes(WireLimits.HashBytes, out var hash)
                || !reader.TryReadInt32(out var size, DeviceSetRoot.MaxSize)
                || size == 0)
            {
                return false;
            }

            set = new DeviceSetRoot(hash, size);
        }

        if (!reader.TryReadUInt64(out var rosterVersion))
        {
            return false;
        }

        target = new CommandTarget((CommandTargetKind)kind, id, rosterVersion, set);
        return true;
    }
}
