using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Messaging.FleetServer.Storage;

/// <summary>Times are stored as Unix milliseconds, because SQLite can order and compare integers but not offsets.</summary>
internal sealed class UnixMillisecondsConverter() : ValueConverter<DateTimeOffset, long>(
    time => time.ToUnixTimeMilliseconds(),
    milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
