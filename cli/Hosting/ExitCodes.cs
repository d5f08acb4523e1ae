namespace Messaging.Cli.Hosting;

/// <summary>What the process ends with (sysexits.h where it has a word).</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>It was refused or did not work; standard error says why.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the configuration is wrong (EX_USAGE).</summary>
    public const int Usage = 64;

    /// <summary>The server cannot be reached (EX_UNAVAILABLE): trying again may help.</summary>
    public const int Unavailable = 69;

    /// <summary>Ended by Ctrl+C.</summary>
    public const int Interrupted = 130;
}
