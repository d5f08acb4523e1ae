using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Epochs;

/// <summary>
/// A receiver's side of an epoch: it opens records and keeps no window, because only the caller knows when a record counts as received
/// (see <see cref="ReplayWindow"/>). Thread-safe. Dispose erases the secret.
/// </summary>
public sealed class EpochReceiver : IDisposable
{
    /// <summary>How many streams keep their keys; those beyond are derived anew for each record.</summary>
    private const int MaxCachedStreams = 16;

    private readonly byte[] _secret;
    private readonly Dictionary<uint, RecordCipher> _streams = [];
    private readonly Lock _gate = new();
    private bool _disposed;

    private EpochReceiver(EpochHeader header, byte[] secret)
    {
        Header = header;
        _secret = secret;
    }

    /// <summary>What the opening says.</summary>
    public EpochHeader Header { get; }

    /// <summary>The sender.</summary>
    public PrincipalId SenderId => Header.SenderId;

    /// <summary>The epoch's id.</summary>
    public EpochId Id => Header.EpochId;

    /// <summary>The epoch's number.</summary>
    public ulong EpochNo => Header.Parameters.EpochNo;

    /// <summary>Verifies an EpochOpen frame and opens its secret.</summary>
    /// <param name="frame">The frame as it was received.</param>
    /// <param name="sender">The sender's identity key.</param>
    /// <param name="expectedSender">Who the transport says sent it.</param>
    /// <param name="mine">The receiver's HPKE keys, current and former.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="error">Why not.</param>
    /// <param name="audience">The public keys of other recipients, when there may be any: all recipients must be known.</param>
    public static bool TryOpen(
        ReadOnlySpan<byte> frame, IdentityPublicKey sender, PrincipalId expectedSender, IReadOnlyList<HpkeKeyPair> mine,
        [NotNullWhen(true)] out EpochReceiver? epoch, out EpochError error, IReadOnlyList<HpkePublicKey>? audience = null)
    {
        ArgumentNullException.ThrowIfNull(sender);
        ArgumentNullException.ThrowIfNull(mine);
        epoch = null;
        if (!EpochOpenMessage.TryRead(frame, sender, expectedSender, out var message, out error))
        {
            return false;
        }

        var key = mine.FirstOrDefault(IsRecipient(message.RecipientKids));
        if (key is null)
        {
            error = EpochError.NotARecipient;
            return false;
        }

        if (Audience(message.RecipientKids, mine, audience ?? []) is not { } points)
        {
            error = EpochError.UnknownAudience;
            return false;
        }

        message.FindRecipient(key.Kid, out var enc, out var ct);
        var secret = new byte[EpochLabels.SecretBytes];
        if (!Hpke.TryOpenBase(key, enc, EpochOpenMessage.SealInfo(message.Fields, points), [], ct, secret))
        {
            error = EpochError.NotSealedForThis;
            return false;
        }

        epoch = new EpochReceiver(message.ToHeader(), secret);
        return true;
    }

    /// <summary>Opens a record. A record that opens may still be a replay: ask the window before, and tell it after.</summary>
    /// <param name="frame">The record's frame.</param>
    /// <param name="plaintext">Receives the plaintext; nothing is written when the record is refused.</param>
    /// <param name="error">Why not.</param>
    public bool TryOpen(in Frame frame, IBufferWriter<byte> plaintext, out RecordError error)
    {
        ArgumentNullException.ThrowIfNull(plaintext);
        error = frame.Kind != FrameKind.Record ? RecordError.NotARecord
            : frame.SenderId != SenderId || frame.Kid != Id.Kid ? RecordError.WrongEpoch
            : RecordError.None;
        if (error != RecordError.None)
        {
            return false;
        }

        Span<byte> aad = stackalloc byte[RecordLayout.MaxAadBytes];
        var aadLength = RecordLayout.WriteAad(aad, SenderId, Id, frame.StreamId, frame.RecordType, frame.Seq);
        var length = frame.PlaintextBytes;
        var destination = plaintext.GetSpan(length)[..length];
        if (!TryDecrypt(frame, aad[..aadLength], destination))
        {
            error = RecordError.NotAuthentic;
            return false;
        }

        plaintext.Advance(length);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            CryptographicOperations.ZeroMemory(_secret);
            foreach (var stream in _streams.Values)
            {
                stream.Dispose();
            }
        }
    }

    private static Func<HpkeKeyPair, bool> IsRecipient(Kid[] kids) => key => kids.Contains(key.Kid);

    private static List<HpkePublicKey>? Audience(Kid[] kids, IReadOnlyList<HpkeKeyPair> mine, IReadOnlyList<HpkePublicKey> others)
    {
        var found = new List<HpkePublicKey>(kids.Length);
        foreach (var kid in kids)
        {
            if ((mine.FirstOrDefault(key => key.Kid == kid)?.Public ?? others.FirstOrDefault(key => key.Kid == kid)) is not { } known)
            {
                return null;
            }

            found.Add(known);
        }

        return found;
    }

    private bool TryDecrypt(in Frame frame, ReadOnlySpan<byte> aad, Span<byte> destination)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_streams.TryGetValue(frame.StreamId, out var known))
            {
                return known.TryOpen(frame.Seq, aad, frame.Ciphertext, destination);
            }

            // Kept only once a record proves that the stream exists: forged stream ids must not fill the cache.
            var cipher = new RecordCipher(_secret, frame.StreamId);
            var opened = cipher.TryOpen(frame.Seq, aad, frame.Ciphertext, destination);
            if (opened && _streams.Count < MaxCachedStreams)
            {
                _streams.Add(frame.StreamId, cipher);
            }
            else
            {
                cipher.Dispose();
            }

            return opened;
        }
    }
}
