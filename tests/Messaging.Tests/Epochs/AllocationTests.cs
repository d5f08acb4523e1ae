using System.Buffers;
using Messaging.Epochs;
using Messaging.Fuzz;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.Tests.Epochs;

/// <summary>What runs for each message leaves nothing to the garbage collector.</summary>
public sealed class AllocationTests
{
    private const int Rounds = 1000;

    [Fact]
    public void ReadSealOpenAndWindow_PerMessage_AllocateNothing()
    {
        using var sender = EpochSender.Open(Samples.Device, Samples.DeviceId, Samples.EpochParameters, [Samples.ServerHpke.Public]);
        Assert.True(EpochReceiver.TryOpen(
            sender.OpenFrame.Span, Samples.Device.Public, Samples.DeviceId, [Samples.ServerHpke], out var receiver, out _));
        var window = new ReplayWindow();
        var sliding = new SlidingWindow();
        var plaintext = new byte[1000];
        var frame = new ArrayBufferWriter<byte>(2000);
        var opened = new ArrayBufferWriter<byte>(2000);
        var accepted = 0;

        void Pass()
        {
            frame.ResetWrittenCount();
            opened.ResetWrittenCount();
            sender.Seal(StreamId.Metrics, RecordType.Metrics, plaintext, frame, out _);
            if (Frame.TryRead(frame.WrittenSpan, out var read)
                && window.Check(read.Seq) == ReplayVerdict.Fresh
                && receiver.TryOpen(read, opened, out _)
                && window.Accept(read.Seq)
                && sliding.Accept(read.Seq))
            {
                accepted++;
            }
        }

        // The first pass makes the stream's keys and lets the compiler settle.
        for (var i = 0; i < Rounds; i++)
        {
            Pass();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++)
        {
            Pass();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2 * Rounds, accepted);
        receiver.Dispose();
    }

    [Fact]
    public void TryRead_RefusedFrames_AllocateNothing()
    {
        var data = Samples.Record();
        var refused = 0;
        void Pass()
        {
            for (var length = 0; length < data.Length; length++)
            {
                refused += Frame.TryRead(data.AsSpan(0, length), out _) ? 0 : 1;
            }
        }

        Pass();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Pass();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2 * data.Length, refused);
    }
}
