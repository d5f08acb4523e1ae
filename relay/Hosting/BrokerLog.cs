using System.Globalization;
using Microsoft.Extensions.Logging;
using MQTTnet.Diagnostics.Logger;

namespace Messaging.Relay.Hosting;

/// <summary>
/// The broker's own log lines. It calls everything that a peer does wrong an error, so they are for debugging; what an
/// operator should see, the relay counts and logs itself.
/// </summary>
internal sealed partial class BrokerLog(ILogger<BrokerLog> logger) : IMqttNetLogger
{
    public bool IsEnabled => logger.IsEnabled(LogLevel.Debug);

    public void Publish(MqttNetLogLevel level, string source, string message, object[]? parameters, Exception? exception)
    {
        if (level < MqttNetLogLevel.Warning || !IsEnabled)
        {
            return;
        }

        LogBroker(logger, source, parameters is { Length: > 0 } ? string.Format(CultureInfo.InvariantCulture, message, parameters) : message, exception);
    }

    [LoggerMessage(1, LogLevel.Debug, "{Source}: {Message}")]
    private static partial void LogBroker(ILogger logger, string source, string message, Exception? exception);
}
