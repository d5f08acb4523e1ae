namespace Messaging.Cli.Configuration;

/// <summary>What need not be typed each time. Null: not said.</summary>
/// <param name="Url">The server.</param>
/// <param name="TokenFile">The file with the API token.</param>
/// <param name="Fleet">A root's fingerprint, 64 lower hexadecimal digits.</param>
/// <param name="CaFile">A PEM file of authorities.</param>
internal sealed record StoredConfiguration(string? Url = null, string? TokenFile = null, string? Fleet = null, string? CaFile = null);
