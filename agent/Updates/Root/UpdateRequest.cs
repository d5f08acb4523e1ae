using System.Text;
using Messaging.Updates;
using Messaging.Updates.Metadata;
using Messaging.Wire;

namespace Messaging.Agent.Updates.Root;

/// <summary>
/// What the agent asks the helper for updates: one line of ASCII, <c>VERB ID [ARGUMENT]</c>, a line feed at the end and nothing after it. The argument of prepare and stage is the target's path, escaped as in a URL, that of rollback the
/// reason. docs/reference/agent.md describes it.
/// </summary>
/// <param name="Verb">What is asked for.</param>
/// <param name="Id">The command that assigned the update.</param>
/// <param name="Argument">Without escapes; empty where there is none.</param>
internal sealed record UpdateRequest(UpdateVerb Verb, CommandId Id, string Argument = "")
{
    /// <summary>A path of 1024 bytes, all of them escaped, and what stands before it.</summary>
    public const int MaxBytes = (3 * TufLimits.MaxPathBytes) + 64;

    private const int MaxReason = 64;
    private static readonly string[] Words = ["prepare", "stage", "switch", "commit", "rollback", "forget", "look"];

    /// <param name="line">With its line feed.</param>
    /// <returns>Null when it is none.</returns>
    public static UpdateRequest? Parse(ReadOnlySpan<byte> line)
    {
        if (line.Length is 0 or > MaxBytes || line[^1] != '\n' || line[..^1].ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            return null;
        }

        var words = Encoding.ASCII.GetString(line[..^1]).Split(' ');
        if (words.Length is < 2 or > 3 || Array.IndexOf(Words, words[0]) is var verb && verb < 0 || !CommandId.TryParse(words[1], out var id) || id.ToString() != words[1])
        {
            return null;
        }

        var argument = words.Length == 3 ? Uri.UnescapeDataString(words[2]) : "";
        var isSound = (UpdateVerb)verb switch
        {
            UpdateVerb.Prepare or UpdateVerb.Stage => TufNames.IsTarget(argument),
            UpdateVerb.Rollback => argument.Length is > 0 and <= MaxReason,
            _ => words.Length == 2,
        };
        return isSound ? new UpdateRequest((UpdateVerb)verb, id, argument) : null;
    }

    public byte[] Format() => Encoding.ASCII.GetBytes($"{this}\n");

    /// <summary>As it is sent, without the line feed.</summary>
    public override string ToString() => $"{Words[(int)Verb]} {Id}{(Argument.Length == 0 ? "" : " " + Uri.EscapeDataString(Argument))}";
}
