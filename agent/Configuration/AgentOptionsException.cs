namespace Messaging.Agent.Configuration;

/// <summary>The configuration is wrong. The message has one line for each problem.</summary>
internal sealed class AgentOptionsException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
