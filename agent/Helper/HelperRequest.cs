using System.Globalization;
using System.Text;
using Messaging.Agent.Systemd;

namespace Messaging.Agent.Helper;

/// <summary>
/// What the agent asks its helper for: one line, <c>restart-unit UNIT SECONDS</c> or <c>reboot</c>, in ASCII, one space between words, a line
/// feed at the end and nothing after it. docs/reference/agent.md describes it.
/// </summary>
internal abstract record HelperRequest
{
    /// <summary>The longest name of a unit is 255 bytes.</summary>
    public const int MaxBytes = 512;

    private const string RestartVerb = "restart-unit";
    private const string RebootVerb = "reboot";
    private const int MaxSeconds = 3600;

    private HelperRequest()
    {
    }

    /// <param name="line">With its line feed.</param>
    /// <returns>Null when it is none.</returns>
    public static HelperRequest? Parse(ReadOnlySpan<byte> line)
    {
        if (line.Length is 0 or > MaxBytes || line[^1] != '\n' || line[..^1].ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            return null;
        }

        return Encoding.ASCII.GetString(line[..^1]).Split(' ') switch
        {
            [RebootVerb] => new Reboot(),
            [RestartVerb, var unit, var seconds] when UnitName.IsValid(unit)
                && int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is > 0 and <= MaxSeconds
                => new RestartUnit(unit, TimeSpan.FromSeconds(limit)),
            _ => null,
        };
    }

    public byte[] Format() => Encoding.ASCII.GetBytes(this + "\n");

    /// <param name="Unit">A valid name.</param>
    /// <param name="Limit">How long its job is waited for; whole seconds, at most an hour.</param>
    internal sealed record RestartUnit(string Unit, TimeSpan Limit) : HelperRequest
    {
        public override string ToString() =>
            $"{RestartVerb} {Unit} {Math.Clamp((long)Math.Ceiling(Limit.TotalSeconds), 1, MaxSeconds).ToString(CultureInfo.InvariantCulture)}";
    }

    internal sealed record Reboot : HelperRequest
    {
        public override string ToString() => RebootVerb;
    }
}
