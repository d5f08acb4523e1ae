namespace Messaging.Agent.Shell;

/// <summary>The program that has a terminal.</summary>
internal interface ITerminalProgram
{
    /// <summary>Its exit code, 128 and its number after a signal; null while it runs. Never waits.</summary>
    int? ExitCode { get; }

    /// <summary>Tells it that nobody sits at its terminal any more.</summary>
    void HangUp();

    /// <summary>Ends it, whether it wants or not.</summary>
    void Kill();
}
