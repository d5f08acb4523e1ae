namespace Messaging.Agent.Logs.Journal;

/// <summary>syslog's priorities as OpenTelemetry's log data model maps them (appendix B of the specification).</summary>
internal static class JournalSeverity
{
    /// <summary>By number, the most urgent first.</summary>
    public static readonly IReadOnlyList<string> Priorities = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

    private static readonly int[] ByPriority = [21, 19, 18, 17, 13, 10, 9, 5];

    /// <param name="priority">The field PRIORITY: one digit, 0 (emergency) to 7 (debug).</param>
    /// <returns>OpenTelemetry SeverityNumber, or 0.</returns>
    public static int Of(ReadOnlySpan<byte> priority) =>
        priority.Length == 1 && priority[0] is >= (byte)'0' and <= (byte)'7' ? ByPriority[priority[0] - '0'] : 0;

    public static int PriorityOf(string word) => Priorities.TakeWhile(p => p != word).Count();
}
