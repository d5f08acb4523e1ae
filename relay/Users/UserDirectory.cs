using System.Security.Cryptography;
using Messaging.Relay.Mqtt;
using Microsoft.Extensions.Logging;

namespace Messaging.Relay.Users;

/// <summary>The users in force: those that the file had when it could last be read. Thread safe.</summary>
/// <param name="path">The file.</param>
/// <param name="broker">Told of changes.</param>
/// <param name="logger">Told of changes, and of files that cannot be read.</param>
internal sealed partial class UserDirectory(string path, Broker broker, ILogger<UserDirectory> logger)
{
    private readonly Lock _gate = new();
    private volatile UserTable? _current;
    private byte[] _hash = [];
    private string? _complaint;

    public string Path => path;

    /// <summary>Null: there was no file so far, and nobody is let in.</summary>
    public UserTable? Current => _current;

    /// <summary>At the start: what is wrong keeps the server from starting.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be read.</exception>
    public void Load()
    {
        lock (_gate)
        {
            Take(MqttUserFile.ReadBytes(path));
        }
    }

    /// <summary>Later: what is wrong is logged, once, and what was in force stays.</summary>
    public void Reload()
    {
        lock (_gate)
        {
            try
            {
                var bytes = MqttUserFile.ReadBytes(path);
                if (bytes is null && _current is not null)
                {
                    throw new InvalidDataException($"{path} is gone. Put it back; to let nobody in, remove the users (fleet-server mqtt-user remove).");
                }

                Take(bytes);
                _complaint = null;
            }
            catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                if (!string.Equals(_complaint, error.Message, StringComparison.Ordinal))
                {
                    _complaint = error.Message;
                    LogBroken(logger, error.Message);
                }
            }
        }
    }

    private void Take(byte[]? bytes)
    {
        if (bytes is null)
        {
            return;
        }

        var hash = SHA256.HashData(bytes);
        if (_current is not null && hash.AsSpan().SequenceEqual(_hash))
        {
            return;
        }

        var table = new UserTable(MqttUserFile.Parse(bytes, path));
        (_current, _hash) = (table, hash);
        LogTaken(logger, table.Count);
        broker.Apply(table);
    }

    [LoggerMessage(1071, LogLevel.Information, "Users of MQTT: {Count}")]
    private static partial void LogTaken(ILogger logger, int count);

    [LoggerMessage(1072, LogLevel.Error, "The users of MQTT stay as they were: {Reason}")]
    private static partial void LogBroken(ILogger logger, string reason);
}
