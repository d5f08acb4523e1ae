using System.Globalization;

namespace Messaging.EndToEnd.Harness;

/// <summary>Appends numbered lines to a file while a test does something else, and none after the test, however that ends.</summary>
internal sealed class LineWriter : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<List<string>> _writing;

    private LineWriter(string file, TimeSpan pause) => _writing = Append(file, pause);

    public static LineWriter Start(string file, TimeSpan pause) => new(file, pause);

    /// <summary>Stops, and returns all lines that were written.</summary>
    public async Task<List<string>> Stop()
    {
        await _stop.CancelAsync();
        return await _writing;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _stop.Dispose();
    }

    private async Task<List<string>> Append(string file, TimeSpan pause)
    {
        var written = new List<string>();
        while (!_stop.IsCancellationRequested)
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"line {written.Count:D6}");
            await File.AppendAllTextAsync(file, line + "\n", CancellationToken.None);
            written.Add(line);
            await Task.Delay(pause, TimeProvider.System, CancellationToken.None);
        }

        return written;
    }
}
