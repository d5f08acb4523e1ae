using Messaging.Agent.Collect.Scheduling;

namespace Messaging.Agent.Identity;

/// <summary>Where everything is that the agent keeps. Described in docs/reference/agent.md.</summary>
internal sealed record StateFolder(string Path)
{
    public string Lock => In("lock");

    public string Keys => In("keys");

    public string Enrolment => In("enrolment");

    public string Fleet => In("fleet");

    public string EpochNumber => In("epoch");

    public string Trust => In("trust");

    /// <summary>The address of the relay that worked last.</summary>
    public string Endpoint => In("endpoint");

    /// <summary>What of the day's bytes is used.</summary>
    public string Data => In("data");

    public string Running => In("running");

    public string Journal => In("commands");

    /// <summary>What this device did with commands, in a chain.</summary>
    public string Executions => In("executions");

    /// <summary>How far the server's audit log went.</summary>
    public string Witness => In("witness");

    /// <summary>What pushes have written beside their targets.</summary>
    public string Pushes => In("pushes");

    /// <summary>Recordings that the server does not have yet.</summary>
    public string Recordings => In("recordings");

    /// <summary>What the device is to be like.</summary>
    public string Twin => In("twin");

    /// <summary>How far it was with that when it last said so.</summary>
    public string TwinTold => In("twin.told");

    /// <summary>The update that is under way, and what is known of the repository.</summary>
    public string Updates => In("updates");

    public string Spool => In("spool");

    public string Intervals => In(IntervalOverrides.FileName);

    /// <summary>Beginning of the names of two files.</summary>
    public string Samples => In("samples.");

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
