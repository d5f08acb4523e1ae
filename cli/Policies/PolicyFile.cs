using System.Text.Json;
using Messaging.Cli.Hosting;
using Messaging.Trust;

namespace Messaging.Cli.Policies;

/// <summary>A policy as a file: what <c>fleetctl policy show --json</c> writes and <c>fleetctl policy set</c> reads.</summary>
/// <param name="Rules">The owners' rules; the first one that is about a type decides.</param>
internal sealed record PolicyFile(IReadOnlyList<PolicyFileRule> Rules)
{
    public const int MaxBytes = 256 * 1024;

    public static PolicyFile Of(Policy policy) => new([.. policy.Rules.Select(PolicyFileRule.Of)]);

    /// <exception cref="CliException">It is none.</exception>
    public static IReadOnlyList<PolicyRule> Parse(ReadOnlySpan<byte> json)
    {
        if (json.Length > MaxBytes)
        {
            throw new CliException($"A policy has at most {MaxBytes} bytes.", ExitCodes.Usage);
        }

        try
        {
            var file = JsonSerializer.Deserialize(json, PolicyJson.Default.PolicyFile);
            return file?.Rules is { } rules
                ? [.. rules.Select((rule, i) => rule?.Read(i + 1) ?? throw new CliException($"Rule {i + 1} is null.", ExitCodes.Usage))]
                : throw new CliException("The policy has no \"rules\". What one looks like: fleetctl policy show --json", ExitCodes.Usage);
        }
        catch (JsonException e)
        {
            throw new CliException(
                $"The policy cannot be read (line {e.LineNumber + 1}): {TerminalText.Line(e.Message)} What one looks like: fleetctl policy show --json", ExitCodes.Usage);
        }
    }
}
