namespace Messaging.Updates.Client;

/// <summary>Reads what a repository sends, of which there may be no end.</summary>
internal static class BoundedRead
{
    private const int FirstBytes = 4096;

    /// <exception cref="TufException">There is more than the limit: <see cref="TufFailure.EndlessData"/>.</exception>
    public static async Task<byte[]> AllAsync(Stream stream, int limit, string file, CancellationToken stop)
    {
        // One byte more than is allowed tells too long from just long enough.
        var most = limit + 1;
        var bytes = new byte[Math.Min(FirstBytes, most)];
        var length = 0;
        while (await stream.ReadAsync(bytes.AsMemory(length), stop).ConfigureAwait(false) is var read and > 0)
        {
            length += read;
            if (length > limit)
            {
                throw new TufException(TufFailure.EndlessData, file, $"it has more than {limit} bytes");
            }

            if (length == bytes.Length)
            {
                Array.Resize(ref bytes, (int)Math.Min(2L * length, most));
            }
        }

        return bytes[..length];
    }
}
