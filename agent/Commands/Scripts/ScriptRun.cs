namespace Messaging.Agent.Commands.Scripts;

/// <summary>What came of a script.</summary>
/// <param name="ExitCode">Its exit code; 128 and more after a signal.</param>
/// <param name="TimedOut">It was killed because it took too long.</param>
/// <param name="Output">What it wrote to its output and error output, in the order in which it arrived.</param>
/// <param name="OutputTruncated">It wrote more.</param>
internal readonly record struct ScriptRun(int ExitCode, bool TimedOut, ReadOnlyMemory<byte> Output, bool OutputTruncated);
