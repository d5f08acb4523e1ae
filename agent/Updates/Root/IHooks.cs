namespace Messaging.Agent.Updates.Root;

/// <summary>The programs that install kinds of artifacts.</summary>
internal interface IHooks
{
    /// <summary>Null when this device has none for the kind.</summary>
    string? Find(string kind);

    /// <summary>Its exit code, and the last line of its errors.</summary>
    /// <param name="hook">Its path.</param>
    /// <param name="verb">What it is to do.</param>
    /// <param name="environment">What it needs to know.</param>
    /// <param name="limit">Then it is killed.</param>
    /// <exception cref="IOException">It cannot be started.</exception>
    Task<(int Code, string Line)> RunAsync(string hook, string verb, KeyValues environment, TimeSpan limit);
}
