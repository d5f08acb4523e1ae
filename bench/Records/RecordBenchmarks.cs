using System.Buffers;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Messaging.Crypto;
using Messaging.Epochs;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.Bench.Records;

/// <summary>
/// One record of <see cref="PlaintextBytes"/> bytes: sealed and opened under an epoch's key, beside the same message sealed with HPKE
/// alone, which is what a design without epochs would pay for every message.
/// </summary>
[MemoryDiagnoser]
public class RecordBenchmarks
{
    private readonly ArrayBufferWriter<byte> _frame = new(64 * 1024);
    private readonly ArrayBufferWriter<byte> _opened = new(64 * 1024);
    private readonly byte[] _encapsulated = new byte[Hpke.EncapsulatedBytes];
    private EpochSender _sender = null!;
    private EpochReceiver _receiver = null!;
    private HpkeKeyPair _recipient = null!;
    private byte[] _plaintext = [];
    private byte[] _ciphertext = [];
    private byte[] _sealedOnce = [];

    /// <summary>Gets or sets the size of the content; 300 bytes is a batch of some 150 samples.</summary>
    [Params(300, 4096)]
    public int PlaintextBytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var identity = IdentityKey.Generate();
        var self = PrincipalId.FromIdentityKey(identity.Public);
        _recipient = HpkeKeyPair.Generate();
        _plaintext = RandomNumberGenerator.GetBytes(PlaintextBytes);
        _ciphertext = new byte[PlaintextBytes + 16];
        _sender = EpochSender.Open(identity, self, new EpochParameters(1, BootId.Generate(), 0, null, 1), [_recipient.Public]);
        if (!EpochReceiver.TryOpen(_sender.OpenFrame.Span, identity.Public, self, [_recipient], out var receiver, out var error))
        {
            throw new InvalidOperationException($"The epoch does not open: {error}.");
        }

        _receiver = receiver;
        _sender.Seal(StreamId.Metrics, RecordType.Metrics, _plaintext, _frame, out _);
        _sealedOnce = _frame.WrittenSpan.ToArray();
    }

    [Benchmark(Baseline = true)]
    public void SealRecord()
    {
        _frame.ResetWrittenCount();
        _sender.Seal(StreamId.Metrics, RecordType.Metrics, _plaintext, _frame, out _);
    }

    [Benchmark]
    public bool OpenRecord()
    {
        _opened.ResetWrittenCount();
        return Frame.TryRead(_sealedOnce, out var frame) && _receiver.TryOpen(frame, _opened, out _);
    }

    [Benchmark]
    public void SealWithHpkeAlone() => Hpke.SealBase(_recipient.Public, "info"u8, default, _plaintext, _encapsulated, _ciphertext);

    [GlobalCleanup]
    public void Cleanup()
    {
        _sender.Dispose();
        _receiver.Dispose();
        _recipient.Dispose();
    }
}
