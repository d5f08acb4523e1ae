using System.Buffers;
using System.Collections.Concurrent;
using Messaging.Agent.Identity;
using Messaging.Agent.Spool;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Agent.Uplink;

/// <summary>
/// The frames that open an epoch for a server which may know this device by another identity key than the one that opened it: while a
/// change of keys is on its way nobody can tell which, and afterwards the spool still holds epochs from before. The payload stays what
/// it is; only its signature is made anew.
/// </summary>
internal sealed class EpochFrames(KeyStore keys)
{
    /// <summary>The external_aad of an EpochOpen.</summary>
    private static ReadOnlySpan<byte> Label => "messaging/1/epoch"u8;

    private readonly ConcurrentDictionary<(EpochId Epoch, IdentityPublicKey Key), byte[]> _signed = new();

    /// <summary>One frame, or two while a new identity key is not confirmed.</summary>
    public IReadOnlyList<byte[]> For(SpoolEpoch epoch)
    {
        var current = keys.Keys;
        var frame = Sign(epoch, current.DeviceId, current.Identity);
        return current.Pending?.Identity is { } next ? [frame, Sign(epoch, current.DeviceId, next)] : [frame];
    }

    private byte[] Sign(SpoolEpoch epoch, PrincipalId device, IdentityKey key) =>
        _signed.GetOrAdd((epoch.Id, key.Public), _ => Sign(epoch.OpenFrame, device, key));

    private static byte[] Sign(byte[] original, PrincipalId device, IdentityKey key)
    {
        if (!Frame.TryRead(original, out var frame) || !CoseSign1Reader.TryRead(frame.Body, out var message) || message.Verify(key.Public, Label))
        {
            return original;
        }

        var output = new ArrayBufferWriter<byte>(original.Length + 16);
        var writer = new CborWriter(output);
        writer.WriteArrayHead(3);
        writer.WriteUInt64((ulong)FrameKind.EpochOpen);
        writer.WritePrincipalId(device);
        writer.WriteBytes(CoseSign1Writer.Sign(key, Label, message.Payload));
        return output.WrittenSpan.ToArray();
    }
}
