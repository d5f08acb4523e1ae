using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Messaging.Crypto;
using Messaging.Sessions;
using Messaging.Wire;

namespace Messaging.Recordings;

/// <summary>
/// Who recorded what, for whom: [1, device, command, started | null, [[kid, enc, sealed key]...]], signed by the device's identity key.
/// </summary>
public sealed class RecordingHead
{
    private readonly SealedKey[] _keys;

    private RecordingHead(PrincipalId device, CommandId command, long? startedUnixMs, SealedKey[] keys, byte[] payload)
    {
        Device = device;
        Command = command;
        StartedUnixMs = startedUnixMs;
        _keys = keys;
        Payload = payload;
    }

    /// <summary>Who recorded it.</summary>
    public PrincipalId Device { get; }

    /// <summary>The command that opened what is recorded.</summary>
    public CommandId Command { get; }

    /// <summary>When it began, in Unix milliseconds, by the device's clock if it believes it.</summary>
    public long? StartedUnixMs { get; }

    /// <summary>The keys of those who can open it.</summary>
    public IReadOnlyList<Kid> Recipients => [.. _keys.Select(static one => one.Recipient)];

    /// <summary>What the device signed: the chunks' key is bound to it.</summary>
    internal byte[] Payload { get; }

    /// <summary>Reads a head, and verifies that the device that it names has signed it.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out RecordingHead? head)
    {
        head = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(3)
            || !reader.TryReadBytes(out var signed)
            || !CoseSign1Reader.TryRead(signed, out var message)
            || !TryReadPayload(message.Payload, out var read)
            || !IdentityOrigin.TryReadSigned(data, read.Device, RecordingFormat.Label, out _))
        {
            return false;
        }

        head = read;
        return true;
    }

    /// <summary>The secret of the recording. The caller erases it.</summary>
    internal bool TryOpenSecret(HpkeKeyPair key, Span<byte> secret)
    {
        Span<byte> aad = stackalloc byte[PrincipalId.Size + CommandId.Size];
        Bind(Device, Command, aad);
        foreach (var one in _keys)
        {
            if (one.Recipient == key.Kid && Hpke.TryOpenBase(key, one.Encapsulated, RecordingFormat.Label, aad, one.Ciphertext, secret))
            {
                return true;
            }
        }

        return false;
    }

    internal static byte[] EncodePayload(PrincipalId device, CommandId command, long? startedUnixMs, IReadOnlyList<SealedKey> keys) =>
        MessageBuffer.Write((device, command, startedUnixMs, keys), static (all, ref writer) =>
        {
            writer.WriteArrayHead(5);
            writer.WriteUInt64(1);
            writer.WritePrincipalId(all.device);
            writer.WriteCommandId(all.command);
            UnixTime.WriteOrNull(ref writer, all.startedUnixMs);
            writer.WriteArrayHead(all.keys.Count, RecordingFormat.MaxRecipients);
            foreach (var key in all.keys)
            {
                writer.WriteArrayHead(3);
                writer.WriteKid(key.Recipient);
                writer.WriteBytes(key.Encapsulated);
                writer.WriteBytes(key.Ciphertext);
            }
        });

    /// <summary>Seals the secret of a recording to a recipient.</summary>
    internal static SealedKey Seal(HpkeKeyPair ephemeral, HpkePublicKey recipient, PrincipalId device, CommandId command, ReadOnlySpan<byte> secret)
    {
        Span<byte> aad = stackalloc byte[PrincipalId.Size + CommandId.Size];
        Bind(device, command, aad);
        var sealedKey = new SealedKey(recipient.Kid, new byte[Hpke.EncapsulatedBytes], new byte[RecordingFormat.KeyBytes + WireLimits.TagBytes]);
        Hpke.SealBase(ephemeral, recipient, RecordingFormat.Label, aad, secret, sealedKey.Encapsulated, sealedKey.Ciphertext);
        return sealedKey;
    }

    private static void Bind(PrincipalId device, CommandId command, Span<byte> aad)
    {
        device.CopyTo(aad);
        command.CopyTo(aad[PrincipalId.Size..]);
    }

    private static bool TryReadPayload(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out RecordingHead? head)
    {
        head = null;
        var reader = new CborReader(payload);
        if (!reader.TryReadArray(5)
            || !reader.TryReadExpected(1)
            || !reader.TryReadPrincipalId(out var device)
            || !reader.TryReadCommandId(out var command)
            || !UnixTime.TryReadOrNull(ref reader, out var started)
            || !reader.TryReadArrayHead(out var count, RecordingFormat.MaxRecipients)
            || count == 0)
        {
            return false;
        }

        var keys = new SealedKey[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadArray(3)
                || !reader.TryReadKid(out var kid)
                || !reader.TryReadFixedBytes(Hpke.EncapsulatedBytes, out var encapsulated)
                || !reader.TryReadFixedBytes(RecordingFormat.KeyBytes + WireLimits.TagBytes, out var ciphertext))
            {
                return false;
            }

            keys[i] = new SealedKey(kid, encapsulated.ToArray(), ciphertext.ToArray());
        }

        head = reader.AtEnd ? new RecordingHead(device, command, started, keys, payload.ToArray()) : null;
        return head is not null;
    }

    /// <summary>The secret of a recording, sealed to one recipient.</summary>
    internal sealed class SealedKey(Kid recipient, byte[] encapsulated, byte[] ciphertext)
    {
        public Kid Recipient { get; } = recipient;

        public byte[] Encapsulated { get; } = encapsulated;

        public byte[] Ciphertext { get; } = ciphertext;
    }
}
