using System.Collections.Concurrent;
using Messaging.Agent.Uplink;
using Messaging.Files;

namespace Messaging.Agent.Files;

/// <summary>What the server said of files, until the courier takes it. One that is lost here is asked for again.</summary>
internal sealed class FileReceipts
{
    private const int MaxWaiting = 1024;
    private readonly ConcurrentQueue<FileReceipt> _waiting = new();

    /// <summary>Something came, or may go on.</summary>
    public Signal News { get; } = new();

    public void Add(FileReceipt receipt)
    {
        if (_waiting.Count < MaxWaiting)
        {
            _waiting.Enqueue(receipt);
        }

        News.Set();
    }

    public bool TryTake(out FileReceipt receipt) => _waiting.TryDequeue(out receipt!);
}
