using System.Buffers;
using System.Security.Cryptography;
using Messaging.Crypto;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.Epochs;

/// <summary>
/// A sender's side of an epoch. Thread-safe. The secret lives in this object only, so that no restart, copy or clone of a disk can
/// seal twice under one sequence number. Dispose erases it.
/// </summary>
public sealed class EpochSender : IDisposable
{
    /// <summary>The most plaintext that fits in a record, in bytes.</summary>
    public const int MaxPlaintextBytes = WireLimits.MaxFrameBytes - 128;

    private readonly byte[] _secret;
    private readonly Dictionary<uint, Stream> _streams = [];
    private readonly Lock _gate = new();
    private bool _disposed;

    private EpochSender(EpochHeader header, byte[] secret, byte[] openFrame)
    {
        Header = header;
        _secret = secret;
        OpenFrame = openFrame;
    }

    /// <summary>What the opening says.</summary>
    public EpochHeader Header { get; }

    /// <summary>The epoch's id.</summary>
    public EpochId Id => Header.EpochId;

    /// <summary>The epoch's number.</summary>
    public ulong EpochNo => Header.Parameters.EpochNo;

    /// <summary>The EpochOpen frame, to be sent before the records, as often as needed; always these same bytes.</summary>
    public ReadOnlyMemory<byte> OpenFrame { get; }

    /// <summary>Opens a new epoch with a fresh secret.</summary>
    /// <param name="key">The sender's identity key.</param>
    /// <param name="self">The sender.</param>
    /// <param name="parameters">What it says. The caller has made sure that the epoch number was never used.</param>
    /// <param name="recipients">Who can open the records, 1 to 64 keys. Every one of them could also forge records of this epoch.</param>
    public static EpochSender Open(
        IdentityKey key, PrincipalId self, EpochParameters parameters, IReadOnlyList<HpkePublicKey> recipients)
    {
        var secret = RandomNumberGenerator.GetBytes(EpochLabels.SecretBytes);
        return Open(key, self, parameters, recipients, EpochId.Generate(), secret, static () => HpkeKeyPair.Generate());
    }

    /// <summary>Seals a record into <paramref name="output"/> as a whole frame and gives its sequence number.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="type">The record's type.</param>
    /// <param name="plaintext">At most <see cref="MaxPlaintextBytes"/>.</param>
    /// <param name="output">Receives the frame.</param>
    /// <param name="seq">The record's sequence number, 1 for the first of the stream.</param>
    /// <exception cref="InvalidOperationException">The stream has used all its sequence numbers: open a new epoch.</exception>
    public void Seal(uint streamId, uint type, ReadOnlySpan<byte> plaintext, IBufferWriter<byte> output, out ulong seq)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(streamId, WireLimits.MaxStreamId);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(type, WireLimits.MaxStreamId);
        if (plaintext.Length > MaxPlaintextBytes)
        {
            throw new ArgumentException("The plaintext does not fit in a record.", nameof(plaintext));
        }

        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var stream = StreamOf(streamId);
            if (stream.LastSeq >= WireLimits.MaxSeq)
            {
                throw new InvalidOperationException("The stream has used all its sequence numbers.");
            }

            // What can fail comes first: from the next line on the number counts as used.
            var next = stream.LastSeq + 1;
            var size = RecordLayout.FrameSize(streamId, type, next, plaintext.Length);
            var frame = output.GetSpan(size)[..size];
            seq = stream.LastSeq = next;

            Span<byte> aad = stackalloc byte[RecordLayout.MaxAadBytes];
            var aadLength = RecordLayout.WriteAad(aad, Header.SenderId, Id, streamId, type, seq);
            var ciphertext = RecordLayout.WriteFrame(frame, Header.SenderId, Id.Kid, streamId, type, seq, plaintext.Length);
            stream.Cipher.Seal(seq, aad[..aadLength], plaintext, ciphertext);
            output.Advance(size);
        }
    }

    /// <summary>The last sequence number that was used in a stream; 0 if none.</summary>
    public ulong LastSeq(uint streamId)
    {
        lock (_gate)
        {
            return _streams.TryGetValue(streamId, out var stream) ? stream.LastSeq : 0;
        }
    }

    /// <summary>The last sequence number of every stream that was used, stream ids ascending: the next epoch's PrevLastSeq.</summary>
    public IReadOnlyList<StreamSeq> LastSeqs()
    {
        lock (_gate)
        {
            var last = new List<StreamSeq>(_streams.Count);
            foreach (var (id, stream) in _streams)
            {
                if (stream.LastSeq > 0)
                {
                    last.Add(new StreamSeq(id, stream.LastSeq));
                }
            }

            return StreamSeq.InOrder(last);
        }
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
                stream.Cipher.Dispose();
            }
        }
    }

    internal static EpochSender Open(
        IdentityKey key, PrincipalId self, EpochParameters parameters, IReadOnlyList<HpkePublicKey> recipients,
        EpochId epochId, byte[] secret, Func<HpkeKeyPair> ephemeral)
    {
        ArgumentNullException.ThrowIfNull(key);
        var payload = EpochOpenWriter.Payload(self, parameters, recipients, epochId, secret, ephemeral);
        var signed = CoseSign1Writer.Sign(key, EpochLabels.Open, payload);
        var header = new EpochHeader(self, epochId, parameters, [.. recipients.Select(static recipient => recipient.Kid)]);
        return new EpochSender(header, secret, EpochOpenWriter.Frame(self, signed));
    }

    private Stream StreamOf(uint streamId)
    {
        if (!_streams.TryGetValue(streamId, out var stream))
        {
            stream = new Stream(new RecordCipher(_secret, streamId));
            _streams.Add(streamId, stream);
        }

        return stream;
    }

    private sealed class Stream(RecordCipher cipher)
    {
        public RecordCipher Cipher { get; } = cipher;

        public ulong LastSeq { get; set; }
    }
}
