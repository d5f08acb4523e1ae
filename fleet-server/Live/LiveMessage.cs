namespace Messaging.FleetServer.Live;

/// <summary>One server-sent event. Its body is made once, when the first reader needs it.</summary>
internal sealed class LiveMessage(string name, Func<byte[]> body)
{
    private readonly Lazy<byte[]> _body = new(body, LazyThreadSafetyMode.ExecutionAndPublication);

    public string Name { get; } = name;

    /// <summary>JSON, UTF-8.</summary>
    public ReadOnlyMemory<byte> Body => _body.Value;
}
