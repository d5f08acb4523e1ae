namespace Messaging.Agent.Transport;

/// <summary>The bytes of one MQTT connection, whatever carries them.</summary>
/// <param name="Input">What comes.</param>
/// <param name="Output">What goes; may be the same as <paramref name="Input"/>.</param>
/// <param name="Owner">Ends it.</param>
internal sealed record RelayLink(Stream Input, Stream Output, IAsyncDisposable Owner)
{
    public static RelayLink Of(Stream stream) => new(stream, stream, stream);
}
