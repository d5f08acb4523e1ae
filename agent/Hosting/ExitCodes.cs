namespace Messaging.Agent.Hosting;

/// <summary>What the process ends with (sysexits.h where it has a word). docs/reference/agent.md lists them.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>It did not work; standard error says why.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong (EX_USAGE).</summary>
    public const int Usage = 64;

    /// <summary>The server could not be reached, or was busy, for as long as it was waited for (EX_UNAVAILABLE): trying again may help.</summary>
    public const int Unavailable = 69;

    /// <summary>The state folder cannot be used (EX_IOERR).</summary>
    public const int State = 74;

    /// <summary>Another agent uses the state folder (EX_TEMPFAIL).</summary>
    public const int AlreadyRunning = 75;

    /// <summary>Not enrolled, or the configuration or a state file is unusable (EX_CONFIG): starting again does not help.</summary>
    public const int Configuration = 78;

    /// <summary>Ended by Ctrl+C.</summary>
    public const int Interrupted = 130;
}
