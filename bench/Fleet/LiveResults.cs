using System.Collections.Concurrent;
using System.Text.Json;

namespace Messaging.Bench.Fleet;

/// <summary>Watches the server's live events for commands that are done, as the dashboard does.</summary>
internal sealed class LiveResults : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _done = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _ending = new();
    private readonly Stream _stream;
    private readonly Task _reading;

    private LiveResults(Stream stream)
    {
        _stream = stream;
        _reading = ReadAsync();
    }

    public static async Task<LiveResults> OpenAsync(HttpClient http, IEnumerable<string> devices) => new(
        await http.GetStreamAsync(new Uri($"api/v1/events?topics={string.Join(",", devices.Select(static id => "device:" + id))}", UriKind.Relative)));

    /// <summary>When the device has said that it is done.</summary>
    public Task DoneAsync(string command) => Of(command).Task;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stream.DisposeAsync();
        _ending.Dispose();
    }

    private TaskCompletionSource Of(string command) =>
        _done.GetOrAdd(command, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task ReadAsync()
    {
        using var reader = new StreamReader(_stream, leaveOpen: true);
        var isCommand = false;
        while (await reader.ReadLineAsync(_ending.Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                isCommand = line == "event: command";
            }
            else if (isCommand && line.StartsWith("data: ", StringComparison.Ordinal))
            {
                using var view = JsonDocument.Parse(line["data: ".Length..]);
                if (view.RootElement.GetProperty("state").GetString() == "done")
                {
                    Of(view.RootElement.GetProperty("id").GetString()!).TrySetResult();
                }
            }
        }
    }
}
