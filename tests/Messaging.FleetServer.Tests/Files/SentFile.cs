using System.Security.Cryptography;
using Messaging.Files;
using Messaging.FleetServer.Tests.Harness;
using Messaging.Streams;

namespace Messaging.FleetServer.Tests.Files;

/// <summary>A file that a test device sends.</summary>
internal sealed class SentFile
{
    public SentFile(int size, string name = "picture.jpg", int chunkSize = FileManifest.MinChunkSize)
    {
        Content = new byte[size];
        for (var i = 0; i < size; i++)
        {
            Content[i] = (byte)((i * 31) + (i >> 8));
        }

        Manifest = new FileManifest(
            TransferId.Generate(), size, chunkSize, SHA256.HashData(Content), name, "image/jpeg", 1_795_000_000_000, [new("camera", "2")]);
    }

    public byte[] Content { get; }

    public FileManifest Manifest { get; init; }

    public TransferId Id => Manifest.Id;

    public FileChunk Chunk(int index) => new(
        Id, index, index == Manifest.ChunkCount - 1, Content.AsMemory(index * Manifest.ChunkSize, Manifest.LengthOf(index)));

    public Task AnnounceAsync(TestDevice device) => device.SendAsync(StreamId.Files, RecordType.FileManifest, Manifest.Encode());

    public Task SendAsync(TestDevice device, int index) => device.SendAsync(StreamId.Files, RecordType.FileChunk, Chunk(index).Encode());

    public async Task SendAllAsync(TestDevice device)
    {
        await AnnounceAsync(device);
        for (var index = 0; index < Manifest.ChunkCount; index++)
        {
            await SendAsync(device, index);
        }
    }

    public async Task<FileReceipt> ReceiptAsync(TestDevice device, FileReceiptState state)
    {
        FileReceipt? found = null;
        await Until.True(
            () => (found = device.FileReceipts.LastOrDefault(receipt => receipt.Id == Id && receipt.State == state)) is not null, $"the receipt says {state}");
        return found!;
    }
}
