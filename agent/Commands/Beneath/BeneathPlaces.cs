using Messaging.Agent.Configuration;

namespace Messaging.Agent.Commands.Beneath;

/// <inheritdoc cref="IPlaces"/>
internal sealed class BeneathPlaces(AgentOptions options) : IPlaces
{
    public IPlace Open(string root, string[] names) => BeneathFolder.Open(root, names, StatePath.Of(options));
}
