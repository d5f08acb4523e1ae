namespace Messaging.Agent.Commands.Scripts;

/// <summary>What came of a script.</summary>
/// <param name="ExitCode">Its exit code; 128 and more after a signal.</param>
/// <param name="End">Why it ended.</param>
/// <param name="WasKilled">It did not end by itself when it was told to.</param>
/// <param name="Output">The last of what it wrote to its output and error output, in the order in which it arrived.</param>
/// <param name="OutputTruncated">It wrote more before that.</param>
/// <param name="Bounds">What held it, for people.</param>
/// <param name="Refused">It wanted more processes than it may have.</param>
internal readonly record struct ScriptRun(int ExitCode, ScriptEnd End, bool WasKilled, ReadOnlyMemory<byte> Output, bool OutputTruncated, string Bounds, bool Refused = false)
{
    public bool TimedOut => End == ScriptEnd.TimedOut;
}
