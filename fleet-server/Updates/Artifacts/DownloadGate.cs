namespace Messaging.FleetServer.Updates.Artifacts;

/// <summary>Bounds how many downloads one address has at a time: nobody has to prove who asks for an artifact.</summary>
internal sealed class DownloadGate(RepositoryLimits limits)
{
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);

    /// <summary>Takes a place until what is returned is disposed of; null when there is none.</summary>
    public IDisposable? TryEnter(string address)
    {
        lock (_open)
        {
            var count = _open.GetValueOrDefault(address);
            if (count >= limits.MaxDownloadsPerAddress)
            {
                return null;
            }

            _open[address] = count + 1;
            return new Place(this, address);
        }
    }

    private void Leave(string address)
    {
        lock (_open)
        {
            if (--_open[address] == 0)
            {
                _open.Remove(address);
            }
        }
    }

    private sealed class Place(DownloadGate gate, string address) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                gate.Leave(address);
            }
        }
    }
}
