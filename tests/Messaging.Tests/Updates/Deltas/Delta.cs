using System.Buffers.Binary;
using System.Security.Cryptography;
using Messaging.Updates.Deltas;
using Messaging.Updates.Deltas.Coding;
using Messaging.Updates.Deltas.Making;

namespace Messaging.Tests.Updates.Deltas;

/// <summary>Makes and applies deltas in memory.</summary>
internal static class Delta
{
    public static async Task<byte[]> MakeAsync(byte[] old, byte[] news, SearchSizes? sizes = null)
    {
        using var delta = new MemoryStream();
        await DeltaWriter.WriteAsync(new MemoryFile(old), new MemoryFile(news), delta, null, TestContext.Current.CancellationToken, sizes);
        return delta.ToArray();
    }

    public static Task<byte[]> ApplyAsync(byte[] old, byte[] delta) => ApplyAsync(old, new MemoryStream(delta));

    public static async Task<byte[]> ApplyAsync(byte[] old, Stream delta)
    {
        using var output = new MemoryStream();
        var result = await DeltaApplier.ApplyAsync(new MemoryFile(old), delta, output, new DeltaLimits(int.MaxValue), TestContext.Current.CancellationToken);
        Assert.Equal(output.Length, result.Length);
        Assert.Equal(SHA256.HashData(output.ToArray()), result.Sha256.ToArray());
        return output.ToArray();
    }

    /// <summary>Fails when the delta does not make the new file, and gives the delta.</summary>
    public static async Task<byte[]> RoundTripAsync(byte[] old, byte[] news, SearchSizes? sizes = null)
    {
        var delta = await MakeAsync(old, news, sizes);
        var made = await ApplyAsync(old, delta);
        Assert.True(made.AsSpan().SequenceEqual(news), "The delta makes another file.");
        return delta;
    }

    /// <summary>A delta of one block with any steps, right or wrong, whose header is right.</summary>
    public static byte[] Of(byte[] old, byte[] news, params DeltaStep[] steps)
    {
        if (news.Length == 0)
        {
            return Header(old, news);
        }

        var code = new DeltaCode<BitEncoder>(new MemoryFile(old), news.Length, new Steps(steps));
        var body = new byte[code.MaxCodedBytes];
        news.CopyTo(code.Block.Span);
        code.Coder.Begin(body);
        try
        {
            code.Code();
        }
        catch (DeltaException)
        {
            // Who writes is refused as who reads will be: all that matters was written before.
        }

        var length = code.Coder.Finish();
        var front = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(front, length);
        return [.. Header(old, news), .. front, .. body.AsSpan(0, length)];
    }

    private static byte[] Header(byte[] old, byte[] news) => new DeltaHeader(old.Length, SHA256.HashData(old), news.Length, SHA256.HashData(news)).Encode();

    private sealed class Steps(DeltaStep[] steps) : IDeltaSteps
    {
        private int _next;

        public DeltaStep Next() => steps[_next++];
    }
}
