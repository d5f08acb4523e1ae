using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Hosting.Logging;

/// <summary>Loggers for one output, from Information on.</summary>
internal sealed class AgentLoggerFactory(ILogOutput output) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new AgentLogger(output, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The agent's log has one output.");

    public void Dispose() => (output as IDisposable)?.Dispose();

    private sealed class AgentLogger(ILogOutput output, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and < LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                output.Write(logLevel, category, eventId, formatter(state, exception), state as IReadOnlyList<KeyValuePair<string, object?>>, exception);
            }
        }
    }
}
