namespace Messaging.Cli.Keys.Tokens;

/// <summary>A token as it is shown.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Model">What it is.</param>
/// <param name="Serial">Its serial number.</param>
/// <param name="Keys">The P-256 keys that it shows to whoever asks, with their URIs.</param>
internal sealed record TokenView(string Label, string Model, string Serial, IReadOnlyList<KeyView> Keys)
{
    public IEnumerable<string> Lines() => Keys.Count == 0
        ? [$"{Label} ({Model}, serial {Serial}): shows no P-256 key"]
        : Keys.SelectMany(key => new[] { $"{Label} ({Model}, serial {Serial})", $"  '{key.File}'", $"  Fingerprint  {key.Fingerprint}" });
}
