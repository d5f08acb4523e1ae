using System.Security.Cryptography;
using Messaging.Agent.Spool;
using Messaging.Files;
using Messaging.Streams;

namespace Messaging.Agent.Tests.Files;

/// <summary>A server of files, in memory: takes records in, and says what it has.</summary>
internal sealed class FileServer
{
    private readonly Dictionary<TransferId, (FileManifest Manifest, Dictionary<int, byte[]> Chunks)> _files = [];

    /// <summary>Its replay window: what came counts once.</summary>
    public HashSet<SpoolRecord> Seen { get; } = [];

    /// <summary>Every chunk that came, in order.</summary>
    public List<(TransferId Id, int Index)> Came { get; } = [];

    public List<FileEnd> Ended { get; } = [];

    /// <summary>Names of the files that are whole, with their contents.</summary>
    public Dictionary<string, byte[]> Stored { get; } = new(StringComparer.Ordinal);

    public IEnumerable<FileManifest> Manifests => _files.Values.Select(file => file.Manifest);

    /// <returns>What it says to that; null for nothing.</returns>
    public FileReceipt? Take(uint type, byte[] content)
    {
        switch (type)
        {
            case RecordType.FileManifest:
                Assert.True(FileManifest.TryDecode(content, out var manifest));
                _files.TryAdd(manifest.Id, (manifest, []));
                return null;
            case RecordType.FileChunk:
                Assert.True(FileChunk.TryDecode(content, out var chunk));
                Came.Add((chunk.Id, chunk.Index));
                return Add(chunk) ? Receipt(chunk.Id) : null;
            case RecordType.FileEnd:
                Assert.True(FileEnd.TryDecode(content, out var end));
                Ended.Add(end);
                return null;
            case RecordType.FileRequest:
                Assert.True(FileRequest.TryDecode(content, out var request));
                return Receipt(request.Id);
            default:
                return null;
        }
    }

    private bool Add(FileChunk chunk)
    {
        if (!_files.TryGetValue(chunk.Id, out var file))
        {
            return false;
        }

        Assert.Equal(file.Manifest.LengthOf(chunk.Index), chunk.Bytes.Length);
        Assert.Equal(chunk.Index == file.Manifest.ChunkCount - 1, chunk.IsFinal);
        file.Chunks[chunk.Index] = chunk.Bytes.ToArray();
        if (file.Chunks.Count < file.Manifest.ChunkCount)
        {
            return false;
        }

        byte[] whole = [.. file.Chunks.OrderBy(pair => pair.Key).SelectMany(pair => pair.Value)];
        Assert.Equal(SHA256.HashData(whole), file.Manifest.Sha256.ToArray());
        Stored[file.Manifest.Name] = whole;
        return true;
    }

    private FileReceipt Receipt(TransferId id)
    {
        if (!_files.TryGetValue(id, out var file))
        {
            return new FileReceipt(id, FileReceiptState.Unknown, "", []);
        }

        var missing = Enumerable.Range(0, file.Manifest.ChunkCount).Where(index => !file.Chunks.ContainsKey(index)).ToList();
        return missing.Count == 0
            ? new FileReceipt(id, FileReceiptState.Stored, "", [])
            : new FileReceipt(id, FileReceiptState.Receiving, "", [(missing[0], missing.TakeWhile((index, i) => index == missing[0] + i).Last())]);
    }
}
