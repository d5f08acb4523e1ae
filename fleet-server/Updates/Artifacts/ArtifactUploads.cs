using System.Collections.Concurrent;
using System.Security.Cryptography;
using Messaging.FleetServer.Api;

namespace Messaging.FleetServer.Updates.Artifacts;

/// <summary>Receives artifacts: bounded, hashed while they come, durable before they count. What a lost connection leaves is gone on with.</summary>
internal sealed class ArtifactUploads(ArtifactStore store, RepositoryLimits limits) : IDisposable
{
    private const int BlockBytes = 1 << 16;
    private const int NoSpace = 28;
    private readonly SemaphoreSlim _places = new(limits.MaxUploads, limits.MaxUploads);
    private readonly ConcurrentDictionary<string, bool> _busy = new(StringComparer.Ordinal);

    public bool IsBusy(string sha256) => _busy.ContainsKey(sha256);

    /// <summary>Null when the artifact is whole and durable.</summary>
    /// <param name="sha256">What it must hash to.</param>
    /// <param name="span">Which bytes come.</param>
    /// <param name="body">The bytes.</param>
    /// <param name="cancellationToken">The connection is lost.</param>
    public async Task<ApiProblem?> ReceiveAsync(string sha256, UploadSpan span, Stream body, CancellationToken cancellationToken)
    {
        if (store.LengthOf(sha256) is { } whole)
        {
            return whole == span.Length ? null : WrongHash(sha256);
        }

        if (!_busy.TryAdd(sha256, true))
        {
            return new ApiProblem(409, "artifact_busy", "Somebody uploads this artifact already.");
        }

        try
        {
            // Who must wait would hold the connection without a word.
            if (!await _places.WaitAsync(0, cancellationToken))
            {
                return new ApiProblem(429, "too_many_uploads", "Too many uploads at a time. Wait, then try again.") { RetryAfter = TimeSpan.FromSeconds(5) };
            }

            try
            {
                return Refuse(sha256, span) ?? await WriteAsync(sha256, span, body, cancellationToken);
            }
            finally
            {
                _places.Release();
            }
        }
        finally
        {
            _busy.TryRemove(sha256, out _);
        }
    }

    public void Dispose() => _places.Dispose();

    private static ApiProblem WrongHash(string sha256) => new(422, "artifact_wrong_hash", $"What was sent is not the artifact {sha256}. Nothing of it was kept.");

    private static ApiProblem NoRoom(string why) => new(507, "no_room", why);

    private ApiProblem? Refuse(string sha256, UploadSpan span)
    {
        var part = store.LengthOfPart(sha256);
        if (span.From > 0 && span.From != part)
        {
            return new ApiProblem(409, "artifact_offset", $"There are {part} bytes of it: go on there, or begin again.");
        }

        if (span.Length > limits.MaxArtifactBytes)
        {
            return new ApiProblem(413, "too_large", $"The artifact has {span.Length} bytes, and at most {limits.MaxArtifactBytes} are taken (--max-artifact).");
        }

        // Others that are being uploaded count as far as they are here.
        if (store.List().Where(one => one.Sha256 != sha256).Sum(static one => one.Length) + span.Length > limits.MaxTotalBytes)
        {
            return NoRoom($"All artifacts together would have more than {limits.MaxTotalBytes} bytes (--max-artifacts): delete some that no release names any more.");
        }

        return store.Free() is { } free && free - (span.Length - (span.From > 0 ? part : 0)) < limits.KeepFree
            ? NoRoom($"The disk has {free} bytes left, {limits.KeepFree} of which are not for artifacts.")
            : null;
    }

    private async Task<ApiProblem?> WriteAsync(string sha256, UploadSpan span, Stream body, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var part = store.OpenPart(sha256, anew: span.From == 0))
        {
            try
            {
                await CopyAsync(part, hash, into: null, cancellationToken);
                await CopyAsync(body, hash, part, cancellationToken);
            }
            catch (IOException e) when (e.HResult == NoSpace)
            {
                return NoRoom("The disk is full.");
            }

            // What is not whole need not survive a power cut: it is hashed with all the rest before it counts.
            if (part.Length != span.Length)
            {
                return new ApiProblem(400, "artifact_incomplete", $"{part.Length} of {span.Length} bytes have come: go on there.");
            }

            part.Flush(flushToDisk: true);
        }

        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != sha256)
        {
            store.DeletePart(sha256);
            return WrongHash(sha256);
        }

        store.Finish(sha256);
        return null;
    }

    private static async Task CopyAsync(Stream from, IncrementalHash hash, Stream? into, CancellationToken cancellationToken)
    {
        var block = new byte[BlockBytes];
        int read;
        while ((read = await from.ReadAsync(block, cancellationToken)) > 0)
        {
            hash.AppendData(block, 0, read);
            if (into is not null)
            {
                await into.WriteAsync(block.AsMemory(0, read), cancellationToken);
            }
        }
    }
}
